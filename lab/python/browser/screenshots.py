"""Opens the guide in JupyterLab in headless Chromium, runs its notebooks and takes pictures.

    python -m browser.screenshots FOLDER PICTURES LAB    (LAB is the program behind `cargo lab`)

The program works on copies of the notebooks. It fails when a dialog opens, when a link or a
picture leads nowhere, when flags that a cell shows as they arrive do not appear one by one, when
the outputs differ from the stored ones, when the guide's own page is not rendered, or when the
menus cannot be had in Korean.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import quote, unquote

import nbformat
from jupyter_server.serverapp import list_running_servers
from nbformat import NotebookNode
from playwright.sync_api import Browser, Page, Response, expect
from playwright.sync_api import Error as PlaywrightError

from browser import arrivals, welcome
from browser.chromium import NoBrowser, chromium
from notebooks import comparison, guide

THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}
WIDTH, HEIGHT = 1200, 900
# The pixels that a screenshot shows below the last cell.
MARGIN = 60
# Chromium draws no picture that is taller than this, in pixels.
TALLEST = 16000
# A cell with this text shows flags as they arrive. A picture is taken at each of these numbers.
GROWS = "show(&flag)"
GROWING = [4, 12, 21]
START_S = 300
CELL_S = 1800


class Flaw(Exception):
    """Something on the page that a reader would stumble over."""


def main(folder: Path, pictures: Path, lab: Path) -> int:
    pictures.mkdir(parents=True, exist_ok=True)
    flaws = 0
    with (
        # The copies lie as deep as the notebooks, so that relative paths lead to the same files.
        tempfile.TemporaryDirectory(prefix=".screenshots-", dir=folder.parent) as copies,
        tempfile.TemporaryDirectory() as settings,
    ):
        notebooks = Path(copies)
        copy_without_outputs(folder, notebooks)
        with chromium() as browser, server(lab, notebooks, Path(settings)) as url:
            expect.set_options(timeout=START_S * 1000)
            visits = {
                guide.name(path): partial(visit_notebook, browser, url, path, folder, pictures)
                for path in guide.paths(notebooks)
            }
            # The guide's own page comes last, because that visit changes the language of the menus.
            visits[welcome.PAGE] = partial(visit_welcome, browser, url, f"{pictures / 'welcome'}")
            for name, visit in visits.items():
                try:
                    visit()
                    print(f"{name}: shown", flush=True)
                except (AssertionError, Flaw, PlaywrightError) as flaw:
                    flaws += 1
                    print(f"{name}: {flaw}", flush=True)
    return 1 if flaws else 0


def visit_welcome(browser: Browser, url: str, picture: str) -> None:
    """Looks at the guide's own page and takes its pictures, the last one with Korean menus."""
    page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
    address = url.format(welcome.PAGE)
    welcome.show(page, address)
    page.screenshot(path=f"{picture}.png")
    broken = broken_links(page, welcome.PANEL)
    welcome.follow_first_chapter(page)
    no_dialog(page)
    welcome.show(page, address)
    welcome.choose_korean(page)
    page.screenshot(path=f"{picture}-korean.png")
    page.close()
    if broken:
        raise Flaw("; ".join(broken))


def copy_without_outputs(folder: Path, copies: Path) -> None:
    """Copies the notebooks, so that what is shown is what ran here, and the pages beside them."""
    for page in folder.glob("*.md"):
        shutil.copy(page, copies)
    for path in guide.paths(folder):
        notebook = guide.read(path)
        for _, cell in guide.code_cells(notebook):
            cell.update(outputs=[], execution_count=None)
        copy = copies / guide.name(path)
        copy.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, copy)


