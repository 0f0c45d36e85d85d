//! Coroutines in Python's words on stable Rust, and the flags they download.
//!
//! The support crate of *The Hitchhiker's Guide to Coroutines, in Rust*. Its three modules can be
//! used without each other:
//!
//! - [`coroutine`]: generators that also take values, asynchronous ones, and the core below both.
//! - [`display`]: what a notebook cell shows.
//! - `flags` (feature `flags`): the flags of the world, their server, and what shows them.

pub mod coroutine;
pub mod display;
#[cfg(feature = "flags")]
pub mod flags;
