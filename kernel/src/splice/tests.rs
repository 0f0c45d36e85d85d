//! What a front end sees of cells, without evcxr and without a process.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use serde_json::{Value, json};

use super::message::{Key, Message, Request, header};
use super::{Effect, Event, Formats, Record, Splice};
use crate::protocol::Act;

const COMPLETE: &str = "EVCXR_EXECUTION_COMPLETE\n";

/// A machine, with evcxr, the process of the cells and front ends in the hands of the test.
pub struct Bench {
    pub splice: Splice,
    pub key: Arc<Key>,
    pub now: Instant,
    /// What everybody was sent, in order: kind, identity of the request, content.
    pub published: Vec<(String, String, Value)>,
    /// The answers on the shell channel and on the control channel.
    pub answers: Vec<(String, String, Value)>,
    /// What evcxr, the process and the system were told.
    pub told: Vec<String>,
    /// What evcxr was asked.
    pub asked: Vec<Request>,
    pub headers: Vec<Value>,
}

impl Bench {
    /// Where the relay reads what the cells print.
    pub fn new() -> Self {
        let mut bench = Self::of(None, None);
        bench.on(Event::Started);
        bench
    }

    /// Where evcxr passes on what the cells print.
    pub fn unspliced() -> Self {
        Self::of(None, None)
    }

    fn of(ahead: Option<Request>, flush: Option<&str>) -> Self {
        let key = Arc::new(Key::new("the key"));
        let now = Instant::now();
        Self {
            splice: Splice::new(key.clone(), ahead, flush.map(str::to_owned), now),
            key,
            now,
            published: Vec::new(),
            answers: Vec::new(),
            told: Vec::new(),
            asked: Vec::new(),
            headers: Vec::new(),
        }
    }

    fn open(&self, message: Message) -> (String, String, Value) {
        let message = self.key.open_answer(message).expect("signed");
        let id = message.parent_id().unwrap_or_default().to_owned();
        (message.kind().to_owned(), id, message.content())
    }

    pub fn on(&mut self, event: Event) {
        let effects = self.splice.on(event, self.now);
        self.did(effects);
    }

    pub fn wait(&mut self, ms: u64) {
        self.now += Duration::from_millis(ms);
        let effects = self.splice.on_time(self.now);
        self.did(effects);
    }

    /// Waits as long as something is to be done.
    pub fn rest(&mut self) {
        for _ in 0..10_000 {
            match self.splice.deadline(self.now) {
                Some(deadline) => self.now = self.now.max(deadline),
                None => return,
            }
            let effects = self.splice.on_time(self.now);
            self.did(effects);
        }
        panic!("without an end: {:?}", self.published);
    }

