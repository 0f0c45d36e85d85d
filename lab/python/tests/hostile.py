"""What a hostile, broken or slow peer can do to a kernel, and which kernels withstand it.

    python -m tests.hostile

prints a table: each row stands for what was done, each column for a kernel, and what is lost there.
`test_relay_hostile.py` runs the same rows against the relay alone.
"""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Callable, Iterator
from queue import Empty

from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

from notebooks import execution
from tests import zmtp
from tests.zmtp import CHANNELS, COMMAND, DELIMITER, GREETING, MORE, Peer, frame, message, ready

ASKED = ("shell", "control", "stdin", "hb")
SIGNED = ("shell", "control", "stdin")


class Target:
    """A running kernel that the attacks are aimed at."""

    rust = True

    def __init__(self, manager: KernelManager, client: BlockingKernelClient):
        self.manager = manager
        self.client = client
        self.info = manager.get_connection_info()
        self.key = self.info["key"]
        self.remember()

    def remember(self) -> None:
        self.run("let lived = 42;" if self.rust else "lived = 42")

    def peer(self, channel: str, **options) -> Peer:
        return Peer(self.info, channel, **options)

    def say(self, rust: str, python: str) -> str:
        return rust if self.rust else python

    def run(self, code: str, timeout_s: float = 300) -> dict:
        request = self.client.execute(code)
        deadline = time.monotonic() + timeout_s
        result = ""
        while True:
            left = max(deadline - time.monotonic(), 0)
            message = self.client.get_iopub_msg(timeout=left)
            if message["parent_header"].get("msg_id") != request:
                continue
            if message["msg_type"] == "execute_result":
                result = message["content"]["data"]["text/plain"]
            if message["content"].get("execution_state") == "idle":
                return result

    def lost(self) -> list[str]:
        """What a new front end finds lost: a channel that is dead, or the earlier variables."""
        lost = []
        if not self.manager.is_alive():
            return ["everything"]
        for channel in ("hb", "control"):
            with contextlib.suppress(OSError), self.peer(channel) as peer:
                peer.shake_hands()
                if channel == "hb":
                    peer.send(message(b"", b"ping"))
                else:
                    peer.send(message(*zmtp.request("kernel_info_request", self.key)))
                peer.receive()
                continue
            lost.append({"hb": "heartbeat"}.get(channel, channel))
        client = BlockingKernelClient()
        client.load_connection_info(self.info)
        client.start_channels(hb=False)
        try:
            client.wait_for_ready(timeout=zmtp.ANSWER_S)
            request = client.execute("lived")
            deadline = time.monotonic() + zmtp.ANSWER_S
            while True:
                left = max(deadline - time.monotonic(), 0)
                message_ = client.get_iopub_msg(timeout=left)
                if message_["parent_header"].get("msg_id") != request:
                    continue
                if message_["msg_type"] == "execute_result":
                    if message_["content"]["data"]["text/plain"] != "42":
                        lost.append("variables")
                    break
                if message_["content"].get("execution_state") == "idle":
                    lost.append("variables")
                    break
        except (Empty, RuntimeError):
            lost.append("cells")
        finally:
            client.stop_channels()
        return lost


class Relay(Target):
    specs = KernelSpecManager


class Evcxr(Target):
    specs = execution.WithoutRelay


class Ipykernel(Target):
    specs = KernelSpecManager
    rust = False


@contextlib.contextmanager
def started(kind: type[Target]) -> Iterator[Target]:
    if kind.rust:
        with execution.kernel(kind.specs()) as (manager, client):
            yield kind(manager, client)
        return
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel()
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=execution.STARTUP_TIMEOUT_S)
        yield kind(manager, client)
    finally:
        client.stop_channels()
        manager.shutdown_kernel()


ROWS: dict[str, Callable[[Target], None]] = {}


def row(name: str) -> Callable:
    def add(attack: Callable[[Target], None]) -> Callable[[Target], None]:
        ROWS[name] = attack
        return attack

    return add


def lengths(name: str, *claimed: int) -> None:
    """Sends frames that claim these lengths, as messages and as commands, to every port."""

    @row(name)
    def attack(target: Target) -> None:
        for channel in CHANNELS:
            for length in claimed:
                for flags in (0, MORE, COMMAND):
                    with target.peer(channel).shake_hands() as peer:
                        peer.send(frame(b"x", flags, length))
                with target.peer(channel) as peer:
                    peer.send(GREETING, frame(b"x", COMMAND, length))


