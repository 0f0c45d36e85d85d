"""Cells and notebooks for the tests."""

from __future__ import annotations

from nbformat import NotebookNode, v4


def cell(*outputs: NotebookNode, source: str = "1", tags: tuple[str, ...] = (), count: int = 2):
    made = v4.new_code_cell(source, outputs=list(outputs), execution_count=count)
    if tags:
        made.metadata["tags"] = list(tags)
    return made


def stream(text: str, name: str = "stdout") -> NotebookNode:
    return v4.new_output("stream", name=name, text=text)


def result(count: int = 2, **data: str) -> NotebookNode:
    """The result of a cell. `text_html="…"` gives its form as `text/html`."""
    kinds = {kind.replace("_", "/"): content for kind, content in data.items()}
    return v4.new_output("execute_result", data=kinds, execution_count=count)


def display(**data: str) -> NotebookNode:
    """A display, which a cell shows while it runs."""
    kinds = {kind.replace("_", "/"): content for kind, content in data.items()}
    return v4.new_output("display_data", data=kinds)


def error(message: str) -> NotebookNode:
    return v4.new_output("error", ename="Error", evalue=message, traceback=[f"\x1b[31m{message}"])


def notebook(*cells: NotebookNode) -> NotebookNode:
    return v4.new_notebook(cells=list(cells))
