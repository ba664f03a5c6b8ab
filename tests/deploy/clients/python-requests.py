"""requests, without a library for streams: lines, and the cursor of the last complete frame."""
import time

import requests
from rows import show, url

cursor = ""
while True:
    try:
        headers = {"Last-Event-ID": cursor} if cursor else {}
        id, type, data = cursor, "message", []
        for line in requests.get(url, headers=headers, stream=True).iter_lines():
            name, _, value = line.decode().partition(": ")
            if name == "id":
                id = value
            elif name == "event":
                type = value
            elif name == "data":
                data.append(value)
            elif not line:
                if data:
                    show(id, type, "\n".join(data))
                cursor, type, data = id, "message", []
    except requests.RequestException:
        pass
    time.sleep(0.2)