    fn did(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Publish(message) => {
                    let opened = self.open(message);
                    self.published.push(opened);
                }
                Effect::Answer(message) | Effect::AnswerControl(message) => {
                    let opened = self.open(message);
                    self.answers.push(opened);
                }
                Effect::Ask(message) => {
                    let request = self.key.open_request(&message).expect("a request");
                    self.headers.push(request.header.clone());
                    self.asked.push(request);
                }
                Effect::AskControl(message) => {
                    let request = self.key.open_request(&message).expect("a request");
                    self.told.push(format!("control: {}", request.kind()));
                }
                Effect::Input(message) => {
                    let (kind, _, content) = self.open(message);
                    self.told.push(format!("{kind}: {}", content["value"]));
                }
                Effect::TellKernel(line) => self.told.push(format!("kernel: {line}")),
                Effect::Command(line) => self.told.push(format!("cells: {line}")),
                other => self.told.push(format!("{other:?}")),
            }
        }
    }

    pub fn request(&self, kind: &str, id: &str, content: Value) -> Request {
        let mut header = header(kind);
        header["msg_id"] = id.into();
        self.key
            .ask(Bytes::from_static(b"a front end"), header, content)
    }

    /// A front end asks for a cell.
    pub fn execute(&mut self, id: &str) {
        self.execute_with(id, json!({"code": "a cell"}));
    }

    fn execute_with(&mut self, id: &str, content: Value) {
        let request = self.request("execute_request", id, content);
        self.on(Event::Shell(request));
    }

    fn ask(&mut self, kind: &str, id: &str, content: Value) {
        let request = self.request(kind, id, content);
        self.on(Event::Shell(request));
    }

    fn parent(&self, id: &str) -> Value {
        let header = self.headers.iter().find(|header| header["msg_id"] == id);
        header.expect("evcxr was asked").clone()
    }

    /// evcxr tells everybody something of a request.
    pub fn output(&mut self, kind: &str, id: &str, content: &Value) {
        let made = self.key.make(&[], kind, &self.parent(id), content);
        let opened = self.key.open_answer(made).expect("signed");
        self.on(Event::Output(opened));
    }

    pub fn answer(&mut self, kind: &str, id: &str, content: &Value) {
        let made = self.key.make(
            &[Bytes::from_static(b"a front end")],
            kind,
            &self.parent(id),
            content,
        );
        let opened = self.key.open_answer(made).expect("signed");
        self.on(Event::Answer(opened));
    }

    pub fn idle(&mut self, id: &str) {
        self.output("status", id, &json!({"execution_state": "idle"}));
    }

    pub fn print(&mut self, stdout: &str) {
        self.wrote(stdout.as_bytes(), b"");
    }

    fn print_stderr(&mut self, stderr: &str) {
        self.wrote(b"", stderr.as_bytes());
    }

    pub fn wrote(&mut self, stdout: &[u8], stderr: &[u8]) {
        self.on(Event::Wrote {
            stdout: stdout.to_vec(),
            stderr: stderr.to_vec(),
        });
    }

    pub fn display(&mut self, act: Act, id: &str, text: &str) {
        let formats = Formats::from_iter([("text/plain".to_owned(), json!(text))]);
        self.on(Event::Display(Record {
            act,
            id: id.to_owned(),
            formats,
        }));
    }

    /// evcxr has compiled the cell, and lets it run.
    pub fn begin(&mut self, id: &str) {
        self.output("status", id, &json!({"execution_state": "busy"}));
        self.output(
            "execute_input",
            id,
            &json!({"code": "a cell", "execution_count": 2}),
        );
        self.on(Event::Command(
            "LOAD_AND_RUN code_1.so run_user_code_1".to_owned(),
        ));
    }

    /// evcxr has learned of the end of the cell.
    pub fn end(&mut self, id: &str) {
        self.answer(
            "execute_reply",
            id,
            &json!({"status": "ok", "execution_count": 2}),
        );
        self.idle(id);
    }

    fn run(&mut self, id: &str, stdout: &str) {
        self.execute(id);
        self.begin(id);
        self.print(stdout);
        self.print(COMPLETE);
        self.end(id);
    }

    /// What a reader sees of a cell, in order: text of stdout, of stderr in angle brackets, displays.
    pub fn shown(&self, id: &str) -> Vec<String> {
        let of = self.published.iter().filter(|(_, parent, _)| parent == id);
        of.filter_map(|(kind, _, content)| match &**kind {
            "stream" if content["name"] == "stderr" => {
                Some(format!("<{}>", content["text"].as_str()?))
            }
            "stream" => Some(content["text"].as_str()?.to_owned()),
            "display_data" | "update_display_data" | "execute_result" => {
                Some(content["data"]["text/plain"].as_str()?.to_owned())
            }
            "error" => Some(format!(
                "{}: {}",
                content["ename"].as_str()?,
                content["evalue"].as_str()?
            )),
            _ => None,
        })
        .collect()
    }

    fn answer_of(&self, id: &str) -> &Value {
        let answers: Vec<_> = self
            .answers
            .iter()
            .filter(|(_, parent, _)| parent == id)
            .collect();
        assert_eq!(answers.len(), 1, "{answers:?}");
        &answers[0].2
    }

    pub fn ended(&self, id: &str) -> bool {
        let idle = |(kind, parent, content): &(String, String, Value)| {
            kind == "status" && parent == id && content["execution_state"] == "idle"
        };
        self.published.iter().any(idle)
    }

    fn told(&self, what: &str) -> bool {
        self.told.iter().any(|it| it == what)
    }
}

