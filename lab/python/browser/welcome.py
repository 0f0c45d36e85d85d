"""Opens the guide's own page in JupyterLab as a reader meets it at the first start."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, expect

PAGE = "README.md"
PANEL = ".jp-MarkdownViewer"


def show(page: Page, url: str) -> None:
    """Opens the page, and sees that JupyterLab renders it."""
    page.goto(url)
    expect(page.locator(f"{PANEL} h1").first).to_be_visible()
    page.locator("#jupyterlab-splash").wait_for(state="detached")


def follow_first_chapter(page: Page) -> None:
    """Follows the first link to a notebook, and sees that a tab of its own opens."""
    link = page.locator(f"{PANEL} a[href*='.ipynb']").first
    name = Path(link.get_attribute("href").partition("?")[0]).name
    link.click()
    tab = page.locator(".lm-DockPanel-tabBar .lm-TabBar-tabLabel").get_by_text(name, exact=True)
    expect(tab).to_be_visible()


def choose_korean(page: Page) -> None:
    """Chooses the menus in Korean as a reader does."""
    page.locator(".lm-MenuBar-itemLabel").get_by_text("Settings", exact=True).click()
    page.locator(".lm-Menu-itemLabel").get_by_text("Language", exact=True).click()
    page.locator(".lm-Menu-itemLabel").get_by_text("한국어").click()
    page.locator(".jp-Dialog button.jp-mod-accept").click()
    # The page is loaded anew. The letter that opens the first menu may stand behind its name.
    expect(page.locator(".lm-MenuBar-itemLabel").first).to_have_text(re.compile("^파일"))
    page.locator("#jupyterlab-splash").wait_for(state="detached")
