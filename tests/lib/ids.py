"""The ids of the rows that a query brings: a line of those of its pages, and one of those of its stream.

    ids.py PORT QUERY

The client of the stream closes its half at once, so that the stream ends when it has caught up.
"""
import http.client
import json
import os
import re
import socket
import sys

PATIENCE = float(os.environ.get("PATIENCE", 60))


def of_pages(port, query):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    target, more = f"?format=json&{query}", True
    while more:
        connection.request("GET", f"/livescore{target}")
        page = json.loads(connection.getresponse().read())
        yield from (str(row["id"]) for row in page["events"])
        target, more = page["next"], page["more"]


def of_stream(port, query):
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as s:
        s.sendall(f"GET /livescore?{query} HTTP/1.0\r\n\r\n".encode())
        s.shutdown(socket.SHUT_WR)
        with s.makefile("rb") as answer:
            return re.findall(r"^id: (\d+)\n(?:data|event)", answer.read().decode(), re.M)


port, query = int(sys.argv[1]), sys.argv[2]
print(*of_pages(port, query))
print(*of_stream(port, query))