#[test]
fn what_is_printed_is_sent_before_evcxr_learns_of_the_end() {
    let mut bench = Bench::new();
    bench.execute("1");
    bench.begin("1");
    bench.print("a\n");
    bench.wrote(b"b\nEVCXR_EXECUTION_COMPLETE\n", b"c\n");
    assert_eq!(bench.shown("1"), ["a\n", "b\n", "<c\n>"]);
    assert!(bench.told("kernel: EVCXR_EXECUTION_COMPLETE"));
    assert!(!bench.ended("1"));
    bench.end("1");
    assert!(bench.ended("1"));
}

#[test]
fn a_cell_that_ends_in_the_middle_of_a_line_ends_and_the_next_begins_with_its_own() {
    let mut bench = Bench::new();
    bench.run("1", "abc");
    assert_eq!(bench.shown("1"), ["abc"]);
    assert!(bench.ended("1"));
    bench.run("2", "next\n");
    assert_eq!(bench.shown("2"), ["next\n"]);
}

#[test]
fn what_a_cell_has_left_in_its_buffer_is_printed_before_its_end() {
    let mut bench = Bench::of(None, Some("LOAD_AND_RUN flush.so flush"));
    bench.on(Event::Started);
    bench.execute("1");
    bench.begin("1");
    bench.print(COMPLETE);
    assert_eq!(
        bench.told.last().map(|it| &**it),
        Some("cells: LOAD_AND_RUN flush.so flush")
    );
    bench.print("abcEVCXR_EXECUTION_COMPLETE\n");
    assert_eq!(
        bench.told.last().map(|it| &**it),
        Some("kernel: EVCXR_EXECUTION_COMPLETE")
    );
    bench.end("1");
    assert_eq!(bench.shown("1"), ["abc"]);
    bench.execute("2");
    bench.begin("2");
    bench.print(COMPLETE);
    assert_eq!(
        bench.told.last().map(|it| &**it),
        Some("cells: LOAD_AND_RUN flush.so flush"),
        "again"
    );
}

#[test]
fn half_a_line_before_a_result_a_panic_or_an_error_is_shown() {
    let mut bench = Bench::new();
    bench.execute("1");
    bench.begin("1");
    bench
        .print("aEVCXR_BEGIN_CONTENT text/plain\n5\nEVCXR_END_CONTENT\nEVCXR_EXECUTION_COMPLETE\n");
    let told = [
        "EVCXR_BEGIN_CONTENT text/plain",
        "5",
        "EVCXR_END_CONTENT",
        "EVCXR_EXECUTION_COMPLETE",
    ];
    assert_eq!(bench.told[1..], told.map(|line| format!("kernel: {line}")));
    assert_eq!(bench.shown("1"), ["a"]);
    bench.end("1");
    bench.execute("2");
    bench.begin("2");
    bench.wrote(b"bEVCXR_ERROR_OCCURRED\nEVCXR_EXECUTION_COMPLETE\n", b"E\n");
    bench.end("2");
    assert_eq!(bench.shown("2"), ["b", "<E\n>", "Error: E"]);
}

#[test]
fn bytes_that_are_not_utf_8_are_shown_and_harm_no_other() {
    let mut bench = Bench::new();
    bench.execute("1");
    bench.begin("1");
    bench.wrote(b"a\xff\nEVCXR_EXECUTION_COMPLETE\n", b"\xed\x95");
    bench.end("1");
    assert_eq!(bench.shown("1"), ["a\u{fffd}\n", "<\u{fffd}>"]);
    bench.run("2", "한\n");
    assert_eq!(bench.shown("2"), ["한\n"]);
}

#[test]
fn a_hundred_thousand_lines_a_picture_and_a_result_arrive_in_few_messages() {
    let mut bench = Bench::new();
    bench.execute("1");
    bench.begin("1");
    let mut all = String::new();
    for thousand in 0..100 {
        let lines: String = (0..1_000).map(|n| format!("{thousand} {n}\n")).collect();
        for chunk in lines.as_bytes().chunks(100) {
            bench.wrote(chunk, b"");
        }
        all += &lines;
        bench.wait(1);
    }
    bench.display(Act::Show, "1f", "KR");
    bench.print("hitchhiker::display:1f\nEVCXR_EXECUTION_COMPLETE\n");
    bench.rest();
    bench.output(
        "execute_result",
        "1",
        &json!({"data": {"text/plain": "42"}, "execution_count": 2}),
    );
    bench.end("1");
    bench.rest();
    let shown = bench.shown("1");
    assert_eq!(shown[shown.len() - 2..], ["KR", "42"]);
    assert_eq!(shown[..shown.len() - 2].concat(), all);
    assert!(shown.len() < 100, "{}", shown.len());
}

