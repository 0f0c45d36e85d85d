import unittest
from pathlib import Path

from nbformat import v4

from notebooks import guide
from tests.cells import cell, notebook
from website.build import WORDS

CHECKOUT = Path(__file__).resolve().parents[3]


class EveryLanguage(unittest.TestCase):
    """What a new language needs besides its chapters: each is a place that somebody may forget."""

    def test_has_its_part_of_the_pages_beside_the_chapters(self) -> None:
        for page in ("README.md", "TEACHING.md"):
            lines = (CHECKOUT / "notebooks" / page).read_text(encoding="utf-8").splitlines()
            for name in guide.LANGUAGES.values():
                self.assertTrue(f"## {name}" in lines, f"{page} has no part {name}")

    def test_has_pages_and_words_of_the_site(self) -> None:
        site = CHECKOUT / "lab" / "site"
        self.assertEqual(list(WORDS), list(guide.LANGUAGES))
        for language in guide.LANGUAGES:
            for page in (f"pages/{language}/index.md", f"templates/run/{language}.html"):
                self.assertTrue((site / page).is_file(), f"there is no {site / page}")

    def test_has_a_folder_for_flags_in_the_image(self) -> None:
        dockerfile = (CHECKOUT / "Dockerfile").read_text(encoding="utf-8")
        for language in guide.LANGUAGES:
            folder = f"notebooks/{language}/downloads"
            self.assertTrue(folder in dockerfile, f"the Dockerfile makes no {folder}")


class TwoLanguages(unittest.TestCase):
    english = notebook(v4.new_markdown_cell("#"), cell(source="one"), cell(source="two"))

    def difference(self, *cells) -> str | None:
        return guide.first_difference(self.english, notebook(*cells))

    def test_may_differ_in_their_text_and_outputs(self) -> None:
        text = v4.new_markdown_cell("# 제너레이터")
        cells = [cell(source=source, count=9) for source in ("one", "two")]
        self.assertIsNone(self.difference(text, *cells))

    def test_differ_by_a_character_of_code(self) -> None:
        difference = self.difference(cell(source="one"), cell(source="2"))
        self.assertIn("code cell number 2 (cell 2, cell 1 there)", difference)
        self.assertIn("-2\n    +two", difference)

    def test_differ_by_the_order_of_cells(self) -> None:
        self.assertIn("number 1", self.difference(cell(source="two"), cell(source="one")))

    def test_differ_by_a_cell_more(self) -> None:
        cells = [cell(source=source) for source in ("one", "two", "three")]
        self.assertIn("number 3", self.difference(*cells))

    def test_differ_by_a_tag(self) -> None:
        tagged = cell(source="two", tags=("raises-exception",))
        self.assertIn("raises-exception", self.difference(cell(source="one"), tagged))
