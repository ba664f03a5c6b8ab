"""
sseclient, the oldest for Python.  It resumes with its cursor, but decodes each piece that it reads
separately: chunk_size is the largest frame, so that a piece is a whole chunk.  It raises an
exception if the server does not answer when it reconnects: the next call of next() tries again.
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
