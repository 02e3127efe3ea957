-- Each token of a file once: wrk … -s once.lua URL -- METHOD PATH FILE FIRST STATUS
local tokens, method, path, nextOne, expected, refused = {}, "GET", "/", 0, 200, 0

function init(arguments)
    method, path, nextOne, expected = arguments[1], arguments[2], tonumber(arguments[4]), tonumber(arguments[5])
    for line in io.lines(arguments[3]) do tokens[#tokens + 1] = line end
end

function request()
    nextOne = nextOne + 1
    wrk.thread:set("used", nextOne)
    local fields = { Authorization = "Bearer " .. (tokens[nextOne] or "none-left") }
    if method == "POST" then fields["Content-Length"] = "0" end
    return wrk.format(method, path, fields)
end

function response(status)
    if status ~= expected then
        refused = refused + 1
        wrk.thread:set("refused", refused)
        wrk.thread:set("last", status)
    end
end

local threads = {}
function setup(thread)
    thread:set("refused", 0)
    thread:set("last", 0)
    threads[#threads + 1] = thread
end

function done(summary)
    io.write(string.format("asked %d refused %d last %d used %d seconds %.6f\n", summary.requests,
        threads[1]:get("refused"), threads[1]:get("last"), threads[1]:get("used"), summary.duration / 1e6))
end
