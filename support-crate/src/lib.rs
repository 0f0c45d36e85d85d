//! Coroutines in Python's words on stable Rust, and the flags they download.

pub mod coroutine;
pub mod display;
#[cfg(feature = "flags")]
pub mod flags;
