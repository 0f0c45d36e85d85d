//! Random programs do on our generators what they do on Python's, step by step.
//!
//! A program is a body made of `yield`, `yield from`, `try`, `raise` and their like, and a driver
//! that calls `next`, `send`, `throw` and `close` in any order. Compared are its traces: what each
//! step gave or raised, error messages included, the state after it, and the lines that the body
//! and those it delegates to have logged by then.
//!
//! - `HITCHHIKER_DIFFERENTIAL_PROGRAMS` sets how many programs run,
//! - `HITCHHIKER_DIFFERENTIAL_SEED` which ones: a failure says which seed brings it back.

mod program;
mod python;
mod rust;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use program::{Program, programs};
use python::Python;

const PROGRAMS: u64 = 10_000;
const SEED: u64 = 342;
/// Programs that share a seed.
const CHUNK: u64 = 500;

#[test]
fn random_programs_leave_the_same_trace_as_in_python() {
    let programs = setting("HITCHHIKER_DIFFERENTIAL_PROGRAMS", PROGRAMS);
    let seed = setting("HITCHHIKER_DIFFERENTIAL_SEED", SEED);
    let next_chunk = AtomicU64::new(0);
    let work = |mut python: Python| {
        loop {
            let chunk = next_chunk.fetch_add(1, Ordering::Relaxed);
            let left = programs.saturating_sub(chunk * CHUNK);
            if left == 0 {
                return;
            }
            compare(&mut python, seed + chunk, left.min(CHUNK));
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

fn compare(python: &mut Python, seed: u64, count: u64) {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let random = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(Config::default(), random);
    let programs = programs();
    for _ in 0..count {
        let program = programs.new_tree(&mut runner).expect("nothing is filtered");
        if differs(&program.current(), python) {
            let program = smallest(program, python);
            let (theirs, ours) = traces(&program, python);
            panic!(
                "the traces differ; HITCHHIKER_DIFFERENTIAL_SEED={seed} brings it back\n\n\
                 {program}\npython3: {theirs:#?}\nhitchhiker: {ours:#?}"
            );
        }
    }
}

/// Takes away from a program what it can lose and still differ.
fn smallest(mut program: impl ValueTree<Value = Program>, python: &mut Python) -> Program {
    let mut smallest = program.current();
    let mut went_on = program.simplify();
    while went_on {
        went_on = if differs(&program.current(), python) {
            smallest = program.current();
            program.simplify()
        } else {
            program.complicate()
        };
    }
    smallest
}

fn differs(program: &Program, python: &mut Python) -> bool {
    let (theirs, ours) = traces(program, python);
    theirs != ours
}

fn traces(program: &Program, python: &mut Python) -> (Vec<String>, Vec<String>) {
    let theirs = python.trace(&program.to_string());
    (theirs, rust::trace(program, python.close_gives_the_value))
}
