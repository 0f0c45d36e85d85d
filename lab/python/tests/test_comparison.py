import unittest

from notebooks import comparison
from tests.cells import cell, display, error, result, stream

PANIC = (
    "\nthread '<unnamed>' ({thread}) panicked at src/lib.rs:109:17:\nindex out of bounds\n"
    "stack backtrace:\n   0: __rustc::rust_begin_unwind\n         at /rustc/{hash}/panicking.rs\n"
    "note: some details are omitted\n"
)


class WhatNoTwoRunsShare(unittest.TestCase):
    def same(self, before: str, after: str) -> None:
        self.assertEqual(comparison.differences(cell(stream(before)), cell(stream(after))), [])

    def test_times_are_no_difference(self) -> None:
        self.same("elapsed in 2.69s\n", "elapsed in 13.1s\n")
        self.same("150 ms and 3.5 µs\n", "9 ms and 871ns\n")

    def test_ports_are_no_difference(self) -> None:
        self.same("http://127.0.0.1:40123/data\n", "http://127.0.0.1:8080/data\n")

    def test_addresses_are_no_difference(self) -> None:
        self.same("at 0x7ffe12345678\n", "at 0x55d0c0ffee00\n")

    def test_backtraces_and_thread_numbers_are_no_difference(self) -> None:
        one = cell(stream(PANIC.format(thread=1, hash="aaaa"), "stderr"))
        other = cell(
            stream(PANIC.format(thread=22, hash="bbbb").replace("   0:", "  10:"), "stderr")
        )
        self.assertEqual(comparison.differences(one, other), [])

    def test_how_a_stream_was_cut_is_no_difference(self) -> None:
        whole = cell(stream("a\nb\n"), stream("c\n", "stderr"))
        cut = cell(stream("a\n"), stream("c\n", "stderr"), stream("b\n"))
        self.assertEqual(comparison.differences(whole, cut), [])


class WhatDiffers(unittest.TestCase):
    def diff(self, before, after) -> str:
        differences = comparison.differences(before, after)
        self.assertEqual(len(differences), 1, differences)
        return differences[0]

    def test_a_changed_number(self) -> None:
        self.assertIn(
            "-60\n+61", self.diff(cell(result(text_plain="60")), cell(result(text_plain="61")))
        )

    def test_a_number_without_a_unit_of_time(self) -> None:
        self.diff(cell(stream("100\n")), cell(stream("101\n")))

    def test_a_missing_line(self) -> None:
        self.assertIn("-200", self.diff(cell(stream("100\n200\n")), cell(stream("100\n"))))

    def test_a_missing_output(self) -> None:
        self.assertIn("-None", self.diff(cell(stream("None\n")), cell()))

    def test_an_error_returned_by_a_question_mark(self) -> None:
        self.assertIn(
            "+StopIteration", self.diff(cell(), cell(stream("StopIteration\n", "stderr")))
        )

    def test_a_panic_in_place_of_a_result(self) -> None:
        panic = cell(stream(PANIC.format(thread=1, hash="aaaa"), "stderr"))
        self.assertIn("+index out of bounds", self.diff(cell(result(text_plain="5")), panic))

    def test_another_compile_error(self) -> None:
        self.diff(cell(error("mismatched types")), cell(error("cannot find value `sum`")))

    def test_an_expected_error_that_is_gone(self) -> None:
        self.diff(cell(error("mismatched types")), cell())

    def test_a_line_on_stderr_in_place_of_stdout(self) -> None:
        self.diff(cell(stream("end\n")), cell(stream("end\n", "stderr")))

    def test_another_picture(self) -> None:
        before, after = cell(result(image_gif="R0lGODlh")), cell(result(image_gif="R0lGODlx"))
        self.assertIn("+<6 bytes, sha256 ", self.diff(before, after))

    def test_another_picture_in_html(self) -> None:
        html = '<img src="data:image/gif;base64,{}">'
        before = cell(result(text_html=html.format("R0lGODlh")))
        after = cell(result(text_html=html.format("R0lGODlx")))
        self.assertIn('+<img src="data:image/gif;base64,<6 bytes', self.diff(before, after))

    def test_the_execution_count_of_a_kernel_that_was_not_fresh(self) -> None:
        self.assertIn("counts 2", self.diff(cell(count=7), cell(count=2)))