#[test]
fn a_display_is_in_the_place_of_its_mark() {
    let mut bench = Bench::new();
    bench.execute("1");
    bench.begin("1");
    bench.display(Act::Show, "1f", "KR");
    bench.print("before\nhalf a line, hitchhiker::display:1f\nafter\n");
    bench.wait(50);
    assert_eq!(bench.shown("1"), ["before\nhalf a line, ", "KR", "after\n"]);
}

#[test]
fn a_mark_that_a_reader_prints_is_text() {
    let mut bench = Bench::new();
    let line = "hitchhiker::display:0123456789abcdef\n";
    bench.run("1", line);
    assert_eq!(bench.shown("1").concat(), line);
}

#[test]
fn a_later_cell_changes_what_an_earlier_one_showed() {
    let mut bench = Bench::new();
    bench.execute("1");
    bench.begin("1");
    bench.display(Act::Show, "1f", "one");
    bench.print("hitchhiker::display:1f\n");
    bench.print(COMPLETE);
    bench.end("1");
    bench.execute("2");
    bench.begin("2");
    bench.display(Act::Update, "1f", "two");
    bench.print(COMPLETE);
    bench.end("2");
    assert_eq!(
        (bench.shown("1"), bench.shown("2")),
        (vec!["one".to_owned()], vec!["two".to_owned()])
    );
}

#[test]
fn of_ten_thousand_updates_few_are_sent_and_the_last_one_is() {
    let mut bench = Bench::new();
    bench.execute("1");
    bench.begin("1");
    bench.display(Act::Show, "1f", "0");
    bench.print("hitchhiker::display:1f\n");
    for n in 1..=10_000 {
        bench.display(Act::Update, "1f", &n.to_string());
        if n % 100 == 0 {
            bench.wait(1);
        }
    }
    bench.print(COMPLETE);
    bench.end("1");
    let shown = bench.shown("1");
    assert_eq!(shown.last().map(|it| &**it), Some("10000"));
    assert!(shown.len() < 10, "{shown:?}");
}

#[test]
fn what_a_thread_prints_after_the_end_belongs_to_that_cell_until_the_next_begins() {
    let mut bench = Bench::new();
    bench.run("1", "");
    bench.print("late\n");
    bench.wait(50);
    assert_eq!(bench.shown("1"), ["late\n"]);
}

#[test]
fn cells_that_were_asked_for_at_once_run_one_after_the_other() {
    let mut bench = Bench::new();
    for id in ["1", "2"] {
        bench.execute(id);
    }
    assert_eq!(bench.asked.len(), 1);
    bench.begin("1");
    bench.print(COMPLETE);
    bench.end("1");
    assert_eq!(bench.asked.len(), 2);
}

#[test]
fn a_panic_is_an_error_and_aborts_the_cells_that_wait() {
    let mut bench = Bench::new();
    for id in ["1", "2"] {
        bench.execute(id);
    }
    bench.ask("kernel_info_request", "3", json!({}));
    bench.begin("1");
    bench.print_stderr(
        "thread 'main' panicked at src/lib.rs:1:1:\nso long\nstack backtrace:\n  0: x\n",
    );
    bench.print("EVCXR_PANIC_NOTIFICATION\nEVCXR_EXECUTION_COMPLETE\n");
    bench.end("1");
    let answer = bench.answer_of("1");
    assert_eq!(
        (&answer["status"], &answer["ename"], &answer["evalue"]),
        (&json!("error"), &json!("panic"), &json!("so long"))
    );
    assert_eq!(answer["traceback"], json!(["panic: so long"]));
    assert_eq!(answer["execution_count"], 2);
    assert_eq!(
        bench.shown("1").last().map(|it| &**it),
        Some("panic: so long")
    );
    assert_eq!(bench.answer_of("2"), &json!({"status": "aborted"}));
    assert!(bench.ended("2"));
    assert_eq!(
        bench.asked.last().map(Request::kind),
        Some("kernel_info_request")
    );
}

