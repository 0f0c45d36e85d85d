//! A relay between Jupyter and the Rust kernel: what a cell shows appears at once.
//!
//! ```sh
//! hitchhiker-kernel CONNECTION_FILE KERNEL [ARGUMENT ...]
//! ```
//!
//! It listens where Jupyter's `CONNECTION_FILE` says, and starts `KERNEL` with the arguments and the
//! path of a connection file of its own behind them. Every message passes as it came, signature
//! included; one that is wrongly signed is dropped.
//!
//! evcxr shows a cell's rich results once, at its end, and reads what a cell prints only until then.
//! So the crate `hitchhiker` sends what it shows through a named pipe, whose path stands in
//! `HITCHHIKER_DISPLAYS`, and prints a mark where it belongs. The relay puts the one in place of the
//! other. [`protocol`] tells how both look.
//!
//! On two cores it added 0.11 ms to an answer on the control channel and 0.17 ms to one on the shell
//! channel with its two statuses (medians of 500), and took 9 MB with its guard: `cargo lab bench
//! relay` measures that anew.
//!
//! | module | its part |
//! |---|---|
//! | [`connection`] | where Jupyter and the kernel are to be found |
//! | [`requests`] | what Jupyter asks and the kernel answers: passed |
//! | [`outputs`] | what the kernel tells everybody: passed, with displays in their places |
//! | [`printed`] | whether all that a cell has printed is through |
//! | [`displays`] | which display is sent when |
//! | [`pipe`] | what the crate sends |
//! | [`protocol`] | how that looks: one file of the crate, which both ends compile |
//! | [`guard`] | a process that lets nothing of the kernel outlive the relay |
//! | [`ending`] | what ends the relay |
//! | [`relay`] | all of it together, from start to end |

#[cfg(unix)]
mod connection;
#[cfg(unix)]
mod displays;
#[cfg(unix)]
mod ending;
#[cfg(unix)]
mod error;
#[cfg(unix)]
mod guard;
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
fn main() -> std::process::ExitCode {
    use std::process::ExitCode;

    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    let result = match arguments.as_slice() {
        [mode, folder, kernel @ ..] if mode == guard::MODE => guard::run(folder.as_ref(), kernel),
        [connection_file, kernel @ ..] if !kernel.is_empty() => {
            relay::run(connection_file.as_ref(), kernel)
        }
        _ => Err(error::Error::Usage),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

// Named pipes and groups of processes are Unix's; elsewhere the lab names the kernel itself.
#[cfg(not(unix))]
fn main() {
    eprintln!("error: the relay runs on Unix only; have Jupyter start the kernel itself");
    std::process::exit(1);
}
