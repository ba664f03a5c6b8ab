"""fetch-source.py PORT FOLDER - a source of documents, for fetch.t: serves FOLDER/NAME at /NAME with an ETag, and
answers 304 to a client that has it.  Each line of FOLDER/NAME.how is a failure for one request: a status, "cut" (half
of the body) or "hold" (answer when the file is deleted).  Logs each request as a line in FOLDER/log: time, path,
requested ETag, token, status."""
import hashlib, http.server, os, sys, time

port, folder = int(sys.argv[1]), sys.argv[2]


class Source(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def how(self, path):
        try:
            with open(path + ".how") as file:
                first, _, rest = file.read().partition("\n")
        except FileNotFoundError:
            return ""
        if first != "hold":
            with open(path + ".how", "w") as file:
                file.write(rest)
        return first

    def answer(self, status, body=b"", headers=(), cut=False):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if cut else body)
        self.close_connection = True

    def do_GET(self):
        path = folder + self.path
        asked = self.headers.get("If-None-Match", "-")
        how = self.how(path)
        with open(path, "rb") as file:
            body = file.read()
        tag = '"%s"' % hashlib.sha256(body).hexdigest()[:16]
        status = int(how) if how.isdigit() else 304 if asked == tag else 200
        with open(folder + "/log", "a") as log:
            print(time.time(), self.path, asked, self.headers.get("X-Auth-Token", "-"), how or status, file=log, flush=True)
        while how == "hold" and os.path.exists(path + ".how"):
            time.sleep(0.02)
        self.answer(status, b"" if status != 200 else body, [("ETag", tag)] if status < 400 else [], how == "cut")

    def log_message(self, *_):
        pass


http.server.ThreadingHTTPServer(("127.0.0.1", port), Source).serve_forever()
