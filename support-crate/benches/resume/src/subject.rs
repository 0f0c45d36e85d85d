//! What is measured.

use std::time::Duration;

use crate::workload::{Outcome, Workload};

/// One way to write coroutines. Each function does its workload so many times.
#[derive(Clone, Copy)]
pub struct Subject {
    pub name: &'static str,
    pub resume: fn(u64) -> Outcome,
    pub cycle: fn(u64) -> Outcome,
    /// Where the subject has a `yield from`; first the depth.
    pub yield_from: Option<fn(u32, u64) -> Outcome>,
    pub pipeline: fn(u64) -> Outcome,
    /// Gives bytes each.
    pub alive: fn(u64) -> u64,
    /// How many can be alive at once: a stack is two mappings, of which Linux allows a process
    /// 65,530.
    pub most_alive: u64,
}

impl Subject {
    /// Does nothing yet.
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

    /// The workload done so many times; `None` where the subject cannot. For [`Workload::Alive`],
    /// what is seen is bytes each.
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
