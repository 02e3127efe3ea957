-- Asks with each token of a file in turn: wrk … -s rotate.lua URL -- FILE [ORG]
local tokens, at, org, refused = {}, 0, nil, 0

function init(arguments)
    for line in io.lines(arguments[1]) do tokens[#tokens + 1] = line end
    org = arguments[2]
end

function request()
    at = at % #tokens + 1
    return wrk.format("GET", nil, { Authorization = "Bearer " .. tokens[at], ["X-Original-Method"] = "GET",
        ["X-Original-URI"] = "/orders", ["X-Org-Id"] = org })
end

function response(status)
    if status ~= 200 then
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
    io.write(string.format("asked %d refused %d\n", summary.requests, threads[1]:get("refused")))
end
