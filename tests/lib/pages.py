"""Follows the pages of the log by their next, and records each row.

    pages.py BASE NOTES QUERY [PAGES]

NOTES.rows gets a line for each row: its id and the first item of its data; a reset empties it, and writes its
reason to NOTES.resets.  NOTES.url is where the next call continues, whatever its QUERY.  At most PAGES pages.
Prints X-Cache of each.
"""
import http.client
import json
import os
import sys
import urllib.parse

base, notes, url = sys.argv[1:4]
pages = int(sys.argv[4]) if len(sys.argv) > 4 else 1000
if os.path.exists(notes + ".url"):
    with open(notes + ".url") as file:
        url = file.read()
connection = http.client.HTTPConnection(urllib.parse.urlsplit(base).netloc, timeout=float(os.environ["PATIENCE"]))
rows = open(notes + ".rows", "a")
more = True
while more and pages > 0:
    connection.request("GET", "/livescore" + url)
    answer = connection.getresponse()
    page = json.loads(answer.read())
    print(answer.headers["X-Cache"])
    if "events" not in page:
        sys.exit(f"{url}: {page}")
    if "reset" in page:
        with open(notes + ".resets", "a") as file:
            print(page["reset"]["reason"], file=file)
        rows.seek(0)
        rows.truncate()
    for row in page["events"]:
        print(row["id"], row["data"][0], file=rows)
    url, more, pages = page["next"], page["more"], pages - 1
with open(notes + ".url", "w") as file:
    file.write(url)
