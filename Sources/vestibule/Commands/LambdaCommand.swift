internal import Base
internal import Gateway
internal import Glibc
internal import Outbound

/// `vestibule lambda`: the authorizer as a function on AWS Lambda's custom runtime.
enum LambdaCommand: Command {
    static let name = "lambda"
    static let summary = "AWS Lambda custom runtime (provided.al2023); the function is the authorizer"

    static func run(_ arguments: [String]) throws -> ExitCode {
        let arguments = try Arguments(arguments, valued: ["config"])
        if let word = arguments.words.first { throw UsageError("lambda takes no \(word); see vestibule help") }
        let environment = ProcessEnvironment.all
        let loop = try EventLoop()
        let http = HTTPClient(loop: loop)
        guard let runtime = environment["AWS_LAMBDA_RUNTIME_API"].flatMap({ LambdaRuntime(http: http, api: $0) }) else {
            throw UsageError("AWS_LAMBDA_RUNTIME_API is no host:port of this machine; AWS Lambda sets it")
        }
        let session = LambdaSession(
            loop: loop, http: http, runtime: runtime, environment: environment, filePath: arguments.flags["config"])
        loop.spawn {
            await session.run()
            loop.stop()
        }
        loop.run()
        // Lambda ends the process; whoever comes here has failed, and is started anew.
        return .no
    }
}

/// One life of the function: start, then event after event. Belongs to its loop.
private final class LambdaSession {
    private let loop: EventLoop
    private let http: HTTPClient
    private let runtime: LambdaRuntime
    private let environment: [String: String]
    private let filePath: String?

    init(
        loop: EventLoop, http: HTTPClient, runtime: LambdaRuntime, environment: [String: String], filePath: String?
    ) {
        self.loop = loop
        self.http = http
        self.runtime = runtime
        self.environment = environment
        self.filePath = filePath
    }

    func run() async {
        do {
            let state = try await state()
            let function = try LambdaFunction(loop: loop, state: state)
            await function.start()
            await serve(function, state.log)
        } catch let problems as ConfigurationProblems {
            await failStart("Configuration.Invalid", problems.sentences)
        } catch let error as UsageError {
            await failStart("Configuration.Invalid", [error.sentence])
        } catch {
            await failStart("Runtime.StartFailed", ["\(error)"])
        }
    }

    private func state() async throws -> SharedState {
        let secrets = LambdaSecrets(http: http, loop: loop, environment: environment)
        var environment = try await secrets.resolved()
        // The package brings its authorities; the runtime's image keeps its own where nobody looks.
        let authorities = environment["LAMBDA_TASK_ROOT", default: "/var/task"] + "/certificates.pem"
        if environment["VESTIBULE_IDP_CA_FILE"] == nil, unsafe access(authorities, R_OK) == 0 {
            environment["VESTIBULE_IDP_CA_FILE"] = authorities
        }
        var configuration = try Configuration.read(
            environment: environment, filePath: filePath, needsDatabase: false)
        // One event at a time is under way.
        configuration.threads = 1
        configuration.databaseConnections = min(configuration.databaseConnections, 2)
        let log = Logger(level: configuration.logLevel, format: configuration.logFormat)
        return SharedState(configuration, loop: loop, tls: nil, log: log)
    }

    private func serve(_ function: LambdaFunction, _ log: Logger) async {
        do throws(FetchError) {
            while true {
                let invocation = try await runtime.next()
                // What the runtime's contract asks for; an event without a trace must not keep the last one's.
                if let trace = invocation.traceID {
                    unsafe setenv("_X_AMZN_TRACE_ID", trace, 1)
                } else {
                    unsafe unsetenv("_X_AMZN_TRACE_ID")
                }
                let begun = loop.clock.monotonic()
                let answer = await function.answer(invocation)
                try await report(answer, invocation)
                log.info("request", Self.line(answer, invocation, loop.clock.monotonic() - begun))
                // The process may be frozen from the next call on.
                log.flush()
            }
        } catch {
            log.error("runtime_away", [.text("cause", error.message)])
            log.flush()
        }
    }

    /// The line of one invocation. The trace is what the environment says, as for everything else in the process.
    private static func line(
        _ answer: AWSAnswer, _ invocation: LambdaInvocation, _ taken: Duration
    ) -> [LogField] {
        let result =
            switch answer {
            case .decided: "decided"
            case .unauthorized: "unauthorized"
            case .failed(let problem): problem.code.rawValue
            }
        var fields: [LogField] = [.text("request_id", invocation.id)]
        if let trace = unsafe getenv("_X_AMZN_TRACE_ID") {
            fields.append(.text("trace_id", unsafe String(cString: trace)))
        }
        return fields + [.text("result", result), .number("duration_us", taken.nanoseconds / 1000)]
    }

    private func report(_ answer: AWSAnswer, _ invocation: LambdaInvocation) async throws(FetchError) {
        switch answer {
        case .decided(let document), .unauthorized(_, .some(let document)):
            try await runtime.respond(to: invocation, document)
        case .unauthorized(_, nil):
            try await runtime.fail(invocation, type: "Unauthorized", message: "Unauthorized")
        case .failed(let problem):
            try await runtime.fail(
                invocation, type: "Vestibule.\(problem.code.rawValue)", message: problem.message)
        }
    }

    private func failStart(_ type: String, _ sentences: [String]) async {
        for sentence in sentences { Console.complain(sentence) }
        try? await runtime.failStart(type: type, message: sentences.joined(separator: "; "))
    }
}
