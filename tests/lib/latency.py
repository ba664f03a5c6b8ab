"""The latency of a row.

    latency.py DB CURL-ARGUMENT...  follows a stream with curl, inserts ROWS rows into DB, one after
                                    another, and prints the shortest time in milliseconds from a
                                    commit to its whole frame at the client

Prints "none" if a row does not come within $PATIENCE seconds.
"""
import os
import select
import sqlite3
import subprocess
import sys
import time

ROWS, PATIENCE = 8, float(os.environ.get("PATIENCE", 60))


def read_until(fd, mark, seen=b""):
    end = time.monotonic() + PATIENCE
    while mark not in seen:
        ready, _, _ = select.select([fd], [], [], max(0, end - time.monotonic()))
        piece = os.read(fd, 65536) if ready else b""
        if not piece:
            return False
        seen += piece
    return True


def row_times(db, fd):
    for n in range(ROWS):
        db.execute("INSERT INTO match_events(match_id, type, data)"
                   " VALUES ('latency', 'tick', json_object('n', ?))", (n,))
        begin = time.monotonic()
        if not read_until(fd, b'data: {"n":%d}\n\n' % n):
            return
        yield 1000 * (time.monotonic() - begin)
        time.sleep(0.02)


def main(path, *arguments):
    db = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)
    curl = subprocess.Popen(["curl", "-sN", *arguments], stdout=subprocess.PIPE)
    try:
        begun = read_until(curl.stdout.fileno(), b"\n\nid: ")
        times = list(row_times(db, curl.stdout.fileno())) if begun else []
    finally:
        curl.kill()
        curl.wait()
    print(round(min(times)) if len(times) == ROWS else "none")


main(*sys.argv[1:])
