"""What a kernel has loaded before its reader runs a cell, alone and behind a real server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_core.paths import jupyter_runtime_dir

from notebooks import execution, guide
from tests import kernels
from tests.cells import cell, notebook

CHECKOUT = Path(__file__).resolve().parents[3]
FOLDER = CHECKOUT / "notebooks" / "en"
CHAPTER = FOLDER / "01-generators.ipynb"
START_S = 60


@contextmanager
def written(*cells: str, folder: Path = FOLDER) -> Iterator[Path]:
    """A notebook of a reader's own beside the chapters."""
    with tempfile.NamedTemporaryFile("w", dir=folder, prefix=".test-", suffix=".ipynb") as file:
        json.dump(notebook(*(cell(source=source) for source in cells)), file)
        file.flush()
        yield Path(file.name)


@contextmanager
def kernel_for(name: Path | str, folder: Path = FOLDER) -> Iterator[kernels.Kernel]:
    """A kernel as Jupyter's server starts it for a notebook."""
    environment = {**os.environ, "JPY_SESSION_NAME": str(name)}
    with kernels.kernel(cwd=str(folder), env=environment) as kernel:
        yield kernel


class ReadingAhead(unittest.TestCase):
    def dependencies_of(self, chapter: Path) -> str:
        cells = [it.source for _, it in guide.code_cells(guide.read(chapter))]
        return next(source for source in cells if source.startswith(":dep"))

    def test_a_chapters_dependencies_are_read_before_its_first_cell(self) -> None:
        with kernel_for(CHAPTER) as kernel:
            wait_until_read(folder_of(kernel.process), "hitchhiker")
            self.assertEqual(kernel.run(":show_deps").shown(), [])
            self.assertEqual(kernel.run(":vars").shown(), [""])
            run = kernel.run(self.dependencies_of(CHAPTER))
            self.assertEqual((run.reply["status"], run.shown()), ("ok", []))

    def test_a_front_end_hears_nothing_of_what_is_read_ahead(self) -> None:
        with kernel_for(CHAPTER) as kernel, kernel.another_client() as client:
            wait_until_read(folder_of(kernel.process), "hitchhiker")
            # evcxr answers in turn, so all that it says about the reading has come before this.
            request = client.execute("1 + 1")
            kernel.answer(request, client)
            ours = {kernel.client.session.session, client.session.session}
            for message in kernels.drain(client):
                self.assertIn(message["parent_header"].get("session"), ours, message["content"])

    def test_without_a_name_nothing_is_read(self) -> None:
        with kernels.kernel(cwd=str(FOLDER)) as kernel:
            self.assertFalse(is_to_be_read(kernel))

    def test_a_notebook_with_another_dependency_waits_for_its_reader(self) -> None:
        with written(':dep itoa = "1"', "1 + 1") as path, kernel_for(path) as kernel:
            self.assertFalse(is_to_be_read(kernel))
            self.assertEqual(kernel.run("1 + 1").shown(), ["2"])

    def test_a_notebook_outside_the_guide_waits_for_its_reader(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder)
            with (
                written(self.dependencies_of(CHAPTER), folder=place) as path,
                kernel_for(path, place) as kernel,
            ):
                self.assertFalse(is_to_be_read(kernel))

    def test_a_kernel_starts_for_what_is_no_notebook_or_is_gone(self) -> None:
        with tempfile.NamedTemporaryFile(dir=FOLDER, prefix=".test-", suffix=".ipynb") as broken:
            for name in (broken.name, FOLDER / "renamed.ipynb", "", "no path"):
                with self.subTest(name), kernel_for(name) as kernel:
                    self.assertEqual(kernel.run("1 + 1").shown(), ["2"])


def folder_of(relay: psutil.Process) -> Path:
    """The kernel's folder, as the command line of its guard names it."""
    commands = [child.cmdline() for child in relay.children()]
    guard = next(command for command in commands if "--guard" in command)
    return Path(guard[guard.index("--guard") + 1])


def is_to_be_read(kernel: kernels.Kernel) -> bool:
    """Whether the guard has found something to read ahead, which it decides before evcxr starts."""
    return (folder_of(kernel.process) / "ahead").exists()


def wait_until_read(folder: Path, dependency: str) -> None:
    """Waits until evcxr has passed a dependency on to rust-analyzer."""
    manifest = folder / "kernel" / "Cargo.toml"
    end = time.monotonic() + START_S
    while dependency not in manifest.read_text():
        if time.monotonic() > end:
            raise AssertionError(f"{dependency} is not read ahead")
        time.sleep(0.1)


class BehindAServer(unittest.TestCase):
    def test_the_kernel_of_an_opened_chapter_reads_its_dependencies(self) -> None:
        with server() as ask:
            session = {
                "path": f"en/{CHAPTER.name}",
                "name": CHAPTER.name,
                "type": "notebook",
                "kernel": {"name": execution.KERNEL},
            }
            opened = ask("sessions", session)
            connection = Path(jupyter_runtime_dir(), f"kernel-{opened['kernel']['id']}.json")
            client = BlockingKernelClient(connection_file=str(connection))
            client.load_connection_file()
            client.start_channels()
            self.addCleanup(client.stop_channels)
            wait_for_ready(client)
            relay = next(
                process
                for process in psutil.process_iter(["cmdline"])
                if str(connection) in (process.info["cmdline"] or [])
            )
            wait_until_read(folder_of(relay), "hitchhiker")


def wait_for_ready(client: BlockingKernelClient) -> None:
    """Waits for a kernel that another process manages.

    Such a client takes a heart that beats a second late, as on a busy machine, for its end.
    """
    end = time.monotonic() + execution.STARTUP_TIMEOUT_S
    while True:
        try:
            return client.wait_for_ready(timeout=execution.STARTUP_TIMEOUT_S)
        except RuntimeError:
            if time.monotonic() > end:
                raise


@contextmanager
def server():
    """Runs Jupyter's server on the guide's notebooks, and gives a function that asks its API."""
    token = "towel"
    process = subprocess.Popen(
        [sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root", "--port=0"]
        + [f"--ServerApp.root_dir={CHECKOUT / 'notebooks'}", f"--IdentityProvider.token={token}"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        running = Path(jupyter_runtime_dir(), f"jpserver-{process.pid}.json")
        end = time.monotonic() + START_S
        while not running.exists() and time.monotonic() < end:
            time.sleep(0.1)
        url = json.loads(running.read_text())["url"]

        def ask(path: str, body: dict) -> dict:
            request = urllib.request.Request(
                f"{url}api/{path}",
                data=json.dumps(body).encode(),
                headers={"Authorization": f"token {token}"},
            )
            with urllib.request.urlopen(request) as answer:
                return json.load(answer)

        yield ask
    finally:
        process.terminate()
        process.wait()
