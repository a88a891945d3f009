"""An endpoint in a process of its own that drops, delays, rate-limits and fails requests at random.

python tests/models/endpoint/unreliable.py [--seed N] [--most N] prints its port. `GET /stats` tells what it did: for
every prompt how often it was answered, and how many requests it met with which fault.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
from collections import Counter
from typing import Any

FAULTS = {"drop": 0.05, "cut off": 0.03, "429": 0.05, "500": 0.03, "503": 0.03, "hang": 0.01}
"""How probable each is: 20 % in all."""
DELAYED = 0.1
"""Share of the answers that come late, and in time."""
HANG = 30.0
"""Seconds without a reply: longer than anybody waits."""


class Unreliable:
    """What the server does and remembers.

    Args:
        seed: Decides the faults.
        most: Requests at once; any more get 429, whatever the draw.
        hang: Share of requests that get no reply.
    """

    def __init__(self, seed: int, most: int, hang: float) -> None:
        self.random, self.most = random.Random(seed), most
        self.faulty = FAULTS | {"hang": hang}
        self.answered: Counter[str] = Counter()
        self.faults: Counter[str] = Counter()
        self.under_way = self.most_under_way = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                body = await reader.readexactly(_length(head))
                if head.startswith(b"GET"):
                    await _send(writer, 200, self.stats())
                elif not await self.ask(json.loads(body), writer):
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def ask(self, body: dict[str, Any], writer: asyncio.StreamWriter) -> bool:
        """Answer a request or not; returns whether the connection goes on."""
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            fault = "full" if self.under_way > self.most else self.drawn()
            if fault:
                self.faults[fault] += 1
                return await self.fail(fault, writer)
            if self.random.random() < DELAYED:
                await asyncio.sleep(0.2)
            question = body["messages"][0]["content"]
            message = {"role": "assistant", "content": f"re: {question}"}
            await _send(writer, 200, {"choices": [{"message": message}]})
            self.answered[question] += 1
            return True
        finally:
            self.under_way -= 1

    def drawn(self) -> str:
        draw = self.random.random()
        for fault, probability in self.faulty.items():
            draw -= probability
            if draw < 0:
                return fault
        return ""

    async def fail(self, fault: str, writer: asyncio.StreamWriter) -> bool:
        if fault == "drop":
            return False
        if fault == "cut off":
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{")
            return False
        if fault == "hang":
            await asyncio.sleep(HANG)
            return False
        status = 429 if fault == "full" else int(fault)
        await _send(writer, status, {"error": {"message": fault}}, wait=status == 429)
        return True

    def stats(self) -> dict[str, Any]:
        return {
            "answered": len(self.answered),
            "answered_twice": sum(count > 1 for count in self.answered.values()),
            "faults": dict(self.faults),
            "most_under_way": self.most_under_way,
        }


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 0


async def _send(
    writer: asyncio.StreamWriter, status: int, body: Any, *, wait: bool = False
) -> None:
    text = json.dumps(body).encode()
    after = "retry-after: 1\r\n" if wait else ""
    head = f"HTTP/1.1 {status} X\r\ncontent-type: application/json\r\n{after}"
    writer.write(f"{head}content-length: {len(text)}\r\n\r\n".encode() + text)
    await writer.drain()


async def _main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--most", type=int, default=48)
    parser.add_argument("--hang", type=float, default=FAULTS["hang"])
    options = parser.parse_args()
    unreliable = Unreliable(options.seed, options.most, options.hang)
    server = await asyncio.start_server(unreliable.serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_main())
