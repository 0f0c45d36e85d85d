//! Where this program runs.

use std::env;
use std::io::{self, IsTerminal};
use std::sync::OnceLock;

use super::relay::Relay;

/// Where something is to be shown.
pub(super) enum Surroundings {
    /// A kernel behind the relay, which shows things at any time.
    Relay(Relay),
    /// A kernel that shows one result a cell, at its end.
    Stock,
    /// A terminal.
    Terminal,
    /// A pipe or a file.
    Lines,
}

impl Surroundings {
    /// Those of this process.
    pub(super) fn here() -> &'static Self {
        static HERE: OnceLock<Surroundings> = OnceLock::new();
        HERE.get_or_init(|| {
            // evcxr sets it for the process that runs the cells.
            if env::var_os("EVCXR_IS_RUNTIME").is_some() {
                return Relay::of_this_kernel().map_or(Self::Stock, Self::Relay);
            }
            if io::stdout().is_terminal() {
                return Self::Terminal;
            }
            Self::Lines
        })
    }
}