lengths("a frame claims 2^63 and more bytes", 2**63, 2**64 - 1)
lengths("a frame claims 100 GB", 10**11)
lengths("a frame claims 2 GB and less", 2**31, 2**31 - 1, 2**30)


@row("the delimiter, and little or nothing behind it")
def nothing_behind_the_delimiter(target: Target) -> None:
    for channel in CHANNELS:
        for behind in ([], [b""], [b"", b""], [b"{}"] * 4, [b"00", b"{}", b"{}"]):
            with target.peer(channel).shake_hands() as peer:
                peer.send(message(DELIMITER, *behind))
                peer.send(message(b"an identity", b"", DELIMITER, *behind))


@row("messages without a delimiter, of one frame and of many")
def no_delimiter(target: Target) -> None:
    for channel in CHANNELS:
        for frames in ([b""], [b"", b""], [b"", b"", b""], [b"x"], [b"x" * 300] * 300):
            with target.peer(channel).shake_hands() as peer:
                peer.send(message(*frames))


@row("commands of a wrong length")
def broken_commands(target: Target) -> None:
    for channel, socket_type in CHANNELS.items():
        whole = ready(socket_type)[2:]
        bodies = [b"", b"\x00", b"\x05", b"\xff", b"\x05REA", b"\x05READ\x00", b"\xffREADY"]
        bodies += [whole[:length] for length in range(7, len(whole))]
        bodies += [whole + b"\x05", b"\x05ERROR\xffx", b"\x04PING", b"\x04PING\x00"]
        bodies += [b"\x07UNKNOWN" + bytes(length) for length in (0, 247, 248, 4088, 4089, 70_000)]
        bodies += [b"\x09SUBSCRIBE", b"\x06CANCEL", b"\x05READY\x0bSocket-Type\xff\xff\xff\xffSUB"]
        for body in bodies:
            with target.peer(channel) as peer:
                peer.send(GREETING, frame(body, COMMAND))
            with target.peer(channel).shake_hands() as peer:
                peer.send(frame(body, COMMAND))


@row("frames of every length, whole, in the short form and in the long one")
def frames_of_every_length(target: Target) -> None:
    for channel in CHANNELS:
        for length in (*range(3), *range(254, 258), *range(65_534, 65_538), 10**6):
            for form in (frame, zmtp.long_frame):
                with target.peer(channel).shake_hands() as peer:
                    peer.send(form(b"x" * length, MORE), form(b"x" * length))


@row("greetings that are broken, cut, of another version or mechanism")
def broken_greetings(target: Target) -> None:
    http = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
    greetings = [GREETING[:length] for length in (0, 1, 9, 10, 11, 12, 33, 63)]
    greetings += [bytes(64), b"\xff" * 64, http, http * 10]
    greetings += [GREETING[:10] + bytes([version]) + GREETING[11:] for version in (0, 1, 2, 4, 255)]
    greetings += [GREETING.replace(b"NULL\0", name) for name in (b"PLAIN", b"CURVE", b"nULL\0")]
    for channel, socket_type in CHANNELS.items():
        for greeting in greetings:
            with target.peer(channel) as peer:
                peer.send(greeting)
            with target.peer(channel) as peer:
                peer.send(greeting, ready(socket_type))


@row("sockets of a wrong type, or with an identity that is too long or another's")
def wrong_sockets(target: Target) -> None:
    for channel in CHANNELS:
        for socket_type in (b"", b"PUSH", b"ROUTER", b"PAIR", b"\xff", b"x" * 999, b"XPUB"):
            with target.peer(channel) as peer:
                peer.send(GREETING, ready(socket_type), message(b"", b"x"))
        for identity in (b"\0", b"\0\0\0\0\1", b"x" * 255, b"x" * 256, b"x" * 70_000):
            with target.peer(channel) as peer:
                peer.send(GREETING, ready(CHANNELS[channel], identity), message(b"", b"x"))
        with target.peer(channel) as one, target.peer(channel) as other:
            one.shake_hands(b"twin")
            other.shake_hands(b"twin").send(message(b"", b"x"))


