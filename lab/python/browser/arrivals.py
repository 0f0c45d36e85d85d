"""Watches pictures appear one by one below a cell while it runs in JupyterLab."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page

# This script notes each new number of pictures on the page, and whether the cell still ran.
_WATCH = """() => {
    const panel = document.querySelector('.jp-NotebookPanel');
    const pictures = () => panel.querySelectorAll('.jp-OutputArea-output img').length;
    const runs = () => [...panel.querySelectorAll('.jp-InputArea-prompt')]
        .some(prompt => prompt.textContent.includes('[*]'));
    window.arrivals = {before: pictures(), seen: []};
    window.arrivals.observer = new MutationObserver(() => {
        const now = pictures() - window.arrivals.before;
        if (now > 0 && now !== window.arrivals.seen.at(-1)?.[0]) {
            window.arrivals.seen.push([now, runs()]);
        }
    });
    window.arrivals.observer.observe(panel, {childList: true, subtree: true});
}"""


class Arrivals:
    """The pictures of a cell, as they have appeared on the page so far."""

    def __init__(self, page: Page):
        self.page = page

    def screenshots(self, picture: str, numbers: list[int]) -> None:
        """Takes a screenshot when as many pictures are there as each of `numbers` says."""
        for number in numbers:
            self.page.wait_for_function(
                "number => (window.arrivals.seen.at(-1)?.[0] ?? 0) >= number", arg=number
            )
            shown = self.page.locator(".jp-NotebookPanel .jp-OutputArea-output img")
            shown.last.scroll_into_view_if_needed()
            self.page.screenshot(path=f"{picture}-{number:02}.png")

    def flaw(self, expected: int) -> str | None:
        """Says what is wrong when several pictures appear together, or only at the cell's end."""
        seen = self.page.evaluate("window.arrivals.seen")
        numbers = [number for number, _ in seen]
        running = [number for number, ran in seen if ran]
        if numbers != list(range(1, expected + 1)):
            return f"the pictures did not appear one by one: {numbers}"
        if len(running) < expected - 1:
            return f"only {len(running)} of {expected} pictures appeared while the cell ran"
        return None


@contextmanager
def watched(page: Page) -> Iterator[Arrivals]:
    page.evaluate(_WATCH)
    try:
        yield Arrivals(page)
    finally:
        page.evaluate("window.arrivals.observer.disconnect()")
