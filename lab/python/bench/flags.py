"""Downloads flags as a bare client would, and prints how many seconds it took.

    flags.py CLIENT BASE_URL FLAGS CODES [FOLDER]

CLIENT is aiohttp or httpx, CODES are country codes joined by commas. The program asks for as many
flags as FLAGS says, one code after the other and again from the first. It writes each round of
the codes to a folder of its own in FOLDER, as files that appear whole. Without FOLDER it drops the
flags.
"""

from __future__ import annotations

import asyncio
import importlib
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import cycle, islice
from pathlib import Path

AT_ONCE = 100

Get = Callable[[str], Awaitable[bytes]]


@asynccontextmanager
async def aiohttp_client() -> AsyncIterator[Get]:
    import aiohttp

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=AT_ONCE)) as session:

        async def get(url: str) -> bytes:
            async with session.get(url) as response:
                response.raise_for_status()
                return await response.read()

        yield get


@asynccontextmanager
async def httpx_client() -> AsyncIterator[Get]:
    import httpx

    limits = httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE)
    # On a busy machine httpx takes longer to connect than its default timeout allows.
    async with httpx.AsyncClient(limits=limits, timeout=None) as client:

        async def get(url: str) -> bytes:
            response = await client.get(url)
            response.raise_for_status()
            return response.content

        yield get


CLIENTS = {"aiohttp": aiohttp_client, "httpx": httpx_client}


async def download(
    client: str, base_url: str, flags: int, codes: list[str], to: str | None
) -> None:
    numbered = enumerate(islice(cycle(codes), flags))

    async def work(get: Get) -> None:
        for number, code in numbered:
            gif = await get(f"{base_url}/{code}/{code}.gif")
            if to is not None:
                save(gif, Path(to, str(number // len(codes))), f"{code}.gif")

    async with CLIENTS[client]() as get:
        await asyncio.gather(*(work(get) for _ in range(AT_ONCE)))


def save(gif: bytes, folder: Path, name: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    descriptor, part = tempfile.mkstemp(dir=folder)
    with os.fdopen(descriptor, "wb") as file:
        file.write(gif)
    os.replace(part, folder / name)


def main(client: str, base_url: str, flags: str, codes: str, to: str | None = None) -> None:
    importlib.import_module(client)  # before the clock starts: an import is no download
    began = time.perf_counter()
    asyncio.run(download(client, base_url, int(flags), codes.split(","), to))
    print(time.perf_counter() - began)


if __name__ == "__main__":
    main(*sys.argv[1:])
