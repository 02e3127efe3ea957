internal import Accounts
public import Base
public import HTTP

/// Limits how many requests anybody may make, in front of all routes.
///
/// Who comes with an API key or a token is counted as that, where it is checked; all others, and all whose key or token
/// was not good, by their address. The authorizer's paths are not limited for trusted proxies, nor are probes and
/// webhooks for anybody.
public final class LimitedHandler: Handler {
    private let inner: any Handler
    private let quotas: Quotas
    private let clientAddress: (Request) -> IPAddress
    private let isTrusted: (IPAddress) -> Bool
    private let decorate: ((Request, inout Response) -> Void)?
    private let authorizer = PathPrefix("/authorize/")
    private let unlimited: [PathPrefix] = [
        PathPrefix("/healthz", isWhole: true), PathPrefix("/readyz", isWhole: true),
        PathPrefix("/metrics", isWhole: true), PathPrefix("/webhooks/"),
    ]

    /// Puts it together.
    ///
    /// - Parameters:
    ///   - inner: answers what is within the limit.
    ///   - clientAddress: where a request comes from, behind whatever gateways it passed.
    ///   - isTrusted: whether a peer is a gateway.
    ///   - decorate: called with the responses that are made here.
    public init(
        _ inner: any Handler, quotas: Quotas, clientAddress: @escaping (Request) -> IPAddress,
        isTrusted: @escaping (IPAddress) -> Bool, decorate: ((Request, inout Response) -> Void)?
    ) {
        self.inner = inner
        self.quotas = quotas
        self.clientAddress = clientAddress
        self.isTrusted = isTrusted
        self.decorate = decorate
    }

    /// See `Handler`.
    public func answerNow(_ request: Request) -> Response? {
        guard isLimited(request) else { return inner.answerNow(request) }
        do throws(Problem) {
            if isAnonymous(request), try !chargeNow(request) { return nil }
            guard let response = inner.answerNow(request) else { return nil }
            guard try chargeNow(request) else { return nil }
            return finished(response, request)
        } catch {
            return refusal(error, request)
        }
    }

    /// See `Handler`.
    public func answer(_ request: Request) async -> Response {
        guard isLimited(request) else { return await inner.answer(request) }
        do throws(Problem) {
            if isAnonymous(request) { try await charge(request) }
            let response = await inner.answer(request)
            try await charge(request)
            return finished(response, request)
        } catch {
            return refusal(error, request)
        }
    }

    private func isLimited(_ request: Request) -> Bool {
        request.withPath { path in
            if authorizer.prefixes(path) { return !isTrusted(request.peer) }
            return !unlimited.contains { $0.prefixes(path) }
        }
    }

    /// Whether nothing is presented that could name anybody. A preflight never has anything.
    private func isAnonymous(_ request: Request) -> Bool {
        request.count(.xAPIKey) == 0 && request.count(.authorization) == 0 && request.count(.cookie) == 0
    }

    private func chargeNow(_ request: Request) throws(Problem) -> Bool {
        guard quotas.isOn, request.notes.allowance == nil else { return true }
        return try quotas.chargeNow(request, to: LimitedCaller(clientAddress(request)))
    }

    private func charge(_ request: Request) async throws(Problem) {
        guard quotas.isOn, request.notes.allowance == nil else { return }
        try await quotas.charge(request, to: LimitedCaller(clientAddress(request)))
    }

    private func finished(_ response: Response, _ request: Request) -> Response {
        guard let allowance = request.notes.allowance else { return response }
        var response = response
        response.add(allowance)
        return response
    }

    private func refusal(_ problem: Problem, _ request: Request) -> Response {
        var response = SCIMDoor.answer(problem, request) ?? Response(problem: problem, requestID: request.id)
        decorate?(request, &response)
        return finished(response, request)
    }
}
