"""Tests that kernels with compiled dependencies never run a crate as it was before a change."""

import json
import os
import shutil
import signal
import tempfile
import unittest
from contextlib import contextmanager
from pathlib import Path

from notebooks import execution
from tests.kernels import ANSWER_S, Kernel

CHECKOUT = Path(__file__).resolve().parents[3]

CRATE = """
[package]
name = "answers"
version = "{version}"
edition = "2024"
"""


class PreparedStart(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(scratch.cleanup)
        cls.compiled = Path(scratch.name).resolve() / "compiled"
        lab, real = cls.compiled / ".lab", CHECKOUT / ".lab"
        lab.mkdir(parents=True)
        for part in ("cargo-home", "rust-src"):
            if (real / part).is_dir():
                (lab / part).symlink_to(real / part)
        settings = Path("dependencies", ".cargo")
        shutil.copytree(real / settings, lab / settings)
        stamp = json.loads((real / "dependencies.json").read_text())
        cls.stamp = {**stamp, "place": str(cls.compiled)}
        (cls.compiled / "Cargo.lock").write_text(cls.stamp["lock"])

    def setUp(self) -> None:
        # What cargo compiles depends on paths, so each test has the checkout at the same place.
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.temporary = Path(scratch.name).resolve() / "tmp"
        self.temporary.mkdir()
        self.checkout = self.compiled
        self.stderr = ""
        if write_crate(self.checkout, version="1.0.0", answer=1):
            with self.kernel("--fill") as kernel:
                self.assertEqual(answer(kernel), "1")
        self.write_stamp()

    @property
    def stamp_path(self) -> Path:
        return self.checkout / ".lab" / "dependencies.json"

    def write_stamp(self, **other: str) -> None:
        self.stamp_path.write_text(json.dumps({**self.stamp, **other}))

    @contextmanager
    def kernel(self, *options: str, **environment: str):
        """A kernel of the checkout. After its end, what it wrote to stderr can be read."""
        specs = execution.specs_with("--no-relay", "--checkout", str(self.checkout), *options)
        variables = {
            **os.environ,
            "TMPDIR": str(self.temporary),
            # Each test has a cache of its own, so that none finds what another one has compiled.
            "XDG_CACHE_HOME": str(self.temporary.parent / "cache"),
            **environment,
        }
        log = self.temporary.parent / "stderr"
        with log.open("w") as stderr:
            place = {"cwd": str(self.checkout), "env": variables}
            with execution.kernel(specs(), stdout=stderr, stderr=stderr, **place) as running:
                yield Kernel(*running)
        self.stderr = log.read_text()

    def test_what_is_compiled_is_not_compiled_again(self) -> None:
        with self.kernel() as kernel:
            self.assertEqual(answer(kernel), "1")
        self.assertNotIn("Compiling answers", self.stderr)
        self.assertNotIn("warning", self.stderr)

    def test_a_change_in_the_crate_is_seen(self) -> None:
        write_crate(self.checkout, version="1.0.0", answer=2)
        with self.kernel() as kernel:
            self.assertEqual(answer(kernel), "2")

    def test_another_version_of_the_crate_is_seen(self) -> None:
        write_crate(self.checkout, version="1.1.0", answer=3)
        with self.kernel() as kernel:
            self.assertEqual(answer(kernel), "3")

    def test_another_lock_file_is_told_and_nothing_compiled_before_is_used(self) -> None:
        self.write_stamp(lock="another")
        self.assert_starts_cold("Cargo.lock has changed")

    def test_another_rust_is_told_and_nothing_compiled_before_is_used(self) -> None:
        self.write_stamp(rust="rustc 1.0.0")
        self.assert_starts_cold("compiled by another Rust")

    def test_another_kernel_is_told_and_nothing_compiled_before_is_used(self) -> None:
        self.write_stamp(kernel="evcxr_jupyter-0.1.0")
        self.assert_starts_cold("compiled for another kernel")

    def test_another_place_is_told_and_nothing_compiled_before_is_used(self) -> None:
        self.write_stamp(place="/another/checkout")
        self.assert_starts_cold("was elsewhere")

    def test_a_set_up_at_work_is_told_and_its_half_is_not_used(self) -> None:
        self.stamp_path.unlink()
        self.assert_starts_cold("not compiled yet")

    def test_a_copy_that_fails_is_told(self) -> None:
        dangling = self.checkout / ".lab" / "dependencies" / "dangling"
        dangling.symlink_to(self.checkout / "nowhere")
        self.addCleanup(dangling.unlink)
        self.assert_starts_cold("no copy of the compiled dependencies")

    def test_a_cache_that_cannot_be_written_to_is_told_and_does_without(self) -> None:
        file = self.temporary.parent / "file"
        file.touch()
        write_crate(self.checkout, version="1.0.0", answer=5)
        with self.kernel(XDG_CACHE_HOME=str(file)) as kernel:
            self.assertEqual(answer(kernel), "5")
        warnings = [line for line in self.stderr.splitlines() if line.startswith("warning")]
        self.assertEqual(len(warnings), 1, self.stderr)
        self.assertIn("XDG_CACHE_HOME", warnings[0])

    def assert_starts_cold(self, why: str) -> None:
        with self.kernel() as kernel:
            self.assertEqual(answer(kernel), "1")
        self.assertIn("Compiling answers", self.stderr)
        warnings = [line for line in self.stderr.splitlines() if line.startswith("warning")]
        self.assertEqual(len(warnings), 1, self.stderr)
        self.assertIn(why, warnings[0])

    def test_two_kernels_do_not_see_each_other(self) -> None:
        with self.kernel() as one, self.kernel() as other:
            evaluate(one, "let mine = 1;")
            evaluate(other, "let mine = 2;")
            self.assertEqual((answer(one), answer(other)), ("1", "1"))
            self.assertEqual((evaluate(one, "mine"), evaluate(other, "mine")), ("1", "2"))
            self.assertEqual(len(list(self.temporary.glob("hitchhiker-kernel-*"))), 2)
        self.assertEqual(list(self.temporary.glob("hitchhiker-kernel-*")), [])

    @unittest.skipIf(os.name == "nt", "there are no such signals")
    def test_a_signal_to_the_guard_ends_the_kernel_and_its_folder(self) -> None:
        with self.kernel() as kernel:
            process = kernel.manager.provisioner.process
            process.send_signal(signal.SIGTERM)
            process.wait(ANSWER_S)
            self.assertEqual(list(self.temporary.glob("hitchhiker-kernel-*")), [])


def write_crate(checkout: Path, version: str, answer: int) -> bool:
    """Makes the crate that tests compile. Returns whether the crate was another one before."""
    crate = checkout / "answers"
    (crate / "src").mkdir(parents=True, exist_ok=True)
    other = False
    for path, text in (
        (crate / "Cargo.toml", CRATE.format(version=version)),
        (crate / "src" / "lib.rs", f"pub fn answer() -> u32 {{ {answer} }}"),
    ):
        if not path.exists() or path.read_text() != text:
            path.write_text(text)
            other = True
    return other


def answer(kernel: Kernel) -> str:
    evaluate(kernel, ':dep answers = { path = "answers" }')
    return evaluate(kernel, "answers::answer()")


def evaluate(kernel: Kernel, code: str) -> str:
    """What `code` shows as its result, or its error."""
    run = kernel.run(code)
    results = [message["content"]["data"]["text/plain"] for message in run.of("execute_result")]
    errors = [line for message in run.of("error") for line in message["content"]["traceback"]]
    return "\n".join(results + errors)
