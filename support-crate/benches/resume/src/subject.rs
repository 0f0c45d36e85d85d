//! What is measured.

use std::time::Duration;

use crate::workload::{Outcome, Workload};

/// One way to write coroutines. Each function does its workload as many times as its argument says.
#[derive(Clone, Copy)]
pub struct Subject {
    pub name: &'static str,
    pub resume: fn(u64) -> Outcome,
    pub cycle: fn(u64) -> Outcome,
    /// `None` where the subject has no `yield from`. The first argument is the depth.
    pub yield_from: Option<fn(u32, u64) -> Outcome>,
    pub pipeline: fn(u64) -> Outcome,
    /// Gives the bytes that each coroutine takes.
    pub alive: fn(u64) -> u64,
    /// How many coroutines can be alive at once: a stack is two mappings, of which Linux allows a
    /// process 65,530.
    pub most_alive: u64,
}

impl Subject {
    /// A subject whose functions do nothing yet.
    pub const fn named(name: &'static str) -> Self {
        let nothing = |_| Outcome {
            seen: 0,
            took: Duration::ZERO,
        };
        Self {
            name,
            resume: nothing,
            cycle: nothing,
            yield_from: None,
            pipeline: nothing,
            alive: |_| 0,
            most_alive: 1_000_000,
        }
    }

    /// Does the workload `times` times; gives `None` where the subject cannot. For [`Workload::Alive`],
    /// `seen` is the bytes that each coroutine takes.
    pub fn run(&self, workload: Workload, times: u64) -> Option<Outcome> {
        Some(match workload {
            Workload::Resume => (self.resume)(times),
            Workload::Cycle => (self.cycle)(times),
            Workload::YieldFrom(depth) => self.yield_from?(depth, times),
            Workload::Pipeline => (self.pipeline)(times),
            Workload::Alive => Outcome {
                seen: (self.alive)(times),
                took: Duration::ZERO,
            },
        })
    }
}