class OrderOfArrival(unittest.TestCase):
    before = (stream("cn\nus\n"), result(text_html="<p>cn</p>\n<p>us</p>"))
    after = (stream("us\ncn\n"), result(text_html="<p>us</p>\n<p>cn</p>"))

    def test_another_order_is_a_difference(self) -> None:
        self.assertTrue(comparison.differences(cell(*self.before), cell(*self.after)))

    def test_another_order_is_none_in_a_cell_with_the_tag(self) -> None:
        tags = (comparison.ARRIVAL_ORDER,)
        self.assertEqual(
            comparison.differences(cell(*self.before, tags=tags), cell(*self.after, tags=tags)), []
        )

    def test_a_missing_line_is_a_difference_in_a_cell_with_the_tag(self) -> None:
        tags = (comparison.ARRIVAL_ORDER,)
        self.assertTrue(
            comparison.differences(
                cell(*self.before, tags=tags), cell(stream("us\n"), self.after[1], tags=tags)
            )
        )

    def test_another_order_of_displays_is_none_in_a_cell_with_the_tag(self) -> None:
        tags = (comparison.ARRIVAL_ORDER,)
        cn, us = (
            display(text_plain=code, text_html=f"<img {code}>", image_gif=code)
            for code in ("CN", "US")
        )
        self.assertTrue(comparison.differences(cell(cn, us), cell(us, cn)))
        self.assertEqual(
            comparison.differences(cell(cn, us, tags=tags), cell(us, cn, tags=tags)), []
        )
        self.assertTrue(comparison.differences(cell(cn, us, tags=tags), cell(cn, cn, tags=tags)))


class ShownAtTheEnd(unittest.TestCase):
    """A cell that shows two flags and a bar, and the same where a cell has one result."""

    html = '<img src="data:image/gif;base64,{}" alt="flag">'
    stored = cell(
        display(text_plain="CN", text_html=html.format("QUJD"), image_gif="QUJD"),
        display(text_plain="flags [##] 2 of 2", text_html="<progress>"),
        display(text_plain="US", text_html=html.format("REVG"), image_gif="REVG"),
        stream("elapsed in 2 s\n"),
    )

    def at_the_end(self, text: str, *pictures: str) -> list[str]:
        html = "\n".join(self.html.format(picture) for picture in pictures)
        shown = result(text_plain=text, text_html=html)
        lines = stream("flags [# ] 1 of 2\nflags [##] 2 of 2\nelapsed in 3 s\n")
        return comparison.shown_at_the_end(self.stored, cell(lines, shown))

    def test_the_same_flags_in_another_order_are_no_difference(self) -> None:
        self.assertEqual(self.at_the_end("US\nCN", "REVG", "QUJD"), [])

    def test_a_missing_line_is_a_difference(self) -> None:
        self.assertTrue(self.at_the_end("US", "REVG", "QUJD"))

    def test_another_picture_is_a_difference(self) -> None:
        self.assertTrue(self.at_the_end("US\nCN", "REVG", "QUJE"))


class Counts(unittest.TestCase):
    def differences(self, fresh: str, tags=(comparison.COUNTS,)) -> list[str]:
        stored, now = stream("US: 76952 vain tries"), stream(fresh)
        return comparison.differences(cell(stored, tags=tags), cell(now, tags=tags))

    def test_another_number_is_a_difference(self) -> None:
        self.assertTrue(self.differences("US: 159987 vain tries", tags=()))

    def test_another_number_is_none_in_a_cell_with_the_tag(self) -> None:
        self.assertEqual(self.differences("US: 159987 vain tries"), [])

    def test_another_word_is_a_difference_in_a_cell_with_the_tag(self) -> None:
        self.assertTrue(self.differences("US: 76952 tries"))


