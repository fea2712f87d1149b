# Fairlead: a raw HTTP/1.1 client, pipelined over a few connections, that sends what it is told byte for byte
# SPDX-License-Identifier: Apache-2.0
"""`exchange` takes ready-made request bytes and returns one `Response` each, in order.

No HTTP library would let an odd host, a repeated header or a `#` in a path through unchanged.
"""

import selectors
import socket
import time
from collections import deque
from dataclasses import dataclass

PIPELINE = 2
READ = 1 << 16
BODILESS = {204, 304}


@dataclass(slots=True)
class Response:
    status: int
    headers: list  # of (lower-case name, value), both str
    body: bytes

    def header(self, name):
        for key, value in self.headers:
            if key == name:
                return value
        return None


class OracleError(Exception):
    """Envoy, the network or a table is not as the oracle needs it."""


def encode(method, target, headers):
    """Request bytes: the head only, each header line as given. UTF-8, as everywhere in the contract."""
    lines = [f"{method} {target} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8", "surrogateescape")


class Lane:
    """One address, its queue of requests, and the connection that works through it."""

    def __init__(self, address, requests):
        self.address = address
        self.requests = requests
        self.responses = []
        self.sent = 0
        self.socket = None
        self.incoming = bytearray()
        self.outgoing = b""
        self.fruitless = 0

    @property
    def done(self):
        return len(self.responses) == len(self.requests)

    def connect(self):
        self.socket = socket.create_connection(self.address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setblocking(False)
        self.incoming.clear()
        self.outgoing = b""
        self.sent = len(self.responses)

    def close(self):
        if self.socket is not None:
            self.socket.close()
            self.socket = None

    def fill(self):
        """Keep the pipeline full: at most PIPELINE requests are unanswered at any time."""
        if self.sent - len(self.responses) <= PIPELINE - 1:
            upto = min(len(self.requests), len(self.responses) + PIPELINE)
            self.outgoing += b"".join(self.requests[i].data for i in range(self.sent, upto))
            self.sent = max(self.sent, upto)
        while self.outgoing:
            try:
                count = self.socket.send(self.outgoing)
            except BlockingIOError:
                return
            self.outgoing = self.outgoing[count:]

    def drain(self):
        """Take what has arrived. False when the server closed the connection."""
        try:
            chunk = self.socket.recv(READ)
        except BlockingIOError:
            return True
        except ConnectionError:
            chunk = b""
        if chunk:
            self.incoming += chunk
        while not self.done:
            head_only = self.requests[len(self.responses)].head_only
            parsed = parse(self.incoming, head_only, closed=not chunk)
            if parsed is None:
                break
            response, length = parsed
            del self.incoming[:length]
            self.responses.append(response)
            self.fruitless = 0
            if (response.header("connection") or "").lower() == "close":
                return False
        return bool(chunk)


@dataclass(slots=True)
class Request:
    data: bytes
    head_only: bool = False  # HEAD: the answer has no body whatever its headers say


def parse(buffer, head_only, closed):
    """The first complete response in `buffer` and its length, or None when more bytes are needed."""
    end = buffer.find(b"\r\n\r\n")
    if end < 0:
        return None
    lines = bytes(buffer[:end]).decode("utf-8", "surrogateescape").split("\r\n")
    status = int(lines[0].split(" ", 2)[1])
    headers = []
    for line in lines[1:]:
        name, _, value = line.partition(":")
        headers.append((name.strip().lower(), value.strip()))
    start = end + 4
    known = dict(headers)
    if head_only or status in BODILESS or status < 200:
        return Response(status, headers, b""), start
    if known.get("transfer-encoding", "").lower() == "chunked":
        return chunked(buffer, start, status, headers)
    if "content-length" in known:
        stop = start + int(known["content-length"])
        if len(buffer) < stop:
            return None
        return Response(status, headers, bytes(buffer[start:stop])), stop
    if not closed:
        return None
    return Response(status, headers, bytes(buffer[start:])), len(buffer)


def chunked(buffer, start, status, headers):
    body = b""
    while True:
        line = buffer.find(b"\r\n", start)
        if line < 0:
            return None
        size = int(bytes(buffer[start:line]).split(b";")[0], 16)
        if len(buffer) < line + 2 + size + 2:
            return None
        body += bytes(buffer[line + 2 : line + 2 + size])
        start = line + 2 + size + 2
        if size == 0:
            return Response(status, headers, body), start


def exchange(lanes, patience=30.0):
    """Run all lanes to their end, each over its own connection, reopened whenever the server closes it."""
    with selectors.DefaultSelector() as selector:
        open_lanes = deque()
        for lane in lanes:
            if not lane.done:
                start(lane, selector)
                open_lanes.append(lane)
        deadline = time.monotonic() + patience
        pending = len(open_lanes)
        while pending:
            ready = selector.select(timeout=1.0)
            if ready:
                deadline = time.monotonic() + patience
            elif time.monotonic() > deadline:
                raise OracleError("no answer from Envoy: " + describe(open_lanes))
            for key, _ in ready:
                lane = key.data
                alive = lane.drain()
                if lane.done:
                    stop(lane, selector)
                    pending -= 1
                elif alive:
                    lane.fill()
                else:
                    stop(lane, selector)
                    lane.fruitless += 1
                    if lane.fruitless > 3:
                        raise OracleError("connection closed without an answer: " + describe([lane]))
                    start(lane, selector)


def start(lane, selector):
    lane.connect()
    selector.register(lane.socket, selectors.EVENT_READ, lane)
    lane.fill()


def stop(lane, selector):
    selector.unregister(lane.socket)
    lane.close()


def describe(lanes):
    return "; ".join(repr(lane.requests[len(lane.responses)].data) for lane in lanes if not lane.done)
