"""Runs each chapter's code in a fresh kernel and holds its outputs against the stored ones.

    python -m notebooks.check FOLDER [NOTEBOOK ...]

FOLDER holds one folder of notebooks for each language; all are checked when none is named. The
code of a chapter is the same in every language, so one run of it serves all of them. At its end the
run solves the chapter's exercises as a reader would, and their checks are to pass. Each chapter
runs once more on a kernel without the relay, where all that a cell shows appears at its end. As
many chapters run at a time as there are cores, but no more than four.
The last line of the output reads `notebooks: 12 passed, 0 failed`.
"""

from __future__ import annotations

import copy
import os
import re
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from jupyter_client.kernelspec import KernelSpecManager
from nbformat import NotebookNode

from notebooks import comparison, execution, exercises, guide, predictions

# A chapter's run mostly waits, for the compiler and in its cells, so each core has time for one.
# A kernel takes up to 500 MB.
MOST_AT_A_TIME = 4


def main(folder: Path, named: list[Path]) -> int:
    paths = [path.resolve() for path in named] or guide.paths(folder)
    with ProcessPoolExecutor(min(os.cpu_count() or 1, MOST_AT_A_TIME)) as pool:
        passed = [result for results in pool.map(check, chapters(paths)) for result in results]
    if not paths:
        print(f"{folder}: there is no notebook to run")
    failed = passed.count(False)
    print(f"notebooks: {len(passed) - failed} passed, {failed} failed", flush=True)
    return 0 if paths and not failed else 1


def chapters(paths: list[Path]) -> list[list[Path]]:
    """The notebooks of one chapter together, one for each language that is among `paths`."""
    found: dict[str, list[Path]] = {}
    for path in paths:
        found.setdefault(path.name, []).append(path)
    return list(found.values())


def check(paths: list[Path]) -> list[bool]:
    """Whether the notebooks of a chapter passed, on each of two kernels. Prints what is wrong."""
    sound, passed = {}, []
    for path in paths:
        # A run takes long, so whatever can be checked without a run is checked first.
        try:
            notebook = guide.read(path)
            problems = unfit(notebook) + unlike(notebook, guide.twins(path))
        except guide.Unreadable as error:
            problems = [f"  {error}"]
        if problems:
            passed.append(told(guide.name(path), problems))
        else:
            sound[path] = notebook
    if not sound:
        return passed
    path, notebook = next(iter(sound.items()))
    solved = copy.deepcopy(notebook)
    solved.cells += exercises.solving(notebook)
    for kernel, specs, code, differences in [
        ("", KernelSpecManager, solved, comparison.differences),
        (" without the relay", execution.WithoutRelay, notebook, comparison.shown_at_the_end),
    ]:
        begin = time.monotonic()
        ran = run(code, path.parent, specs)
        took = time.monotonic() - begin
        print(f"{path.name}{kernel}: ran in {took:.0f} s", flush=True)
        for twin, stored in sound.items():
            passed.append(told(guide.name(twin) + kernel, changed(stored, ran, differences)))
    return passed


def told(name: str, problems: list[str]) -> bool:
    """Prints whether the notebook passed, and what is wrong where it did not."""
    # One `print` for all lines, lest the lines of chapters that run at the same time mix.
    print("\n".join([f"{name}: {'failed' if problems else 'passed'}", *problems]), flush=True)
    return not problems


def unlike(notebook: NotebookNode, twins: list[Path]) -> list[str]:
    """Where the notebook's code is not that of its other languages."""
    problems = []
    for twin in twins:
        try:
            difference = guide.first_difference(notebook, guide.read(twin))
        except guide.Unreadable as error:
            difference = str(error)
        if difference:
            problems.append(f"  not the code of {guide.name(twin)}: {difference}")
    return problems


def unfit(notebook: NotebookNode) -> list[str]:
    """What is wrong in the notebook itself, before any run."""
    cells = guide.code_cells(notebook)
    if not any(cell.outputs for _, cell in cells):
        return ["  it has no stored outputs: `cargo lab render` stores them"]
    unpaired = exercises.unpaired(notebook)
    problems = [f"  {unpaired}"] if unpaired else []
    misfolded = predictions.misfolded(notebook)
    problems += [
        f"  cell {index}: its output is folded without the tag `predict`, or tagged and not "
        "folded: `cargo lab render` mends it"
        for index in misfolded
    ]
    for index, cell in cells:
        paths = comparison.machine_paths(cell)
        if paths:
            problems.append(f"  {_cell(index, cell)} shows a path of a machine: {', '.join(paths)}")
    return problems


@dataclass
class Ran:
    """The code cells that a fresh kernel ran, in order, and what ended the run early."""

    cells: list[NotebookNode]
    stop: execution.Stopped | None


def run(
    notebook: NotebookNode, folder: Path, specs: type[KernelSpecManager] = KernelSpecManager
) -> Ran:
    """Runs the notebook in `folder`."""
    try:
        fresh, stop = execution.run(notebook, folder, specs), None
    except execution.Stopped as stopped:
        fresh, stop = stopped.notebook, stopped
    cells = guide.code_cells(fresh)
    return Ran([cell for index, cell in cells if not stop or index < stop.index], stop)


def changed(
    notebook: NotebookNode,
    ran: Ran,
    differences: Callable[[NotebookNode, NotebookNode], list[str]] = comparison.differences,
) -> list[str]:
    """How the outputs of a run differ from those stored in `notebook`, whose code is the same.

    Where the run has gone on, its further cells are to solve the exercises.
    """
    problems = []
    stored = guide.code_cells(notebook)
    # A run that was ended early has fewer cells, and one that solves the exercises has more.
    for (index, cell), fresh in zip(stored, ran.cells, strict=False):
        for difference in differences(cell, fresh):
            problems.append(f"  {_cell(index, cell)} shows something else:\n{_indent(difference)}")
    if ran.stop:
        at = _cell(*stored[len(ran.cells)]) if len(ran.cells) < len(stored) else "a solution"
        problems.append(f"  {at} ended the run: {ran.stop}")
    else:
        further = exercises.unsolved(ran.cells[len(stored) :])
        problems += [f"  {_indent(problem).lstrip()}" for problem in further]
    return problems


def _cell(index: int, cell: NotebookNode) -> str:
    """Names a cell by its index, and by the original's `In [n]` where its code says that."""
    original = re.search(r"In \[\d+\]", cell.source)
    return f"cell {index} ({original[0]})" if original else f"cell {index}"


def _indent(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), [Path(argument) for argument in sys.argv[2:]]))