class Addresses(unittest.TestCase):
    """A picture of where a value lies, and another of a run where it lies elsewhere."""

    tags = (comparison.ADDRESSES,)

    @staticmethod
    def frame(address: str, picture: str, name: str = "word"):
        html = f'<img src="data:image/svg+xml;base64,{picture}" alt="bytes">'
        return result(text_plain=f"{name} points to {address}", text_html=html)

    def differences(self, fresh, tags=tags) -> list[str]:
        stored = self.frame("0x7ffc9edf7b9e", "QUJD")
        return comparison.differences(cell(stored, tags=tags), cell(fresh, tags=tags))

    def test_another_picture_of_addresses_is_a_difference(self) -> None:
        elsewhere = self.frame("0x55e81f68c170", "QUJDREVG")
        self.assertTrue(self.differences(elsewhere, tags=()))

    def test_another_picture_of_addresses_is_none_in_a_cell_with_the_tag(self) -> None:
        self.assertEqual(self.differences(self.frame("0x55e81f68c170", "QUJDREVG")), [])

    def test_another_word_is_a_difference_in_a_cell_with_the_tag(self) -> None:
        self.assertTrue(self.differences(self.frame("0x55e81f68c170", "QUJDREVG", "text")))


class Timings(unittest.TestCase):
    """A timeline of one flag, and another of a slower run."""

    tags = (comparison.TIMINGS,)

    @staticmethod
    def timeline(bar: str, ms: int, picture: str, end: str = "", kind: str = "svg+xml"):
        text = f"a run: 1 flag in {ms} ms\nKR   |{bar}|{end}"
        html = f'<img src="data:image/{kind};base64,{picture}" alt="1 flag in {ms} ms">'
        return result(text_plain=text, text_html=html)

    def setUp(self) -> None:
        self.quick = self.timeline("-#  ", 90, "QUJD")
        self.slow = self.timeline("--##", 1234, "QUJDREVG")

    def differences(self, fresh, tags=tags) -> list[str]:
        return comparison.differences(cell(self.quick, tags=tags), cell(fresh, tags=tags))

    def test_another_picture_of_times_is_a_difference(self) -> None:
        self.assertTrue(self.differences(self.slow, tags=()))

    def test_another_bar_is_a_difference(self) -> None:
        self.assertTrue(self.differences(self.timeline("---#", 90, "QUJD"), tags=()))

    def test_another_picture_of_times_is_none_in_a_cell_with_the_tag(self) -> None:
        self.assertEqual(self.differences(self.slow), [])

    def test_another_animation_is_none_in_a_cell_with_the_tag(self) -> None:
        one, other = result(image_gif="R0lGODlh"), result(image_gif="R0lGODlhAAAA")
        self.assertEqual(
            comparison.differences(cell(one, tags=self.tags), cell(other, tags=self.tags)), []
        )

    def test_a_flag_that_failed_is_a_difference_in_a_cell_with_the_tag(self) -> None:
        self.assertTrue(self.differences(self.timeline("--x ", 90, "QUJD", " failed")))

    def test_a_picture_of_another_kind_is_a_difference_in_a_cell_with_the_tag(self) -> None:
        self.assertTrue(self.differences(self.timeline("-#  ", 90, "QUJD", kind="gif")))

    def test_a_missing_picture_is_a_difference_in_a_cell_with_the_tag(self) -> None:
        self.assertTrue(self.differences(self.timeline("-#  ", 90, "")))


class MachinePaths(unittest.TestCase):
    def test_are_found_in_each_kind_of_output(self) -> None:
        shown = cell(
            stream("from /home/you/guide/a.rs\n"),
            error("cannot read /tmp/.tmpa1b2c3/src"),
            result(text_html="<b>/Users/you/guide</b>"),
        )
        self.assertEqual(
            comparison.machine_paths(shown),
            ["/Users/you/guide", "/home/you/guide/a.rs", "/tmp/.tmpa1b2c3/src"],
        )

    def test_are_not_seen_in_pictures_urls_and_the_toolchains_own_sources(self) -> None:
        shown = cell(
            stream("http://127.0.0.1:80/data/flags/cn/cn.gif downloads/cn.gif\n"),
            stream("/rustc/59807616e1fa/library/std/src/panicking.rs\n", "stderr"),
            result(
                image_gif="AAAA/tmp/AAA", text_html='<img src="data:image/gif;base64,A/tmp/AA">'
            ),
        )
        self.assertEqual(comparison.machine_paths(shown), [])
