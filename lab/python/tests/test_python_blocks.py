"""Runs the Python in the chapters' text, and holds what it shows against what the text says.

The Python of a chapter runs as the cells of one notebook, in a Python kernel. What a block shows is
told by the block of `text` that follows it. Without one, a block that begins with the original's
`# In [n]` shows what the Rust cell `// In [n]` shows, and any other block shows nothing.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
import unittest
from dataclasses import dataclass
from pathlib import Path

import nbclient
from nbformat import NotebookNode, v4

from notebooks import guide
from tests.cells import cell, notebook, result, stream

NOTEBOOKS = Path(__file__).resolve().parents[3] / "notebooks"

# A fenced block of Python, and the block of text that says what it shows, where there is one.
_BLOCK = re.compile(
    r"^```python\n(?P<code>.*?)^```$(?:\n+```text\n(?P<shows>.*?)^```$)?", re.MULTILINE | re.DOTALL
)

# The first line of a block that is not run, because it is written for a Python of long ago.
_OF_LONG_AGO = re.compile(r"# .*\bfor Python \d+\.\d+")

_ORIGINAL = re.compile(r"(?:#|//) (In \[\d+\])")

# A line that is a comment, which a language may have in words of its own. `# In [n]` is none.
_COMMENT = re.compile(r"^ *# (?!In \[).*\n", re.MULTILINE)

# An error names types, and the same type has another name in Rust.
_PYTHONS_WORDS = {"'i64'": "'int'", "'None'": "'NoneType'"}

# What `In [1]` imports and names before its own first line. The site is one of ours, on real
# sockets. It counts the requests that are open, and answers the first one for Indonesia by a 503.
BEFORE = {
    "03-flags.ipynb": """
import asyncio, os, random, time
import aiohttp
from aiohttp import web

POP20_CC = 'CN IN US ID BR PK NG BD RU JP KR MX PH VN ET EG DE IR TR CD FR'.split()
open_now, most_open, failed = 0, 0, set()

async def answer(request):
    global open_now, most_open
    open_now += 1
    most_open = max(most_open, open_now)
    await asyncio.sleep(0.02)
    open_now -= 1
    cc = request.match_info['cc']
    if cc == 'id' and cc not in failed:
        failed.add(cc)
        raise web.HTTPServiceUnavailable(text='the page of a 503')
    return web.Response(body=b'GIF89a' + cc.encode())

site = web.Application()
site.router.add_get('/{cc}/{file}', answer)
runner = web.AppRunner(site)
await runner.setup()
await web.TCPSite(runner, '127.0.0.1', 0).start()
BASE_URL = 'http://{}:{}'.format(*runner.addresses[0][:2])
""",
    "07-event-loop.ipynb": """
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

class Site(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'GIF89a')

    def log_message(self, *_):
        pass

site = ThreadingHTTPServer(('127.0.0.1', 0), Site)
threading.Thread(target=site.serve_forever, daemon=True).start()
ADDRESS = site.server_address
""",
}


@dataclass
class Block:
    """A block of Python in a text cell."""

    code: str
    shows: list[str]

    @property
    def is_of_long_ago(self) -> bool:
        return bool(_OF_LONG_AGO.match(self.code))


def blocks(chapter: NotebookNode) -> list[Block]:
    """The Python of a chapter, in the order of its text."""
    found = []
    for index, text in enumerate(chapter.cells):
        if text.cell_type != "markdown":
            continue
        for match in _BLOCK.finditer(text.source):
            original = _ORIGINAL.match(match["code"])
            if match["shows"] is not None:
                shows = match["shows"].splitlines()
            elif original and not _OF_LONG_AGO.match(match["code"]):
                shows = shown(twin(chapter.cells[index:], original[1]))
            else:
                shows = []
            found.append(Block(match["code"], shows))
    return found


def twin(cells: list[NotebookNode], original: str) -> NotebookNode:
    """The first of these cells that is the Rust of the original's cell `In [n]`."""
    return next(
        candidate
        for candidate in cells
        if candidate.cell_type == "code" and candidate.source.startswith(f"// {original}")
    )


def shown(ran: NotebookNode) -> list[str]:
    """The lines that a cell of either language shows, in Python's words."""
    printed, errors, results = "", "", ""
    for output in ran.outputs:
        if output.output_type == "stream" and output.name == "stdout":
            printed += output.text
        elif output.output_type == "stream":
            errors += output.text
        elif output.output_type == "error":
            errors += f"{output.ename}: {output.evalue}".removesuffix(": ")
        else:
            results += output.data["text/plain"]
    lines = [*printed.splitlines(), *results.splitlines(), *errors.splitlines()]
    for ours, pythons in _PYTHONS_WORDS.items():
        lines = [line.replace(ours, pythons) for line in lines]
    return lines


def without_comments(path: Path) -> list[str]:
    """The code of a chapter's blocks, which is the same in every language."""
    return [_COMMENT.sub("", block.code) for block in blocks(guide.read(path))]


