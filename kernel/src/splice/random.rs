//! Whatever the order in which things happen: nothing is lost, nothing comes twice, nothing comes behind the end
//! of its cell, and each stream keeps its order.
//!
//! The environment variable `PROPTEST_CASES` says how many interleavings are tried.

use proptest::prelude::*;
use serde_json::json;

use super::Event;
use super::tests::Bench;
use crate::protocol::Act;

/// Something that a cell does.
#[derive(Debug, Clone)]
enum Step {
    Stdout(&'static [u8]),
    Stderr(&'static [u8]),
    Show,
    Result,
    Panic,
}

/// How a cell ends.
#[derive(Debug, Clone, Copy)]
enum End {
    Complete,
    Exit,
}

#[derive(Debug, Clone)]
struct Script {
    steps: Vec<Step>,
    end: End,
}

fn step() -> impl Strategy<Value = Step> {
    let text = prop::sample::select(vec![
        &b"a"[..],
        b"a line\n",
        b"E",
        b"EVCXR_",
        b"hitchhiker::",
        b"\xff",
        b"\xed\x95",
        b"\x9c",
        b"10 %\r",
        b"\n\n",
    ]);
    prop_oneof![
        4 => text.clone().prop_map(Step::Stdout),
        3 => text.prop_map(Step::Stderr),
        2 => Just(Step::Show),
        1 => Just(Step::Result),
        1 => Just(Step::Panic),
    ]
}

fn script() -> impl Strategy<Value = Script> {
    let end = prop_oneof![6 => Just(End::Complete), 1 => Just(End::Exit)];
    (prop::collection::vec(step(), 0..12), end).prop_map(|(steps, end)| Script { steps, end })
}

/// Chooses what happens next.
struct Dice(Vec<u8>, usize);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.1 += 1;
        let byte = self.0[self.1 % self.0.len()];
        (usize::from(byte) + self.1 / self.0.len()) % below
    }
}

/// What a cell has to show: stdout and stderr, with a display as one character of stdout.
#[derive(Debug, Default, PartialEq)]
struct Seen {
    stdout: String,
    stderr: String,
}

const DISPLAY: char = '\u{1f3f3}';

/// Runs the cells one after the other, cutting and mixing what the process writes at random.
fn run(scripts: &[Script], dice: &mut Dice) {
    let mut bench = Bench::new();
    let ids: Vec<String> = (0..scripts.len()).map(|index| index.to_string()).collect();
    // Some front ends ask for all at once.
    let at_once = dice.roll(2) == 0;
    if at_once {
        for id in &ids {
            execute(&mut bench, id);
        }
    }
    for (index, (script, id)) in scripts.iter().zip(&ids).enumerate() {
        if !at_once {
            execute(&mut bench, id);
        }
        assert!(
            bench.asked.iter().any(|request| request.id() == id),
            "{id} is never asked for"
        );
        let told = bench.told.len();
        bench.begin(id);
        let wanted = cell(&mut bench, script, index, dice);
        bench.rest();
        let told = bench.told[told..].to_vec();
        let was_told = |line: &str| told.iter().any(|it| it == line);
        match script.end {
            End::Complete => assert!(was_told("kernel: EVCXR_EXECUTION_COMPLETE"), "{told:?}"),
            End::Exit => {
                assert!(was_told("HangUp"), "{told:?}");
                bench.on(Event::Started);
            }
        }
        // The answer and the outputs come by two connections.
        let failed = matches!(script.end, End::Exit);
        let status = json!({"status": if failed { "error" } else { "ok" }, "execution_count": 2});
        let first = dice.roll(2) == 0;
        if first {
            bench.answer("execute_reply", id, &status);
        }
        if failed {
            bench.output(
                "error",
                id,
                &json!({"ename": "Error", "evalue": "ended", "traceback": []}),
            );
        } else if was_told("kernel: EVCXR_END_CONTENT") {
            bench.output(
                "execute_result",
                id,
                &json!({"data": {"text/plain": "5"}, "execution_count": 2}),
            );
        }
        bench.idle(id);
        if !first {
            bench.answer("execute_reply", id, &status);
        }
        bench.rest();
        assert_eq!(seen(&bench, id), wanted, "{:?}", bench.published);
        let of: Vec<_> = bench
            .published
            .iter()
            .filter(|(_, parent, _)| parent == id)
            .collect();
        let idle = of
            .iter()
            .filter(|(kind, _, content)| kind == "status" && content["execution_state"] == "idle");
        assert_eq!(idle.count(), 1);
        assert!(
            of.last().is_some_and(|(kind, ..)| kind == "status"),
            "something is behind the end: {of:?}"
        );
        assert_eq!(
            bench
                .answers
                .iter()
                .filter(|(_, parent, _)| parent == id)
                .count(),
            1
        );
    }
}

