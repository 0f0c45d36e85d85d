"""Starts kernels and runs notebooks in them, through Jupyter's own machinery."""

from __future__ import annotations

import copy
import queue
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbclient
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager, KernelManager
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

KERNEL = "rust"

# The first `:dep` cell compiles every dependency, which takes minutes on a slow machine.
CELL_TIMEOUT_S = 1800
STARTUP_TIMEOUT_S = 300

# A kernel without the relay marks no end of what a cell prints: an error that `?` printed often
# comes about a millisecond after the cell's end. There a cell is done when it has been silent for
# this long.
SILENCE_S = 0.2


def specs_with(*options: str) -> type[KernelSpecManager]:
    """The guide's kernel, started with options beside those of the kernelspec.

    The top of `kernel/src/main.rs` says what each does.
    """

    class SpecsWithOptions(KernelSpecManager):
        def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
            spec = super().get_kernel_spec(kernel_name)
            spec.argv = [*spec.argv, *options]
            return spec

    return SpecsWithOptions


# The guide's kernel without the relay: evcxr itself, which shows one result a cell.
WithoutRelay = specs_with("--no-relay")


class Stopped(Exception):
    """A cell ended its notebook's run early, because it erred unexpectedly or gave no answer.

    `notebook` has the outputs up to that cell.
    """

    def __init__(self, notebook: NotebookNode, index: int, cause: str):
        super().__init__(cause)
        self.notebook = notebook
        self.index = index


@contextmanager
def kernel(
    specs: KernelSpecManager, **options
) -> Iterator[tuple[KernelManager, BlockingKernelClient]]:
    """A kernel that answers, and its front end. `options` are passed to the kernel's process."""
    manager = KernelManager(kernel_name=KERNEL, kernel_spec_manager=specs)
    manager.start_kernel(**options)
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=STARTUP_TIMEOUT_S)
        yield manager, client
    finally:
        client.stop_channels()
        manager.shutdown_kernel()


def run(
    notebook: NotebookNode, folder: Path, specs: type[KernelSpecManager] = KernelSpecManager
) -> NotebookNode:
    """A copy of `notebook` with the outputs of a fresh kernel that works in `folder`.

    A cell tagged `raises-exception` may err. Where any other cell errs, `Stopped` is raised.
    """
    fresh = copy.deepcopy(notebook)
    at = 0

    def start(cell: NotebookNode, cell_index: int) -> None:
        nonlocal at
        at = cell_index

    async def finish(cell: NotebookNode, cell_index: int, execute_reply: dict) -> None:
        # nbclient counts cells from 1. evcxr counts from 2, and so does what a reader sees.
        cell.execution_count = execute_reply["content"]["execution_count"]
        if specs is WithoutRelay:
            await gather_late_output(cell, cell_index, execute_reply["parent_header"]["msg_id"])

    async def gather_late_output(cell: NotebookNode, cell_index: int, request: str) -> None:
        while True:
            try:
                message = await client.kc.get_iopub_msg(timeout=SILENCE_S)
            except queue.Empty:
                return
            if message["parent_header"].get("msg_id") == request:
                client.process_message(message, cell, cell_index)

    client = nbclient.NotebookClient(
        fresh,
        km=AsyncKernelManager(kernel_name=KERNEL, kernel_spec_manager=specs()),
        timeout=CELL_TIMEOUT_S,
        startup_timeout=STARTUP_TIMEOUT_S,
        iopub_timeout=CELL_TIMEOUT_S,
        raise_on_iopub_timeout=True,
        coalesce_streams=True,
        record_timing=False,
        resources={"metadata": {"path": str(folder)}},
        on_cell_execute=start,
        on_cell_executed=finish,
    )
    try:
        # Without this, nbclient ends only a kernel whose manager it has made itself.
        client.execute(cleanup_kc=True)
    except CellExecutionError:
        outputs = fresh.cells[at].outputs
        errors = [o.evalue for o in outputs if o.output_type == "error"]
        raise Stopped(fresh, at, "\n".join(errors) or "an error") from None
    except CellTimeoutError:
        raise Stopped(fresh, at, f"no answer in {CELL_TIMEOUT_S} s") from None
    except (DeadKernelError, RuntimeError) as error:
        raise Stopped(fresh, at, f"the kernel ended: {error}") from None
    return fresh
