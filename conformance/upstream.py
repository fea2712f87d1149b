# Fairlead: the tiny upstream behind the oracle: answers every request with the head it received
# SPDX-License-Identifier: Apache-2.0
"""Runs as a process of its own. The head goes back base64-coded in `x-fl-echo`, so that it survives HEAD too."""

import asyncio
import base64
import sys


class Echo(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport
        self.buffer = b""

    def data_received(self, chunk):
        buffer = self.buffer + chunk
        answers = []
        while (end := buffer.find(b"\r\n\r\n")) >= 0:
            head, buffer = buffer[:end], buffer[end + 4 :]
            answers.append(
                b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nx-fl-echo: " + base64.b64encode(head) + b"\r\n\r\n"
            )
        self.buffer = buffer
        if answers:
            self.transport.write(b"".join(answers))


def decode(echo):
    """`(method, path, [(name, value)])` of an `x-fl-echo` value."""
    lines = base64.b64decode(echo).decode("utf-8", "surrogateescape").split("\r\n")
    method, _, rest = lines[0].partition(" ")
    headers = []
    for line in lines[1:]:
        name, _, value = line.partition(":")
        headers.append((name.lower(), value.strip(" \t")))
    return method, rest.rpartition(" ")[0], headers


async def serve():
    server = await asyncio.get_running_loop().create_server(Echo, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    # The parent holds our standard input: its end is ours.
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(serve())
