"""Compiles dependencies, and leaves them where all later kernels find them.

    python -m notebooks.compile_dependencies CELLS

CELLS are the cells that name the dependencies, as `notebooks.dependency_cells` prints them.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from nbformat import v4

from notebooks import execution

Fills = execution.specs_with("--no-relay", "--fill")


def main(cells: list[dict[str, str]]) -> int:
    print(
        "Compiling the notebooks' dependencies: once, about a minute on 2 cores.",
        flush=True,
    )
    begin = time.monotonic()
    for cell in cells:
        notebook = v4.new_notebook(cells=[v4.new_code_cell(cell["source"])])
        try:
            execution.run(notebook, Path(cell["folder"]), Fills)
        except execution.Stopped as stop:
            print(f"The dependencies did not compile: {stop}", file=sys.stderr)
            return 1
    print(f"Dependencies compiled in {time.monotonic() - begin:.0f} s.", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1])))
