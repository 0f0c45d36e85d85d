"""Compiles the notebooks' dependencies once, in the folder that EVCXR_TMPDIR names.

python -m notebooks.compile_dependencies FOLDER STAMP NOTE

STAMP tells what was compiled last: while that holds, nothing is done. NOTE says that what is
compiled is whole: it is removed before anything changes, and others write it anew.
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
from pathlib import Path


def main(folder: Path, stamp: Path, note: Path) -> int:
    cells = dependency_cells(folder)
    state = fingerprint(folder, cells)
    if not cells or (stamp.exists() and stamp.read_text() == state):
        return 0
    # Takes half a second to load, which a start that finds everything compiled need not wait for.
    from nbformat import v4

    from notebooks import execution

    print(
        "Compiling the notebooks' dependencies: once, about a minute on 2 cores.",
        flush=True,
    )
    note.unlink(missing_ok=True)
    begin = time.monotonic()
    for source, where in cells.items():
        notebook = v4.new_notebook(cells=[v4.new_code_cell(source)])
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
    """Changes with the cells and with the crate that they name, compiled with its dependencies."""
    crate = folder.parent / "support-crate"
    manifests = [crate / "Cargo.toml", crate / "macros" / "Cargo.toml"]
    sources = sorted(path for part in ("src", "macros/src") for path in (crate / part).rglob("*.*"))
    parts = [*map(str.encode, cells)]
    for path in [*manifests, *sources]:
        parts += [str(path.relative_to(crate)).encode(), path.read_bytes()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))
