// The live comparison of shadow.py for a function in JavaScript (Node 18 or later, nothing else):
//
//     const { shadowed } = require("./shadow")
//     exports.handler = shadowed(oldHandler, "http://vestibule.internal:8080/authorize/aws")
//
// It asks Vestibule too, for half a second at most, logs a line where the two differ, and answers what it always answered,
// whatever happens. No token is logged. With `VESTIBULE_UNPROVISIONED=deny` there, asking writes nothing down.
"use strict"

/** allow, deny or error, as API Gateway reads a policy or the simple answer of an HTTP API. */
function outcome(answer, event) {
    if (answer === null || typeof answer !== "object") return "error"
    if ("isAuthorized" in answer) return answer.isAuthorized === true ? "allow" : "deny"
    const arn = event.methodArn ?? event.routeArn ?? ""
    const effects = new Set()
    for (const { Effect, Resource } of answer.policyDocument?.Statement ?? []) {
        for (const pattern of [Resource].flat()) {
            const text = String(pattern).replace(/[.+^${}()|[\]\\]/g, "\\$&").replace(/\*/g, ".*").replace(/\?/g, ".")
            if (new RegExp(`^${text}$`, "s").test(arn)) effects.add(Effect)
        }
    }
    return effects.has("Allow") && !effects.has("Deny") ? "allow" : "deny"
}

async function ask(url, event, milliseconds) {
    const answer = await fetch(url, {
        method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(event),
        signal: AbortSignal.timeout(milliseconds),
    })
    const body = await answer.json()
    if (answer.ok) return { outcome: outcome(body, event), why: "" }
    const refused = (answer.status === 401 || answer.status === 403) && body.code !== "forbidden"
    return { outcome: refused ? "deny" : "error", why: body.code ?? `HTTP ${answer.status}` }
}

function where(event) {
    const http = event.requestContext?.http ?? {}
    const arn = event.methodArn ?? event.routeArn ?? ""
    return `${event.httpMethod ?? http.method ?? ""} ${event.path ?? event.rawPath ?? arn.slice(arn.indexOf("/") + 1)}`.trim()
}

/** The old handler (async, or with a callback), which also asks Vestibule. */
function shadowed(handler, url, milliseconds = 500) {
    return async (event, context) => {
        let answer, error, old
        try {
            answer = await (handler.length > 2
                ? new Promise((resolve, reject) => handler(event, context, (problem, value) => (problem ? reject(problem) : resolve(value))))
                : handler(event, context))
        } catch (problem) {
            error = { problem }
        }
        try {
            const message = error && (error.problem?.message ?? String(error.problem))
            old = error ? (message === "Unauthorized" ? "deny" : "error") : outcome(answer, event)
            const now = await ask(url, event, milliseconds).catch(problem => ({ outcome: "error", why: problem?.name ?? "" }))
            if (old !== now.outcome) {
                console.log(JSON.stringify({ shadow: "differs", in: ["outcome"], request: where(event), old, new: now.outcome, why: now.why }))
            }
        } catch (problem) {
            console.log(JSON.stringify({ shadow: "failed", why: problem?.name ?? "" }))
        }
        if (error) throw error.problem
        return answer
    }
}

module.exports = { shadowed, outcome }
