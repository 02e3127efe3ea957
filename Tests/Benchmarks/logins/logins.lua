-- First logins, each token once: wrk … -s logins.lua URL -- FILE-OF-TOKENS FIRST
local tokens, nextOne, refused = {}, 0, 0

function init(arguments)
    nextOne = tonumber(arguments[2])
    for line in io.lines(arguments[1]) do tokens[#tokens + 1] = line end
end

function request()
    nextOne = nextOne + 1
    wrk.thread:set("used", nextOne)
    return wrk.format("POST", "/identities/provision",
        { Authorization = "Bearer " .. (tokens[nextOne] or "none-left"), ["Content-Length"] = "0" })
end

function response(status)
    if status ~= 201 then
        refused = refused + 1
        wrk.thread:set("refused", refused)
    end
end

local threads = {}
function setup(thread)
    thread:set("refused", 0)
    threads[#threads + 1] = thread
end

function done(summary)
    io.write(string.format("logins %d refused %d used %d seconds %.6f\n", summary.requests, threads[1]:get("refused"),
        threads[1]:get("used"), summary.duration / 1e6))
end
