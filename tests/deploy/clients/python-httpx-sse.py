"""
httpx-sse reads one stream: the program must reconnect, with its cursor, after the time in `retry`.
"""
import time

import httpx
from httpx_sse import connect_sse
from rows import show, url

cursor, pause = "", 1
while True:
    try:
        headers = {"Last-Event-ID": cursor} if cursor else {}
        with httpx.Client(timeout=None) as client, connect_sse(client, "GET", url, headers=headers) as source:
            for event in source.iter_sse():
                cursor = event.id or cursor
                pause = event.retry / 1000 if event.retry else pause
                if event.data:
                    show(event.id, event.event, event.data)
    except httpx.TransportError:
        pass
    time.sleep(pause)
