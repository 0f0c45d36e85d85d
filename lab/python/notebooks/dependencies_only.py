"""Writes notebooks that hold nothing but the cells which name dependencies.

    python -m notebooks.dependencies_only FOLDER OUT

FOLDER holds one folder of notebooks for each language.

An image compiles the dependencies of these notebooks. They stay the same while the rest of the
guide's notebooks is edited, so the image need not compile again.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from notebooks.dependency_cells import dependency_cells


def main(folder: Path, out: Path) -> int:
    for number, (source, where) in enumerate(dependency_cells(folder).items()):
        cell = {"cell_type": "code", "source": source}
        notebook = out / where.name / f"{number}.ipynb"
        notebook.parent.mkdir(parents=True, exist_ok=True)
        notebook.write_text(json.dumps({"cells": [cell]}), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