@row("frames with flags that do not exist or do not fit")
def wrong_flags(target: Target) -> None:
    for channel in CHANNELS:
        for flags in (5, 8, 16, 64, 128, 253):
            with target.peer(channel).shake_hands() as peer:
                peer.send(frame(b"x", flags))
            with target.peer(channel).shake_hands() as peer:
                peer.send(frame(b"x", MORE), frame(b"x", flags))
        with target.peer(channel).shake_hands() as peer:
            peer.send(frame(b"x", MORE), ready(CHANNELS[channel]), frame(b"x"))


@row("a message that ends in its middle")
def half_a_message(target: Target) -> None:
    for channel in CHANNELS:
        for length in (0, 1, 70_000):
            with target.peer(channel).shake_hands() as peer:
                peer.send(frame(b"x" * length, MORE))
            with target.peer(channel).shake_hands() as peer:
                peer.send(frame(b"x" * length, 0, length + 1))


@row("a million frames in one message")
def many_frames(target: Target) -> None:
    for channel in CHANNELS:
        with target.peer(channel).shake_hands() as peer:
            peer.send_while_it_reads([frame(b"", MORE) * 10_000] * 100)


@row("100 MB without a key")
def a_large_message(target: Target) -> None:
    for channel in CHANNELS:
        with target.peer(channel).shake_hands() as peer:
            peer.send_while_it_reads([frame(b"", 0, 10**8), *[bytes(10**6)] * 100])


@row("50,000 forged messages")
def forged(target: Target) -> None:
    frames = zmtp.request("shutdown_request", b"a wrong key")
    for channel in SIGNED:
        with target.peer(channel).shake_hands() as peer:
            peer.send_while_it_reads([message(*frames) * 100] * 170)


@row("200 messages of 500 kB, nothing read, gone")
def leaves_without_reading(target: Target) -> None:
    for channel in ASKED:
        with target.peer(channel).shake_hands() as peer:
            peer.send_while_it_reads([message(b"", bytes(500_000))] * 200)
            peer.reset()


@row("100,000 beats or PINGs, no answer read")
def beats(target: Target) -> None:
    ping = frame(b"\x04PING\0\0context", COMMAND)
    for channel in CHANNELS:
        with target.peer(channel, receive_buffer=4096).shake_hands() as peer:
            one = message(b"", b"ping") if channel == "hb" else ping
            peer.send_while_it_reads([one * 1_000] * 100)


@row("a client with the key asks 5,000 times, reads nothing, is gone")
def asks_without_reading(target: Target) -> None:
    asked = message(*zmtp.request("kernel_info_request", target.key))
    for channel in ("shell", "control"):
        with target.peer(channel, receive_buffer=4096).shake_hands() as peer:
            peer.send_while_it_reads([asked * 50] * 100)
            peer.reset()


@row("a client with the key is gone while 60 MB are on their way to it")
def gone_before_the_answer(target: Target) -> None:
    code = target.say(
        'println!("EVCXR_INPUT_REQUEST:{}", "x".repeat(60_000_000));'
        "let mut answer = String::new(); std::io::stdin().read_line(&mut answer)?;",
        "input('x' * 60_000_000)",
    )
    content = {"code": code, "allow_stdin": True, "silent": False, "store_history": False}
    with target.peer("stdin", receive_buffer=4096) as asked, target.peer("shell") as peer:
        asked.shake_hands(b"one and the same")
        peer.shake_hands(b"one and the same")
        peer.send(message(*zmtp.request("execute_request", target.key, content)))
        asked.read(1_000)
        asked.reset()
    # The cell waits for input. An interrupt does not make evcxr give up that wait.
    if target.rust:
        with target.peer("stdin").shake_hands() as other:
            other.send(message(*zmtp.request("input_reply", target.key, {"value": "x"})))
            target.run("1")
    else:
        target.manager.interrupt_kernel()


@row("a subscriber that reads nothing, as 50 MB are printed")
def a_slow_subscriber(target: Target) -> None:
    with target.peer("iopub", receive_buffer=4096).shake_hands() as peer:
        peer.send(message(b"\x01"))
        code = target.say(
            'for _ in 0..50 { println!("{}", "x".repeat(1_000_000)); }',
            "for _ in range(50): print('x' * 1_000_000, flush=True)",
        )
        with contextlib.suppress(Empty):
            target.run(code, zmtp.ANSWER_S)
        if target.lost():
            raise Unheld("others get nothing as long as it stays")


