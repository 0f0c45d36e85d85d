//! One benchmark for ours and all peers: who resumes fastest, in one process, in rounds.
//!
//! - `cargo bench -p hitchhiker-bench`; with `RUSTC_BOOTSTRAP=1` before it, the compiler's
//!   own coroutines take part.
//! - Built but run without `--bench` it does a little of each, to run under valgrind, say.
//! - With `--run <workload> <subject> <times>` it does that alone: callgrind's instructions for
//!   200,000 less those for 100,000 are those of 100,000 resumptions.
//!
//! It has a harness of its own, for criterion and divan measure one function after another: on a
//! machine that others use too, subjects compare only when they take turns within milliseconds.
//! Of each subject's rounds the fastest counts, since what disturbs a round only makes it slower.
//!
//! `ratio <workload> <peer> <theirs/ours> <ours>` is above 1 where ours is faster (or smaller). A
//! peer that has no `yield from` is left out of those workloads, except the compiler's coroutines,
//! for which a loop at each level stands.

#![cfg_attr(
    native,
    feature(coroutines, coroutine_trait, stmt_expr_attributes, yield_expr)
)]

mod ours;
mod peers;
mod subject;
mod workload;

use std::collections::BTreeMap;
use std::error::Error;
use std::process::Command;

use peers::python::Python;
use subject::Subject;
use workload::Workload;

const SUBJECTS: &[Subject] = &[
    ours::PINNED,
    #[cfg(native)]
    peers::native::UNBOXED,
    peers::hand_written::HAND_WRITTEN,
    peers::genawaiter::stack::SUBJECT,
    peers::fauxgen::FAUXGEN,
    ours::BOXED,
    ours::PYTHON_LAYER,
    #[cfg(native)]
    peers::native::BOXED,
    peers::genawaiter::rc::SUBJECT,
    peers::genawaiter::rc::BOXED,
    peers::genawaiter::sync::SUBJECT,
    peers::genawaiter::sync::BOXED,
    peers::corosensei::COROSENSEI,
    peers::generator_rs::GENERATOR_RS,
];

const CPYTHON: &str = "cpython";

/// Each of our layers, with the peers that do as much as the layer does.
const CLASSES: &[(&str, &[&str])] = &[
    (
        "ours-pinned",
        &[
            "native-unboxed",
            "hand-written",
            "genawaiter-stack",
            "fauxgen",
        ],
    ),
    (
        "ours-boxed",
        &[
            "native-boxed",
            "genawaiter-rc",
            "genawaiter-rc-boxed",
            "genawaiter-sync",
            "genawaiter-sync-boxed",
            "corosensei",
            "generator-rs",
        ],
    ),
    (
        "ours-python",
        &[
            "native-boxed",
            "genawaiter-rc",
            "genawaiter-rc-boxed",
            "genawaiter-sync",
            "genawaiter-sync-boxed",
            "corosensei",
            "generator-rs",
            CPYTHON,
        ],
    ),
];

/// The targets: our layer, a peer, and how many times the peer's time a resumption of ours may take.
const TARGETS: &[(&str, &str, f64)] = &[
    ("ours-pinned", "native-unboxed", 1.2),
    ("ours-boxed", "native-boxed", 1.25),
    ("ours-python", "native-boxed", 2.0),
];

/// How long it all takes.
struct Length {
    rounds: usize,
    nanoseconds_a_turn: u64,
    alive: u64,
}

const FULL: Length = Length {
    rounds: 100,
    nanoseconds_a_turn: 2_000_000,
    alive: 1_000_000,
};

const SHORT: Length = Length {
    rounds: 1,
    nanoseconds_a_turn: 1,
    alive: 100,
};

/// What the benchmark's binary does.
///
/// # Panics
///
/// When subjects do not agree on what a workload comes to, and when it is called wrongly.
pub fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments[..] {
        ["--run", workload, subject, times] => run_alone(workload, subject, times),
        _ if arguments.contains(&"--bench") => compare(&FULL),
        _ => compare(&SHORT),
    };
    done.unwrap_or_else(|error| panic!("{error}"));
}

fn run_alone(workload: &str, subject: &str, times: &str) -> Result<(), Box<dyn Error>> {
    let mut workloads = Workload::TIMED.into_iter().chain([Workload::Alive]);
    let workload = workloads.find(|it| it.to_string() == workload);
    let subject = SUBJECTS.iter().find(|it| it.name == subject);
    let (Some(workload), Some(subject)) = (workload, subject) else {
        return Err("no such workload or subject".into());
    };
    match subject.run(workload, times.parse()?) {
        Some(outcome) => println!("{}", outcome.seen),
        None => println!("{} has no {workload}", subject.name),
    }
    Ok(())
}

