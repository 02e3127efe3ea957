import Base
import Postgres
import PostgresSupport
import Testing

@Suite("Queries")
struct QueryTests {
    struct Everything: Equatable {
        var text: String
        var int: Int64
        var bool: Bool
        var uuid: EntityID
        var timestamp: Timestamp
        var bytes: [UInt8]
        var json: String
        var texts: [String]
        var uuids: [EntityID]
        var double: Double
        var nothing: String?
    }

    static let everything = Statement(
        "all_types",
        """
        SELECT $1::text, $2::bigint, $3::boolean, $4::uuid, $5::timestamptz, $6::bytea, $7::jsonb, $8::text[],
            $9::uuid[], $10::float8, NULL::text
        """
    ) { row in
        Everything(
            text: try row.text(0), int: try row.int(1), bool: try row.bool(2), uuid: try row.uuid(3),
            timestamp: try row.timestamp(4), bytes: try row.bytes(5),
            json: String(decoding: try row.json(6), as: UTF8.self), texts: try row.textArray(7),
            uuids: try row.uuidArray(8), double: try row.double(9), nothing: try row.optionalText(10))
    }

    @Test("Each type goes to the server and comes back the same", arguments: [DatabaseSettings.Mode.session, .pooled])
    func types(_ mode: DatabaseSettings.Mode) async throws {
        let test = try TestDatabase()
        let uri = try test.uri()
        let all = Everything(
            text: "é\"'\\;--\n", int: .min, bool: true, uuid: EntityID.make(),
            timestamp: Timestamp(microseconds: 1_769_850_300_123_456), bytes: [0, 1, 255], json: #"{"a": [1]}"#,
            texts: ["", "a,b", "\"\\", "NULL", "{}", " "], uuids: [EntityID.make(), EntityID.make()], double: 0.1,
            nothing: nil)
        let rows = try await TestLoop.run { loop in
            let database = Database(loop: loop, uri: uri, settings: DatabaseSettings(mode: mode))
            defer { database.close() }
            return try await database.query(
                Self.everything, .text(all.text), .int(all.int), .bool(all.bool), .uuid(all.uuid),
                .timestamp(all.timestamp), .bytes(all.bytes), .json([UInt8](all.json.utf8)), .textArray(all.texts),
                .uuidArray(all.uuids), .double(all.double))
        }
        #expect(rows == [all])
    }
}
