"""The relay holds, whatever reaches it. `hostile.py` says what that is."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
import unittest
from collections import deque
from contextlib import suppress
from pathlib import Path

import psutil
from jupyter_client.connect import write_connection_file
from jupyter_client.kernelspec import KernelSpecManager

from notebooks import execution
from tests import hostile, kernels, zmtp
from tests.zmtp import CHANNELS, COMMAND, DELIMITER, GREETING, Peer, frame, message, ready

LONG = "HITCHHIKER_LONG_TESTS" in os.environ
CONNECTIONS = 100_000 if LONG else 5_000

# How many connections of the random test are open at a time.
OPEN = 50

# How many bytes more a relay may have in the end. Its allocator keeps some.
KEPT = 32 << 20


class Holds(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.target = kernels.enter(cls, hostile.started(hostile.Relay))
        cls.relay = psutil.Process(cls.target.manager.provisioner.pid)

    def test_whatever_a_peer_does(self) -> None:
        for name in hostile.ROWS:
            with self.subTest(name):
                self.assertEqual(hostile.outcome(self.target, name), "holds")

    def test_whatever_comes_at_random_and_gives_back_what_it_took(self) -> None:
        self.assertEqual(self.target.lost(), [])
        memory, descriptors = self.relay.memory_info().rss, self.relay.num_fds()
        seed = random.randrange(2**32)
        print(f"the seed of {CONNECTIONS} broken connections is {seed}")
        peers: deque[Peer] = deque()
        chance = random.Random(seed)
        for _ in range(CONNECTIONS):
            peers.append(broken_connection(self.target, chance))
            if len(peers) > OPEN:
                leave(peers.popleft(), chance)
        for peer in peers:
            leave(peer, chance)
        self.assertEqual(self.target.lost(), [])
        self.assertLess(self.relay.memory_info().rss, memory + KEPT)
        # The relay may still be parting from the last peers.
        deadline = time.monotonic() + zmtp.ANSWER_S
        while self.relay.num_fds() > descriptors:
            self.assertLess(time.monotonic(), deadline, f"{self.relay.num_fds()} are open")
        now = self.relay.memory_info().rss
        print(f"the relay took {memory >> 10} KiB before, and {now >> 10} after")
        print(f"it had {descriptors} descriptors before, and {self.relay.num_fds()} after")

    def test_large_messages_and_gives_back_what_they_took(self) -> None:
        key = self.target.key
        memory = self.relay.memory_info().rss
        with self.target.peer("shell").shake_hands() as peer:
            frames = zmtp.request("comm_msg", key, {"comm_id": "x"})
            for _ in range(3):
                peer.send(message(*frames, bytes(10**8)))
            peer.send(message(*zmtp.request("kernel_info_request", key)))
            peer.receive()
        self.assertEqual(self.target.lost(), [])
        self.assertLess(self.relay.memory_info().rss, memory + KEPT)

    def test_a_large_output_and_gives_back_what_it_took(self) -> None:
        memory = self.relay.memory_info().rss
        self.target.run('println!("{}", "x".repeat(100_000_000));')
        self.assertEqual(self.target.lost(), [])
        self.assertLess(self.relay.memory_info().rss, memory + KEPT)

    def test_a_line_in_the_pipe_of_displays_that_has_no_end(self) -> None:
        memory = self.relay.memory_info().rss
        self.target.run(
            "use std::io::Write;"
            'let path = std::env::var("HITCHHIKER_DISPLAYS").unwrap();'
            "let mut pipe = std::fs::OpenOptions::new().write(true).open(path).unwrap();"
            'for _ in 0..400 { pipe.write_all(&vec![b"x"[0]; 1 << 20]).unwrap(); }'
            'pipe.write_all(b"\\n").unwrap();'
        )
        self.assertEqual(self.target.lost(), [])
        self.assertLess(self.relay.memory_info().rss, memory + KEPT)


# A kernel that shakes hands at all its ports, closes one connection and lives on.
LAME_KERNEL = """
import json, socket, sys, time
from tests.zmtp import CHANNELS, GREETING, ready

