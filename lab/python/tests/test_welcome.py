"""Holds the pages beside the notebooks against the notebooks."""

import re
import unittest
from pathlib import Path

from notebooks import guide
from website.build import section

CHECKOUT = Path(__file__).resolve().parents[3]
NOTEBOOKS = CHECKOUT / "notebooks"
WELCOME, TEACHING = NOTEBOOKS / "README.md", NOTEBOOKS / "TEACHING.md"
CARDS = [NOTEBOOKS / language / "CARD.md" for language in guide.LANGUAGES]

_LINK = re.compile(r"\]\(([^)#:]+)(?:#([^)]*))?\)")
_LINK_HERE = re.compile(r"\]\(#([^)]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)

# How the page for teachers says that a class reads up to a section of a chapter.
_UP_TO = re.compile(r"""up to "([^"\n]+)"|'([^'\n]+)' 앞까지""")

# A row of the welcome: the notebook's title and address, its question, its minutes.
_ROW = re.compile(r"^\| \[(.+)\]\((.+\.ipynb)\) \| (.+) \| (\d+) \|$", re.MULTILINE)

# A notebook's first cell: the title, then question and minutes, each behind bold words.
_HEAD = re.compile(r"# (.+)\n\n\*\*[^*]+\*\* (.+?) \*\*[^*]+\*\* \D*(\d+)")


def anchors(page: Path) -> list[str]:
    """The headings of a page, by which GitHub and JupyterLab let a link name them."""
    return _HEADING.findall(page.read_text(encoding="utf-8"))


class ThePages(unittest.TestCase):
    def test_link_to_files_and_headings_that_exist(self) -> None:
        for page in (WELCOME, TEACHING, *CARDS):
            text = page.read_text(encoding="utf-8")
            for address, anchor in _LINK.findall(text):
                with self.subTest(page=page.name, address=address):
                    target = page.parent / address
                    self.assertTrue(target.exists())
                    if anchor:
                        self.assertIn(anchor, anchors(target))
            for anchor in _LINK_HERE.findall(text):
                with self.subTest(page=page.name, anchor=anchor):
                    self.assertIn(anchor, anchors(page))

    def test_lead_from_the_welcome_and_the_last_chapter_to_the_card(self) -> None:
        for card in CARDS:
            self.assertIn(f"]({guide.name(card)})", WELCOME.read_text(encoding="utf-8"))
            *_, last = sorted(card.parent.glob("[0-9]*.ipynb"))
            texts = [cell.source for cell in guide.read(last).cells]
            self.assertTrue(any("](CARD.md)" in text for text in texts), guide.name(last))

    def test_name_sections_that_the_chapters_have(self) -> None:
        page = TEACHING.read_text(encoding="utf-8")
        for language in guide.LANGUAGES:
            cells = [
                cell
                for path in guide.paths(NOTEBOOKS)
                for cell in guide.read(path).cells
                if path.parent.name == language and cell.cell_type == "markdown"
            ]
            headings = {heading for cell in cells for heading in _HEADING.findall(cell.source)}
            names = {one or other for one, other in _UP_TO.findall(section(page, language))}
            with self.subTest(language=language):
                self.assertTrue(names, "the page says otherwise how far a class reads")
                self.assertEqual(names - headings, set(), "no chapter has such a section")

    def test_link_to_every_notebook(self) -> None:
        for page in (WELCOME, TEACHING):
            linked = {address for address, _ in _LINK.findall(page.read_text(encoding="utf-8"))}
            missing = {guide.name(path) for path in guide.paths(NOTEBOOKS)} - linked
            self.assertEqual(missing, set(), page.name)

    def test_of_the_checkout_links_to_every_notebook(self) -> None:
        readme = (CHECKOUT / "README.md").read_text(encoding="utf-8")
        paths = {str(path.relative_to(CHECKOUT)) for path in guide.paths(NOTEBOOKS)}
        linked = {address for address, _ in _LINK.findall(readme)}
        self.assertEqual(paths - linked, set(), "README.md")

    def test_ask_what_the_notebooks_ask_and_take_as_long(self) -> None:
        rows = {row[1]: row for row in _ROW.findall(WELCOME.read_text(encoding="utf-8"))}
        for path in guide.paths(NOTEBOOKS):
            with self.subTest(notebook=guide.name(path)):
                head = _HEAD.match(guide.read(path).cells[0].source)
                self.assertIsNotNone(head, "its first cell has no question and no time")
                title, question, minutes = head.groups()
                question = question[0].upper() + question[1:]
                row = (title, guide.name(path), question, minutes)
                self.assertEqual(rows.get(guide.name(path)), row)


class TheNotebooks(unittest.TestCase):
    def test_link_to_notebooks_that_exist(self) -> None:
        for path in guide.paths(NOTEBOOKS):
            texts = [cell.source for cell in guide.read(path).cells if cell.cell_type == "markdown"]
            for address, _ in _LINK.findall("\n".join(texts)):
                with self.subTest(notebook=guide.name(path), address=address):
                    self.assertTrue((path.parent / address).exists())
