"""A peer of ZeroMQ's protocol, ZMTP 3, that may do everything wrong."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import struct
import uuid
from collections.abc import Iterable

GREETING = b"\xff" + bytes(8) + b"\x7f\x03\x00" + b"NULL".ljust(20, b"\0") + bytes(32)
MORE, LONG, COMMAND = 1, 2, 4
DELIMITER = b"<IDS|MSG>"

# The type of socket that connects to each port.
CHANNELS = {
    "shell": b"DEALER",
    "control": b"DEALER",
    "stdin": b"DEALER",
    "hb": b"REQ",
    "iopub": b"SUB",
}

# A port that is alive answers within this time, on a busy machine, too.
ANSWER_S = 30


def frame(body: bytes, flags: int = 0, length: int | None = None) -> bytes:
    """A frame. It claims to be `length` bytes long, where that is given."""
    length = len(body) if length is None else length
    if length > 255:
        return struct.pack(">BQ", flags | LONG, length) + body
    return struct.pack(">BB", flags, length) + body


def long_frame(body: bytes, flags: int = 0) -> bytes:
    """A frame whose length takes eight bytes, however short the frame is."""
    return struct.pack(">BQ", flags | LONG, len(body)) + body


def message(*frames: bytes) -> bytes:
    *before, last = frames
    return b"".join(frame(body, MORE) for body in before) + frame(last)


def metadata(name: bytes, value: bytes) -> bytes:
    return struct.pack(">B", len(name)) + name + struct.pack(">I", len(value)) + value


def ready(socket_type: bytes, identity: bytes = b"") -> bytes:
    body = b"\x05READY" + metadata(b"Socket-Type", socket_type) + metadata(b"Identity", identity)
    return frame(body, COMMAND)


def request(kind: str, key: bytes, content: object = None, /, **parts: bytes) -> list[bytes]:
    """The frames of a request, signed with `key`; `parts` are put in the place of its own."""
    header = {
        "msg_id": uuid.uuid4().hex,
        "session": "a session",
        "username": "a user",
        "date": "2026-01-01T00:00:00Z",
        "msg_type": kind,
        "version": "5.3",
    }
    names = ("header", "parent_header", "metadata", "content")
    values = (header, {}, {}, content or {})
    whole = {name: json.dumps(it).encode() for name, it in zip(names, values, strict=True)}
    whole |= parts
    signature = hmac.new(key, b"".join(whole.values()), hashlib.sha256).hexdigest()
    return [DELIMITER, signature.encode(), *whole.values()]


class Peer:
    """A connection to one port of a kernel."""

    def __init__(self, info: dict, channel: str, *, receive_buffer: int | None = None):
        self.channel = channel
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(ANSWER_S)
        self.socket.connect((info["ip"], info[f"{channel}_port"]))

    def __enter__(self) -> Peer:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def shake_hands(self, identity: bytes = b"") -> Peer:
        self.send(GREETING + ready(CHANNELS[self.channel], identity))
        self.read(len(GREETING))
        self.receive()
        return self

    def send(self, *data: bytes) -> Peer:
        """Sends as much as the other side takes, which may close or stop reading."""
        try:
            for part in data:
                self.socket.sendall(part)
        except OSError:
            pass
        return self

    def send_while_it_reads(self, data: Iterable[bytes], silence_s: float = 1) -> Peer:
        """Sends until the other side takes nothing for a while."""
        self.socket.settimeout(silence_s)
        self.send(*data)
        self.socket.settimeout(ANSWER_S)
        return self

    def read(self, length: int) -> bytes:
        data = b""
        while len(data) < length:
            part = self.socket.recv(length - len(data))
            if not part:
                raise ConnectionError("the other side has closed")
            data += part
        return data

    def receive(self) -> list[bytes]:
        """The frames of the next message, or the body of the next command."""
        frames = []
        while True:
            (flags,) = self.read(1)
            length = struct.unpack(">Q", self.read(8))[0] if flags & LONG else self.read(1)[0]
            frames.append(self.read(length))
            if not flags & MORE:
                return frames

    def reset(self) -> None:
        """Breaks the connection off, as a process does that is killed with something unread."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()
