"""Tests that cells which show nothing by the crate do the same with the relay and without it, but
for what the relay mends: the answers to errors, positions in code, and interrupts."""

from __future__ import annotations

import io
import unittest

import jupyter_kernel_test
from jupyter_client.kernelspec import KernelSpecManager

from notebooks import execution
from tests import kernels

KINDS = {"the relay": KernelSpecManager, "no relay": execution.WithoutRelay}

# The cells follow a reader's first hour: results, lines, errors, input, variables, configuration.
TOUR = [
    "1 + 1",
    'println!("a"); println!("b"); "c"',
    'eprintln!("to stderr");',
    'evcxr_runtime::mime_type("text/html").text("<b>b</b>");',
    ':dep evcxr_runtime\nevcxr_runtime::mime_type("text/html").text("<b>b</b>");',
    "let numbers = vec![3, 1, 2];",
    "numbers",
    "let wrong: u32 = None;",
    'Err("StopIteration")?;',
    "numbers[7]",
    "numbers",
    "fn twice(n: i32) -> i32 { n * 2 }",
    "twice(21)",
    ":vars",
    ":no_such_command",
    "std::process::exit(3)",
    "1 + 1",
]


def suite_of(specs: type[KernelSpecManager]) -> type[unittest.TestCase]:
    """Jupyter's own tests of kernels, for evcxr, without the one of stderr. What evcxr prints there
    often comes after the cell's end. Jupyter's tests do not wait for it, but the tour does."""

    class Suite(jupyter_kernel_test.KernelTests):
        language_name = "Rust"
        file_extension = ".rs"
        code_hello_world = 'println!("hello, world");'
        completion_samples = [{"text": "std::process::exi", "matches": {"exit"}}]
        complete_code_samples = ["1 + 1"]
        incomplete_code_samples = ["fn f() {"]
        code_generate_error = "let wrong: u32 = None;"
        code_execute_result = [{"code": "6 * 7", "result": "42"}]
        code_inspect_sample = "std::process::exit"

        @classmethod
        def setUpClass(cls) -> None:
            cls.kernel = kernels.enter(cls, kernels.kernel(specs))
            cls.km, cls.kc = cls.kernel.manager, cls.kernel.client

        @classmethod
        def tearDownClass(cls) -> None:
            pass

    return Suite


def outcomes(specs: type[KernelSpecManager]) -> dict[str, str]:
    """How each of Jupyter's tests ended: the last line of what it said."""
    suite = unittest.defaultTestLoader.loadTestsFromTestCase(suite_of(specs))
    names = [test.id().rpartition(".")[2] for test in suite]
    result = unittest.TextTestRunner(stream=io.StringIO()).run(suite)
    ended = dict.fromkeys(names, "passed")
    for test, reason in result.skipped:
        ended[test.id().rpartition(".")[2]] = f"skipped: {reason}"
    for test, trace in [*result.failures, *result.errors]:
        ended[test.id().rpartition(".")[2].rstrip(")>]")] = trace.strip().splitlines()[-1]
    return ended


class TheSame(unittest.TestCase):
    maxDiff = None

    def test_jupyters_own_suite_ends_alike(self) -> None:
        relay, stock = (outcomes(specs) for specs in KINDS.values())
        self.assertEqual(relay["test_execute_stdout"], "passed")
        for test, outcome in stock.items():
            with self.subTest(test):
                # A subtest has a name only where it fails.
                self.assertIn(relay.get(test, "passed"), (outcome, "passed"))

    def test_a_tour_of_cells_is_answered_alike(self) -> None:
        relay, stock = (self.tour(specs) for specs in KINDS.values())
        for ours, theirs in zip(relay, stock, strict=True):
            self.assertEqual(ours, theirs)

    def tour(self, specs: type[KernelSpecManager]) -> list[object]:
        with kernels.kernel(specs) as kernel:
            told = [self.told(kernel, code) for code in TOUR]
            told.append(self.completed(kernel))
            told.append(self.inspected(kernel))
            told.append(self.asked(kernel))
            told.append(self.interrupted(kernel))
            kernel.manager.restart_kernel()
            kernel.client.wait_for_ready(timeout=execution.STARTUP_TIMEOUT_S)
            told.append(self.told(kernel, "numbers"))
            return told

    def told(self, kernel: kernels.Kernel, code: str) -> dict[str, object]:
        run = kernel.run(code)
        # A line that the kernel sends last may come after the end of its cell.
        late = [it for it in kernels.drain(kernel.client) if it["msg_type"] == "stream"]
        run.messages += late
        # evcxr prints a panic and what `?` has got, and tells programs nothing of them.
        added = run.reply["status"] == "error" and run.reply.get("ename") == "panic"
        added = added or code.endswith("?;")
        contents = [(it["msg_type"], it["content"]) for it in run.messages]
        contents = [it for it in contents if not (added and it[0] == "error")]
        reply = {name: run.reply[name] for name in ("status", "execution_count")}
        if added:
            reply["status"] = "ok"
        return {
            "code": code,
            "reply": reply,
            "stdout": run.text("stdout"),
            # The depth of a panic's backtrace and the number of its thread differ from run to run.
            "stderr": [line for line in run.text("stderr").splitlines()[2:3]],
            "messages": [it for it in contents if it[0] != "stream"],
        }

    def completed(self, kernel: kernels.Kernel) -> list[str]:
        return kernel.answer(kernel.client.complete("numbers.so"))["matches"]

    def inspected(self, kernel: kernels.Kernel) -> dict:
        return kernel.answer(kernel.client.inspect("String::new", cursor_pos=11))

    def asked(self, kernel: kernels.Kernel) -> tuple[dict, str]:
        """A cell that asks for input gets it, in the front end that ran it."""
        kernel.run(":dep evcxr_input")
        request = kernel.client.execute('evcxr_input::get_string("Your name? ")')
        question = kernel.client.get_stdin_msg(timeout=kernels.ANSWER_S)
        kernel.client.input("Ford")
        (result,) = kernel.later(request, 1, ("execute_result",))
        kernel.answer(request)
        kernels.drain(kernel.client)
        return question["content"], kernels.seen(result)

    def interrupted(self, kernel: kernels.Kernel) -> str:
        request = kernel.client.execute('println!("busy"); loop {}')
        kernel.later(request, 1, ("stream",))
        kernel.manager.interrupt_kernel()
        reply = kernel.answer(request)
        kernels.drain(kernel.client)
        return reply["status"]
