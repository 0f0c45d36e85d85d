"""Cells whose output a reader is asked to predict.

Such a cell is tagged `predict`. JupyterLab folds the stored outputs of a cell whose metadata has
`jupyter.outputs_hidden`, and unfolds them when the cell is run.
"""

from __future__ import annotations

from nbformat import NotebookNode

from notebooks import guide

PREDICT = "predict"


def folded(cell: NotebookNode) -> bool:
    return bool(cell.metadata.get("jupyter", {}).get("outputs_hidden"))


def fold(notebook: NotebookNode) -> None:
    """Folds the outputs of each cell tagged `predict`, and unfolds those of all others."""
    for _, cell in guide.code_cells(notebook):
        settings = cell.metadata.pop("jupyter", {})
        settings.pop("outputs_hidden", None)
        # Older front ends read and write this one.
        cell.metadata.pop("collapsed", None)
        if PREDICT in guide.tags(cell):
            settings["outputs_hidden"] = True
        if settings:
            cell.metadata["jupyter"] = settings


def misfolded(notebook: NotebookNode) -> list[int]:
    """The indices of the cells that are folded without the tag, or tagged and not folded."""
    return [
        index
        for index, cell in guide.code_cells(notebook)
        if folded(cell) != (PREDICT in guide.tags(cell)) or cell.metadata.get("collapsed")
    ]