@row("a subscriber is gone while 60 MB are on their way to it")
def a_leaving_subscriber(target: Target) -> None:
    with target.peer("iopub", receive_buffer=4096).shake_hands() as peer:
        peer.send(message(b"\x01"))
        target.client.execute(
            target.say('println!("{}", "x".repeat(60_000_000));', "print('x' * 60_000_000)")
        )
        peer.read(10_000)
        peer.reset()


@row("100,000 subscriptions")
def many_subscriptions(target: Target) -> None:
    with target.peer("iopub").shake_hands() as peer:
        peer.send_while_it_reads(message(b"\x01topic %d" % n) * 1 for n in range(100_000))


@row("300 connections that say nothing and stay")
def silent_connections(target: Target) -> None:
    with contextlib.ExitStack() as stack:
        for channel in CHANNELS:
            for _ in range(60):
                stack.enter_context(target.peer(channel))
        if target.lost():
            raise Unheld("nobody else gets in")


@row("50 clients that send a byte at a time")
def slow_clients(target: Target) -> None:
    request = message(*zmtp.request("kernel_info_request", b""))
    with contextlib.ExitStack() as stack:
        slow = [
            (stack.enter_context(target.peer(channel)), GREETING + ready(socket_type) + request)
            for channel, socket_type in CHANNELS.items()
            for _ in range(10)
        ]
        for peer, _ in slow:
            peer.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for at in range(max(len(said) for _, said in slow)):
            for peer, said in slow:
                peer.send(said[at : at + 1])
            # The greeting, the command and the message are begun, and not at their ends.
            if at in (40, 90, 200) and target.lost():
                raise Unheld("others are not heard as long as they send")


@row("signed requests that are no JSON, or no objects")
def broken_requests(target: Target) -> None:
    deep = b"[" * 5_000
    for channel in SIGNED:
        for part in ("header", "parent_header", "metadata", "content"):
            for broken in (b"", b"{", b"[]", b"1", b"null", b"\xff", deep, b'{"n": 1e999}'):
                with target.peer(channel).shake_hands() as peer:
                    frames = zmtp.request("kernel_info_request", target.key, **{part: broken})
                    peer.send(message(*frames))


@row("signed requests of unknown kinds, or with contents that do not fit")
def strange_requests(target: Target) -> None:
    kinds = ["", "no_such_request", "complete_request", "inspect_request", "comm_open", "comm_msg"]
    contents = [{}, {"code": 7, "cursor_pos": "x"}, {"code": "é", "cursor_pos": 10**12}]
    for channel in SIGNED:
        for kind in kinds:
            for content in contents:
                with target.peer(channel).shake_hands() as peer:
                    peer.send(message(*zmtp.request(kind, target.key, content)))


@row("a signed request with buffers, which Jupyter does not sign")
def buffers(target: Target) -> None:
    content = {"comm_id": "x", "data": {}}
    with target.peer("shell").shake_hands() as peer:
        peer.send(message(*zmtp.request("comm_msg", target.key, content), b"a buffer", b""))


class Unheld(Exception):
    """What is lost while the attack goes on."""


def outcome(target: Target, name: str) -> str:
    try:
        ROWS[name](target)
    except Unheld as lost:
        return str(lost)
    except OSError as error:
        return f"a port is dead: {error}"
    lost = target.lost()
    return ", ".join(lost) if lost else "holds"


def column(kind: type[Target]) -> dict[str, str]:
    """What each attack does to a kernel. After a loss, the next attack gets a new one."""
    outcomes = {}
    rows = list(ROWS)
    while rows:
        with started(kind) as target:
            while rows:
                name = rows.pop(0)
                outcomes[name] = outcome(target, name)
                print(f"{kind.__name__}: {name}: {outcomes[name]}", flush=True)
                if outcomes[name] != "holds":
                    break
    return outcomes


def main() -> None:
    columns = {kind.__name__: column(kind) for kind in (Relay, Evcxr, Ipykernel)}
    print("| |", " | ".join(columns), "|")
    print("|---|" + "---|" * len(columns))
    for name in ROWS:
        print(f"| {name} |", " | ".join(outcomes[name] for outcomes in columns.values()), "|")


if __name__ == "__main__":
    main()