def run(codes: list[str]) -> list[list[str]]:
    """What each of these cells shows, in a fresh Python kernel."""
    python = v4.new_notebook(cells=[v4.new_code_cell(code) for code in codes])
    with tempfile.TemporaryDirectory() as folder:
        nbclient.NotebookClient(
            python,
            kernel_name="python3",
            timeout=60,
            allow_errors=True,
            resources={"metadata": {"path": folder}},
            # On stderr the kernel warns that others on this machine could listen to it.
        ).execute(stderr=subprocess.DEVNULL)
    return [shown(ran) for ran in python.cells]


class TheChapters(unittest.TestCase):
    def test_show_in_python_what_their_text_says(self) -> None:
        # As the next test holds, the Python is the same in every language.
        for path in sorted((NOTEBOOKS / "en").glob("[0-9]*.ipynb")):
            told = [block for block in blocks(guide.read(path)) if not block.is_of_long_ago]
            before, *ran = run([BEFORE.get(path.name, ""), *(block.code for block in told)])
            self.assertEqual(before, [])
            for block, lines in zip(told, ran, strict=True):
                with self.subTest(chapter=path.name, code=block.code):
                    self.assertEqual(block.shows, lines)

    def test_hold_the_same_python_in_every_language(self) -> None:
        for path in guide.paths(NOTEBOOKS):
            ours = without_comments(path)
            for other in guide.twins(path):
                with self.subTest(notebook=guide.name(path), other=guide.name(other)):
                    self.assertEqual(ours, without_comments(other))


class TheFlags(unittest.TestCase):
    """Tests what chapter 3 says of its Python, beyond what the Python shows."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.blocks = blocks(guide.read(NOTEBOOKS / "en" / "03-flags.ipynb"))
        cls.of_today = [block.code for block in cls.blocks if not block.is_of_long_ago]

    def after(self, *codes: str) -> list[list[str]]:
        return run([BEFORE["03-flags.ipynb"], *codes])[1:]

    def test_the_original_as_printed_fails_on_the_aiohttp_of_today(self) -> None:
        (original,) = (block.code for block in self.blocks if block.is_of_long_ago)
        get_flag = original.partition("t0 =")[0]
        _, lines = self.after(get_flag, "await get_flag('cn')")
        self.assertIn("TypeError", lines[-1])
        self.assertIn("await", lines[-1])

    def test_a_task_cannot_be_made_while_no_loop_runs(self) -> None:
        outside = "import threading\nthreading.excepthook = lambda e: print(e.exc_type.__name__)"
        thread = (
            "async def nothing(): pass\n"
            "t = threading.Thread(target=lambda: asyncio.create_task(nothing()))\n"
            "t.start(); t.join()"
        )
        _, lines = self.after(outside, thread)
        self.assertIn("RuntimeError", lines)

    def test_the_page_of_a_503_is_a_flag_to_who_does_not_look_at_the_status(self) -> None:
        *_, lines = self.after(
            self.of_today[0],
            "async with aiohttp.ClientSession() as session:\n"
            "    image = await get_flag(session, 'ID')\n"
            "image",
        )
        self.assertEqual(lines, ["b'the page of a 503'"])

    def test_the_semaphore_lets_no_more_than_three_requests_be_open(self) -> None:
        get_flag, all_at_once, politely, _ = self.of_today
        begin = "without, most_open = most_open, 0"
        *_, shown = self.after(
            get_flag, all_at_once, begin, politely, "without > 3, most_open <= 3"
        )
        self.assertEqual(shown, ["(True, True)"])

    def test_a_flag_whose_first_answer_was_a_503_arrives_later(self) -> None:
        get_flag, *_, patiently = self.of_today
        whole = "sum(image.startswith(b'GIF89a') for image in images)"
        *_, shown = self.after(get_flag, patiently, f"failed, {whole}")
        self.assertEqual(shown, ["({'id'}, 21)"])


class ABlock(unittest.TestCase):
    """The rules that the chapters are held against, on chapters made for them."""

    def chapter(self, text: str, *code: NotebookNode) -> list[Block]:
        return blocks(notebook(v4.new_markdown_cell(text), *code))

    def test_shows_the_text_that_follows_it(self) -> None:
        (block,) = self.chapter("Look:\n\n```python\nprint(1)\n```\n\n```text\n1\n```\n")
        self.assertEqual((block.code, block.shows), ("print(1)\n", ["1"]))

    def test_of_the_original_shows_what_its_twin_shows(self) -> None:
        error = "TypeError: unsupported operand type(s) for +=: 'i64' and 'None'"
        twin = cell(stream("100\n"), result(text_plain="60"), stream(error, "stderr"))
        twin.source = "// In [7]\nlet x = 1;"
        (block,) = self.chapter("```python\n# In [7]\nx = 1\n```", cell(source="// y"), twin)
        error = "TypeError: unsupported operand type(s) for +=: 'int' and 'NoneType'"
        self.assertEqual(block.shows, ["100", "60", error])

    def test_else_shows_nothing(self) -> None:
        (block,) = self.chapter("```python\nprint(1)\n```\nAnd:\n```text\n1\n```", cell())
        self.assertEqual(block.shows, [])

    def test_is_run_with_the_names_of_those_before_it(self) -> None:
        lines = run(["x = 5", "print(x)\nx + 1", "await nothing", "1 / 0"])
        error = "NameError: name 'nothing' is not defined"
        self.assertEqual(lines, [[], ["5", "6"], [error], ["ZeroDivisionError: division by zero"]])
