//! No program carries a `yield` out of its body: of random programs that try, those compile that do
//! not, and no others.
//!
//! A program wraps a `yield` into expressions, closures, `async` blocks, macros and bodies of its
//! own, in a module that defines names which the macros' code might mean. What it must come to is
//! known from what it was made of. Many are compiled at once; those with errors are taken out, until
//! the rest compiles, since rustc stops at the first phase that finds an error.
//!
//! - `HITCHHIKER_SMUGGLERS` sets how many programs there are,
//! - `HITCHHIKER_SMUGGLERS_SEED` which ones: a failure says which seed brings it back.

#[path = "../built/mod.rs"]
mod built;
mod compiler;
mod program;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use compiler::{Compiler, EDITIONS};
use program::{Expected, Program, programs};

const PROGRAMS: u64 = 600;
const SEED: u64 = 342;
/// Programs that are compiled together and share a seed.
const CHUNK: u64 = 1000;

#[test]
fn programs_that_carry_a_yield_out_of_its_body_do_not_compile_and_all_others_do() {
    let programs = setting("HITCHHIKER_SMUGGLERS", PROGRAMS);
    let seed = setting("HITCHHIKER_SMUGGLERS_SEED", SEED);
    let compiler = Compiler::find();
    let next_chunk = AtomicU64::new(0);
    let counts = Mutex::new(BTreeMap::new());
    let work = || {
        loop {
            let chunk = next_chunk.fetch_add(1, Ordering::Relaxed);
            let left = programs.saturating_sub(chunk * CHUNK);
            if left == 0 {
                return;
            }
            for outcome in judge(&compiler, seed + chunk, left.min(CHUNK)) {
                *counts
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .entry(outcome)
                    .or_insert(0) += 1;
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, Into::into) {
            scope.spawn(work);
        }
    });
    let counts = counts.into_inner().unwrap_or_else(PoisonError::into_inner);
    println!("{programs} programs, by what was expected and whether it compiled: {counts:?}");
    for outcome in [(Expected::Refused, false), (Expected::Compiled, true)] {
        assert!(
            counts.contains_key(&outcome),
            "{counts:?} lacks {outcome:?}"
        );
    }
}

fn setting(name: &str, default: u64) -> u64 {
    match std::env::var(name) {
        Ok(value) => value
            .parse()
            .unwrap_or_else(|_| panic!("{name} is no number: {value}")),
        Err(_) => default,
    }
}

/// What was expected of each program, and whether it compiled.
fn judge(compiler: &Compiler, seed: u64, count: u64) -> Vec<(Expected, bool)> {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let random = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(Config::default(), random);
    let strategy = programs();
    let programs: Vec<Program> = (0..count)
        .map(|_| strategy.new_tree(&mut runner).expect("nothing is filtered"))
        .map(|tree| tree.current())
        .collect();
    let edition = EDITIONS[seed as usize % EDITIONS.len()];
    let errors = compiler.errors(seed, edition, &programs);
    let judged = programs.iter().enumerate().map(|(at, program)| {
        let error = errors.get(&at);
        let wrong = match program.expected() {
            Expected::Compiled => error.is_some(),
            Expected::Refused => error.is_none(),
            Expected::Either => false,
        };
        assert!(
            !wrong,
            "edition {edition}, HITCHHIKER_SMUGGLERS_SEED={seed} brings it back: \
             expected it to be {:?}\n{program}\n{}",
            program.expected(),
            error.map_or("it compiles", String::as_str),
        );
        (program.expected(), error.is_none())
    });
    judged.collect()
}
