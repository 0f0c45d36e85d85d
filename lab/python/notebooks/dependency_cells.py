"""Lists the cells of the notebooks that name dependencies.

    python -m notebooks.dependency_cells FOLDER

FOLDER holds one folder of notebooks for each language. The program prints each different cell once,
as JSON, with the folder to run it in. The set-up runs it at every start, so it imports nothing that
takes long.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path


def main(folder: Path) -> int:
    cells = dependency_cells(folder).items()
    print(json.dumps([{"source": source, "folder": str(where)} for source, where in cells]))
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


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
