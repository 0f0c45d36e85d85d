//! All that stands between Jupyter and an unchanged evcxr.
//!
//! ```sh
//! hitchhiker-kernel --evcxr PROGRAM --checkout FOLDER [--no-relay] [--fill] CONNECTION_FILE
//! ```
//!
//! Jupyter starts this program as the guide's kernel. Two processes of the program then run: the relay, and
//! the guard, which starts evcxr in a folder of the kernel's own. Of an option that is given twice, the last
//! one counts.
//!
//! With `--no-relay` only the guard runs, and evcxr itself listens where Jupyter's file says. Systems
//! without named pipes need this option, and tests use it to see what the relay changes. With `--fill` evcxr
//! compiles dependencies where all later kernels find them, which `cargo lab setup` uses.
//!
//! | module | its part |
//! |---|---|
//! | [`options`] | reads what the program is asked to do |
//! | [`relay`] | carries messages between Jupyter and evcxr, and what the process of the cells prints |
//! | [`splice`] | says what becomes of a message and of what is printed: a state machine without I/O |
//! | [`cells`] | lets the process of the cells write to the relay |
//! | [`guard`] | starts evcxr, and lets nothing of it outlive the kernel |
//! | [`evcxr`] | fills the kernel's folder, and says how evcxr is started |
//! | [`ahead`] | says what evcxr reads before the first cell |
//! | [`protocol`] | says how a display travels: one file of the crate `hitchhiker`, which both ends compile |

mod ahead;
#[cfg(target_os = "linux")]
mod cells;
mod error;
mod evcxr;
mod guard;
mod options;
#[cfg(unix)]
#[path = "../../support-crate/src/display/protocol.rs"]
mod protocol;
#[cfg(unix)]
mod relay;
#[cfg(unix)]
mod splice;

use std::env;
use std::process::ExitCode;

use crate::error::Error;
use crate::options::{Options, Part};

fn main() -> ExitCode {
    let done = Options::read(env::args_os().skip(1)).and_then(run);
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: Options) -> Result<(), Error> {
    let Options {
        part,
        evcxr,
        connection_file,
    } = options;
    match part {
        #[cfg(unix)]
        Part::Relay => relay::run(&connection_file, &evcxr),
        #[cfg(unix)]
        Part::Guard(folder) => guard::behind_relay(folder, &evcxr, &connection_file),
        // Named pipes and groups of processes are Unix's.
        #[cfg(not(unix))]
        Part::Relay | Part::Guard(_) => Err(Error::NoRelay),
        Part::Alone => guard::without_relay(&evcxr, &connection_file),
        #[cfg(target_os = "linux")]
        Part::Cells => cells::become_evcxr(&evcxr.program),
        #[cfg(not(target_os = "linux"))]
        Part::Cells => Err(Error::Usage(
            "only the relay on Linux reads what cells print".to_owned(),
        )),
    }
}