type Results = BTreeMap<&'static str, f64>;

fn compare(length: &Length) -> Result<(), Box<dyn Error>> {
    let mut python = Python::start()
        .inspect_err(|error| println!("{CPYTHON} is left out: {error}"))
        .ok();
    if let Some(python) = &python {
        println!("{CPYTHON} is {}", python.version);
    }
    for workload in Workload::TIMED {
        agree(workload);
        let fastest = take_turns(workload, length, python.as_mut())?;
        report(workload, "ns", &fastest);
        if workload == Workload::Resume {
            report_targets(&fastest);
        }
    }
    let bytes = count_bytes(length, python.as_mut())?;
    report(Workload::Alive, "bytes", &bytes);
    Ok(())
}

fn agree(workload: Workload) {
    let outcomes = SUBJECTS
        .iter()
        .filter_map(|it| Some((it.name, it.run(workload, 1000)?.seen)));
    let outcomes: Vec<_> = outcomes.collect();
    assert!(
        outcomes.iter().all(|(_, seen)| *seen == outcomes[0].1),
        "{workload} differs: {outcomes:?}",
    );
}

/// The nanoseconds that each subject takes for one workload, in its fastest round.
fn take_turns(
    workload: Workload,
    length: &Length,
    mut python: Option<&mut Python>,
) -> Result<Results, Box<dyn Error>> {
    let mut measure = |name: &str, times: u64| -> Result<Option<f64>, Box<dyn Error>> {
        Ok(match SUBJECTS.iter().find(|it| it.name == name) {
            Some(subject) => subject
                .run(workload, times)
                .map(|outcome| outcome.took.as_nanos() as f64),
            None => match &mut python {
                Some(python) => Some(python.measure(workload, times)? as f64),
                None => None,
            },
        })
    };
    let mut turns = vec![];
    for name in SUBJECTS.iter().map(|it| it.name).chain([CPYTHON]) {
        let mut times = 10;
        while let Some(elapsed) = measure(name, times)? {
            if elapsed >= length.nanoseconds_a_turn as f64 {
                turns.push((name, times));
                break;
            }
            times *= 2;
        }
    }
    let mut fastest = Results::new();
    for round in 0..length.rounds {
        let count = turns.len();
        for turn in 0..count {
            let (name, times) = turns[(round + turn) % count];
            if let Some(elapsed) = measure(name, times)? {
                let each = elapsed / times as f64;
                let best = fastest.entry(name).or_insert(each);
                *best = best.min(each);
            }
        }
    }
    Ok(fastest)
}

/// The bytes that a coroutine of each subject takes while many are alive at once. Every subject has a
/// process of its own: in one process, a subject would take memory that another has given back.
fn count_bytes(length: &Length, python: Option<&mut Python>) -> Result<Results, Box<dyn Error>> {
    let mut bytes = Results::new();
    for subject in SUBJECTS {
        let count = length.alive.min(subject.most_alive);
        let child = Command::new(std::env::current_exe()?)
            .args(["--run", "alive", subject.name, &count.to_string()])
            .output()?;
        let counted = String::from_utf8(child.stdout)?;
        let counted = counted.trim().parse::<f64>().map_err(|_| {
            let said = String::from_utf8_lossy(&child.stderr);
            format!(
                "{count} of {} cannot be alive at once: {said}",
                subject.name
            )
        })?;
        if count < length.alive {
            println!("{} has {count} alive, not {}", subject.name, length.alive);
        }
        bytes.insert(subject.name, counted);
    }
    if let Some(python) = python {
        bytes.insert(
            CPYTHON,
            python.measure(Workload::Alive, length.alive)? as f64,
        );
    }
    Ok(bytes)
}

fn report(workload: Workload, unit: &str, results: &Results) {
    for name in SUBJECTS.iter().map(|it| it.name).chain([CPYTHON]) {
        if let Some(result) = results.get(name) {
            println!("{workload:15} {name:21} {result:10.2} {unit}");
        }
    }
    for (ours, peers) in CLASSES {
        for peer in *peers {
            if let (Some(mine), Some(theirs)) = (results.get(ours), results.get(peer)) {
                println!("ratio {workload} {peer} {:.2} {ours}", theirs / mine);
            }
        }
    }
}

fn report_targets(fastest: &Results) {
    for (ours, native, most) in TARGETS {
        if let (Some(mine), Some(theirs)) = (fastest.get(ours), fastest.get(native)) {
            let factor = mine / theirs;
            let verdict = if factor <= *most { "met" } else { "missed" };
            println!("target {ours} at most {most} times {native}: {factor:.2}, {verdict}");
        }
    }
}
