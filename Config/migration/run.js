// Calls an authorizer that is written in JavaScript: node run.js ./my_authorizer.js <event.json, for shadow.py --old-command.
const path = require("path")
const { handler } = require(path.resolve(process.argv[2]))

let text = ""
process.stdin.on("data", part => { text += part })
process.stdin.on("end", async () => {
    const event = JSON.parse(text)
    // Either kind of handler: one that gives a promise, or one that calls back.
    const answer = handler.length > 2
        ? new Promise((resolve, reject) => handler(event, {}, (error, value) => (error ? reject(error) : resolve(value))))
        : handler(event, {})
    try {
        console.log(JSON.stringify(await answer))
    } catch (error) {
        console.error(error?.message ?? String(error))
        process.exitCode = 1
    }
})
