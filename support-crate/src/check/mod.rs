//! Exercises that check themselves.
//!
//! Each exercise of the guide has a function here. It takes what the reader has written, tries it
//! out, and gives a [`Report`], which a cell that ends in it shows: a line with ✓ or ✗ for each
//! thing that was tried, what was expected and what came.
//!
//! ```
//! use hitchhiker::check;
//! use hitchhiker::coroutine::*;
//!
//! fn countdown(start: u32) -> Generator<u32> {
//!     generator! {
//!         for n in 0..start { yield n; }
//!     }
//! }
//! assert_eq!(
//!     check::countdown(countdown).to_string(),
//!     "✗ countdown(3) yields [3, 2, 1]; yours yields [0, 1, 2]\n\
//!      ✗ countdown(1) yields [1]; yours yields [0]\n\
//!      ✓ countdown(0) yields []",
//! );
//! ```
//!
//! # Bounds
//!
//! What the reader wrote runs on a thread of its own, for at most [`PATIENCE`] in all, and is asked
//! for a bounded number of values. So a reader gets an answer even if the body is endless, sleeps,
//! never comes to a `yield` or panics. A thread cannot be ended from outside: one that still runs
//! when time is up goes on until the kernel ends, and the report says so.

mod add_by_hand;
mod average;
mod bytes;
mod countdown;
mod countdown_by_hand;
#[cfg(feature = "flags")]
mod download_many;
mod engine;
mod every;
#[cfg(feature = "flags")]
mod few_at_once;
mod flatten;
#[cfg(feature = "flags")]
mod keeps_reading;
mod mended;
mod nap;
mod one_shot;
mod passing_on;
mod pause;
mod report;
mod round_robin;
mod run_by_deadline;
mod spawn_and_join;
mod wake_once;
mod yield_now;

pub use add_by_hand::add_by_hand;
pub use average::{Average, average};
pub use bytes::bytes;
pub use countdown::{Countdown, countdown};
pub use countdown_by_hand::{Answer, countdown_by_hand};
#[cfg(feature = "flags")]
pub use download_many::{DownloadMany, download_many};
pub use engine::PATIENCE;
pub use every::{Every, every};
#[cfg(feature = "flags")]
pub use few_at_once::{FewAtOnce, few_at_once};
pub use flatten::{Flatten, Nested, flatten};
#[cfg(feature = "flags")]
pub use keeps_reading::keeps_reading;
pub use mended::{Waits, first, note, steps};
pub use nap::nap;
pub use one_shot::one_shot;
pub use passing_on::{PassingOn, passing_on};
pub use pause::{Pause, pause};
pub use report::Report;
pub use round_robin::{RoundRobin, round_robin};
pub use run_by_deadline::{RunByDeadline, run_by_deadline};
pub use spawn_and_join::{Ask, Job, SpawnAndJoin, spawn_and_join};
pub use wake_once::wake_once;
pub use yield_now::{YieldNow, yield_now};
