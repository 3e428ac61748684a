"""server.py NAME PORT: answers HTTP and datagrams at a port of all its addresses with "NAME ADDRESS-OF-THE-CLIENT".

A request for /slow/SECONDS gets as many lines, one each second. Says "ready" when it listens.
"""

import http.server
import socket
import sys
import threading
import time

NAME, PORT = sys.argv[1], int(sys.argv[2])


def plain(address):
    return address[0].removeprefix("::ffff:")


class Handler(http.server.BaseHTTPRequestHandler):
    # the client closes, and keeps its port for a minute: Open vSwitch 3.1 dies of a port that comes again too soon
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        seconds = int(self.path.removeprefix("/slow/")) if self.path.startswith("/slow/") else 0
        line = f"{NAME} {plain(self.client_address)}\n".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(line) * max(seconds, 1)))
        self.end_headers()
        for _ in range(seconds - 1):
            self.wfile.write(line)
            time.sleep(1)
        self.wfile.write(line)

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    address_family = socket.AF_INET6
    request_queue_size = 256


def datagrams(udp):
    while True:
        _, client = udp.recvfrom(1500)
        udp.sendto(f"{NAME} {plain(client)}\n".encode(), client)


udp = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
udp.bind(("::", PORT))
threading.Thread(target=datagrams, args=[udp], daemon=True).start()
server = Server(("::", PORT), Handler)
print("ready", flush=True)
server.serve_forever()
