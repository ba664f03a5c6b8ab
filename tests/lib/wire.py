"""Clients that send arbitrary bytes: in pieces, slowly, or nothing.

    wire.py PORT send FILE          sends it, prints the whole answer
    wire.py PORT each FOLDER FILE...  sends each on its own connection; the answers go to files of
                                    the same names in FOLDER
    wire.py PORT half FILE          like send, but closes its half right after sending
    wire.py PORT drip FILE SECONDS  like send, byte by byte, with pauses
    wire.py PORT cut FILE           in two parts, cut at every place in turn: each answer must be
                                    that to the whole; prints how many were tried
    wire.py PORT split FILE         byte by byte without pauses, on one connection
    wire.py PORT open N             opens N silent connections, and holds them until standard
                                    input ends; prints a line when they are open
    wire.py PORT mute FILE          sends, then reads nothing until standard input ends;
                                    prints a line when it has sent
    wire.py PORT late FILE          the same, but then prints the answer as it arrives
    wire.py PORT slow FILE N [SIZE] sends, then reads N bytes per second until the answer ends; with a
                                    small buffer of SIZE as through a slow network, which holds little
    wire.py PORT drop FILE N        N times: sends and immediately resets the connection

FILE may be - for standard input.  Every wait ends after $PATIENCE seconds.  HOST: in $WIRE_HOST, else 127.0.0.1.
"""
import os
import re
import select
import socket
import struct
import sys
import time

PATIENCE = float(os.environ.get("PATIENCE", 60))


def connect(port, window=None):
    s = socket.socket()
    s.settimeout(PATIENCE)
    if window:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
    s.connect((os.environ.get("WIRE_HOST", "127.0.0.1"), port))
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return s


def read_all(s):
    """Ends its half as soon as the answer says that the connection persists."""
    answer = b""
    while True:
        try:
            piece = s.recv(65536)
        except ConnectionResetError:
            return answer + b"\n[reset]"
        if not piece:
            return answer
        if not answer and b"\r\nConnection: close\r\n" not in piece:
            end_half(s)
        answer += piece


def end_half(s):
    """Ignores that the service has reset the connection: reading the answer shows that."""
    try:
        s.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def send(s, data):
    """Ignores that the service has stopped reading: its answer counts."""
    try:
        s.sendall(data)
    except (BrokenPipeError, ConnectionResetError):
        pass


def ask(port, data, half=False):
    with connect(port) as s:
        send(s, data)
        if half:
            s.shutdown(socket.SHUT_WR)
        return read_all(s)


def ask_by_bytes(port, data, pause):
    """Ends early if it is answered early."""
    with connect(port) as s:
        for i in range(len(data)):
            send(s, data[i:i + 1])
            if pause and select.select([s], [], [], pause)[0]:
                break
        return read_all(s)


def without_date(answer):
    return re.sub(rb"\r\nDate: [^\r]*", b"", answer)


def cut_everywhere(port, data):
    whole = without_date(ask(port, data))
    for i in range(1, len(data)):
        with connect(port) as s:
            send(s, data[:i])
            time.sleep(0.001)
            send(s, data[i:])
            answer = without_date(read_all(s))
        if answer != whole:
            sys.exit(f"cut at {i}: {answer!r}\nwhole: {whole!r}")
    print(len(data) - 1)


def until_stdin_ends(connections):
    print("open", flush=True)
    sys.stdin.buffer.read()
    for s in connections:
        s.close()


def read_slowly(s, rate):
    """Makes up for a sleep that took longer."""
    due = time.monotonic()
    while s.recv(rate // 10):
        due += 0.1
        time.sleep(max(0, due - time.monotonic()))


def drop(port, data, times):
    for _ in range(times):
        s = connect(port)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        send(s, data)
        s.close()


def main():
    port, what, arguments = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
    if what == "open":
        until_stdin_ends([connect(port) for _ in range(int(arguments[0]))])
        return
    if what == "each":
        for name in arguments[1:]:
            with open(name, "rb") as f, open(os.path.join(arguments[0], os.path.basename(name)), "wb") as out:
                out.write(ask(port, f.read()))
        return
    with open(arguments[0], "rb") if arguments[0] != "-" else sys.stdin.buffer as f:
        data = f.read()
    if what in ("send", "half"):
        sys.stdout.buffer.write(ask(port, data, what == "half"))
    elif what in ("drip", "split"):
        pause = float(arguments[1]) if what == "drip" else 0
        sys.stdout.buffer.write(ask_by_bytes(port, data, pause))
    elif what == "cut":
        cut_everywhere(port, data)
    elif what in ("mute", "late"):
        with connect(port) as s:
            send(s, data)
            until_stdin_ends([])
            if what == "late":
                while piece := s.recv(65536):
                    sys.stdout.buffer.write(piece)
                    sys.stdout.buffer.flush()
    elif what == "slow":
        with connect(port, window=int(arguments[2]) if arguments[2:] else None) as s:
            send(s, data)
            read_slowly(s, int(arguments[1]))
    elif what == "drop":
        drop(port, data, int(arguments[1]))
    else:
        sys.exit(__doc__)


main()
