//! What the set-up does, one file for each thing that it makes.

pub mod cargo_home;
pub mod dependencies;
pub mod environment;
pub mod evcxr;
pub mod kernel;
pub mod programs;
pub mod rust_src;

use crate::system::layout::Layout;

/// Says what is wrong with something that the set-up makes.
type Lack = fn(&Layout) -> Option<String>;

/// Everything that the set-up makes, in the order in which one thing needs another. The set-up makes what these
/// checks find wrong, and no more. The copy of the standard library's sources has a check that needs their place.
pub const PARTS: [(&str, Lack); 6] = [
    ("the Python environment", environment::lack),
    ("the Rust kernel, evcxr_jupyter", evcxr::lack),
    ("the programs between Jupyter and evcxr", programs::lack),
    ("the kernelspec", kernel::lack),
    ("the cargo home of the kernels", cargo_home::lack),
    ("the compiled dependencies", dependencies::lack),
];
