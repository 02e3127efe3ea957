internal import Accounts
internal import Base

/// A token bucket in Redis: the same rule as ``TokenBucket``, by the clock of the server, so that the clocks of instances
/// don't matter. The key holds when the bucket is full, in microseconds, and goes when it is.
enum BucketScript {
    static let text = """
        local time = redis.call('TIME')
        local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
        local period = 60000000
        local full = math.max(tonumber(redis.call('GET', KEYS[1]) or '0') or 0, now)
        local after = full + tonumber(ARGV[1]) * period / tonumber(ARGV[2])
        if after - now > period + 0.5 then
            if ARGV[3] == '0' then
                return {0, math.ceil(full - now)}
            end
            after = now + period
        end
        redis.call('SET', KEYS[1], string.format('%.0f', after), 'PX', math.max(1, math.ceil((after - now) / 1000)))
        return {1, math.ceil(after - now)}
        """

    static func command(_ script: String, _ bucket: String, _ count: Int, _ limit: Int, _ mustTake: Bool) -> [[UInt8]] {
        ["EVALSHA", script, "1", "vestibule:limit:\(bucket)", String(count), String(limit), mustTake ? "1" : "0"]
            .map { Array($0.utf8) }
    }

    static func take(_ reply: RedisConnection.Reply) -> SharedTake? {
        guard case .integers(let numbers) = reply, numbers.count == 2 else { return nil }
        return SharedTake(isTaken: numbers[0] == 1, untilFull: .microseconds(numbers[1]))
    }
}
