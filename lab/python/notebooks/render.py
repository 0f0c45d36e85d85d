"""Runs notebooks in fresh kernels and stores their outputs.

python -m notebooks.render FOLDER [NOTEBOOK ...]    (all in FOLDER when none is named)
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import nbformat

from notebooks import comparison, execution, guide, predictions


def main(folder: Path, named: list[Path]) -> int:
    failed = 0
    for path in named or guide.paths(folder):
        print(f"{guide.name(path)}: running", flush=True)
        begin = time.monotonic()
        problem = render(path.resolve())
        if problem:
            failed += 1
            print(f"{guide.name(path)}: not stored: {problem}", flush=True)
        else:
            took = time.monotonic() - begin
            print(f"{guide.name(path)}: stored, {took:.0f} s", flush=True)
    return 1 if failed else 0


def render(path: Path) -> str | None:
    """Stores fresh outputs in the notebook at `path`, or says why the notebook stays as it was."""
    try:
        fresh = execution.run(guide.read(path), path.parent)
    except guide.Unreadable as error:
        return str(error)
    except execution.Stopped as stop:
        return f"cell {stop.index}: {stop}"
    for index, cell in guide.code_cells(fresh):
        found = comparison.machine_paths(cell)
        if found:
            return f"cell {index} shows a path of this machine: {', '.join(found)}"
    predictions.fold(fresh)
    # A front end reads this before it has a kernel. It must be the same on every machine.
    fresh.metadata.kernelspec = {
        "display_name": "Rust",
        "language": "rust",
        "name": execution.KERNEL,
    }
    # The file is written beside the old one, then moved into place, so an interruption breaks none.
    beside = path.with_suffix(".ipynb.new")
    nbformat.write(fresh, beside)
    os.replace(beside, path)
    return None


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), [Path(argument) for argument in sys.argv[2:]]))
