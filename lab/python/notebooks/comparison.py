"""Compares a cell's outputs with the stored ones, except for what differs from run to run.

nbval compares notebooks too, but it leaves out stderr and tracebacks. There the kernel puts an
error that `?` returned, a panic and a compile error.
"""

from __future__ import annotations

import base64
import binascii
import difflib
import hashlib
import re
from pathlib import Path

from nbformat import NotebookNode

from notebooks import guide

# A cell with this tag shows things in the order they arrived. Its lines are compared sorted.
ARRIVAL_ORDER = "arrival-order"

# A cell with this tag draws how long things took, which differs from run to run. Of its pictures,
# and of the bars between two `|` in a text, only the kind is compared. The rest of the text is
# compared as it is.
TIMINGS = "timings"

# A cell with this tag prints how often something happened, which differs from run to run. Its
# numbers are not compared.
COUNTS = "counts"

# A cell with this tag draws where values lie in memory, which differs from run to run. Only the
# kind of its pictures is compared. Addresses in texts are never compared.
ADDRESSES = "addresses"

_VOLATILE = [
    # A compile error has colours.
    (re.compile(r"\x1b\[[0-9;]*m"), ""),
    # A backtrace holds paths and line numbers of the machine's toolchain.
    (re.compile(r"^stack backtrace:\n(?:[ \t]+.*\n?)*", re.MULTILINE), "<backtrace>\n"),
    # A panic message holds the number of its thread.
    (re.compile(r"(thread '[^']*') \(\d+\)"), r"\1"),
    (re.compile(r"(127\.0\.0\.1|localhost|\[::1\]):\d+"), r"\1:<port>"),
    (re.compile(r"\b0x[0-9a-f]{6,16}\b"), "<address>"),
    (re.compile(r"(?<![\w.])\d+(?:\.\d+)? ?(?:ns|µs|ms|s|seconds?)\b"), "<time>"),
]

_DATA_URI = re.compile(r"(data:[\w/+.-]+;base64,)([A-Za-z0-9+/=]+)")

_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.])")

_BAR = re.compile(r"\|[^|\n]*\|")

# A line of a bar as text. Where a page has a bar of HTML, its cell has no such line.
_PROGRESS = re.compile(r".*\[#* *\] \d+ of \d+")

_MACHINE_PATH = re.compile(
    r"(?:/(?:home|root|Users|tmp|var/folders)/|[A-Za-z]:\\Users\\)[^\s'\"<>)]*"
)


def differences(stored: NotebookNode, fresh: NotebookNode) -> list[str]:
    """How the cell `fresh`, after a run, differs from `stored`: one text for each difference."""
    found = []
    if stored.execution_count != fresh.execution_count:
        found.append(
            f"stored with execution count {stored.execution_count}, a fresh kernel counts "
            f"{fresh.execution_count}"
        )
    before, after = shown(stored), shown(fresh)
    if before != after:
        diff = difflib.unified_diff(before, after, "stored", "shown now", lineterm="")
        found.append("\n".join(diff))
    return found


def shown(cell: NotebookNode) -> list[str]:
    """What a cell shows, as lines: a section for each kind of output.

    What differs from run to run is replaced.
    """
    streams = {"stdout": "", "stderr": ""}
    displays, sections = [], []
    for output in cell.outputs:
        if output.output_type == "stream":
            streams[output.name] += output.text
        elif output.output_type == "error":
            traceback = "\n".join(output.traceback)
            sections.append(("error", f"{output.ename}: {output.evalue}\n{traceback}"))
        elif output.output_type == "display_data":
            displays.append(sorted(output.data.items()))
        else:
            sections.extend(sorted(output.data.items()))
    tags = guide.tags(cell)
    if ARRIVAL_ORDER in tags:
        displays.sort()
    sections = [
        *(section for section in streams.items() if section[1]),
        *(section for display in displays for section in display),
        *sections,
    ]
    return [line for kind, content in sections for line in _section(kind, content, tags)]


def shown_at_the_end(stored: NotebookNode, fresh: NotebookNode) -> list[str]:
    """How a cell differs on a kernel without the relay, whose one result holds all displays."""
    before, after = _gist(stored), _gist(fresh)
    diff = difflib.unified_diff(before, after, "stored", "shown without the relay", lineterm="")
    return ["\n".join(diff)] if before != after else []


def _gist(cell: NotebookNode) -> list[str]:
    """The lines and pictures of a cell, in whatever output they are, without bars."""
    tags = guide.tags(cell)
    lines = []
    for output in cell.outputs:
        if output.output_type == "stream":
            lines += _section(output.name, output.text, tags)[1:]
        elif output.output_type == "error":
            lines += _section("error", output.evalue, tags)[1:]
        else:
            lines += _section("text/plain", output.data["text/plain"], tags)[1:]
            html = "\n".join(_section("text/html", output.data.get("text/html", ""), tags))
            lines += [uri[0] for uri in re.finditer(r"data:[^\"]+", html)]
    return sorted(line for line in lines if not _PROGRESS.fullmatch(line))


def machine_paths(cell: NotebookNode) -> list[str]:
    """The paths of this or of another machine that stand in a cell's stored outputs."""
    texts = []
    for output in cell.outputs:
        if output.output_type == "stream":
            texts.append(output.text)
        elif output.output_type == "error":
            texts.extend([output.evalue, *output.traceback])
        else:
            texts.extend(text for kind, text in output.data.items() if _is_text(kind))
    own = [str(Path.home()), str(Path(__file__).resolve().parents[3])]
    found = set()
    for text in texts:
        text = _DATA_URI.sub("", str(text))
        found.update(_MACHINE_PATH.findall(text))
        found.update(path for path in own if len(path) > 1 and path in text)
    return sorted(found)


def _section(kind: str, content: object, tags: list[str]) -> list[str]:
    changing = TIMINGS in tags or ADDRESSES in tags
    stand_in = (lambda _: "<picture>") if changing else _digest
    if not _is_text(kind):
        return [f"[{kind}]", stand_in(str(content))]
    text = _DATA_URI.sub(lambda uri: uri[1] + stand_in(uri[2]), str(content))
    if TIMINGS in tags:
        text = _BAR.sub("|<bar>|", text)
    for pattern, replacement in _VOLATILE:
        text = pattern.sub(replacement, text)
    if COUNTS in tags:
        text = _NUMBER.sub("<number>", text)
    lines = text.splitlines()
    if ARRIVAL_ORDER in tags and kind in ("stdout", "text/plain", "text/html"):
        lines.sort()
    return [f"[{kind}]", *lines]


def _is_text(kind: str) -> bool:
    return not kind.startswith(("image/", "audio/", "video/")) or kind == "image/svg+xml"


def _digest(encoded: str) -> str:
    """What stands for binary data in a text that people read: its length and its hash."""
    try:
        data = base64.b64decode(encoded)
    except binascii.Error:
        data = encoded.encode()
    return f"<{len(data)} bytes, sha256 {hashlib.sha256(data).hexdigest()[:12]}>"
