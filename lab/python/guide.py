"""The guide's notebooks: where they are and what is in them."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbformat import NotebookNode


def paths(folder: Path) -> list[Path]:
    """All notebooks of the guide, `folder` holding one folder for each language."""
    return sorted(folder.glob("*/*.ipynb"))


def name(path: Path) -> str:
    """What a message calls a notebook: its language and file name."""
    return f"{path.parent.name}/{path.name}"


def read(path: Path) -> NotebookNode:
    return nbformat.read(path, as_version=4)


def code_cells(notebook: NotebookNode) -> list[tuple[int, NotebookNode]]:
    """The cells that a kernel runs, each with its index in the notebook."""
    return [
        (index, cell)
        for index, cell in enumerate(notebook.cells)
        if cell.cell_type == "code" and cell.source.strip()
    ]


def tags(cell: NotebookNode) -> list[str]:
    return cell.metadata.get("tags", [])
