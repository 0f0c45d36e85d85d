//! Nothing that a reader's code does touches a generator that is freed, or drops a value twice.
//!
//! A program is a number. The number seeds the dice that bodies, destructors, iterators, errors and
//! `Debug` throw whenever they run: they yield, delegate to generators that are owned, lent, lent out
//! of a `RefMut`, shared or traced, ignore what is raised in them, panic, and resume, close, swap,
//! replace, drop or forget any generator within reach. Each program is small, and there are many.
//!
//! The programs run in processes of their own, which say the number of each program before it
//! begins. So a failure has a number even where it ends the process, as those do that a sanitizer
//! finds. Without a sanitizer, this test finds what is dropped twice or never, and little else.
//!
//! - `HITCHHIKER_FUZZ` sets how many programs run,
//! - `HITCHHIKER_FUZZ_SEED` the number of the first: a failure says the number that brings it back.
#![forbid(unsafe_code)]

mod actors;
mod dice;

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

const PROGRAMS: u64 = 100_000;
/// As many as Miri looks at in a minute.
const PROGRAMS_UNDER_MIRI: u64 = 60;
/// Programs that share a process. They forget generators, whose memory only its end gives back.
const CHUNK: u64 = 100_000;
const SEED: u64 = 342;

const COUNT: &str = "HITCHHIKER_FUZZ";
const FIRST: &str = "HITCHHIKER_FUZZ_SEED";

#[test]
fn no_program_touches_what_is_freed_or_drops_a_value_twice() {
    let first = setting(FIRST, SEED);
    if cfg!(miri) {
        run(
            first,
            setting(COUNT, PROGRAMS_UNDER_MIRI),
            &mut std::io::sink(),
        );
        return;
    }
    let count = setting(COUNT, PROGRAMS);
    let mut done = 0;
    while done < count {
        let chunk = CHUNK.min(count - done);
        run_in_a_process(first + done, chunk);
        done += chunk;
        println!("{done} programs");
    }
}

fn run_in_a_process(first: u64, count: u64) {
    let options = std::env::var("ASAN_OPTIONS").unwrap_or_default();
    let program = std::env::current_exe().expect("a test knows where it is");
    let mut child = Command::new(program)
        .args(["--exact", "the_programs", "--ignored", "--nocapture"])
        .env(FIRST, first.to_string())
        .env(COUNT, count.to_string())
        // The address sanitizer must not look for what programs have forgotten.
        .env("ASAN_OPTIONS", format!("detect_leaks=0:{options}"))
        .env("RUST_MIN_STACK", "16777216") // code that acts calls code that acts
        .stdout(Stdio::piped())
        .spawn()
        .expect("a test can start itself");
    let stdout = child.stdout.take().expect("it is piped");
    let mut last = None;
    let mut said = Vec::new();
    for line in BufReader::new(stdout).lines() {
        let line = line.expect("what a test prints is UTF-8");
        match line.strip_prefix("program ") {
            Some(number) => last = Some(number.to_owned()),
            None => said.push(line),
        }
    }
    let status = child.wait().expect("it was started");
    assert!(
        status.success(),
        "{status}; {COUNT}=1 {FIRST}={} brings it back\n{}",
        last.as_deref().unwrap_or("none"),
        said.join("\n"),
    );
}

#[test]
#[ignore = "the other test starts it in a process of its own"]
fn the_programs() {
    let (first, count) = (setting(FIRST, SEED), setting(COUNT, PROGRAMS));
    let happened = run(first, count, &mut std::io::stdout().lock());
    println!("{happened:?}");
    if count == CHUNK {
        let missing = happened.iter().find(|(_, times)| *times == 0);
        assert_eq!(missing, None, "nothing of this kind has happened");
    }
}

/// Runs the programs; says the number of each to `log`, and gives how often what has happened in them.
fn run(first: u64, count: u64, log: &mut impl Write) -> Vec<(&'static str, u64)> {
    writeln!(log).expect("somebody reads it"); // after the name of the test
    for number in first..first + count {
        writeln!(log, "program {number}").expect("somebody reads it");
        actors::run(number);
    }
    dice::happened()
}

fn setting(name: &str, default: u64) -> u64 {
    match std::env::var(name) {
        Ok(value) => value
            .parse()
            .unwrap_or_else(|_| panic!("{name} is no number: {value}")),
        Err(_) => default,
    }
}
