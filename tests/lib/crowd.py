"""Many streams at once, from one address.

    crowd.py PORT N

Opens N streams one after the other, waits until each has begun or was refused, by an answer
or by closing, and prints how many: "100 begun, 20 refused".  Holds the streams until standard
input ends.
"""
import os
import socket
import sys

PATIENCE = float(os.environ.get("PATIENCE", 60))
REQUEST = b"GET /livescore?after=latest HTTP/1.1\r\nHost: a\r\n\r\n"


def begins(s):
    try:
        s.sendall(REQUEST)
        return s.recv(12) == b"HTTP/1.1 200"
    except (BrokenPipeError, ConnectionResetError):
        return False


def main():
    port, number = int(sys.argv[1]), int(sys.argv[2])
    streams = [socket.create_connection(("127.0.0.1", port), PATIENCE) for _ in range(number)]
    begun = [s for s in streams if begins(s)]
    print(f"{len(begun)} begun, {number - len(begun)} refused", flush=True)
    sys.stdin.buffer.read()


main()
