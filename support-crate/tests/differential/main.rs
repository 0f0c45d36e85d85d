//! Random programs do on our generators what they do on Python's, step by step.
//!
//! A program is a body made of `yield`, `yield from`, `try`, `raise` and their like, or of `yield`,
//! `await`, `async for` and the rest, and a driver that calls `next`, `send`, `throw` and `close`, or
//! `anext` and its like, in any order. Compared are its traces: what each
//! step gave or raised, error messages included, the state after it, and the lines that the body
//! and those it delegates to have logged by then.
//!
//! Those that are not asynchronous run once more with all their generators traced. They must do the same, and the
//! lines of the `Trace` must be what a hook of Python's own sees pass into and out of the generators.
//!
//! - `HITCHHIKER_DIFFERENTIAL_PROGRAMS` sets how many programs run,
//! - `HITCHHIKER_DIFFERENTIAL_SEED` which ones: a failure says which seed brings it back.

mod program;
mod python;
mod rust;

use proptest::strategy::{BoxedStrategy, Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use program::{Program, programs, synchronous_programs};
use python::Python;

const PROGRAMS: u64 = 10_000;
/// Programs that run traced.
const TRACED: u64 = 2_000;
const SEED: u64 = 342;
/// Programs that share a seed.
const CHUNK: u64 = 500;

/// What is compared of a program: first Python's, then ours.
type Traces = fn(&Program, &mut Python) -> (Vec<String>, Vec<String>);

#[test]
fn random_programs_leave_the_same_trace_as_in_python() {
    compare_many(
        PROGRAMS,
        || programs().boxed(),
        |program, python| {
            let theirs = python.trace(&program.to_string());
            (theirs, rust::trace(program, python.close_gives_the_value))
        },
    );
}

#[test]
fn a_trace_tells_of_random_programs_what_a_hook_in_python_sees_and_changes_nothing() {
    compare_many(
        TRACED,
        || synchronous_programs().boxed(),
        |program, python| {
            let (mut theirs, hooked) = python.hooked(&program.to_string());
            let (mut ours, traced) = rust::traced(program, python.close_gives_the_value);
            theirs.extend(hooked);
            ours.extend(traced);
            (theirs, ours)
        },
    );
}

fn compare_many(count: u64, programs: fn() -> BoxedStrategy<Program>, traces: Traces) {
    let count = setting("HITCHHIKER_DIFFERENTIAL_PROGRAMS", count);
    let seed = setting("HITCHHIKER_DIFFERENTIAL_SEED", SEED);
    let next_chunk = AtomicU64::new(0);
    let work = |mut python: Python| {
        loop {
            let chunk = next_chunk.fetch_add(1, Ordering::Relaxed);
            let left = count.saturating_sub(chunk * CHUNK);
            if left == 0 {
                return;
            }
            compare(
                &mut python,
                &programs(),
                traces,
                seed + chunk,
                left.min(CHUNK),
            );
        }
    };
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, Into::into) {
            let python = Python::start();
            scope.spawn(|| work(python));
        }
    });
}

fn setting(name: &str, default: u64) -> u64 {
    match std::env::var(name) {
        Ok(value) => value
            .parse()
            .unwrap_or_else(|_| panic!("{name} is no number: {value}")),
        Err(_) => default,
    }
}

fn compare(
    python: &mut Python,
    programs: &BoxedStrategy<Program>,
    traces: Traces,
    seed: u64,
    count: u64,
) {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let random = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(Config::default(), random);
    for _ in 0..count {
        let program = programs.new_tree(&mut runner).expect("nothing is filtered");
        if differs(&program.current(), traces, python) {
            let program = smallest(program, traces, python);
            let (theirs, ours) = traces(&program, python);
            panic!(
                "the traces differ; HITCHHIKER_DIFFERENTIAL_SEED={seed} brings it back\n\n\
                 {program}\npython3: {theirs:#?}\nhitchhiker: {ours:#?}"
            );
        }
    }
}

/// Takes away from a program what it can lose and still differ.
fn smallest(
    mut program: impl ValueTree<Value = Program>,
    traces: Traces,
    python: &mut Python,
) -> Program {
    let mut smallest = program.current();
    let mut went_on = program.simplify();
    while went_on {
        went_on = if differs(&program.current(), traces, python) {
            smallest = program.current();
            program.simplify()
        } else {
            program.complicate()
        };
    }
    smallest
}

fn differs(program: &Program, traces: Traces, python: &mut Python) -> bool {
    let (theirs, ours) = traces(program, python);
    theirs != ours
}
