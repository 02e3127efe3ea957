extension OddServer {
    /// Raw sockets, so that every byte of an answer is the test's own.
    static let script = #"""
        import json, os, socket, ssl, sys, threading, time
        from urllib.parse import urlsplit, parse_qs, unquote

        state = {"connections": 0, "requests": 0, "document": {}, "hits": {}}
        lock = threading.Lock()

        def answer(c, status, body=b"", fields=()):
            if isinstance(body, str): body = body.encode()
            head = f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\n"
            c.sendall((head + "".join(f"{n}: {v}\r\n" for n, v in fields) + "\r\n").encode() + body)

        def act(c, method, target, fields, body):
            parts = urlsplit(target); query = {k: v[0] for k, v in parse_qs(parts.query).items()}
            path = parts.path; words = path.strip("/").split("/")
            with lock:
                state["requests"] += 1
                state["hits"][path] = state["hits"].get(path, 0) + 1
                documents = state["document"].get(path)
            if documents is not None:
                time.sleep(float(documents.get("delay", 0)))
                if documents.get("drop"): return False
                answer(c, documents.get("status", 200), documents["body"], documents.get("fields", {}).items())
            elif words[0] == "set":
                with lock: state["document"]["/" + "/".join(words[1:])] = json.loads(body)
                answer(c, 200)
            elif words[0] == "count":
                answer(c, 200, str(state["hits"].get("/" + "/".join(words[1:]), 0)))
            elif words[0] == "connections": answer(c, 200, str(state["connections"]))
            elif words[0] == "echo":
                answer(c, 200, json.dumps({"method": method, "target": target, "fields": fields, "body": body.decode()}))
            elif words[0] == "bytes": answer(c, 200, b"x" * int(words[1]))
            elif words[0] == "chunked":
                c.sendall(b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n")
                left = int(words[1])
                while left:
                    n = min(left, 1000); left -= n
                    c.sendall(b"%x\r\n" % n + b"x" * n + b"\r\n")
                c.sendall(b"0\r\n\r\n")
            elif words[0] == "endless":
                c.sendall(b"HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n")
                while True: c.sendall(b"400\r\n" + b"x" * 1024 + b"\r\n")
            elif words[0] == "endlesshead":
                c.sendall(b"HTTP/1.1 200 X\r\n")
                while True: c.sendall(b"A: " + b"x" * 100 + b"\r\n")
            elif words[0] == "head":
                # A head of exactly so many bytes in all.
                start = b"HTTP/1.1 200 X\r\nContent-Length: 2\r\n"; left = int(words[1]) - len(start) - 2
                while left > 2000: start += b"A: " + b"x" * 995 + b"\r\n"; left -= 1000
                c.sendall(start + b"A: " + b"x" * (left - 5) + b"\r\n\r\nok")
            elif words[0] == "slow":
                time.sleep(float(words[1])); answer(c, 200, "slow")
            elif words[0] == "drip":
                c.sendall(b"HTTP/1.1 200 X\r\nContent-Length: 100000\r\n\r\n")
                while True: c.sendall(b"x"); time.sleep(0.02)
            elif words[0] == "redirect":
                answer(c, int(query.get("status", 302)), "moved", [("Location", query["to"])])
            elif words[0] == "chain":
                n = int(words[1])
                if n: answer(c, 302, "", [("Location", f"/chain/{n - 1}")])
                else: answer(c, 200, "end")
            elif words[0] == "status": answer(c, int(words[1]), "status", [("Cache-Control", "max-age=7")])
            elif words[0] == "raw": c.sendall(unquote(path[5:]).encode("latin-1")); return False
            elif words[0] == "hang": time.sleep(60); return False
            elif words[0] == "cut": c.sendall(b"HTTP/1.1 200 X\r\nContent-Length: 100\r\n\r\nten bytes."); return False
            elif words[0] == "drop": return False
            else: answer(c, 404, "no")
            return True

        def serve(c, context):
            try:
                if context: c = context.wrap_socket(c, server_side=True)
                buffer = b""
                while True:
                    while b"\r\n\r\n" not in buffer:
                        data = c.recv(65536)
                        if not data: return
                        buffer += data
                    head, buffer = buffer.split(b"\r\n\r\n", 1)
                    lines = head.decode().split("\r\n"); method, target, _ = lines[0].split(" ")
                    fields = {n.lower(): v.strip() for n, v in (l.split(":", 1) for l in lines[1:])}
                    length = int(fields.get("content-length", 0))
                    while len(buffer) < length: buffer += c.recv(65536)
                    body, buffer = buffer[:length], buffer[length:]
                    if not act(c, method, target, fields, body): return
            except (OSError, ValueError): pass
            finally: c.close()

        family = socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET
        listener = socket.socket(family); listener.bind((sys.argv[1], 0)); listener.listen(256)
        context = None
        if len(sys.argv) > 2:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH); context.load_cert_chain(sys.argv[2], sys.argv[3])
        # The test's end closes our input.
        threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
        print(listener.getsockname()[1], flush=True)
        while True:
            c, _ = listener.accept()
            with lock: state["connections"] += 1
            c.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=serve, args=(c, context), daemon=True).start()
        """#
}
