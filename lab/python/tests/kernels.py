"""Real kernels for the tests: the guide's kernel with its relay, and without it."""

from __future__ import annotations

import time
import unittest
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from queue import Empty
from typing import TypeVar

import psutil
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

from notebooks import execution

CRATE = Path(__file__).resolve().parents[3] / "support-crate"

# A test waits as long as for a notebook: its first cell may compile what is not compiled yet.
ANSWER_S = 300
# A test that expects no message waits for it this long.
SILENCE_S = 1

T = TypeVar("T")


class Kernel:
    """A running kernel with a front end."""

    def __init__(self, manager: KernelManager, client: BlockingKernelClient):
        self.manager = manager
        self.client = client

    @property
    def process(self) -> psutil.Process:
        return psutil.Process(self.manager.provisioner.pid)

    def run(self, code: str, client: BlockingKernelClient | None = None) -> Run:
        """Runs a cell to its end, and goes on to the end of what it prints."""
        client = client or self.client
        request = client.execute(code)
        messages = []
        while True:
            message = client.get_iopub_msg(timeout=ANSWER_S)
            if message["parent_header"].get("msg_id") == request:
                messages.append(message)
                if message["content"].get("execution_state") == "idle":
                    break
        return Run(request, messages, self.answer(request, client))

    def answer(self, request: str, client: BlockingKernelClient | None = None) -> dict:
        """The kernel's answer to a request. Answers to earlier requests are passed over."""
        while True:
            reply = (client or self.client).get_shell_msg(timeout=ANSWER_S)
            if reply["parent_header"].get("msg_id") == request:
                return reply["content"]

    def later(self, request: str, until: int, kinds: tuple[str, ...]) -> list[dict]:
        """The next messages of these kinds that belong to the request."""
        found = []
        while len(found) < until:
            message = self.client.get_iopub_msg(timeout=ANSWER_S)
            if message["parent_header"].get("msg_id") == request and message["msg_type"] in kinds:
                found.append(message)
        return found

    @contextmanager
    def another_client(self) -> Iterator[BlockingKernelClient]:
        """A second front end of the same kernel."""
        # Clients that one manager makes share an identity, and a second front end needs its own.
        client = BlockingKernelClient()
        client.load_connection_info(self.manager.get_connection_info())
        client.start_channels()
        try:
            client.wait_for_ready(timeout=execution.STARTUP_TIMEOUT_S)
            yield client
        finally:
            client.stop_channels()


def client_of(connection_file: Path) -> BlockingKernelClient:
    """A front end of a kernel that others have started."""
    client = BlockingKernelClient()
    client.load_connection_file(str(connection_file))
    client.start_channels(hb=False)
    return client


class Run:
    """The messages that a cell sent, and the answer to its request."""

    def __init__(self, request: str, messages: list[dict], reply: dict):
        self.request = request
        self.messages = messages
        self.reply = reply

    def of(self, *kinds: str) -> list[dict]:
        return [message for message in self.messages if message["msg_type"] in kinds]

    def shown(self) -> list[str]:
        """What a reader sees in plain text, in order: printed lines, displays, results."""
        return [seen(message) for message in self.of("stream", "display_data", "execute_result")]

    def text(self, name: str = "stdout") -> str:
        streams = [message["content"] for message in self.of("stream")]
        return "".join(stream["text"] for stream in streams if stream["name"] == name)


def seen(message: dict) -> str:
    content = message["content"]
    return content["text"] if message["msg_type"] == "stream" else content["data"]["text/plain"]


@contextmanager
def kernel(specs: type[KernelSpecManager] = KernelSpecManager, **options) -> Iterator[Kernel]:
    with execution.kernel(specs(), **options) as (manager, client):
        yield Kernel(manager, client)


def enter(test: type[unittest.TestCase], context: AbstractContextManager[T]) -> T:
    """Enters `context` for all tests of a class; Python 3.11 has `enterClassContext`."""
    stack = ExitStack()
    test.addClassCleanup(stack.close)
    return stack.enter_context(context)


def enter_test(test: unittest.TestCase, context: AbstractContextManager[T]) -> T:
    """Enters `context` for one test; Python 3.11 has `enterContext`."""
    stack = ExitStack()
    test.addCleanup(stack.close)
    return stack.enter_context(context)


def wait_for_compiler(process: psutil.Process) -> None:
    """Waits until a kernel compiles a cell."""
    while not any("rustc" in it.name() for it in process.children(recursive=True)):
        time.sleep(0.05)


def drain(client: BlockingKernelClient) -> list[dict]:
    """The messages that come until none comes any more."""
    messages = []
    while True:
        try:
            messages.append(client.get_iopub_msg(timeout=SILENCE_S))
        except Empty:
            return messages
