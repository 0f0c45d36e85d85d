"""Compiles the notebooks' dependencies once, into the kernel's own cache.

warm.py FOLDER STAMP    (STAMP tells what was compiled last; nothing is done when it holds)
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import time
from pathlib import Path


def main(folder: Path, stamp: Path) -> int:
    cells = dependency_cells(folder)
    state = fingerprint(folder, cells)
    if not cells or (stamp.exists() and stamp.read_text() == state):
        return 0
    # Takes half a second to load, which a start that finds all warm need not wait for.
    from nbformat import v4

    import execution

    print(
        "Compiling the notebooks' dependencies: once, about 2 minutes on 2 cores.",
        flush=True,
    )
    begin = time.monotonic()
    for source, where in cells.items():
        # The kernel is kept off the network but for this.
        cell = v4.new_code_cell(f":offline 0\n{source}")
        notebook = v4.new_notebook(cells=[cell])
        try:
            execution.run(notebook, where)
        except execution.Stopped as stop:
            print(f"The dependencies did not compile: {stop}", file=sys.stderr)
            return 1
    stamp.write_text(state)
    print(f"Dependencies compiled in {time.monotonic() - begin:.0f} s.", flush=True)
    return 0


def dependency_cells(folder: Path) -> dict[str, Path]:
    """Each different `:dep` cell, with the folder to run it in."""
    cells: dict[str, Path] = {}
    for path in sorted(folder.glob("*/*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            source = "".join(cell["source"])
            if cell["cell_type"] == "code" and source.lstrip().startswith(":dep"):
                cells.setdefault(source, path.parent)
    return cells


def fingerprint(folder: Path, cells: dict[str, Path]) -> str:
    """Changes with whatever the compiled dependencies depend on."""
    toolchain = subprocess.run(["rustc", "-vV"], capture_output=True, check=True).stdout
    lock = (folder.parent / "Cargo.lock").read_bytes()
    return hashlib.sha256(b"\0".join([toolchain, lock, *map(str.encode, cells)])).hexdigest()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