info = json.load(open(sys.argv[-1]))
listeners = {channel: socket.create_server((info["ip"], info[f"{channel}_port"]))
             for channel in CHANNELS}
connections = {}
for channel in ("iopub", "shell", "control", "stdin", "hb"):
    connection, _ = listeners[channel].accept()
    connection.sendall(GREETING + ready(b"PUB" if channel == "iopub" else b"ROUTER"))
    received = b""
    while b"READY" not in received:
        received += connection.recv(4096)
    connections[channel] = connection
connections["CLOSED"].close()
time.sleep(600)
"""


class Ends(unittest.TestCase):
    def test_when_a_message_without_a_key_has_ended_a_channel_of_evcxr(self) -> None:
        # Anybody on the machine can also reach evcxr's own ports.
        with (
            tempfile.TemporaryDirectory() as folder,
            kernels.kernel(env={**os.environ, "TMPDIR": folder}) as kernel,
        ):
            (inner,) = Path(folder).glob("hitchhiker-kernel-*/kernel.json")
            relay = kernel.process
            with Peer(json.loads(inner.read_text()), "shell").shake_hands() as peer:
                peer.send(message(DELIMITER))
                _, alive = psutil.wait_procs([relay], timeout=kernels.ANSWER_S)
            self.assertEqual(alive, [])
            self.assertFalse(kernel.manager.is_alive())

    def test_when_the_kernel_closes_a_channel_that_jupyter_may_learn_of_it(self) -> None:
        program = KernelSpecManager().get_kernel_spec(execution.KERNEL).argv[0]
        root = Path(__file__).resolve().parents[1]
        for channel in CHANNELS:
            with self.subTest(channel), tempfile.TemporaryDirectory() as folder:
                path, _ = write_connection_file(str(Path(folder, "kernel.json")))
                kernel = Path(folder, "kernel")
                code = LAME_KERNEL.replace("CLOSED", channel)
                kernel.write_text(f"#!{sys.executable}\n{code}")
                kernel.chmod(0o700)
                ended = subprocess.run(
                    [program, "--evcxr", str(kernel), "--checkout", folder, path],
                    env={**os.environ, "PYTHONPATH": str(root), "TMPDIR": folder},
                    capture_output=True,
                    text=True,
                    timeout=kernels.ANSWER_S,
                )
                self.assertEqual(ended.returncode, 1)
                self.assertIn("the kernel has closed its", ended.stderr)


def broken_connection(target: hostile.Target, chance: random.Random) -> Peer:
    """A conversation that begins well, and goes wrong in one place or several."""
    channel = chance.choice(list(CHANNELS))
    request = zmtp.request("kernel_info_request", target.key if chance.random() < 0.1 else b"")
    said = bytearray(
        GREETING
        + ready(CHANNELS[channel], chance.randbytes(chance.choice([0, 0, 5, 255])))
        + message(*chance.choice([request, [b"", b"ping"], [b"\x01"], request[:3]]))
        + frame(b"\x04PING\0\0", COMMAND)
    )
    for _ in range(chance.choice([0, 1, 1, 1, 2, 9])):
        at = chance.randrange(len(said))
        match chance.randrange(5):
            case 0:
                del said[at:]
            case 1:
                said[at] = chance.randrange(256)
            case 2:
                said[at:at] = chance.randbytes(chance.choice([1, 8, 300]))
            case 3:
                del said[at : at + chance.choice([1, 8, 64])]
            case 4:
                said += said[at:]
        if not said:
            break
    return target.peer(channel).send(bytes(said))


def leave(peer: Peer, chance: random.Random) -> None:
    if chance.random() < 0.5:
        peer.reset()
        return
    peer.socket.settimeout(0.01)
    with suppress(OSError):
        peer.socket.recv(chance.choice([1, 64, 4096]))
    peer.socket.close()
