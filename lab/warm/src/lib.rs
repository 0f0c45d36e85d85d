//! How a kernel starts in seconds: where its dependencies are compiled already, and with no more of
//! their sources to read than a cell can name.
//!
//! `cargo lab setup` compiles the notebooks' dependencies once, into a folder of the checkout
//! ([`Made`]). The program of this crate is what Jupyter starts: it gives each kernel a copy of that
//! folder ([`KernelFolder`]), and starts `evcxr_jupyter` in it. Cargo itself decides in there what is
//! still fresh, so a change in the sources is compiled, never missed. Where the folder was made of
//! something else ([`Cold`]), or cannot be copied, the kernel starts as it comes, with a line of warning.
//!
//! The second program stands where the kernel's rust-analyzer looks for cargo, and cuts from the
//! dependency graph what no cell can name ([`graph`]).

use std::env;
use std::path::PathBuf;

mod folder;
pub mod graph;
mod made;

pub use folder::{KernelFolder, kernel_in};
pub use made::{Cold, Made, Origin};

/// The cargo home that is the user's own, where theirs is to be found.
#[must_use]
pub fn users_cargo_home() -> Option<PathBuf> {
    let named = env::var_os("CARGO_HOME").map(PathBuf::from);
    named.or_else(|| Some(env::home_dir()?.join(".cargo")))
}
