//! What `cargo lab setup` prepares so that kernels start in seconds, and what each kernel gets of it.
//!
//! The set-up compiles the notebooks' dependencies once, into a folder of the checkout ([`Prepared`]), and
//! writes a [`Stamp`] that tells what they were compiled from. Each kernel works in a folder of its own
//! ([`KernelFolder`]) with a copy of what is compiled. Cargo itself decides in there what is still fresh,
//! so a change in the sources is compiled, never missed. Where the stamp tells of another Rust, another
//! kernel or another `Cargo.lock`, there is a reason ([`Unprepared`]) not to use what is compiled.

use std::env;
use std::path::PathBuf;

mod folder;
mod stamp;

pub use folder::KernelFolder;
pub use stamp::{Origin, Prepared, Stamp, Unprepared, fingerprint, has_newer};

/// The variable that tells the program in cargo's place where the real cargo is.
pub const REAL_CARGO: &str = "HITCHHIKER_CARGO";

/// The variable that tells the program in cargo's place where evcxr is, which wraps rustc.
pub const EVCXR: &str = "HITCHHIKER_EVCXR";

/// The variable that tells the program in rustup's place the user's own `PATH`.
pub const USERS_PATH: &str = "HITCHHIKER_PATH";

/// The user's own cargo home.
#[must_use]
pub fn users_cargo_home() -> Option<PathBuf> {
    let named = env::var_os("CARGO_HOME").map(PathBuf::from);
    named.or_else(|| Some(env::home_dir()?.join(".cargo")))
}
