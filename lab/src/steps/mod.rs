//! What the set-up does, one file for each thing that it makes.

pub mod cargo_home;
pub mod dependencies;
pub mod environment;
pub mod evcxr;
pub mod kernel;
pub mod programs;
pub mod rust_src;
