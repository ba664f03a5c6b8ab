"""A cache that keeps answers as long as HTTP allows (RFC 9111), and requests none sooner.

    cache.py PORT UPSTREAM_PORT

It never evicts, makes one request for all that wait for the same answer, and serves stale answers while that is
allowed (stale-while-revalidate).  X-Cache in each answer is its source: hit, stale or miss.
/~TIME?SECONDS advances its clock; /~COUNT is the number of upstream requests, /~HELD that of clients that wait.
"""
import http.client
import http.server
import re
import sys
import threading
import time

upstream = int(sys.argv[2])
stored, locks, state = {}, {}, {"ahead": 0.0, "asked": 0, "held": 0}
guard = threading.Lock()


def now():
    return time.monotonic() + state["ahead"]


class Answer:
    def __init__(self, target, accept, tag=None):
        state["asked"] += 1
        conn = http.client.HTTPConnection("127.0.0.1", upstream)
        conn.request("GET", target, headers={"Accept": accept, **({"If-None-Match": tag} if tag else {})})
        got = conn.getresponse()
        self.status, self.body, self.at = got.status, got.read(), now()
        self.head = {name.lower(): value for name, value in got.getheaders()}
        conn.close()

    def seconds(self, directive):
        found = re.search(r"\b%s=(\d+)" % directive, self.head.get("cache-control", ""))
        return int(found.group(1)) if found else 0

    def storable(self):
        control = self.head.get("cache-control", "")
        return "public" in control and "no-store" not in control and "no-cache" not in control

    def fresh_until(self, more=0):
        return self.at + (self.seconds("s-maxage") or self.seconds("max-age")) + more


def fetch(key, old):
    tag = old.head.get("etag") if old else None
    answer = Answer(*key, tag)
    if answer.status == 304:
        old.at, old.head["cache-control"] = now(), answer.head["cache-control"]
        return old
    if answer.storable():
        stored[key] = answer
    else:
        stored.pop(key, None)
    return answer


def lookup(key):
    with guard:
        lock = locks.setdefault(key, threading.Lock())
    old = stored.get(key)
    if old and now() < old.fresh_until():
        return old, "hit"
    if old and now() < old.fresh_until(old.seconds("stale-while-revalidate")):
        threading.Thread(target=refresh, args=(key, lock), daemon=True).start()
        return old, "stale"
    with lock:
        new = stored.get(key)
        if new and now() < new.fresh_until():
            return new, "hit"
        return fetch(key, new), "miss"


def hold(clients):
    with guard:
        state["held"] += clients


def refresh(key, lock):
    with lock:
        fetch(key, stored.get(key))


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path.startswith("/~TIME?"):
            state["ahead"] += float(self.path.split("?")[1])
        if self.path.startswith("/~"):
            number = state["held" if self.path == "/~HELD" else "asked"]
            return self.reply(200, {"content-type": "text/plain"}, str(number).encode(), "own")
        hold(1)
        try:
            answer, source = lookup((self.path, self.headers.get("Accept", "*/*")))
        except OSError:
            return self.reply(502, {}, b"", "none")
        finally:
            hold(-1)
        self.reply(answer.status, answer.head, answer.body, source)

    def reply(self, status, head, body, source):
        self.send_response(status)
        for name in head.keys() & {"content-type", "etag", "cache-control", "vary"}:
            self.send_header(name, head[name])
        self.send_header("X-Cache", source)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 1000
    daemon_threads = True


server = Server(("127.0.0.1", int(sys.argv[1])), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