@contextmanager
def server(lab: Path, notebooks: Path, settings: Path) -> Iterator[str]:
    """JupyterLab as `cargo lab` opens it, on the copies and with fresh user settings."""
    process = subprocess.Popen(
        [
            lab,
            "--",
            "--no-browser",
            "--port=0",
            f"--ServerApp.root_dir={notebooks}",
            f"--LabApp.user_settings_dir={settings / 'settings'}",
            f"--LabApp.workspaces_dir={settings / 'workspaces'}",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield wait_for_url(process)
    finally:
        # An interrupt that comes from no terminal would leave the kernels behind.
        process.terminate()
        process.wait()


def wait_for_url(process: subprocess.Popen) -> str:
    end = time.monotonic() + START_S
    while process.poll() is None and time.monotonic() < end:
        for running in list_running_servers(os.environ["JUPYTER_RUNTIME_DIR"]):
            if running["pid"] == process.pid:
                return f"{running['url']}lab/tree/{{}}?reset&token={running['token']}"
        time.sleep(0.1)
    raise SystemExit(f"JupyterLab did not start in {START_S} s: `cargo lab` tells why")


def visit_notebook(browser: Browser, url: str, path: Path, stored: Path, pictures: Path) -> None:
    """Runs the notebook at `path`, a copy without outputs, and takes its pictures.

    What it shows is held against the notebook of the same name in the folder `stored`.
    """
    page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
    missing: list[str] = []

    def note_missing(response: Response) -> None:
        if response.status >= 400:
            missing.append(f"status {response.status} for {response.url}")

    page.on("response", note_missing)
    page.goto(url.format(quote(guide.name(path))))
    # A cell run before there is a kernel would open a dialog that asks for one.
    page.get_by_text("Rust | Idle").wait_for(timeout=START_S * 1000)
    picture = f"{pictures / path.parent.name}-{path.stem}"
    run_cell_by_cell(page, guide.read(path).cells, picture)
    for name, theme in THEMES.items():
        choose_theme(page, theme)
        show_all(page)
        page.screenshot(path=f"{picture}-{name}.png")
    missing.extend(broken_links(page, ".jp-NotebookPanel"))
    no_dialog(page)
    with page.expect_response(is_saved):
        menu(page, "File", "Save Notebook")
    page.close()
    if missing:
        raise Flaw("; ".join(missing))
    same_as_stored(stored / guide.name(path), path)


def is_saved(response: Response) -> bool:
    """Whether JupyterLab has saved a notebook; it saves its settings and workspaces by PUT, too."""
    return response.request.method == "PUT" and "/api/contents/" in response.url


def same_as_stored(stored: Path, shown: Path) -> None:
    """Holds what JupyterLab showed, the notebook `shown`, against the notebook `stored`."""
    before, after = guide.read(stored), guide.read(shown)
    if len(before.cells) != len(after.cells):
        raise Flaw(f"it has {len(after.cells)} cells after the run")
    differences = [
        f"cell {index} shows something else than stored:\n{difference}"
        for index, cell in guide.code_cells(before)
        for difference in comparison.differences(cell, after.cells[index])
    ]
    if differences:
        raise Flaw("\n".join(differences))


def run_cell_by_cell(page: Page, cells: list[NotebookNode], picture: str) -> None:
    prompts = page.locator(".jp-NotebookPanel .jp-CodeCell .jp-InputArea-prompt")
    for number, cell in enumerate(cells, start=1):
        with arrivals.watched(page) as seen:
            # To advance from the last cell would add an empty cell.
            menu(page, "Run", "Run Selected Cell" + (number == len(cells)) * " and Do not Advance")
            if GROWS in cell.source:
                seen.screenshots(picture, GROWING)
            expect(prompts.get_by_text("[*]")).to_have_count(0, timeout=CELL_S * 1000)
            flaw = seen.flaw(GROWING[-1]) if GROWS in cell.source else None
        no_dialog(page)
        if flaw:
            raise Flaw(flaw)


def choose_theme(page: Page, theme: str) -> None:
    menu(page, "Settings", "Theme", theme)
    page.locator(f"body[data-jp-theme-name='{theme}']").wait_for(state="attached")
    page.locator("#jupyterlab-splash").wait_for(state="detached")


def show_all(page: Page) -> None:
    """Makes the window as tall as the notebook, which scrolls inside it."""
    # JupyterLab knows the height of a cell only once it is in view, so all cells have to be.
    page.set_viewport_size({"width": WIDTH, "height": TALLEST})
    cells = page.locator(".jp-NotebookPanel .jp-Cell")
    cells.first.scroll_into_view_if_needed()
    bottom = cells.last.evaluate("cell => cell.getBoundingClientRect().bottom")
    page.set_viewport_size({"width": WIDTH, "height": min(int(bottom) + MARGIN, TALLEST)})
    cells.first.scroll_into_view_if_needed()


def broken_links(page: Page, panel: str) -> list[str]:
    """The links and pictures in `panel` that lead nowhere. Links to other servers are not tried."""
    shown = page.locator(f"{panel} .jp-RenderedHTMLCommon")
    pictures = shown.locator("img").evaluate_all(
        "all => all.filter(img => !img.naturalWidth).map(img => img.alt || img.src)"
    )
    links = shown.locator("a[href]").evaluate_all(
        "all => all.map(a => a.href).filter(href => new URL(href).origin === location.origin)"
    )
    found = [f"no picture: {picture}" for picture in pictures]
    for link in sorted(set(links)):
        anchor = json.dumps(unquote(link.partition("#")[2]), ensure_ascii=False)
        if "#" in link and not page.locator(f"[id={anchor}], [data-jupyter-id={anchor}]").count():
            found.append(f"no heading {anchor}")
        elif "#" not in link and not page.request.get(link).ok:
            found.append(f"no page {link}")
    return found


def no_dialog(page: Page) -> None:
    dialogs = page.locator(".jp-Dialog-content")
    if dialogs.count():
        raise Flaw(f"a dialog opened: {dialogs.first.inner_text()}")


def menu(page: Page, *path: str) -> None:
    first, *rest = path
    page.locator(".lm-MenuBar-itemLabel").get_by_text(first, exact=True).click()
    for label in rest:
        page.locator(".lm-Menu-itemLabel").get_by_text(label, exact=True).click()


if __name__ == "__main__":
    try:
        sys.exit(main(*map(Path, sys.argv[1:])))
    except NoBrowser as error:
        sys.exit(str(error))
