//! Coroutines in Python's words on stable Rust, and the flags they download: the support crate of
//! *The Hitchhiker's Guide to Coroutines, in Rust*.
//!
#![cfg_attr(
    feature = "std",
    doc = concat!("# Three flows of data\n\n", include_str!("flows.svg"), "\n", include_str!("front.md"))
)]
#![cfg_attr(
    not(feature = "std"),
    doc = "This is the core alone, without the feature `std`: [`coroutine!`](coroutine::coroutine), pinned wherever there is room."
)]
#![cfg_attr(not(feature = "std"), no_std)]

#[cfg(feature = "std")]
pub mod check;
pub mod coroutine;
#[cfg(feature = "flags")]
pub mod cost;
#[cfg(feature = "std")]
pub mod display;
#[cfg(feature = "flags")]
pub mod flags;
#[cfg(feature = "std")]
pub mod frame;
#[cfg(feature = "std")]
pub mod gauge;
#[cfg(feature = "std")]
pub mod trace;
#[cfg(feature = "std")]
mod written;
