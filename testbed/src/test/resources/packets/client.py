"""client.py http|udp ADDRESS PORT COUNT [PATH]: asks so often, each time from a port of its own, and prints a line for each:
"MILLISECONDS ANSWER", or "MILLISECONDS ! ERROR". COUNT 0: until standard input ends."""

import http.client
import select
import socket
import sys
import time

TIMEOUT_SECONDS = 3
PAUSE_SECONDS = 0.03

KIND, ADDRESS, PORT, COUNT = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
PATH = sys.argv[5] if len(sys.argv) > 5 else "/"


def ask_http():
    connection = http.client.HTTPConnection(ADDRESS, PORT, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("GET", PATH)
        answer = connection.getresponse().read()
        return answer.decode().splitlines()[-1]
    finally:
        connection.close()


def ask_udp():
    family = socket.AF_INET6 if ":" in ADDRESS else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as udp:
        udp.settimeout(TIMEOUT_SECONDS)
        udp.sendto(b"?", (ADDRESS, PORT))
        return udp.recv(1500).decode().strip()


def asked_to_end():
    return COUNT == 0 and bool(select.select([sys.stdin], [], [], PAUSE_SECONDS)[0])


ask = {"http": ask_http, "udp": ask_udp}[KIND]
done = 0
while not asked_to_end():
    begin = time.monotonic()
    try:
        answer = ask()
    except (OSError, http.client.HTTPException) as error:
        answer = f"! {type(error).__name__} {error}"
    print(round((time.monotonic() - begin) * 1000), answer, flush=True)
    done += 1
    if done == COUNT:
        break
