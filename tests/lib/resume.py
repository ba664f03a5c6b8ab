"""Clients that keep losing their connection, and resume with their cursor.

    resume.py PORT CLIENTS FINAL

Each client reads the whole log, and hangs up at random: in the middle of a frame, right after
connecting, after a silence, or resetting the connection.  Some read frames, some batches, some
JSON by long polling; some in chunks, some with HTTP/1.0.  When the file FINAL holds the log's
newest id, they read up to that and compare with FINAL.rows, JSON arrays of id, type, data: it prints
a line for each client that has not had every row once, in order, with its type and data.  From then
on a client that gets no row for $PATIENCE seconds gives up.
"""
import json
import os
import random
import socket
import struct
import sys
import threading
import time

PATIENCE = float(os.environ.get("PATIENCE", 60))
NEVER = float("inf")


class Chunks:
    """A body in chunks (RFC 9112, 7.1)."""

    def __init__(self):
        self.raw, self.ended = b"", False

    def take(self, piece):
        """The data of complete chunks."""
        self.raw += piece
        data = b""
        while b"\r\n" in self.raw:
            line, rest = self.raw.split(b"\r\n", 1)
            size = int(line, 16)
            if len(rest) < size + 2:
                break
            if rest[size:size + 2] != b"\r\n" or self.ended:
                raise ValueError(f"a chunk of {size} bytes ends with {rest[size:size + 2]}")
            self.ended = size == 0
            data, self.raw = data + rest[:size], rest[size + 2:]
        return data


class Client(threading.Thread):
    def __init__(self, number, port, final):
        super().__init__(daemon=True)
        self.random = random.Random(number)
        self.number, self.port, self.final = number, port, final
        self.way = "batch" if number % 5 == 3 else "json" if number % 5 == 4 else "frames"
        self.cursor, self.rows, self.connections, self.trouble = 0, [], 0, None
        self.end = None  # when to give up

    def run(self):
        while not self.done():
            if self.trouble or self.gives_up():
                self.trouble = self.trouble or f"did not come to the end, but to row {self.cursor}"
                return
            try:
                self.connect()
            except OSError:
                time.sleep(0.05)  # the service is restarting
            except ValueError as error:
                self.trouble = str(error)
        self.trouble = self.trouble or self.compare()

    def done(self):
        try:
            with open(self.final) as f:
                last = int(f.read())
        except (OSError, ValueError):
            return False
        self.end = self.end or time.monotonic() + PATIENCE
        return self.cursor >= last

    def gives_up(self):
        return self.end is not None and time.monotonic() > self.end

    def request(self):
        query = {"frames": "", "batch": "batch=7", "json": "format=json&wait=1"}[self.way]
        cursor = f"Last-Event-ID: {self.cursor}\r\n"
        if self.random.random() < 0.3:
            query, cursor = f"{query}&after={self.cursor}", ""
        minor = self.random.randrange(2)
        return f"GET /livescore?{query} HTTP/1.{minor}\r\nHost: a\r\n{cursor}\r\n".encode()

    def connect(self):
        self.connections += 1
        # A client must make progress on a slow machine, too: half of the connections wait for bytes.
        most, silence = self.random.choice(((0, 0), (600, NEVER), (5000, NEVER), (NEVER, 0.05), (NEVER, 0.5), (50000, NEVER)))
        if self.way == "json":
            most, silence = NEVER, NEVER
        with socket.create_connection(("127.0.0.1", self.port), PATIENCE) as s:
            s.sendall(self.request())
            s.settimeout(0.05)
            self.read(s, most, silence)
            if self.random.random() < 0.3:
                s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def read(self, s, most, silence):
        buffer, in_head, chunks = b"", True, None
        heard = time.monotonic()
        while most > 0:
            try:
                piece = s.recv(self.random.choice((1, 100, 65536)))
            except socket.timeout:
                if time.monotonic() - heard > silence or self.done() or self.gives_up():
                    break
                continue
            if not piece:
                break
            most -= len(piece)
            heard = time.monotonic()
            buffer += chunks.take(piece) if chunks else piece
            if in_head and b"\r\n\r\n" in buffer:
                head, buffer = buffer.split(b"\r\n\r\n", 1)
                in_head = False
                if head.startswith(b"HTTP/1.1 503"):
                    raise ConnectionAbortedError  # the service is stopping
                if not head.startswith(b"HTTP/1.1 200"):
                    self.trouble = repr(head)
                if b"\r\ntransfer-encoding: chunked" in head.lower():
                    chunks = Chunks()
                    buffer = chunks.take(buffer)
            while not in_head and self.way != "json" and b"\n\n" in buffer:
                frame, buffer = buffer.split(b"\n\n", 1)
                self.take_frame(frame.decode())
        if self.way == "json" and not in_head and (chunks.ended if chunks else buffer.endswith(b"}\n")):
            self.take_json(json.loads(buffer))

    def take_frame(self, frame):
        fields = {"event": "message"}
        data = []
        for line in frame.split("\n"):
            name, _, value = line.partition(": ")
            if name == "data":
                data.append(value)
            else:
                fields[name] = value
        if fields["event"] in ("reset", "error"):
            self.trouble = frame
        elif data and self.way == "batch":
            self.take_rows(json.loads("\n".join(data)))
        elif data and "id" in fields:
            self.rows.append([int(fields["id"]), fields["event"], "\n".join(data)])
        if "id" in fields:
            self.move(int(fields["id"]))

    def take_json(self, answer):
        if "reset" in answer:
            self.trouble = str(answer["reset"])
        self.take_rows(answer["events"])
        self.move(answer["last_id"])

    def move(self, cursor):
        if cursor > self.cursor and self.end:
            self.end = time.monotonic() + PATIENCE
        self.cursor = cursor

    def take_rows(self, rows):
        self.rows += [[row["id"], row["type"], row["data"]] for row in rows]

    def compare(self):
        with open(self.final + ".rows") as f:
            expected = [json.loads(line) for line in f]
        if self.way != "frames":
            expected = [[i, kind, json.loads(data)] for i, kind, data in expected]
        for got, row in zip(self.rows, expected):
            if got != row:
                return f"got {got}, expected {row}"
        if len(self.rows) != len(expected):
            return f"got {len(self.rows)} rows of {len(expected)}"
        return None


def main():
    port, number, final = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    clients = [Client(n, port, final) for n in range(number)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    for client in clients:
        if client.trouble:
            print(f"client {client.number} ({client.way}): {client.trouble}")
    print(f"{sum(c.connections for c in clients)} connections", file=sys.stderr)
    os._exit(0)  # with no thread left to wait for


main()