#[test]
fn where_errors_are_expected_the_cells_that_wait_run_and_no_message_repeats_what_evcxr_has_printed()
{
    let mut bench = Bench::new();
    bench.execute_with("1", json!({"code": "", "stop_on_error": false}));
    bench.execute("2");
    bench.begin("1");
    bench.wrote(
        b"EVCXR_ERROR_OCCURRED\nEVCXR_EXECUTION_COMPLETE\n",
        b"StopIteration\n",
    );
    bench.end("1");
    assert_eq!(bench.answer_of("1")["evalue"], "StopIteration");
    assert_eq!(bench.shown("1"), ["<StopIteration\n>"]);
    assert_eq!(bench.asked.len(), 2);
}

#[test]
fn a_compile_errors_answer_says_what_the_error_message_says() {
    let mut bench = Bench::new();
    bench.execute("1");
    let error = json!({"ename": "Error", "evalue": "mismatched types", "traceback": ["a", "b"]});
    bench.output("error", "1", &error);
    bench.output(
        "error",
        "1",
        &json!({"ename": "Error", "evalue": "a consequence", "traceback": []}),
    );
    bench.answer(
        "execute_reply",
        "1",
        &json!({"status": "error", "execution_count": 2}),
    );
    assert!(bench.answers.is_empty(), "the answer waits for all errors");
    bench.idle("1");
    let mut wanted = error;
    wanted["status"] = "error".into();
    wanted["execution_count"] = 2.into();
    assert_eq!(*bench.answer_of("1"), wanted);
}

#[test]
fn a_process_that_ends_has_its_last_words_shown_before_evcxr_learns_of_it() {
    let mut bench = Bench::new();
    bench.execute("1");
    bench.begin("1");
    bench.wrote(b"half", b"so long");
    bench.on(Event::Ended);
    assert_eq!(bench.shown("1"), ["half", "<so long>"]);
    assert!(bench.told("HangUp"));
    bench.on(Event::Started);
    let evalue = "Subprocess terminated with status: signal: 11 (SIGSEGV) (core dumped)";
    bench.output(
        "error",
        "1",
        &json!({"ename": "Error", "evalue": evalue, "traceback": [evalue]}),
    );
    bench.answer(
        "execute_reply",
        "1",
        &json!({"status": "error", "execution_count": 2}),
    );
    bench.idle("1");
    let evalue = bench.answer_of("1")["evalue"].as_str().expect("a text");
    assert!(evalue.contains("recursion"), "{evalue}");
    assert!(
        bench
            .shown("1")
            .last()
            .expect("an error")
            .contains("recursion")
    );
    bench.run("2", "next\n");
    assert_eq!(bench.shown("2"), ["next\n"]);
}

#[test]
fn an_interrupt_while_nothing_runs_does_nothing() {
    let mut bench = Bench::new();
    bench.run("1", "");
    let told = bench.told.len();
    let request = bench.request("interrupt_request", "2", json!({}));
    bench.on(Event::Control(request));
    assert_eq!(*bench.answer_of("2"), json!({"status": "ok"}));
    assert_eq!(bench.told.len(), told);
}

#[test]
fn an_interrupted_cell_ends_with_an_error_that_says_what_is_lost() {
    let mut bench = Bench::new();
    for id in ["1", "2"] {
        bench.execute(id);
    }
    bench.begin("1");
    let request = bench.request("interrupt_request", "3", json!({}));
    bench.on(Event::Control(request));
    assert!(bench.told("control: interrupt_request"));
    bench.on(Event::Ended);
    bench.on(Event::Started);
    bench.output(
        "error",
        "1",
        &json!({"ename": "Error", "evalue": "signal: 9", "traceback": []}),
    );
    bench.answer(
        "execute_reply",
        "1",
        &json!({"status": "error", "execution_count": 2}),
    );
    bench.idle("1");
    let answer = bench.answer_of("1");
    assert_eq!(answer["ename"], "Interrupted");
    assert!(
        answer["evalue"]
            .as_str()
            .is_some_and(|it| it.contains("all variables")),
        "{answer}"
    );
    assert_eq!(bench.shown("1").len(), 1);
    assert_eq!(bench.answer_of("2"), &json!({"status": "aborted"}));
}

