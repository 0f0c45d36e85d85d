"""Measures what the relay adds to a kernel: latency for each message, and memory.

    python -m bench.relay [ROUNDS]

Each round asks a kernel with the relay and one without it the same, one after the other, so that
both see the same machine.
"""

from __future__ import annotations

import statistics
import sys
import time

import psutil
from jupyter_client.kernelspec import KernelSpecManager

from notebooks import execution
from tests import kernels

ROUNDS = 500
# The first answers are slow, because caches are still cold. They are not counted.
WARM_UP = 50


def main(rounds: int) -> None:
    with (
        kernels.kernel(execution.WithoutRelay) as stock,
        kernels.kernel(KernelSpecManager) as relay,
    ):
        relay.run('println!("both have run a cell");')
        stock.run('println!("both have run a cell");')
        kinds = {"control": control, "shell and outputs": shell}
        for name, ask in kinds.items():
            times = [(ask(stock), ask(relay)) for _ in range(WARM_UP + rounds)][WARM_UP:]
            without, behind = zip(*times, strict=True)
            added = statistics.median(behind) - statistics.median(without)
            print(
                f"{name}: {ms(without)} ms without the relay, {ms(behind)} ms behind it, "
                f"{added * 1e3:.3f} ms added (medians of {rounds}, alternating)"
            )
        guard = relay.process.children()[0]
        parts = {"relay": relay.process, "guard": guard}
        sizes = {name: memory(process) for name, process in parts.items()}
        told = ", ".join(f"{name} {size:.1f} MB" for name, size in sizes.items())
        kernel = guard.children()[0]
        print(f"memory: {told}; the kernel itself {memory(kernel):.0f} MB")


def control(kernel: kernels.Kernel) -> float:
    """The seconds until an answer on the control channel is here."""
    client = kernel.client
    message = client.session.msg("kernel_info_request")
    began = time.perf_counter()
    client.control_channel.send(message)
    client.get_control_msg(timeout=kernels.ANSWER_S)
    return time.perf_counter() - began


def shell(kernel: kernels.Kernel) -> float:
    """The seconds until an answer on the shell channel is here and the kernel is idle."""
    client = kernel.client
    began = time.perf_counter()
    client.is_complete("1 + 1")
    client.get_shell_msg(timeout=kernels.ANSWER_S)
    while (
        client.get_iopub_msg(timeout=kernels.ANSWER_S)["content"].get("execution_state") != "idle"
    ):
        pass
    return time.perf_counter() - began


def ms(times: tuple[float, ...]) -> str:
    return f"{statistics.median(times) * 1e3:.3f}"


def memory(process: psutil.Process) -> float:
    """Resident memory, in MB."""
    return process.memory_info().rss / 1e6


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else ROUNDS)