fn execute(bench: &mut Bench, id: &str) {
    let request = bench.request(
        "execute_request",
        id,
        json!({"code": "", "stop_on_error": false}),
    );
    bench.on(Event::Shell(request));
}

/// The process runs a cell; gives what has to be seen of it.
fn cell(bench: &mut Bench, script: &Script, cell: usize, dice: &mut Dice) -> Seen {
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let (mut wanted, mut wanted_err) = (Vec::new(), Vec::new());
    let mut shown = 0;
    for step in &script.steps {
        match step {
            Step::Stdout(bytes) => {
                stdout.extend_from_slice(bytes);
                wanted.extend_from_slice(bytes);
            }
            Step::Stderr(bytes) => {
                stderr.extend_from_slice(bytes);
                wanted_err.extend_from_slice(bytes);
            }
            Step::Show => {
                let id = format!("{cell:x}{shown:015x}");
                shown += 1;
                // The record is in the pipe before the mark is printed.
                write(bench, &mut stdout, &mut stderr, dice);
                bench.display(Act::Show, &id, &DISPLAY.to_string());
                stdout.extend_from_slice(format!("hitchhiker::display:{id}\n").as_bytes());
                wanted.extend_from_slice(DISPLAY.to_string().as_bytes());
            }
            Step::Result => {
                stdout.extend_from_slice(b"EVCXR_BEGIN_CONTENT text/plain\n5\nEVCXR_END_CONTENT\n");
                wanted.push(0);
            }
            Step::Panic => {
                stdout.extend_from_slice(b"EVCXR_PANIC_NOTIFICATION\n");
                wanted.push(0);
            }
        }
        if dice.roll(3) == 0 {
            write(bench, &mut stdout, &mut stderr, dice);
        }
    }
    if matches!(script.end, End::Complete) {
        stdout.extend_from_slice(b"EVCXR_EXECUTION_COMPLETE\n");
    }
    while !(stdout.is_empty() && stderr.is_empty()) {
        // All of stderr is there when the end of the cell is.
        let all = stderr.clone();
        let some = (dice.roll(40) + 1).min(stdout.len());
        let part: Vec<u8> = stdout.drain(..some).collect();
        stderr.clear();
        bench.wrote(&part, &all);
        wait(bench, dice);
    }
    if matches!(script.end, End::Exit) {
        bench.on(Event::Ended);
    }
    Seen {
        stdout: decoded(&wanted),
        stderr: String::from_utf8_lossy(&wanted_err).into_owned(),
    }
}

/// A character does not go on behind a display or a line for evcxr.
fn decoded(bytes: &[u8]) -> String {
    let flag = DISPLAY.to_string();
    let mut text = String::new();
    let mut rest = bytes;
    loop {
        let zero = rest.iter().position(|byte| *byte == 0).map(|at| (at, 1));
        let shown = rest
            .windows(flag.len())
            .position(|it| it == flag.as_bytes())
            .map(|at| (at, flag.len()));
        let Some((at, length)) = [zero, shown].into_iter().flatten().min() else {
            break;
        };
        text += &String::from_utf8_lossy(&rest[..at]);
        if length > 1 {
            text.push(DISPLAY);
        }
        rest = &rest[at + length..];
    }
    text + &String::from_utf8_lossy(rest)
}

/// Writes a part of what waits, and some time passes.
fn write(bench: &mut Bench, stdout: &mut Vec<u8>, stderr: &mut Vec<u8>, dice: &mut Dice) {
    let (out, err) = (dice.roll(stdout.len() + 1), dice.roll(stderr.len() + 1));
    let (out, err): (Vec<u8>, Vec<u8>) =
        (stdout.drain(..out).collect(), stderr.drain(..err).collect());
    bench.wrote(&out, &err);
    wait(bench, dice);
}

fn wait(bench: &mut Bench, dice: &mut Dice) {
    let ms = [0, 0, 1, 60][dice.roll(4)];
    bench.wait(ms);
}

fn seen(bench: &Bench, id: &str) -> Seen {
    let mut seen = Seen::default();
    for (kind, parent, content) in &bench.published {
        match &**kind {
            _ if parent != id => {}
            "stream" if content["name"] == "stderr" => {
                seen.stderr += content["text"].as_str().expect("a text")
            }
            "stream" => seen.stdout += content["text"].as_str().expect("a text"),
            "display_data" => seen.stdout.push(DISPLAY),
            _ => {}
        }
    }
    seen
}

proptest! {
    #[test]
    fn nothing_is_lost_or_comes_twice_or_late(
        scripts in prop::collection::vec(script(), 1..4),
        dice in prop::collection::vec(any::<u8>(), 1..32),
    ) {
        run(&scripts, &mut Dice(dice, 0));
    }
}
