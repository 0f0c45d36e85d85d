//! The peers: other ways to write coroutines.

pub mod corosensei;
pub mod fauxgen;
pub mod genawaiter;
pub mod generator_rs;
pub mod hand_written;
#[cfg(native)]
pub mod native;
pub mod python;
