"""Builds the guide's site from the notebooks as they are stored.

    python -m website.build NOTEBOOKS SETTINGS API SITE [PLACE ...]

NOTEBOOKS holds a folder of chapters for each language, SETTINGS is `lab/site`, and API the crate's
documentation as rustdoc made it. A PLACE tells where the guide is published: `repository=…`,
`image=…` or `binder=…`. Nothing is run, and nothing is loaded from another host.
"""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from notebooks import guide, predictions


@dataclass(frozen=True)
class Words:
    """The words of the site in one language, beside those of its pages."""

    title: str
    teaching: str
    table_head: tuple[str, str, str]
    reference: str
    # The button that folds the output of a prediction, folded and unfolded.
    prompts: tuple[str, str]


WORDS = {
    "en": Words(
        title="The Hitchhiker's Guide to Coroutines",
        teaching="For teachers",
        table_head=("Chapter", "Question", "Minutes"),
        reference="The crate's documentation",
        prompts=("Show the output", "Hide the output"),
    ),
    "ko": Words(
        title="코루틴을 여행하는 히치하이커를 위한 안내서",
        teaching="가르치는 분께",
        table_head=("장", "질문", "분"),
        reference="크레이트 문서 (영어)",
        prompts=("출력 보기", "출력 접기"),
    ),
}

# The cell of chapter 3 that shows the download once more, as an animated GIF.
ARRIVALS = ("03-flags.ipynb", "replay")

# This page leads to the pages in the browser's first language that the site has, or else in the
# site's first language.
ENTRY = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>The Hitchhiker's Guide to Coroutines, in Rust</title>
<script>
  const there = {codes};
  const asked = navigator.languages.map(code => code.slice(0, 2));
  location.replace((asked.find(code => there.includes(code)) ?? there[0]) + "/index.html");
</script>
<p>{links}</p>
</html>
"""


class Unfit(Exception):
    """No site can be made from the notebooks and pages that are there."""


def main(notebooks: Path, settings: Path, api: Path, site: Path, *places: str) -> int:
    shutil.rmtree(site, ignore_errors=True)
    site.mkdir(parents=True)
    try:
        for language in guide.LANGUAGES:
            print(f"Building the pages in {guide.LANGUAGES[language]}.", flush=True)
            build_language(language, notebooks, settings, site, places)
    except (Unfit, guide.Unreadable) as error:
        print(error, file=sys.stderr)
        return 1
    shutil.copytree(api, site / "api")
    links = [
        f'<a href="{code}/index.html" lang="{code}">{name}</a>'
        for code, name in guide.LANGUAGES.items()
    ]
    codes = json.dumps(list(guide.LANGUAGES))
    entry = ENTRY.format(codes=codes, links=" · ".join(links))
    (site / "index.html").write_text(entry, encoding="utf-8")
    # GitHub Pages leaves out folders with an underscore unless this file is there.
    (site / ".nojekyll").touch()
    return 0


def build_language(
    language: str, notebooks: Path, settings: Path, site: Path, places: tuple[str, ...]
) -> None:
    # myst-nb leaves a folder of its own beside the pages that it makes.
    with tempfile.TemporaryDirectory() as folder:
        pages, html = Path(folder) / "pages", Path(folder) / "html"
        gather(language, notebooks, settings / "pages" / language, pages)
        # Sphinx sets its extensions up once for a process, so each language has its own process.
        sphinx = [sys.executable, "-m", "sphinx", "-b", "html", "-c", settings]
        # Sphinx prints warnings only, and each of them fails the build.
        options = ["-q", "-W", "--keep-going", "-D", f"language={language}"]
        words = WORDS[language]
        options += ["-D", f"project={words.title}", "-D", f"html_title={words.title}"]
        for button, prompt in zip(("show", "hide"), words.prompts, strict=True):
            options += ["-D", f"nb_code_prompt_{button}={prompt}"]
        told = [f"reference={words.reference}", *places]
        options += [part for value in told for part in ("-A", value)]
        if subprocess.run([*sphinx, *options, pages, html]).returncode:
            raise Unfit(f"the pages in {guide.LANGUAGES[language]} have the faults told above")
        shutil.rmtree(html / ".doctrees")
        shutil.copytree(html, site / language)


def gather(language: str, notebooks: Path, own_pages: Path, pages: Path) -> None:
    """Puts everything that the pages of one language are made from into the folder `pages`."""
    shutil.copytree(own_pages, pages)
    # The pictures that all languages show lie beside the languages, as they do in the notebooks.
    shutil.copytree(notebooks / "pictures", pages.parent / "pictures")
    for path in (notebooks / language).glob("*.ipynb"):
        nbformat.write(folding(guide.read(path)), pages / path.name)
    card = (notebooks / language / "CARD.md").read_text(encoding="utf-8")
    # Its second paragraph leads to the other languages and the chapters, as the sidebar does here.
    title, _, text = card.split("\n\n", 2)
    (pages / "CARD.md").write_text(f"{title}\n\n{text}", encoding="utf-8")
    readme = (notebooks / "README.md").read_text(encoding="utf-8")
    index = pages / "index.md"
    front = index.read_text(encoding="utf-8")
    index.write_text(front.replace("<!-- chapters -->", contents(language, readme)), "utf-8")
    teaching = section((notebooks / "TEACHING.md").read_text(encoding="utf-8"), language)
    title = f"# {WORDS[language].teaching}\n"
    (pages / "TEACHING.md").write_text(title + within(language, teaching), encoding="utf-8")
    chapter, cell = ARRIVALS
    (pages / "arrivals.gif").write_bytes(
        shown_gif(guide.read(notebooks / language / chapter), cell)
    )


def folding(chapter: NotebookNode) -> NotebookNode:
    """The chapter, with myst-nb's tag for a folded output on each cell that is a prediction."""
    for _, cell in guide.code_cells(chapter):
        if predictions.PREDICT in guide.tags(cell):
            cell.metadata.tags.append("hide-output")
    return chapter


