"""Shared by the clients in Python; rows.cjs describes the output."""
import sys

url = sys.argv[1]


def show(id, type, data):
    data = data.replace("\n", "\\n")
    print(f"{id} {type} {data}", flush=True)
