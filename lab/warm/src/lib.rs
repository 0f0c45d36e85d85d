//! How a kernel starts in seconds: where its dependencies are compiled already, and with no more of
//! their sources to read than a cell can name.
//!
//! `cargo lab setup` compiles the notebooks' dependencies once, into a folder of the checkout
//! ([`Made`]). The program of this crate is what Jupyter starts: it gives each kernel a copy of that
//! folder ([`KernelFolder`]), and starts `evcxr_jupyter` in it. Cargo itself decides in there what is
//! still fresh, so a change in the sources is compiled, never missed. Where the folder was made of
//! something else ([`Cold`]), or cannot be copied, the kernel starts as it comes, with a line of warning.
//!
//! The second program stands where the kernel looks for cargo. It cuts from the dependency graph what no
//! cell can name ([`graph`]), and lets cargo use the network for a crate that the set-up has not fetched.

use std::env;
use std::path::PathBuf;

mod folder;
pub mod graph;
mod made;

pub use folder::{KernelFolder, kernel_in};
pub use made::{Cold, Made, Origin};

/// The variable that tells the program in cargo's place where the real cargo is.
pub const REAL_CARGO: &str = "HITCHHIKER_CARGO";

/// The variable that tells the program in rustup's place the user's own `PATH`.
pub const USERS_PATH: &str = "HITCHHIKER_PATH";

/// The cargo home that is the user's own, where theirs is to be found.
#[must_use]
pub fn users_cargo_home() -> Option<PathBuf> {
    let named = env::var_os("CARGO_HOME").map(PathBuf::from);
    named.or_else(|| Some(env::home_dir()?.join(".cargo")))
}
