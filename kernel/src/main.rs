//! All that stands between Jupyter and an unchanged evcxr.
//!
//! ```sh
//! hitchhiker-kernel --evcxr PROGRAM --checkout FOLDER [--no-relay] [--fill] CONNECTION_FILE
//! ```
//!
//! Jupyter starts this program as the guide's kernel. Two processes of it then run: the relay, and the guard,
//! which starts evcxr in a folder of the kernel's own. Of an option that is given twice, the last one
//! counts. With `--no-relay` there is the guard alone, and evcxr listens where Jupyter's file says: for
//! systems without named pipes, and for tests of what the relay changes. With `--fill` evcxr compiles
//! dependencies where all later kernels find them, which `cargo lab setup` uses.
//!
//! The relay listens where Jupyter's `CONNECTION_FILE` says, and writes a connection file of its own for
//! evcxr. Every message passes as it came, signature included; one that is wrongly signed is dropped.
//!
//! evcxr shows a cell's rich results once, at its end, and reads what a cell prints only until then.
//! So the crate `hitchhiker` sends what it shows through a named pipe, whose path stands in
//! `HITCHHIKER_DISPLAYS`, and prints a mark where it belongs. The relay puts the one in place of the
//! other. [`protocol`] tells how both look.
//!
//! On two cores it added 0.05 ms to an answer on the control channel and 0.11 ms to one on the shell
//! channel with its two statuses (medians of 300): `cargo lab bench relay` measures that anew. What
//! reaches the relay's ports may be hostile: `lab/python/tests/hostile.py` tells what was tried.
//!
//! | module | its part |
//! |---|---|
//! | [`relay`] | the relay's life, from start to end |
//! | [`connection`] | where Jupyter and the kernel are to be found |
//! | [`zmtp`] | how front ends are talked with, whatever they do |
//! | [`message`] | the parts of a message, and how it is signed |
//! | [`kernel`] | the way to the kernel |
//! | [`requests`] | what Jupyter asks and the kernel answers: passed, one cell after the other |
//! | [`heart`] | whether the kernel's heart beats |
//! | [`outputs`] | what the kernel tells everybody: passed, with displays in their places |
//! | [`printed`] | whether all that a cell has printed is through |
//! | [`displays`] | which display is sent when |
//! | [`pipe`] | what the crate sends |
//! | [`protocol`] | how that looks: one file of the crate, which both ends compile |
//! | [`ending`] | what ends the relay |
//! | [`guard`] | the process that starts evcxr and lets nothing of it outlive the kernel |
//! | [`evcxr`] | how evcxr is started |
//! | [`ahead`] | what evcxr loads before the first cell |
//! | [`options`] | what the program is asked to do |

mod ahead;
#[cfg(unix)]
mod connection;
#[cfg(unix)]
mod displays;
#[cfg(unix)]
mod ending;
mod error;
mod evcxr;
mod guard;
#[cfg(unix)]
mod heart;
#[cfg(unix)]
mod kernel;
#[cfg(unix)]
mod message;
mod options;
#[cfg(unix)]
mod outputs;
#[cfg(unix)]
mod pipe;
#[cfg(unix)]
mod printed;
#[cfg(unix)]
#[path = "../../support-crate/src/display/protocol.rs"]
mod protocol;
#[cfg(unix)]
mod relay;
#[cfg(unix)]
mod requests;
#[cfg(unix)]
mod zmtp;

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
    }
}
