"""Starts the Chromium that is installed on this machine, without a window."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")


class NoBrowser(Exception):
    """No browser is installed that a program can drive."""

    def __init__(self) -> None:
        names = ", ".join(NAMES)
        super().__init__(f"no browser is on the PATH ({names}): install one, then try again")


@contextmanager
def chromium() -> Iterator[Browser]:
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        raise NoBrowser
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program,
            args=[
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ],
            # Chromium's sandbox does not start for root.
            chromium_sandbox=not hasattr(os, "geteuid") or os.geteuid() != 0,
        )
        yield browser
        browser.close()
