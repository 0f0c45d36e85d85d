"""Looks at the built site in headless Chromium, as GitHub Pages would serve it: under a path.

`cargo lab test site` runs these tests. In the environment, GUIDE_SITE names the folder that
website.build made, and a picture of each page goes into the folder GUIDE_SITE_PICTURES.
"""

from __future__ import annotations

import os
import unittest
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote, unquote, urldefrag, urljoin

from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, Page, expect

from browser.chromium import NoBrowser, chromium
from notebooks import guide
from website import build
from website.serve import served

SITE, PICTURES = Path(os.environ["GUIDE_SITE"]), Path(os.environ["GUIDE_SITE_PICTURES"])

# axe checks a page by the levels A and AA of the Web Content Accessibility Guidelines.
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}

# A sound page is there at once. The limit leaves room for a busy machine.
LIMIT_MS = 120_000

WIDE, NARROW = 1280, 390

# A word of each chapter's own. In Korean it is a noun that has endings in the text.
WORDS = {
    "en": {
        "01-generators": "countdown",
        "02-coroutines": "demolished",
        "03-flags": "Gallery",
        "04-by-hand": "RunningTotal",
        "05-delegation": "booking",
        "06-pipelines": "broadcast",
        "07-event-loop": "round_robin",
        "08-poll-and-wake": "block_on",
        "09-executor": "reactor",
        "10-async-fn": "Unpin",
        "11-stopping": "JoinSet",
    },
    "ko": {
        "01-generators": "제너레이터",
        "02-coroutines": "누산기",
        "03-flags": "국기",
        "04-by-hand": "바이트",
        "05-delegation": "위임",
        "06-pipelines": "파이프라인",
        "07-event-loop": "이벤트",
        "08-poll-and-wake": "폴링",
        "09-executor": "리액터",
        "10-async-fn": "주소",
        "11-stopping": "취소",
    },
}


def pages(language: str) -> list[Path]:
    return sorted((SITE / language).glob("*.html"))


def chapters(language: str) -> list[str]:
    return [path.stem for path in pages(language) if path.stem[0].isdigit()]


class Links(unittest.TestCase):
    """Tests that need no browser."""

    def test_lead_to_a_page_and_a_heading_of_the_site(self) -> None:
        soups: dict[Path, BeautifulSoup] = {}

        def soup(path: Path) -> BeautifulSoup:
            if path not in soups:
                soups[path] = BeautifulSoup(path.read_text("utf-8"), "html.parser")
            return soups[path]

        for path in [page for language in guide.LANGUAGES for page in pages(language)]:
            for link in soup(path).find_all(["a", "img", "link", "script"]):
                address = link.get("href") or link.get("src") or ""
                if not address or "://" in address or address.startswith(("data:", "mailto:")):
                    continue
                with self.subTest(page=path.relative_to(SITE), link=address):
                    target, anchor = urldefrag(address.partition("?")[0] or path.name)
                    file = (path.parent / unquote(target or path.name)).resolve()
                    self.assertTrue(file.is_file(), "no such page")
                    if anchor and file.suffix == ".html":
                        found = soup(file).find(id=unquote(anchor))
                        self.assertIsNotNone(found, "no such heading")


