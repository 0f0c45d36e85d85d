"""Tests how the relay and its kernel begin and end, and that nothing of them is left behind."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.connect import write_connection_file
from jupyter_client.kernelspec import KernelSpecManager

from notebooks import execution
from tests import kernels, zmtp

# The relay looks for Jupyter once a second, and gives a kernel three seconds to shut down.
END_S = 30
CHANNELS = ("shell_port", "iopub_port", "stdin_port", "control_port", "hb_port")
BUSY = 'println!("busy"); loop {}'

# Where a process that has mounts of its own puts a small disk, and what starts such a process.
DISK = "/mnt"
OWN_MOUNTS = ("unshare", "--user", "--map-root-user", "--mount")

# A Jupyter that starts a kernel and runs a cell, to be killed.
JUPYTER = """
from tests import kernels
with kernels.kernel() as kernel:
    kernel.run("1 + 1")
    print(kernel.process.pid, flush=True)
    input()
"""


@contextmanager
def started() -> Iterator[Life]:
    """A kernel that keeps its files in a folder of its own."""
    with (
        tempfile.TemporaryDirectory() as folder,
        kernels.kernel(env={**os.environ, "TMPDIR": folder}) as kernel,
    ):
        yield Life(kernel, Path(folder))


class Life:
    def __init__(self, kernel: kernels.Kernel, folder: Path):
        self.kernel = kernel
        self.folder = folder
        self.tree()

    def tree(self) -> None:
        self.relay = self.kernel.process
        (self.guard,) = self.relay.children()
        (self.evcxr,) = self.guard.children()
        self.processes = [self.relay, *self.relay.children(recursive=True)]

    def run_forever(self) -> str:
        request = self.kernel.client.execute(BUSY)
        self.kernel.later(request, 1, ("stream",))
        return request

    @property
    def own_folder(self) -> Path:
        (folder,) = self.folder.glob("hitchhiker-kernel-*")
        return folder


class Ends(unittest.TestCase):
    def assert_nothing_is_left(self, life: Life) -> None:
        _, alive = psutil.wait_procs(life.processes, timeout=END_S)
        self.assertEqual(alive, [])
        self.assertEqual(list(life.folder.glob("hitchhiker-*")), [])
        info = life.kernel.manager.get_connection_info()
        for channel in CHANNELS:
            with socket.socket() as free:
                free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                free.bind((info["ip"], info[channel]))

    def test_a_shutdown_leaves_nothing(self) -> None:
        with started() as life:
            life.kernel.client.shutdown()
            reply = life.kernel.client.get_control_msg(timeout=END_S)
            self.assertEqual(reply["content"], {"status": "ok", "restart": False})
            self.assert_nothing_is_left(life)

    def test_a_kernel_that_hangs_at_its_shutdown_is_killed(self) -> None:
        with started() as life:
            life.run_forever()
            life.kernel.client.shutdown()
            self.assert_nothing_is_left(life)

    def test_a_kernel_that_is_stopped_at_its_shutdown_is_killed(self) -> None:
        with started() as life:
            life.evcxr.suspend()
            life.kernel.client.shutdown()
            self.assert_nothing_is_left(life)

    def test_a_killed_kernel_leaves_nothing_not_even_a_busy_cell(self) -> None:
        with started() as life:
            life.run_forever()
            life.evcxr.kill()
            self.assert_nothing_is_left(life)

    def test_a_killed_relay_leaves_nothing(self) -> None:
        with started() as life:
            life.run_forever()
            life.relay.kill()
            self.assert_nothing_is_left(life)

    def test_a_killed_guard_leaves_nothing(self) -> None:
        with started() as life:
            life.run_forever()
            life.guard.kill()
            self.assert_nothing_is_left(life)

    def test_the_folder_of_a_kernel_that_was_killed_whole_is_removed_by_the_next(self) -> None:
        with started() as life:
            folder = life.own_folder
            life.guard.suspend()
            # What evcxr has started, too: a compiler that goes on makes files in the folder.
            killed = [life.relay, *life.relay.children(recursive=True)]
            for process in reversed(killed):
                process.kill()
            _, alive = psutil.wait_procs(killed, timeout=END_S)
            self.assertEqual(alive, [])
            with kernels.kernel(env={**os.environ, "TMPDIR": str(life.folder)}):
                self.assertFalse(folder.exists())

    def test_a_terminated_relay_leaves_nothing(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            with self.subTest(number.name), started() as life:
                life.run_forever()
                life.relay.send_signal(number)
                self.assert_nothing_is_left(life)

    def test_a_terminated_relay_waits_for_no_client_that_reads_nothing(self) -> None:
        with started() as life:
            info = life.kernel.manager.get_connection_info()
            with zmtp.Peer(info, "hb", receive_buffer=4096).shake_hands() as peer:
                peer.send_while_it_reads([zmtp.message(b"", bytes(500_000))] * 200)
                life.relay.terminate()
                self.assert_nothing_is_left(life)

    def test_a_kernel_whose_jupyter_was_killed_ends(self) -> None:
        root = Path(__file__).resolve().parents[1]
        command = [sys.executable, "-c", JUPYTER]
        with tempfile.TemporaryDirectory() as folder:
            with subprocess.Popen(
                command,
                cwd=root,
                env={**os.environ, "TMPDIR": folder},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            ) as jupyter:
                relay = psutil.Process(int(jupyter.stdout.readline()))
                processes = [relay, *relay.children(recursive=True)]
                jupyter.kill()
            _, alive = psutil.wait_procs(processes, timeout=END_S)
            self.assertEqual(alive, [])
            self.assertEqual(list(Path(folder).glob("hitchhiker-*")), [])


class GoesOn(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.life = kernels.enter(cls, started())
        cls.kernel = cls.life.kernel

    def assert_it_goes_on(self) -> None:
        self.assertEqual(self.kernel.run("20 + 22").shown(), ["42"])

    def test_after_a_cell_that_crashed(self) -> None:
        run = self.kernel.run("std::process::abort()")
        self.assertEqual(run.reply["status"], "error")
        self.assert_it_goes_on()

    def test_after_an_interrupt(self) -> None:
        request = self.life.run_forever()
        self.kernel.manager.interrupt_kernel()
        self.assertEqual(self.kernel.answer(request)["status"], "error")
        kernels.drain(self.kernel.client)
        self.assert_it_goes_on()

    def test_after_a_restart(self) -> None:
        before = list(self.life.processes)
        self.kernel.manager.restart_kernel()
        self.kernel.client.wait_for_ready(timeout=execution.STARTUP_TIMEOUT_S)
        _, alive = psutil.wait_procs(before, timeout=END_S)
        self.assertEqual(alive, [])
        self.life.tree()
        self.assert_it_goes_on()

    def test_with_the_files_of_its_owner_only(self) -> None:
        for path in [self.life.own_folder, *self.life.own_folder.iterdir()]:
            self.assertEqual(path.stat().st_mode & 0o077, 0, path)


class OneAddress(unittest.TestCase):
    """A relay started by hand, at an address of this machine that no Jupyter would choose."""

    @classmethod
    def setUpClass(cls) -> None:
        spec = KernelSpecManager().get_kernel_spec(execution.KERNEL)
        folder = Path(kernels.enter(cls, tempfile.TemporaryDirectory()))
        path, cls.info = write_connection_file(
            str(folder / "kernel.json"), ip="127.0.0.2", key=b"the right key"
        )
        argv = [argument.format(connection_file=path) for argument in spec.argv]
        cls.relay = kernels.enter(
            cls,
            subprocess.Popen(argv, env={**os.environ, **spec.env}, stdout=subprocess.DEVNULL),
        )
        cls.addClassCleanup(cls.relay.terminate)
        cls.client().stop_channels()

    @classmethod
    def client(cls, key: bytes = b"the right key") -> BlockingKernelClient:
        client = BlockingKernelClient(**{channel: cls.info[channel] for channel in CHANNELS})
        client.ip = cls.info["ip"]
        client.session.key = key
        # A heart that does not beat yet, as the kernel starts, would count as dead.
        client.start_channels(hb=False)
        if key == b"the right key":
            client.wait_for_ready(timeout=execution.STARTUP_TIMEOUT_S)
        return client

    def test_is_all_that_is_bound_for_jupyter_and_the_kernel_is_on_the_loopback(self) -> None:
        relay = psutil.Process(self.relay.pid)
        listening = {c.laddr for c in relay.net_connections() if c.status == psutil.CONN_LISTEN}
        self.assertEqual(listening, {("127.0.0.2", self.info[channel]) for channel in CHANNELS})
        for process in relay.children(recursive=True):
            with suppress(psutil.NoSuchProcess):  # a compiler that has ended meanwhile
                for connection in process.net_connections():
                    self.assertEqual(connection.laddr.ip, "127.0.0.1")

    def test_a_message_with_a_wrong_signature_is_dropped(self) -> None:
        wrong, right = self.client(b"a wrong key"), self.client()
        self.addCleanup(wrong.stop_channels)
        self.addCleanup(right.stop_channels)
        kernels.drain(right)
        wrong.execute("std::process::abort()")
        wrong.shutdown()
        right.execute("1 + 1")
        codes = [
            message["content"]["code"]
            for message in kernels.drain(right)
            if message["msg_type"] == "execute_input"
        ]
        self.assertEqual(codes, ["1 + 1"])


def may_mount() -> bool:
    if shutil.which(OWN_MOUNTS[0]) is None:
        return False
    mount = [*OWN_MOUNTS, "mount", "-t", "tmpfs", "none", DISK]
    return subprocess.run(mount, capture_output=True, check=False).returncode == 0


def connect(ip: str, port: int) -> socket.socket:
    """A connection to a port that is about to be opened."""
    deadline = time.monotonic() + END_S
    while True:
        try:
            return socket.create_connection((ip, port))
        except ConnectionRefusedError:
            if time.monotonic() > deadline:
                raise


class WithoutAKernel(unittest.TestCase):
    def command(self, *arguments: str) -> list[str]:
        return [KernelSpecManager().get_kernel_spec(execution.KERNEL).argv[0], *arguments]

    def start(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            self.command(*arguments),
            capture_output=True,
            text=True,
            timeout=END_S,
            env={**os.environ, **variables},
        )

    def start_evcxr(
        self, program: str, connection_file: str, **variables: str
    ) -> subprocess.CompletedProcess:
        arguments = ("--evcxr", program, "--checkout", "/no/such/guide", connection_file)
        return self.start(*arguments, **variables)

    def assert_it_says(self, result: subprocess.CompletedProcess, message: str) -> None:
        self.assertEqual(result.returncode, 1)
        self.assertIn(message, result.stderr)
        self.assertNotIn("panicked", result.stderr)

    def test_it_says_how_it_is_started(self) -> None:
        self.assert_it_says(self.start(), "CONNECTION_FILE")

    def test_it_says_that_the_connection_file_is_not_there(self) -> None:
        result = self.start_evcxr("kernel", "/no/such/file")
        self.assert_it_says(result, "cannot read Jupyter's connection file `/no/such/file`")
        self.assertIn("start this one from Jupyter", result.stderr)

    def test_it_says_that_the_connection_file_is_none(self) -> None:
        with tempfile.NamedTemporaryFile("w") as file:
            json.dump({"ip": "127.0.0.1"}, file)
            file.flush()
            self.assert_it_says(
                self.start_evcxr("kernel", file.name), "is not Jupyter's connection file"
            )

    def test_it_says_that_the_kernel_is_not_there(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path, _ = write_connection_file(str(Path(folder, "kernel.json")))
            result = self.start_evcxr("/no/such/kernel", path)
            self.assert_it_says(result, "cannot start `/no/such/kernel`")

    def test_it_says_that_a_port_is_taken(self) -> None:
        with tempfile.TemporaryDirectory() as folder, socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            path, _ = write_connection_file(str(Path(folder, "kernel.json")), control_port=port)
            result = self.start_evcxr("kernel", path)
            self.assert_it_says(result, f"cannot listen at tcp://127.0.0.1:{port}")
            self.assertIn("Jupyter then takes other ports", result.stderr)

    def test_it_says_that_the_address_is_not_the_machines(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path, _ = write_connection_file(str(Path(folder, "kernel.json")))
            info = json.loads(Path(path).read_text()) | {"ip": "192.0.2.1"}
            Path(path).write_text(json.dumps(info))
            result = self.start_evcxr("kernel", path)
            self.assert_it_says(result, "cannot listen at tcp://192.0.2.1")
            self.assertIn("is an address of this machine", result.stderr)

    def test_it_says_that_it_cannot_keep_its_files(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path, _ = write_connection_file(str(Path(folder, "kernel.json")))
            result = self.start_evcxr("kernel", path, TMPDIR="/no/such/folder")
            self.assert_it_says(result, "cannot keep the kernel's files in `/no/such/folder`")
            self.assertIn("TMPDIR", result.stderr)

    def test_it_says_that_there_is_no_room_for_its_files(self) -> None:
        if not may_mount():
            self.skipTest("this user may not mount a small disk")
        # There is no room for the kernel's folder, for the relay's file in it, and for the guard's.
        for options, filler, folder in (
            ("nr_inodes=1", 0, ""),
            ("size=8k", 8192, "/hitchhiker-kernel-"),
            ("size=8k", 4096, "/hitchhiker-kernel-"),
        ):
            with self.subTest(options=options, filler=filler):
                result = self.start_on_a_disk(options, filler)
                self.assert_it_says(result, f"cannot keep the kernel's files in `{DISK}{folder}")
                self.assertIn("No space left on device", result.stderr)
                self.assertIn("make room there, or name another folder", result.stderr)
                self.assertIn("TMPDIR", result.stderr)

    def start_on_a_disk(self, options: str, filler: int) -> subprocess.CompletedProcess:
        """Starts a relay whose files go to a disk of its own, which has `filler` bytes on it."""
        with tempfile.TemporaryDirectory() as folder:
            path, _ = write_connection_file(str(Path(folder, "kernel.json")))
            relay = self.command("--evcxr", "kernel", "--checkout", "/no/such/guide", path)
            mounted = f"mount -t tmpfs -o {options} none {DISK} && cd {DISK}"
            filled = f"if [ {filler} != 0 ]; then head -c {filler} /dev/zero > filler; fi"
            return subprocess.run(
                [*OWN_MOUNTS, "sh", "-c", f'{mounted} && {filled} && exec "$@"', "sh", *relay],
                capture_output=True,
                text=True,
                timeout=END_S,
                env={**os.environ, "TMPDIR": DISK},
            )

    def test_it_listens_at_all_addresses_where_jupyter_asks_for_that(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path, info = write_connection_file(str(Path(folder, "kernel.json")))
            Path(path).write_text(json.dumps(json.loads(Path(path).read_text()) | {"ip": "*"}))
            slow = Path(folder, "slow")
            slow.write_text("#!/bin/sh\nexec sleep 60\n")
            slow.chmod(0o700)
            command = self.command("--evcxr", str(slow), "--checkout", folder, path)
            with subprocess.Popen(command, env={**os.environ, "TMPDIR": folder}) as relay:
                self.addCleanup(relay.kill)
                for channel in CHANNELS:
                    connect("127.0.0.1", info[channel]).close()
                relay.terminate()