#[test]
fn an_interrupt_while_a_cell_compiles_stops_the_compilers_and_keeps_the_process() {
    let mut bench = Bench::new();
    bench.execute("1");
    let request = bench.request("interrupt_request", "2", json!({}));
    bench.on(Event::Control(request));
    assert_eq!(bench.told, ["StopCompilers"]);
    assert_eq!(*bench.answer_of("2"), json!({"status": "ok"}));
    bench.wait(1_000);
    assert_eq!(
        bench.told, ["StopCompilers"; 2],
        "evcxr may have started another"
    );
    bench.told.pop();
    // Where all was compiled already, evcxr takes the cell for one that has panicked.
    bench.begin("1");
    assert_eq!(
        bench.told[1..],
        [
            "kernel: EVCXR_PANIC_NOTIFICATION",
            "kernel: EVCXR_EXECUTION_COMPLETE"
        ]
    );
    bench.end("1");
    assert_eq!(bench.answer_of("1")["ename"], "Interrupted");
    bench.run("2", "next\n");
    assert_eq!(bench.shown("2"), ["next\n"]);
}

#[test]
fn an_interrupt_while_a_cell_asks_for_input_gives_evcxr_an_answer() {
    let mut bench = Bench::new();
    bench.execute("1");
    bench.begin("1");
    bench.print("EVCXR_INPUT_REQUEST:Name?\n");
    let question = bench.key.make(
        &[],
        "input_request",
        &bench.parent("1"),
        &json!({"prompt": "Name?"}),
    );
    bench.on(Event::AsksInput(question));
    let request = bench.request("interrupt_request", "2", json!({}));
    bench.on(Event::Control(request));
    assert!(bench.told("control: interrupt_request"));
    assert!(
        !bench.told("input_reply: \"\""),
        "the cell would go on with it"
    );
    bench.on(Event::Ended);
    assert!(bench.told("input_reply: \"\""));
}

#[test]
fn a_cell_that_waits_for_input_reads_its_end_unless_evcxr_gives_some() {
    let mut bench = Bench::new();
    bench.execute("1");
    bench.on(Event::WaitsForInput);
    assert!(!bench.told("EndInput"), "the process waits for the cell");
    bench.begin("1");
    bench.on(Event::WaitsForInput);
    assert!(bench.told("EndInput"));
    bench.told.clear();
    bench.print("EVCXR_INPUT_REQUEST:Name?\n");
    bench.on(Event::WaitsForInput);
    bench.on(Event::Command("Ford".to_owned()));
    bench.print(COMPLETE);
    bench.on(Event::WaitsForInput);
    assert!(!bench.told("EndInput"), "{:?}", bench.told);
}

#[test]
fn every_kind_of_request_is_answered_and_an_unknown_one_by_an_error() {
    let mut bench = Bench::new();
    for kind in ["comm_info", "history", "connect", "debug", "no_such"] {
        bench.ask(&format!("{kind}_request"), kind, json!({}));
        if let Some(request) = bench.asked.pop() {
            panic!("{} would get no answer", request.kind());
        }
        let (reply, _, content) = bench.answers.last().expect("an answer").clone();
        assert_eq!(reply, format!("{kind}_reply"));
        let is_known = ["comm_info", "history"].contains(&kind);
        assert_eq!(content["status"], if is_known { "ok" } else { "error" });
        assert!(bench.ended(kind));
        let request = bench.request(&format!("{kind}_request"), "on control", json!({}));
        bench.on(Event::Control(request));
        assert_eq!(
            bench.answers.last().expect("an answer").2["status"],
            "error"
        );
    }
    bench.ask("comm_msg", "m", json!({}));
    assert!(bench.ended("m"));
}

