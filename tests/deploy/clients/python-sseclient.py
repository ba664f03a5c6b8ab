"""
sseclient, the oldest that Python has.  It comes back with its cursor, but each piece that it reads
is decoded by itself: chunk_size is the largest frame, so that a piece is a chunk, and whole.
It raises an exception where nobody answers when it comes back: the next() after that tries anew.
"""
import requests
from rows import show, url
from sseclient import SSEClient

client = SSEClient(url, chunk_size=1 << 20)
while True:
    try:
        event = next(client)
    except requests.exceptions.ConnectionError:
        continue
    if event.data:
        show(event.id, event.event, event.data)
