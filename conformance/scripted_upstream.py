# Fairlead: an upstream that does to each attempt what the request's script says
# SPDX-License-Identifier: Apache-2.0
"""Runs as a process of its own. `x-script` has the whole script as JSON, `x-envoy-attempt-count` says which attempt it is."""

import asyncio
import json
import sys


class Actor(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport
        self.buffer = b""

    def data_received(self, chunk):
        self.buffer += chunk
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            head, self.buffer = self.buffer[:end], self.buffer[end + 4 :]
            self.act(head.decode())

    def act(self, head):
        headers = dict(line.split(": ", 1) for line in head.split("\r\n")[1:])
        script = json.loads(headers["x-script"])
        act = script[min(int(headers["x-envoy-attempt-count"]), len(script)) - 1]
        if act == "reset":
            self.transport.abort()
        elif act != "silent":
            lines = [f"HTTP/1.1 {act['status']} Scripted", "content-length: 0"]
            lines += [f"{name}: {value}" for name, value in act["headers"]]
            self.transport.write(("\r\n".join(lines) + "\r\n\r\n").encode())


async def serve():
    server = await asyncio.get_running_loop().create_server(Actor, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    # The parent holds our standard input: its end is ours.
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(serve())
