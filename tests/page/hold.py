#!/usr/bin/env python3
"""A network that holds streams back: hold.py PORT forwards connections to 127.0.0.1:PORT.

It prints the port where it listens.  Of an event stream it forwards the head, and
keeps the rest until the other side has gone.
"""

import socket
import sys
import threading


def passed_on(source, target, hold):
    """Forwards from one to the other; with hold, of a stream only its head, which is sent as a whole."""
    held = False
    try:
        while data := source.recv(65536):
            head, end, _ = data.partition(b"\r\n\r\n")
            if hold and data.startswith(b"HTTP/") and b"text/event-stream" in head:
                target.sendall(head + end)
                held = True
            elif not held:
                target.sendall(data)
    except OSError:
        pass
    for one in source, target:
        try:
            one.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def serve(client, port):
    try:
        server = socket.create_connection(("127.0.0.1", port), 10)
    except OSError:
        client.close()
        return
    server.settimeout(None)
    threading.Thread(target=passed_on, args=(client, server, False), daemon=True).start()
    passed_on(server, client, True)
    client.close()
    server.close()


def main():
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    while True:
        client, _ = listener.accept()
        threading.Thread(target=serve, args=(client, int(sys.argv[1])), daemon=True).start()


main()
