//! What is measured, and how one measurement is made.

use std::hint::black_box;
use std::time::{Duration, Instant};

use crate::workload::Workload;

/// One way to write coroutines. Each function does its workload so many times and gives what all
/// subjects must agree on; `alive` gives bytes.
#[derive(Clone, Copy)]
pub struct Subject {
    pub name: &'static str,
    pub resume: fn(u64) -> u64,
    pub cycle: fn(u64) -> u64,
    /// Where the subject has a `yield from`; first the depth.
    pub yield_from: Option<fn(u32, u64) -> u64>,
    pub pipeline: fn(u64) -> u64,
    pub alive: fn(u64) -> u64,
    /// How many can be alive at once: a stack is two mappings, of which Linux allows a process
    /// 65,530.
    pub most_alive: u64,
}

impl Subject {
    /// Does nothing yet.
    pub const fn named(name: &'static str) -> Self {
        let nothing = |_| 0;
        Self {
            name,
            resume: nothing,
            cycle: nothing,
            yield_from: None,
            pipeline: nothing,
            alive: nothing,
            most_alive: 1_000_000,
        }
    }

    /// The workload done so many times; `None` where the subject cannot.
    pub fn run(&self, workload: Workload, times: u64) -> Option<u64> {
        Some(match workload {
            Workload::Resume => (self.resume)(times),
            Workload::Cycle => (self.cycle)(times),
            Workload::YieldFrom(depth) => self.yield_from?(depth, times),
            Workload::Pipeline => (self.pipeline)(times),
            Workload::Alive => (self.alive)(times),
        })
    }

    /// The time that takes, and what it came to.
    pub fn timed(&self, workload: Workload, times: u64) -> Option<(Duration, u64)> {
        let start = Instant::now();
        let seen = black_box(self.run(workload, times)?);
        Some((start.elapsed(), seen))
    }
}
