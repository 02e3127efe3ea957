// Calls the callbacks in Auth.js's order, as it does with a JWT session, and prints what came of each as a line of JSON:
// drive.js OPTIONS ACCOUNT PROFILE, all three JSON. A login that is refused ends there.
import { vestibuleCallbacks } from "../../../Config/nextauth/vestibule.js"

let calls = 0
const counted: typeof fetch = (input, init) => {
    calls += 1
    return fetch(input, init)
}

const [options, account, profile] = process.argv.slice(2).map((text) => JSON.parse(text))
const callbacks = vestibuleCallbacks({ ...options, fetch: counted })

async function main() {
    const allowed = await callbacks.signIn({ account, profile })
    if (allowed !== true) return { allowed, calls }
    const token = await callbacks.jwt({ token: { sub: "of Auth.js" }, account, profile })
    const afterLogin = calls
    // Reading the session: no account any more; and a client that says it were somebody else.
    const later = await callbacks.jwt({
        token: JSON.parse(JSON.stringify(token)),
        ...{ trigger: "update", session: { vestibule: { userId: "mallory" } } },
    })
    const session = await callbacks.session({ session: { expires: "soon", user: { name: "Ada" } }, token: later })
    return { allowed, token, session, afterLogin, calls }
}

main().then((result) => console.log(JSON.stringify(result)))
