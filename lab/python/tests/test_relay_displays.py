"""What a cell shows through the relay, on a real kernel."""

import base64
import json
import tempfile
import unittest
from pathlib import Path

from notebooks import execution
from tests import kernels

USE = f"""
:dep hitchhiker = {{ path = {json.dumps(str(kernels.CRATE))} }}
use hitchhiker::display::*;
"""

# By this function, a thread waits until the test lets it go on, after the end of its cell.
WAIT = """
fn wait_for(path: &str) {
    while !std::path::Path::new(path).exists() {
        std::thread::yield_now();
    }
}
"""


class Displays(unittest.TestCase):
    """One kernel, since one takes seconds to start."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.kernel = kernels.enter(cls, kernels.kernel())
        cls.folder = Path(kernels.enter(cls, tempfile.TemporaryDirectory()))
        used = cls.kernel.run(USE)
        assert used.reply["status"] == "ok", used.messages
        cls.kernel.run(WAIT)

    def run_cell(self, code: str) -> kernels.Run:
        run = self.kernel.run(code)
        self.assertEqual(run.reply["status"], "ok", run.messages)
        self.assertEqual(run.text("stderr"), "")
        return run

    def test_a_display_is_there_while_its_cell_runs(self) -> None:
        gate = self.folder / "running"
        request = self.kernel.client.execute(f'show("KR"); wait_for("{gate}");')
        (display,) = self.kernel.later(request, 1, ("display_data",))
        self.assertEqual(kernels.seen(display), "KR")
        gate.touch()
        self.assertEqual(self.kernel.answer(request)["status"], "ok")

    def test_a_display_stands_between_what_is_printed_before_and_after(self) -> None:
        run = self.run_cell('println!("before"); show("KR"); println!("after"); "the result"')
        self.assertEqual(run.shown(), ["before\n", "KR", "after\n", '"the result"'])

    def test_a_line_that_was_begun_is_shown_before_the_display(self) -> None:
        run = self.run_cell('print!("half a line, "); show("KR"); println!("the rest");')
        self.assertEqual(run.shown(), ["half a line, ", "KR", "the rest\n"])

    def test_a_display_has_all_its_formats(self) -> None:
        run = self.run_cell('show(&Output::text("KR\\n").html("<b>한국</b>").gif(*b"GIF89a"));')
        (display,) = run.of("display_data")
        formats = {"text/plain": "KR\n", "text/html": "<b>한국</b>", "image/gif": "R0lGODlh"}
        self.assertEqual(display["content"]["data"], formats)

    def test_twenty_threads_that_show_and_print_at_once_tear_no_line(self) -> None:
        run = self.run_cell(
            """
            std::thread::scope(|scope| for thread in 0..20 {
                scope.spawn(move || for n in 0..50 {
                    println!("printed {thread} {n}");
                    show(&Output::text(format!("shown {thread} {n}")).gif(vec![thread; 9_999]));
                });
            });
            """
        )
        lines = {f"{thread} {n}" for thread in range(20) for n in range(50)}
        printed = run.text().splitlines()
        self.assertEqual(sorted(printed), sorted(f"printed {line}" for line in lines))
        displays = [message["content"]["data"] for message in run.of("display_data")]
        self.assertEqual(
            sorted(data["text/plain"] for data in displays), sorted(f"shown {it}" for it in lines)
        )
        for data in displays:
            thread = int(data["text/plain"].split()[1])
            self.assertEqual(base64.b64decode(data["image/gif"]), bytes([thread]) * 9_999)

    def test_a_picture_of_five_megabytes_arrives_whole(self) -> None:
        run = self.run_cell(
            "let gif: Vec<u8> = (0..5 << 20).map(|n: u32| (n / 7) as u8).collect();"
            'show(&Output::text("large").gif(gif));'
        )
        (display,) = run.of("display_data")
        picture = base64.b64decode(display["content"]["data"]["image/gif"])
        self.assertEqual(picture, bytes(n // 7 % 256 for n in range(5 << 20)))

    def test_of_ten_thousand_updates_few_are_sent_and_the_last_one_is(self) -> None:
        run = self.run_cell(
            'let shown = show("0"); for n in 1..=10_000 { shown.update(&n.to_string()); }'
        )
        # An update that comes before its display has been sent is sent as that display.
        sent = run.of("display_data", "update_display_data")
        self.assertEqual(kernels.seen(sent[-1]), "10000")
        self.assertLess(len(sent), 1_000)
        identity = {message["content"]["transient"]["display_id"] for message in sent}
        self.assertEqual(len(identity), 1)

    def test_a_later_cell_changes_and_clears_what_an_earlier_one_showed(self) -> None:
        first = self.run_cell('let kept: Shown = show("one");')
        (display,) = first.of("display_data")
        for code, text in [('kept.update("two");', "two"), ("kept.clear();", "")]:
            (update,) = self.run_cell(code).of("update_display_data")
            self.assertEqual(kernels.seen(update), text)
            self.assertEqual(update["content"]["transient"], display["content"]["transient"])

    def test_what_a_thread_shows_after_the_end_of_its_cell_belongs_to_that_cell(self) -> None:
        gate = self.folder / "ended"
        run = self.run_cell(
            f"""std::thread::spawn(|| {{
                wait_for("{gate}");
                let late = show("late");
                late.update("later");
            }});"""
        )
        gate.touch()
        late = self.kernel.later(run.request, 2, ("display_data", "update_display_data"))
        self.assertEqual([kernels.seen(message) for message in late], ["late", "later"])
        self.assertEqual(self.run_cell('println!("next");').shown(), ["next\n"])

    def test_two_front_ends_see_the_same_and_get_their_own_answers(self) -> None:
        with self.kernel.another_client() as other:
            kernels.drain(other)
            run = self.run_cell('show("KR");')
            seen = [
                kernels.seen(it) for it in kernels.drain(other) if it["msg_type"] == "display_data"
            ]
            self.assertEqual(seen, run.shown())
            theirs = self.kernel.run('show("JP");', client=other)
            self.assertEqual(theirs.shown(), ["JP"])
            self.assertEqual(theirs.reply["status"], "ok")
        kernels.drain(self.kernel.client)

    def test_a_mark_that_a_reader_prints_is_text(self) -> None:
        lines = [
            "hitchhiker::display:",
            "hitchhiker::display:0123456789abcdef",
            'hitchhiker::display:{"text/plain": ',
            "x hitchhiker::display:0123456789abcdef y",
        ]
        code = "".join(f'println!("{{}}", r#"{line}"#);' for line in lines)
        self.assertEqual(self.run_cell(code).text().splitlines(), lines)

    def test_junk_in_the_pipe_harms_no_display(self) -> None:
        run = self.run_cell(
            """
            use std::io::Write;
            let path = std::env::var("HITCHHIKER_DISPLAYS").unwrap();
            let mut pipe = std::fs::OpenOptions::new().write(true).open(path).unwrap();
            pipe.write_all(b"show 1f {broken\\nshow\\n\\xff\\xfe\\n").unwrap();
            show("KR");
            """
        )
        self.assertEqual(run.shown(), ["KR"])

    def test_a_bar_is_html_that_is_updated_to_its_end(self) -> None:
        (display,) = self.run_cell('let bar: Bar = Bar::new("flags", 21);').of("display_data")
        last = self.run_cell("(0..21).for_each(|_| bar.advance());").of("update_display_data")[-1]
        self.assertIn('<progress value="0" max="21">', display["content"]["data"]["text/html"])
        self.assertIn('<progress value="21" max="21">', last["content"]["data"]["text/html"])


class OnAStockKernel(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.kernel = kernels.enter(cls, kernels.kernel(execution.WithoutRelay))
        cls.kernel.run(USE)

    def test_all_that_a_cell_showed_is_its_result(self) -> None:
        run = self.kernel.run(
            'let one = show("one"); let two = show("two"); show("three"); println!("printed");'
            'one.update("1"); two.clear(); struct Last;'
            'impl Last { fn evcxr_display(&self) { Output::text("last").show_as_result() } } Last'
        )
        self.assertEqual(run.shown(), ["printed\n", "1\nthree\nlast"])
        html = run.of("execute_result")[0]["content"]["data"]["text/html"]
        self.assertEqual(html, "".join(f"<pre>{it}</pre>\n" for it in ("1", "three", "last")))

    def test_the_next_cell_shows_its_own_alone(self) -> None:
        self.kernel.run('show("one");')
        self.assertEqual(self.kernel.run('show("two");').shown(), ["two"])

    def test_a_bar_is_ten_lines(self) -> None:
        run = self.kernel.run('let bar = Bar::new("flags", 21); for _ in 0..21 { bar.advance(); }')
        lines = run.text().splitlines()
        self.assertEqual(len(lines), 10)
        self.assertTrue(lines[-1].endswith(" 21 of 21"), lines)