#[test]
fn a_request_that_evcxr_never_answers_gets_an_error() {
    let mut bench = Bench::new();
    bench.ask("kernel_info_request", "1", json!({}));
    bench.idle("1");
    assert!(bench.answers.is_empty());
    bench.rest();
    assert_eq!(bench.answer_of("1")["status"], "error");
    assert!(bench.ended("1"));
}

#[test]
fn a_silent_cell_shows_no_result_and_does_not_count() {
    let mut bench = Bench::new();
    bench.execute_with("1", json!({"code": "1", "silent": true}));
    bench.begin("1");
    bench.print("printed\n");
    bench.print(COMPLETE);
    bench.output(
        "execute_result",
        "1",
        &json!({"data": {"text/plain": "1"}, "execution_count": 2}),
    );
    bench.end("1");
    assert_eq!(bench.shown("1"), ["printed\n"]);
    assert!(
        !bench
            .published
            .iter()
            .any(|(kind, ..)| kind == "execute_input")
    );
    bench.execute("2");
    bench.output(
        "execute_input",
        "2",
        &json!({"code": "2", "execution_count": 3}),
    );
    bench.answer(
        "execute_reply",
        "2",
        &json!({"status": "ok", "execution_count": 3}),
    );
    assert_eq!(
        bench.published.last().expect("an input").2["execution_count"],
        2
    );
    assert_eq!(bench.answer_of("2")["execution_count"], 2);
}

#[test]
fn evcxr_reads_ahead_once_when_nobody_asks_for_anything() {
    let key = Key::new("the key");
    let question = key.ask(
        Bytes::from_static(b"ahead"),
        header("complete_request"),
        json!({"code": "x"}),
    );
    let id = question.id().to_owned();
    let mut bench = Bench::of(Some(question), None);
    bench.ask("kernel_info_request", "1", json!({}));
    bench.answer("kernel_info_reply", "1", &json!({"status": "ok"}));
    bench.idle("1");
    bench.wait(499);
    assert_eq!(bench.asked.len(), 1);
    bench.wait(1);
    assert_eq!(bench.asked.last().map(Request::id), Some(&*id));
    let (published, answers) = (bench.published.len(), bench.answers.len());
    bench.execute("2");
    bench.output("status", &id, &json!({"execution_state": "busy"}));
    bench.answer("complete_reply", &id, &json!({"status": "ok"}));
    bench.idle(&id);
    assert_eq!(
        (bench.published.len(), bench.answers.len()),
        (published, answers),
        "nobody learns of it"
    );
    assert_eq!(bench.asked.last().map(Request::id), Some("2"));
    bench.end("2");
    bench.wait(5_000);
    assert_eq!(bench.asked.len(), 3);
}

#[test]
fn evcxr_does_not_read_ahead_of_a_cell_that_has_come() {
    let key = Key::new("the key");
    let question = key.ask(
        Bytes::from_static(b"ahead"),
        header("complete_request"),
        json!({"code": "x"}),
    );
    let mut bench = Bench::of(Some(question), None);
    bench.execute("1");
    bench.end("1");
    bench.rest();
    assert_eq!(bench.asked.len(), 1);
}

#[test]
fn where_evcxr_passes_on_what_is_printed_the_end_waits_for_a_silence() {
    let mut bench = Bench::unspliced();
    bench.execute("1");
    bench.begin("1");
    bench.output("stream", "1", &json!({"name": "stdout", "text": "a\n"}));
    bench.output(
        "execute_result",
        "1",
        &json!({"data": {"text/plain": "42"}, "execution_count": 2}),
    );
    bench.end("1");
    bench.output("stream", "1", &json!({"name": "stderr", "text": "late\n"}));
    bench.wait(10);
    assert!(!bench.ended("1"));
    bench.rest();
    assert_eq!(bench.shown("1"), ["a\n", "<late\n>", "42"]);
    assert!(bench.ended("1"));
}

#[test]
fn there_a_thread_that_prints_without_an_end_does_not_keep_its_cell_from_ending() {
    let mut bench = Bench::unspliced();
    bench.execute("1");
    bench.begin("1");
    bench.end("1");
    for _ in 0..100 {
        bench.output(
            "stream",
            "1",
            &json!({"name": "stderr", "text": "on and on\n"}),
        );
        bench.wait(11);
    }
    assert!(bench.ended("1"));
}
