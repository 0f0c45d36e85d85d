"""Sphinx's settings for the site; `lab/python/website/build.py` adds language and title."""

import re
from collections.abc import Iterator

from sphinx.search import SearchLanguage

from notebooks import guide

author = "The Hitchhiker's Guide to Coroutines, in Rust"
extensions = ["myst_nb", "sphinx_copybutton"]
templates_path = ["templates"]
html_context = {"languages": guide.LANGUAGES}

# The notebooks hold what a fresh kernel showed, and the site shows just that.
nb_execution_mode = "off"
nb_merge_streams = True
# An error of the Rust kernel is plain text, and not a traceback of IPython's with its colours.
nb_render_error_lexer = "text"
myst_heading_anchors = 4

html_theme = "furo"
html_static_path = ["static"]
html_css_files = ["guide.css"]
html_js_files = ["guide.js"]
html_favicon = "static/icon.svg"
html_copy_source = False
html_show_sourcelink = False
html_use_index = False
html_sidebars = {
    "**": [
        "sidebar/brand.html",
        "sidebar/languages.html",
        "sidebar/search.html",
        "sidebar/scroll-start.html",
        "sidebar/navigation.html",
        "sidebar/reference.html",
        "sidebar/scroll-end.html",
    ]
}
# Prompts and outputs stay where they are when a cell is copied.
copybutton_selector = "div.cell_input pre, div.highlight-python pre, div.highlight-sh pre"

_HANGUL = re.compile(r"[가-힣]+")


class SearchKorean(SearchLanguage):
    """Lets the search find a Korean word, whatever particles stand behind it in the text.

    Sphinx knows no Korean. Korean adds endings to a word, so the index also holds each beginning
    of a written word.
    """

    lang = "ko"
    language_name = "Korean"

    def split(self, input: str) -> list[str]:
        return [part for word in super().split(input) for part in _beginnings(word)]

    def stem(self, word: str) -> str:
        # The search page looks for words in small letters, whatever a reader has typed.
        return word.lower()


def _beginnings(word: str) -> Iterator[str]:
    yield word
    if _HANGUL.fullmatch(word):
        for length in range(2, len(word)):
            yield word[:length]


def setup(app) -> None:
    app.add_search_language(SearchKorean)