class InABrowser(unittest.TestCase):
    browser: Browser
    base: str

    @classmethod
    def setUpClass(cls) -> None:
        stack = ExitStack()
        cls.addClassCleanup(stack.close)
        # The site lies under a path, as the pages of a repository do.
        address = stack.enter_context(served(SITE.parent))
        cls.base = urljoin(address, f"{quote(SITE.name)}/")
        try:
            cls.browser = stack.enter_context(chromium())
        except NoBrowser as error:
            raise unittest.SkipTest(str(error)) from None
        expect.set_options(timeout=LIMIT_MS)
        PICTURES.mkdir(parents=True, exist_ok=True)

    def each_page(self) -> Iterator[tuple[str, str]]:
        """Each page's language and address."""
        for language in guide.LANGUAGES:
            for path in pages(language):
                yield language, f"{self.base}{language}/{path.name}"

    def page(self, width: int = WIDE, scheme: str = "light") -> Page:
        viewport = {"width": width, "height": 900}
        page = self.browser.new_page(viewport=viewport, color_scheme=scheme)
        page.set_default_timeout(LIMIT_MS)
        self.addCleanup(page.close)
        return page

    def test_each_page_loads_whole_and_asks_nothing_of_another_host(self) -> None:
        page = self.page()
        said, asked, failed = [], [], []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.on("response", lambda answer: failed.append(answer.url) if answer.status > 399 else 0)
        for address in [self.base, *(address for _, address in self.each_page())]:
            for seen in (said, asked, failed):
                seen.clear()
            page.goto(address, wait_until="networkidle")
            with self.subTest(page=address):
                self.assertEqual(said, [])
                self.assertEqual(failed, [])
                elsewhere = [u for u in asked if not u.startswith((self.base, "data:"))]
                self.assertEqual(elsewhere, [])

    def test_each_page_fits_a_wide_window(self) -> None:
        self.fits(WIDE)

    def test_each_page_fits_a_phone(self) -> None:
        self.fits(NARROW)

    def fits(self, width: int) -> None:
        for scheme in ("light", "dark"):
            page = self.page(width, scheme)
            for language, address in self.each_page():
                page.goto(address)
                name = f"{language}-{Path(address).stem}-{width}-{scheme}.png"
                page.screenshot(path=PICTURES / name, full_page=True)
                over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
                with self.subTest(page=address, scheme=scheme):
                    self.assertLessEqual(over, 0, "the page is wider than the window")

    def test_each_light_page_is_legible_and_has_names_for_a_screen_reader(self) -> None:
        self.is_accessible("light")

    def test_each_dark_page_is_legible_and_has_names_for_a_screen_reader(self) -> None:
        self.is_accessible("dark")

    def is_accessible(self, scheme: str) -> None:
        page = self.page(scheme=scheme)
        for _, address in self.each_page():
            page.goto(address)
            found = Axe().run(page, options=RULES)
            with self.subTest(page=address):
                self.assertEqual(found.violations_count, 0, found.generate_report())

    def test_the_output_of_a_prediction_is_folded_until_its_button_is_clicked(self) -> None:
        page = self.page()
        for language in guide.LANGUAGES:
            show, hide = build.WORDS[language].prompts
            page.goto(f"{self.base}{language}/01-generators.html")
            fold = page.locator("details.hide").first
            with self.subTest(language=language):
                expect(fold.locator(".cell_output")).to_be_hidden()
                fold.get_by_role("paragraph").get_by_text(show).click()
                expect(fold.locator(".cell_output")).to_be_visible()
                expect(fold.get_by_text(hide)).to_be_visible()

    def test_the_other_language_is_one_click_away_and_shows_the_same_page(self) -> None:
        page = self.page()
        for language, address in self.each_page():
            for other in [code for code in guide.LANGUAGES if code != language]:
                page.goto(address)
                page.locator(f".sidebar-drawer .guide-languages a[hreflang={other}]").click()
                with self.subTest(page=address, other=other):
                    expect(page).to_have_url(address.replace(f"/{language}/", f"/{other}/"))
                    self.assertEqual(page.locator("html").get_attribute("lang"), other)

    def test_a_phone_shows_the_switch_of_languages(self) -> None:
        page = self.page(NARROW)
        page.goto(f"{self.base}en/index.html")
        expect(page.locator(".guide-languages-narrow a")).to_be_visible()

    def test_search_finds_a_word_of_each_chapter(self) -> None:
        page = self.page()
        for language in guide.LANGUAGES:
            self.assertEqual(list(WORDS[language]), chapters(language))
            for chapter, word in WORDS[language].items():
                page.goto(f"{self.base}{language}/search.html?q={quote(word)}")
                found = page.locator(f"#search-results a[href^='{chapter}.html']")
                with self.subTest(chapter=f"{language}/{chapter}", word=word):
                    expect(found.first).to_be_visible()

    def test_the_chapters_follow_each_other(self) -> None:
        page = self.page()
        for language in guide.LANGUAGES:
            page.goto(f"{self.base}{language}/index.html")
            for chapter in chapters(language):
                page.locator("a.next-page").click()
                expect(page).to_have_url(f"{self.base}{language}/{chapter}.html")

    def test_the_crates_documentation_lies_beside_the_chapters(self) -> None:
        page = self.page()
        page.goto(f"{self.base}en/index.html")
        page.locator(".guide-reference a").click()
        expect(page).to_have_url(f"{self.base}api/hitchhiker/index.html")
        expect(page.get_by_role("heading", name="Crate hitchhiker")).to_be_visible()
