"""Clients that follow the log and reconnect when they are cut off, like EventSource.

    followers.py PORT[/PATH] follow CLIENTS FOLDER [LAST]
        PATH is the program's, if a web server does not have it at the top.  Each row's data
        must be {"n": its id}, and ids must be consecutive: each client gets every row once, in
        order, unchanged, from the one after LAST (0).  Keeps these files in FOLDER up to date:
        all     the id that all clients have reached
        most    the id that all but one have reached
        reconnects  how often clients have reconnected
        trouble what was wrong, one per line
        Ends with standard input; prints how often clients reconnected.

    followers.py PORT[/PATH] read CLIENTS FOLDER
        The same for any rows: ids must be consecutive (it checks the first and the last of each
        buffer, and their number), and at the end it writes into FOLDER
        sums    for each kind of client: how many, their last id, and the CRC-32 of all frames

    followers.py PORT[/PATH] pages CLIENTS FOLDER
        Like follow, by JSON pages: each client goes from one to its next.

    followers.py PORT burst CLIENTS ROWS
        Opens that many connections at once, and prints how many got exactly ROWS rows within
        $PATIENCE seconds.
"""
import collections
import json
import os
import random
import re
import selectors
import socket
import sys
import time
import zlib

PATIENCE = float(os.environ.get("PATIENCE", 60))
RETRY = 0.1
COMMENT = re.compile(rb"^(retry: \d+\n)?:.*\n\n", re.M)    # the beginning, and heartbeats


FIELDS = "Host: a\r\nCache-Control: no-cache\r\nPragma: no-cache\r\n"     # as browsers send them


class Follower:
    def __init__(self, number, place):
        self.number = number
        self.port, _, path = place.partition("/")
        self.path = f"/{path}" if path else ""
        self.last, self.returns, self.retry_at = 0, -1, 0.0
        self.socket, self.buffer, self.in_head = None, b"", True

    def connect(self, selector):
        self.returns += 1
        self.buffer, self.in_head = b"", True
        try:
            self.socket = socket.create_connection(("127.0.0.1", int(self.port)), PATIENCE)
            selector.register(self.socket, selectors.EVENT_READ, self)
            self.socket.sendall(self.request().encode())
            self.socket.setblocking(False)
        except OSError:
            self.lose(selector)

    def request(self):
        return f"GET {self.path}/livescore?after=0 HTTP/1.0\r\n{FIELDS}Accept: text/event-stream\r\nLast-Event-ID: {self.last}\r\n\r\n"

    def lose(self, selector):
        if self.socket:
            selector.unregister(self.socket)
            self.socket.close()
        self.socket = None
        self.retry_at = time.monotonic() + RETRY * random.uniform(0.5, 1.5)

    def read(self, selector):
        """Reads what has arrived; yields errors."""
        try:
            piece = self.socket.recv(65536)
        except BlockingIOError:
            return
        except OSError:
            piece = b""
        if not piece:
            self.lose(selector)
            return
        self.buffer += piece
        if self.in_head and b"\r\n\r\n" in self.buffer:
            head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
            self.in_head = False
            yield from self.take_head(head)
        if self.socket and not self.in_head:
            yield from self.take_all()

    def take_head(self, head):
        if head.split(b" ")[1:2] != [b"200"]:
            yield head.decode()

    def take_all(self):
        while b"\n\n" in self.buffer:
            frame, self.buffer = self.buffer.split(b"\n\n", 1)
            yield from self.take(frame.decode())

    def take(self, frame):
        fields = dict(line.partition(": ")[::2] for line in frame.split("\n"))
        if "event" in fields:
            yield frame
        elif "data" in fields:
            yield from self.take_row(int(fields["id"]), fields["data"])

    def take_row(self, row, data):
        if row != self.last + 1:
            yield f"row {row} after row {self.last}"
        if data != f'{{"n":{row}}}':
            yield f"row {row} is {data}"
        self.last = row


class Reader(Follower):
    """Checks frames by the buffer, not one by one: for thousands of rows per second."""

    def __init__(self, number, place):
        super().__init__(number, place)
        self.sum = 0

    def take_all(self):
        frames, ended, rest = self.buffer.rpartition(b"\n\n")
        if not ended:
            return                      # not even one whole frame yet
        frames, self.buffer = frames + ended, rest
        if frames.startswith((b"retry:", b":")) or b"\n:" in frames:
            frames = COMMENT.sub(b"", frames)
        if not frames:
            return
        count, newest = frames.count(b"\n\n"), frames.rfind(b"\n\n", 0, -2)
        newest = frames[newest + 2 if newest >= 0 else 0:]
        if not frames.startswith(b"id: %d\n" % (self.last + 1)) or not newest.startswith(b"id: %d\n" % (self.last + count)):
            yield f"after row {self.last}: {count} rows from {frames[:100]} to {newest[:100]}"
        self.last += count
        self.sum = zlib.crc32(frames, self.sum)


