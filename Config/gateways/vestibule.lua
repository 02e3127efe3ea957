-- Asks Vestibule about each request (HAProxy's own HTTP client, 2.6 or later). See haproxy.cfg.

local address = os.getenv("VESTIBULE") or "127.0.0.1:8080"
local url = "http://" .. address .. "/authorize/haproxy"

-- Only what Vestibule decides by; several fields of one name stay several, so that it can refuse them.
local asked_by = { "authorization", "cookie", "x-org-id", "x-request-id", "host" }
local answered = {
    "x-auth-user-id", "x-auth-subject", "x-auth-provider", "x-auth-email", "x-auth-org-id", "x-auth-org-role",
    "x-auth-global-role", "x-auth-groups", "x-auth-scopes", "x-auth-assertion",
}
local for_client = { "www-authenticate", "content-type", "retry-after", "x-request-id", "cache-control" }

core.register_action("vestibule", { "http-req" }, function(txn)
    local fields = txn.http:req_get_headers()
    local question = {
        ["x-original-method"] = { txn.sf:method() },
        ["x-original-uri"] = { txn.sf:pathq() },
        ["x-forwarded-for"] = { txn.sf:src() },
    }
    for _, name in ipairs(asked_by) do
        local values = fields[name]
        if values then
            question[name] = {}
            -- HAProxy counts them from 0.
            for place = 0, #values do table.insert(question[name], values[place]) end
        end
    end

    local answer = core.httpclient():get({ url = url, headers = question })
    local status = answer and answer.status or 0

    if status == 200 then
        for _, name in ipairs(answered) do
            local values = answer.headers[name]
            local value = values and (values[0] or values[1])
            txn.http:req_del_header(name)
            if value and value ~= "" then txn.http:req_set_header(name, value) end
        end
        return
    end

    local reply = txn:reply({ status = 503 })
    if status == 400 or status == 401 or status == 403 or status == 429 or status == 503 then
        reply:set_status(status)
        for _, name in ipairs(for_client) do
            local values = answer.headers[name]
            local value = values and (values[0] or values[1])
            if value then reply:add_header(name, value) end
        end
        reply:set_body(answer.body or "")
    end
    txn:done(reply)
end, 0)