def section(page: str, language: str) -> str:
    """The part of a page that is in `language`, with its headings one level higher."""
    parts = re.split(r"^## (.+)\n", page, flags=re.MULTILINE)
    text = dict(zip(parts[1::2], parts[2::2], strict=True))[guide.LANGUAGES[language]]
    return re.sub(r"^##(#+ )", r"#\1", text, flags=re.MULTILINE)


def within(language: str, text: str) -> str:
    """The text, with its links changed for a page that lies beside the chapters."""
    return re.sub(rf"\]\({language}/", "](", text)


def contents(language: str, readme: str) -> str:
    """The table of chapters for the front page, and the order of the chapters."""
    rows = re.findall(r"^\| \[.+\d+ \|$", section(readme, language), flags=re.MULTILINE)
    if not rows:
        raise Unfit(f"the table of chapters in {guide.LANGUAGES[language]} is not in README.md")
    table = [f"| {' | '.join(WORDS[language].table_head)} |", "|---|---|--:|", *rows]
    chapters = re.findall(rf"\({language}/(.+)\.ipynb\)", "\n".join(rows))
    order = ["```{toctree}", ":hidden:", "", *chapters, "CARD", "TEACHING", "```"]
    return within(language, "\n".join([*table, "", *order]))


def shown_gif(chapter: NotebookNode, cell_id: str) -> bytes:
    """The GIF that the cell shows."""
    for cell in chapter.cells:
        if cell.id == cell_id:
            html = "".join(str(output.get("data", {})) for output in cell.outputs)
            found = re.search(r"data:image/gif;base64,([A-Za-z0-9+/=]+)", html)
            if found:
                return base64.b64decode(found[1])
    raise Unfit(f"the cell {cell_id} of {ARRIVALS[0]} shows no GIF: `cargo lab render` stores it")


if __name__ == "__main__":
    folders = map(Path, sys.argv[1:5])
    sys.exit(main(*folders, *sys.argv[5:]))
