"""Holds the Korean texts against the list of terms in CONTRIBUTING.md."""

from __future__ import annotations

import re
import unicodedata
import unittest
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from notebooks import guide
from website.build import section

CHECKOUT = Path(__file__).resolve().parents[3]
NOTEBOOKS, SITE = CHECKOUT / "notebooks", CHECKOUT / "lab" / "site"

_LIST = re.compile(r"^\| concept \| word \| out \|\n\|[-|]+\|\n((?:\|.*\|\n)+)", re.MULTILINE)
_WORD = re.compile(r"`([^`]+)`")


@dataclass(frozen=True)
class Term:
    words: list[str]
    out: list[str]

    def misuses(self, text: str) -> Iterator[tuple[str, str]]:
        """Each word of `text` that is out, with the text around it."""
        for out in self.out:
            for found in _pattern(out).finditer(text):
                # 복사본 is the word for a copy, although 사본 is out.
                if not any(_is_inside(found, word) for word in self.words):
                    start, end = found.span()
                    around = text[max(0, start - 40) : end + 40]
                    yield out, unicodedata.normalize("NFC", around).replace("\n", " ")


def _pattern(word: str) -> re.Pattern[str]:
    """Finds a word in a text that is normalized to NFD, which spells a syllable letter by letter.

    So the stem of 부르- is found in 부른 and in 부릅니다, too.
    """
    stem = word.removesuffix("-")
    letters = re.escape(unicodedata.normalize("NFD", stem))
    if stem != word:
        return re.compile(letters)
    # A whole word ends with its last syllable, and no final consonant follows it.
    return re.compile(letters + "(?![\u11a8-\u11ff])")


def _is_inside(found: re.Match[str], word: str) -> bool:
    return any(
        right.start() <= found.start() and found.end() <= right.end()
        for right in _pattern(word).finditer(found.string)
    )


def terms() -> list[Term]:
    contributing = (CHECKOUT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    found = []
    for row in _LIST.search(contributing)[1].splitlines():
        _, _, words, out, _ = row.split("|")
        found.append(Term(_WORD.findall(words), _WORD.findall(out)))
    return found


def texts() -> Iterator[tuple[str, str]]:
    """Every Korean text with its name, normalized to NFD."""
    for name, text in _texts():
        yield name, unicodedata.normalize("NFD", text)


def _texts() -> Iterator[tuple[str, str]]:
    for path in guide.paths(NOTEBOOKS):
        if path.parent.name == "ko":
            yield guide.name(path), "\n".join(cell.source for cell in guide.read(path).cells)
    for page in ("README.md", "TEACHING.md"):
        yield page, section((NOTEBOOKS / page).read_text(encoding="utf-8"), "ko")
    pages = [NOTEBOOKS / "ko" / "CARD.md", SITE / "templates" / "run" / "ko.html"]
    for page in [*pages, *sorted((SITE / "pages" / "ko").glob("*.md"))]:
        yield str(page.relative_to(CHECKOUT)), page.read_text(encoding="utf-8")


class TheKoreanTexts(unittest.TestCase):
    def test_have_no_word_that_the_list_rules_out(self) -> None:
        for name, text in texts():
            for term in terms():
                for out, around in term.misuses(text):
                    with self.subTest(text=name, out=out, words=term.words):
                        self.fail(f"…{around}…")

    def test_use_a_word_of_each_term(self) -> None:
        everything = "\n".join(text for _, text in texts())
        for term in terms():
            with self.subTest(words=term.words):
                # A verb of the list is in its dictionary form, which few sentences have.
                stems = [word.removesuffix("하다").removesuffix("다") + "-" for word in term.words]
                self.assertTrue(any(_pattern(stem).search(everything) for stem in stems))


class AWordThatIsOut(unittest.TestCase):
    def found(self, term: Term, text: str) -> list[str]:
        return [out for out, _ in term.misuses(unicodedata.normalize("NFD", text))]

    def test_is_found_with_a_particle(self) -> None:
        self.assertEqual(self.found(Term(["에러"], ["오류"]), "오류가 납니다."), ["오류"])

    def test_is_found_with_every_ending_where_it_is_a_stem(self) -> None:
        call = Term(["호출하다"], ["함수를 부르-"])
        for text in ("함수를 부르면", "함수를 부른 쪽", "함수를 부를 때", "함수를 부릅니다"):
            self.assertEqual(self.found(call, text), ["함수를 부르-"], text)

    def test_is_not_found_in_another_word_that_begins_alike(self) -> None:
        self.assertEqual(self.found(Term(["박스"], ["상자"]), "상장 폐지"), [])

    def test_may_be_a_part_of_the_right_word(self) -> None:
        copy = Term(["복사본"], ["사본"])
        self.assertEqual(self.found(copy, "복사본을 만듭니다."), [])
        self.assertEqual(self.found(copy, "복사본과 사본"), ["사본"])
