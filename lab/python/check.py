"""Runs each notebook in a fresh kernel and holds every cell's outputs against the stored ones.

    check.py FOLDER    (FOLDER holds one folder of notebooks for each language)

Those of one language run once more on a kernel without the relay, where all that a cell shows
appears at its end. The last line of the output reads `notebooks: 9 passed, 0 failed`.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

from jupyter_client.kernelspec import KernelSpecManager
from nbformat import NotebookNode

import comparison
import execution
import guide


def main(folder: Path) -> int:
    found = guide.paths(folder)
    # The other languages have the same code.
    stock = [path for path in found if path.parent.name == guide.LANGUAGES[0]]
    passed = [told(guide.name(path), check, path) for path in found]
    passed += [told(f"{guide.name(path)} without the relay", check_stock, path) for path in stock]
    if not found:
        print(f"{folder}: there is no notebook to run")
    failed = passed.count(False)
    print(f"notebooks: {len(passed) - failed} passed, {failed} failed", flush=True)
    return 0 if found and not failed else 1


def told(name: str, check: Callable[[Path], list[str]], path: Path) -> bool:
    """Whether the notebook passed; what is wrong is printed."""
    begin = time.monotonic()
    problems = check(path)
    took = time.monotonic() - begin
    print(f"{name}: {'failed' if problems else 'passed'}, {took:.0f} s", flush=True)
    for problem in problems:
        print(problem, flush=True)
    return not problems


def check(path: Path) -> list[str]:
    """What is wrong with the notebook at `path`."""
    try:
        notebook = guide.read(path)
    except guide.Unreadable as error:
        return [f"  {error}"]
    # A run takes long: it waits until what can be told without one is right.
    return unfit(notebook) + unlike(notebook, guide.twins(path)) or changed(notebook, path.parent)


def check_stock(path: Path) -> list[str]:
    """What is wrong with the notebook on a kernel without the relay."""
    try:
        notebook = guide.read(path)
    except guide.Unreadable as error:
        return [f"  {error}"]
    return changed(notebook, path.parent, execution.WithoutRelay, comparison.shown_at_the_end)


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
    """What in the stored outputs is wrong however a run goes."""
    cells = guide.code_cells(notebook)
    if not any(cell.outputs for _, cell in cells):
        return ["  it has no stored outputs: `cargo lab render` stores them"]
    problems = []
    for index, cell in cells:
        paths = comparison.machine_paths(cell)
        if paths:
            problems.append(f"  {_cell(index, cell)} shows a path of a machine: {', '.join(paths)}")
    return problems


def changed(
    notebook: NotebookNode,
    folder: Path,
    specs: type[KernelSpecManager] = KernelSpecManager,
    differences: Callable[[NotebookNode, NotebookNode], list[str]] = comparison.differences,
) -> list[str]:
    """How a fresh kernel's outputs differ from the stored ones."""
    problems = []
    try:
        fresh, stop = execution.run(notebook, folder, specs), None
    except execution.Stopped as stopped:
        fresh, stop = stopped.notebook, stopped
    for index, cell in guide.code_cells(notebook):
        if stop and index >= stop.index:
            problems.append(f"  {_cell(index, cell)} ended the run: {stop}")
            break
        for difference in differences(cell, fresh.cells[index]):
            problems.append(f"  {_cell(index, cell)} shows something else:\n{_indent(difference)}")
    return problems


def _cell(index: int, cell: NotebookNode) -> str:
    """Names a cell by its index and by the original's `In [n]`, where its code tells that."""
    original = re.search(r"In \[\d+\]", cell.source)
    return f"cell {index} ({original[0]})" if original else f"cell {index}"


def _indent(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
