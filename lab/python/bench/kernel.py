"""Measures how long a reader waits for our kernel and for a plain evcxr, in turn.

python -m bench.kernel FOLDER EVCXR_JUPYTER RUNS

Prints the median of the runs and its ratio to the plain kernel's. "stock" is the plain evcxr, and
"cold" is our kernel where it cannot use the compiled dependencies. The wait in notebook 03 is
measured in parts: until the kernel is ready, for the cell with the dependencies, for the first
cell with a `let`, for the cell with one flag, and for the cell with all flags, whose download alone
takes two seconds.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import psutil
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager
from jupyter_core.utils import ensure_event_loop

from notebooks import execution, guide

STARTS = "01-generators.ipynb"
FLAGS = "03-flags.ipynb"
LAST_FLAG = "// In [1]"
FIRST_RESULT = "// In [59]"

# What a reader types next, whatever the notebook.
FURTHER = (
    "let n = 40 + 2;",
    "n",
    'println!("{n}");',
    "fn double(x: i32) -> i32 { 2 * x }",
    "double(n)",
)

LAST_FLAG_FIGURE = "03: kernel start to the last flag, s"

AT_ONCE = 4


def main(folder: Path, program: str, runs: int) -> None:
    measured: dict[tuple[str, str], list[float]] = defaultdict(list)
    with specs(program) as subjects:
        for run in range(1, runs + 1):
            for subject, spec in subjects.items():
                print(f"run {run} of {runs}: {subject}", flush=True)
                for name, value in once(spec, folder / "en"):
                    measured[name, subject].append(value)
                    print(f"  {name}: {value:.1f}", flush=True)
            together = at_once(subjects["ours"], folder / "en")
            alone = measured[LAST_FLAG_FIGURE, "ours"][-1]
            times = together / alone
            print(f"  {AT_ONCE} at once: {together:.1f} s, {times:.2f} times one", flush=True)
    headings = "".join(f"{subject:>9}" for subject in subjects)
    print(f"\n{'median of ' + str(runs):40}{headings} stock/ours")
    for name in dict.fromkeys(name for name, _ in measured):
        values = [median(measured[name, subject]) for subject in subjects]
        shown = "".join(f"{value:9.1f}" for value in values)
        print(f"{name:40}{shown}{values[0] / values[-1]:11.2f}")


def once(spec: KernelSpecManager, notebooks: Path):
    """Yields the figures of two kernels, each with its name. The second starts after the first."""
    with started(spec, notebooks) as kernel:
        kernel.run(notebooks / STARTS, until=FIRST_RESULT)
        yield "01: kernel start to the first result, s", kernel.age()
        kernel.run(notebooks / STARTS, after=FIRST_RESULT)
        yield "01: a further cell, s", kernel.further_cell()
    with started(spec, notebooks) as kernel:
        names = ("the dependencies", "the first `let`", "a flag", "the flags")
        yield "03: ready, s", kernel.age()
        for name, took in zip(names, kernel.run(notebooks / FLAGS, until=LAST_FLAG), strict=True):
            yield f"03: {name}, s", took
        yield LAST_FLAG_FIGURE, kernel.age()
        kernel.run(notebooks / FLAGS, after=LAST_FLAG)
        yield "03: a further cell, s", kernel.further_cell()
        yield "03: memory of its processes, MB", kernel.memory_mb()


def at_once(spec: KernelSpecManager, notebooks: Path) -> float:
    """The seconds until the last of several kernels, started together, has shown its last flag."""

    def last_flag() -> None:
        try:
            with started(spec, notebooks) as kernel:
                kernel.run(notebooks / FLAGS, until=LAST_FLAG)
                ages.append(kernel.age())
        finally:
            ensure_event_loop().close()  # jupyter_client made the loop, for this thread alone

    ages: list[float] = []
    readers = [threading.Thread(target=last_flag) for _ in range(AT_ONCE)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    if len(ages) < AT_ONCE:
        raise SystemExit("a kernel did not come to its last flag: its error stands above")
    return max(ages)


@contextmanager
def started(specs: KernelSpecManager, folder: Path):
    """Starts a kernel in the folder `folder`; its age counts from before the start."""
    begin = time.monotonic()
    with execution.kernel(specs, cwd=str(folder), stderr=subprocess.DEVNULL) as (manager, client):
        yield Kernel(manager, client, begin)


class Kernel:
    """A running kernel, and when it was started."""

    def __init__(self, manager: KernelManager, client: BlockingKernelClient, begin: float):
        self.manager = manager
        self.client = client
        self.begin = begin

    def age(self) -> float:
        return time.monotonic() - self.begin

    def run(self, path: Path, after: str | None = None, until: str | None = None) -> list[float]:
        """Runs the cells behind the one that holds `after`, up to the one that holds `until`.

        Returns how many seconds each took.
        """
        sources = [cell.source for _, cell in guide.code_cells(guide.read(path))]
        first = 1 + at(sources, after) if after else 0
        last = at(sources, until) if until else len(sources)
        return [self.execute(source) for source in sources[first : last + 1]]

    def further_cell(self) -> float:
        return median(self.execute(source) for source in FURTHER)

    def execute(self, source: str) -> float:
        begin = time.monotonic()
        self.client.execute_interactive(
            source, timeout=execution.CELL_TIMEOUT_S, allow_stdin=False, output_hook=len
        )
        return time.monotonic() - begin

    def memory_mb(self) -> float:
        first = psutil.Process(self.manager.provisioner.pid)
        processes = [first, *first.children(recursive=True)]
        return sum(process.memory_info().rss for process in processes) / 1e6


def at(sources: list[str], text: str) -> int:
    return next(index for index, source in enumerate(sources) if text in source)


@contextmanager
def specs(program: str):
    """The kernels that are measured: plain evcxr, ours without compiled dependencies, and ours."""
    argv = KernelSpecManager().get_kernel_spec(execution.KERNEL).argv
    with tempfile.TemporaryDirectory() as scratch:
        nothing = Path(scratch) / "nothing"
        nothing.mkdir()
        stock = [program, "--control_file", "{connection_file}"]
        cold = [*argv, "--checkout", str(nothing)]
        yield {
            "stock": spec(scratch, "stock", stock, {"EVCXR_CONFIG_DIR": str(nothing)}),
            "cold": spec(scratch, "cold", cold, {}),
            "ours": spec(scratch, "ours", argv, {}),
        }


def spec(scratch: str, name: str, argv: list[str], env: dict[str, str]) -> KernelSpecManager:
    folder = Path(scratch) / name / execution.KERNEL
    folder.mkdir(parents=True)
    # A plain evcxr rewrites the kernelspecs in the first folder of JUPYTER_PATH.
    env = {"JUPYTER_PATH": scratch, **env}
    described = {"argv": argv, "display_name": name, "language": "rust", "env": env}
    (folder / "kernel.json").write_text(
        json.dumps({**described, "interrupt_mode": "message"}), encoding="utf-8"
    )
    return KernelSpecManager(kernel_dirs=[str(folder.parent)], ensure_native_kernel=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