class Pager(Follower):
    """Takes page after page on one connection; an answer that is cut short, or none, is asked for again."""

    def __init__(self, number, place):
        super().__init__(number, place)
        self.page = "?after=0&format=json&wait=25"

    def request(self):
        return f"GET {self.path}/livescore{self.page} HTTP/1.1\r\n{FIELDS}\r\n"

    def take_head(self, head):
        length = re.search(rb"\ncontent-length: (\d+)", head, re.I)
        if head.split(b" ")[1:2] == [b"200"] and length:
            self.length = int(length[1])
        else:
            self.in_head = True
            self.socket.shutdown(socket.SHUT_RDWR)
            if head.split(b" ")[1:2] == [b"200"]:
                yield head.decode()

    def take_all(self):
        if len(self.buffer) < self.length:
            return
        yield from self.take_page(json.loads(self.buffer))
        self.buffer, self.in_head = b"", True
        try:
            self.socket.sendall(self.request().encode())
        except OSError:
            pass                        # its end is read next

    def take_page(self, page):
        for row in page["events"]:
            yield from self.take_row(row["id"], json.dumps(row["data"], separators=(",", ":")))
        if "reset" in page:
            yield json.dumps(page["reset"])
        self.page = page["next"]


def put(folder, name, text):
    with open(f"{folder}/{name}.new", "w") as f:
        f.write(f"{text}\n")
    os.rename(f"{folder}/{name}.new", f"{folder}/{name}")


def follow(kind, place, count, folder, last=0):
    selector = selectors.DefaultSelector()
    followers = [kind(n, place) for n in range(count)]
    for f in followers:
        f.last = int(last)
    selector.register(0, selectors.EVENT_READ, None)
    told = returned = None
    with open(f"{folder}/trouble", "w") as trouble:
        while True:
            now = time.monotonic()
            for f in followers:
                if not f.socket and now >= f.retry_at:
                    f.connect(selector)
            for key, _ in selector.select(0.05):
                if key.data is None:
                    print(returned)
                    if kind is Reader:
                        kinds = collections.Counter((f.last, f.sum) for f in followers)
                        put(folder, "sums", "\n".join(f"{n} {last} {crc}" for (last, crc), n in kinds.items()))
                    return
                for wrong in key.data.read(selector):
                    print(f"client {key.data.number}: {wrong}", file=trouble, flush=True)
            if (returns := sum(f.returns for f in followers)) != returned:
                returned = returns
                put(folder, "reconnects", returns)
            lasts = sorted(f.last for f in followers)
            if lasts[:2] != told:
                told = lasts[:2]
                put(folder, "all", lasts[0])
                put(folder, "most", lasts[1])


def burst(port, count, rows):
    selector = selectors.DefaultSelector()
    got, full = {}, 0
    for n in range(count):
        s = socket.socket()
        s.setblocking(False)
        s.connect_ex(("127.0.0.1", port))
        selector.register(s, selectors.EVENT_WRITE)
        got[s] = b""
    end = time.monotonic() + PATIENCE
    while full < count and time.monotonic() < end:
        for key, events in selector.select(1):
            s = key.fileobj
            if events & selectors.EVENT_WRITE:
                s.sendall(b"GET /livescore HTTP/1.0\r\nHost: a\r\n\r\n")
                selector.modify(s, selectors.EVENT_READ)
                continue
            try:
                piece = s.recv(65536)
            except OSError:
                piece = b""
            if not piece:
                selector.unregister(s)
            had = got[s].count(b"\ndata:") >= rows
            got[s] += piece
            full += not had and got[s].count(b"\ndata:") >= rows
    print(sum(b.count(b"\ndata:") == rows for b in got.values()))


KINDS = {"follow": Follower, "read": Reader, "pages": Pager}
if sys.argv[2] in KINDS:
    follow(KINDS[sys.argv[2]], sys.argv[1], int(sys.argv[3]), *sys.argv[4:])
else:
    burst(int(sys.argv[1]), int(sys.argv[3]), int(sys.argv[4]))
