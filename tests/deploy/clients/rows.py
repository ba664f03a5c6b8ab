"""What the clients in Python have in common: rows.cjs says what they print."""
import sys

url = sys.argv[1]


def show(id, type, data):
    data = data.replace("\n", "\\n")
    print(f"{id} {type} {data}", flush=True)
