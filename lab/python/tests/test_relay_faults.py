"""What ordinary cells and front ends do to a kernel, from public reports: no cell is lost, stuck or
silent. What needs no real kernel is tested in `kernel/src/splice`."""

from __future__ import annotations

import os
import tempfile
import unittest
from pathlib import Path

from tests import kernels

FLAGS = 'let s = "\U0001f1f0\U0001f1f7\U0001f1ef\U0001f1f5"; s.le'


class Faults(unittest.TestCase):
    """One kernel, since one takes seconds to start."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.kernel = kernels.enter(cls, kernels.kernel())
        cls.kernel.run("use std::io::{self, Read, Write}; use std::process::Command;")

    def assert_next_is_clean(self) -> None:
        run = self.kernel.run('println!("next"); 20 + 22')
        self.assertEqual(run.shown(), ["next\n", "42"])
        self.assertEqual(run.reply["status"], "ok")

    def ask(self, kind: str, **content: object) -> dict:
        client = self.kernel.client
        message = client.session.msg(kind, content)
        client.shell_channel.send(message)
        return self.kernel.answer(message["header"]["msg_id"])


class Printing(Faults):
    def test_a_line_without_an_end_is_shown_and_its_cell_ends(self) -> None:
        for code, wanted in [
            ('print!("abc");', "abc"),
            ('print!("abc"); io::stdout().flush()?;', "abc"),
            ('Command::new("printf").arg("abc").status()?;', "abc"),
            ('Command::new("sh").args(["-c", "sleep 0.2; printf abc"]).spawn()?.wait()?;', "abc"),
            ('io::stdout().write_all(b"a\\nb")?;', "a\nb"),
        ]:
            with self.subTest(code):
                self.assertEqual(self.kernel.run(code).text(), wanted)
                self.assert_next_is_clean()

    def test_a_line_without_an_end_is_shown_before_whatever_ends_its_cell(self) -> None:
        for code, wanted in [
            ('print!("a"); 5', ["a", "5"]),
            ('print!("a"); io::stdout().flush()?; 5', ["a", "5"]),
        ]:
            with self.subTest(code):
                self.assertEqual(self.kernel.run(code).shown(), wanted)
                self.assert_next_is_clean()
        for code in [
            'print!("a"); panic!("so long");',
            'print!("a"); Err("so long")?;',
            'print!("a"); io::stdout().flush()?; std::process::exit(3);',
        ]:
            with self.subTest(code):
                self.assertEqual(self.kernel.run(code).text(), "a")
                self.assert_next_is_clean()

    def test_bytes_that_are_not_utf_8_are_shown_as_such(self) -> None:
        for code, name, wanted in [
            ('io::stdout().write_all(b"a\\xffb\\n")?;', "stdout", "a\ufffdb\n"),
            ('io::stdout().write_all(b"GIF\\xff")?;', "stdout", "GIF\ufffd"),
            ('io::stderr().write_all(b"a\\xffb\\n")?;', "stderr", "a\ufffdb\n"),
        ]:
            with self.subTest(code):
                run = self.kernel.run(code)
                self.assertEqual(run.text(name), wanted)
                self.assertEqual(run.reply["status"], "ok")
                self.assert_next_is_clean()
        self.assertEqual(self.kernel.run('Err("seen")?;').text("stderr"), "seen\n")

    def test_a_hundred_thousand_lines_and_the_result_behind_them_come_in_few_messages(self) -> None:
        run = self.kernel.run('for n in 0..100_000 { println!("line {n}"); } "the result"')
        self.assertEqual(run.text(), "".join(f"line {n}\n" for n in range(100_000)))
        self.assertEqual(run.shown()[-1], '"the result"')
        self.assertLess(len(run.messages), 300)

    def test_what_a_thread_prints_after_its_cell_is_shown_at_once(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            gate = Path(folder, "ended")
            run = self.kernel.run(
                "std::thread::spawn(|| {"
                f'while !std::path::Path::new("{gate}").exists() {{ std::thread::yield_now(); }}'
                'println!("late"); });'
            )
            gate.touch()
            (late,) = self.kernel.later(run.request, 1, ("stream",))
            self.assertEqual(late["content"]["text"], "late\n")

    def test_a_cell_that_reads_its_input_reads_the_end_of_it(self) -> None:
        for code in [
            "let mut line = String::new(); io::stdin().read_line(&mut line)?",
            "let mut all = String::new(); io::stdin().read_to_string(&mut all)?",
        ]:
            self.assertEqual(self.kernel.run(code).shown(), ["0"])
            self.assert_next_is_clean()


class Errors(Faults):
    def test_an_error_has_a_name_a_value_and_a_traceback(self) -> None:
        for code, ename, evalue in [
            ("let wrong: u32 = None;", "Error", "mismatched types"),
            ('Err("StopIteration")?;', "Error", "StopIteration"),
            ('panic!("so long");', "panic", "so long"),
            ("let none: Vec<i32> = vec![]; none[7]", "panic", "index out of bounds"),
            ("std::process::exit(3)", "Error", "exit status: 3"),
        ]:
            with self.subTest(code):
                run = self.kernel.run(code)
                self.assertEqual(run.reply["status"], "error")
                self.assertEqual(run.reply["ename"], ename)
                self.assertIn(evalue, run.reply["evalue"])
                self.assertTrue(run.reply["traceback"])
                (error, *_) = run.of("error")
                self.assertEqual(error["content"]["evalue"], run.reply["evalue"])
                self.assert_next_is_clean()

    def test_recursion_without_an_end_names_the_stack(self) -> None:
        run = self.kernel.run("fn f(n: u64) -> u64 { f(n + 1) + f(n + 2) } f(0)")
        self.assertIn("stack", run.reply["evalue"])
        self.assert_next_is_clean()

    def test_cells_behind_an_error_are_aborted_unless_errors_are_expected(self) -> None:
        client = self.kernel.client
        for stops, wanted in [(True, "aborted"), (False, "ok")]:
            first = client.execute('panic!("so long");', stop_on_error=stops)
            second = client.execute("1 + 1")
            self.assertEqual(self.kernel.answer(first)["status"], "error")
            self.assertEqual(self.kernel.answer(second)["status"], wanted)
            kernels.drain(client)


class Requests(Faults):
    def test_a_completion_behind_flags_replaces_the_word(self) -> None:
        for code in [FLAGS, 'let s = "\u1112\u1161\u11ab"; s.le', 'let s = "a";\r\ns.le']:
            reply = self.ask("complete_request", code=code, cursor_pos=len(code))
            self.assertIn("len()", reply["matches"])
            start, end = reply["cursor_start"], reply["cursor_end"]
            self.assertEqual((code[start:end], end), ("le", len(code)))

    def test_an_inspection_in_the_middle_of_a_word_finds_it(self) -> None:
        code = "String::with_capacity(5)"
        for cursor in (10, 14, 21):
            reply = self.ask("inspect_request", code=code, cursor_pos=cursor, detail_level=0)
            self.assertTrue(reply["found"], cursor)
            self.assertIn("with_capacity", reply["data"]["text/plain"])
        code = '"abc".to_string().find("b")'
        reply = self.ask("inspect_request", code=code, cursor_pos=code.index("nd("), detail_level=0)
        self.assertIn("fn find", reply["data"]["text/plain"])

    def test_code_that_goes_on_is_incomplete(self) -> None:
        for code, status in [
            ("fn f() {", "incomplete"),
            ('"abc', "incomplete"),
            ("1 + 1", "complete"),
        ]:
            self.assertEqual(self.ask("is_complete_request", code=code)["status"], status)

    def test_every_kind_of_request_is_answered(self) -> None:
        for kind in ("comm_info", "history", "no_such", "kernel_info"):
            self.assertIn(self.ask(f"{kind}_request")["status"], ("ok", "error"), kind)

    def test_a_request_whose_fields_are_null_or_of_another_type_is_answered(self) -> None:
        client = self.kernel.client
        statuses = ("ok", "error", "complete", "incomplete")
        for kind in ("execute", "complete", "inspect", "is_complete"):
            for name in ("code", "cursor_pos", "silent", "allow_stdin", "stop_on_error"):
                for value in (None, [], 7, "x"):
                    with self.subTest(kind=kind, name=name, value=value):
                        content = {"code": "1", "cursor_pos": 1, name: value}
                        self.assertIn(self.ask(f"{kind}_request", **content)["status"], statuses)
        for part in ("parent_header", "metadata", "content"):
            with self.subTest(part=part):
                message = client.session.msg("execute_request", {"code": "1"})
                message[part] = None
                client.session.send(client.shell_channel.socket, message)
                reply = self.kernel.answer(message["header"]["msg_id"])
                self.assertEqual(reply["status"], "ok")
        kernels.drain(client)

    def test_a_silent_cell_shows_no_result(self) -> None:
        client = self.kernel.client
        count = self.kernel.run("1").reply["execution_count"]
        self.kernel.answer(client.execute("20 + 22", silent=True))
        kinds = [message["msg_type"] for message in kernels.drain(client)]
        self.assertNotIn("execute_result", kinds)
        self.assertEqual(self.kernel.run("1").reply["execution_count"], count + 1)


class Interrupts(unittest.TestCase):
    def setUp(self) -> None:
        self.kernel = kernels.enter_test(self, kernels.kernel())
        self.kernel.run("let kept = 42;")

    def interrupted(self, request: str) -> dict:
        self.kernel.manager.interrupt_kernel()
        return self.kernel.answer(request)

    def test_an_interrupt_while_nothing_runs_loses_nothing(self) -> None:
        self.kernel.manager.interrupt_kernel()
        kernels.drain(self.kernel.client)
        self.assertEqual(self.kernel.run("kept").shown(), ["42"])

    def test_a_cell_that_loops_or_waits_for_a_program_says_what_is_lost(self) -> None:
        for code in [
            'println!("busy"); loop {}',
            'println!("busy"); std::process::Command::new("sleep").arg("400").status()',
        ]:
            with self.subTest(code):
                request = self.kernel.client.execute(code)
                self.kernel.later(request, 1, ("stream",))
                reply = self.interrupted(request)
                self.assertEqual((reply["status"], reply["ename"]), ("error", "Interrupted"))
                self.assertIn("variables", reply["evalue"])
                kernels.drain(self.kernel.client)
                self.assertEqual(self.kernel.run("20 + 22").shown(), ["42"])

    def test_a_cell_that_asks_for_input_is_interrupted(self) -> None:
        self.kernel.run(":dep evcxr_input")
        request = self.kernel.client.execute('evcxr_input::get_string("Your name? ")')
        self.kernel.client.get_stdin_msg(timeout=kernels.ANSWER_S)
        self.assertEqual(self.interrupted(request)["ename"], "Interrupted")
        kernels.drain(self.kernel.client)
        self.assertEqual(self.kernel.run("20 + 22").shown(), ["42"])

    def test_a_cell_that_is_interrupted_while_it_compiles_leaves_all_variables(self) -> None:
        slow = "const N: u64 = { let mut n = 0u64; while n < 1 << 40 { n += 1; } n }; "
        request = self.kernel.client.execute(f"#[allow(long_running_const_eval)] {slow} N")
        kernels.wait_for_compiler(self.kernel.process)
        reply = self.interrupted(request)
        self.assertEqual(reply["ename"], "Interrupted")
        self.assertIn("as they were", reply["evalue"])
        kernels.drain(self.kernel.client)
        self.assertEqual(self.kernel.run("kept").shown(), ["42"])


class Settings(unittest.TestCase):
    """Settings of the user's that reach the kernel."""

    def test_cells_run_whatever_the_user_has_set_for_cargo(self) -> None:
        for name, value in [
            ("CARGO_INCREMENTAL", "0"),
            ("CARGO_BUILD_INCREMENTAL", "false"),
            ("CARGO_PROFILE_DEV_PANIC", "abort"),
            ("CARGO_PROFILE_DEV_LTO", "thin"),
        ]:
            with self.subTest(name), kernels.kernel(env={**os.environ, name: value}) as kernel:
                shown = [kernel.run(f"{n} + 1").shown() for n in range(3)]
                self.assertEqual(shown, [["1"], ["2"], ["3"]])

    def test_a_folder_with_a_space_holds_a_kernels_files(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            spaced = Path(folder, "a folder")
            spaced.mkdir()
            with kernels.kernel(env={**os.environ, "TMPDIR": str(spaced)}) as kernel:
                self.assertEqual(kernel.run("20 + 22").shown(), ["42"])
                self.assertEqual(kernel.run('print!("abc");').text(), "abc")


class Signals(unittest.TestCase):
    def test_no_signal_is_blocked_in_a_cell_or_in_a_program_that_it_starts(self) -> None:
        with kernels.kernel() as kernel:
            code = """
                let status = std::fs::read_to_string("/proc/self/status")?;
                status.contains("SigBlk:\\t0000000000000000")
            """
            self.assertEqual(kernel.run(code).shown(), ["true"])
