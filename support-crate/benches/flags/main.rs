//! Measures the downloader of flags.
//!
//! - `cargo lab bench flags` runs it all, with Python's clients; `cargo bench -p hitchhiker
//!   --features flags --bench flags` without them. One part alone is named behind `--`:
//!   `throughput` or `overlap`.
//! - Built but run without `--bench` it does a little of each, to see that it works.
//!
//! It has a harness of its own, because it times whole processes: each client is a process, and so is
//! the server, so that a client's CPU seconds and memory are its own.
//!
//! A line `ratio <figure> <value> (target ...)` holds a figure against its target.

mod client;
mod overlap;
mod process;
mod serving;
mod throughput;

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use client::Errand;

/// Measures the downloader of flags.
#[derive(Parser)]
struct Cli {
    /// Measure at length. `cargo bench` passes this option.
    #[arg(long, global = true)]
    bench: bool,
    /// An interpreter that has aiohttp and httpx.
    #[arg(long)]
    python: Option<PathBuf>,
    #[command(subcommand)]
    part: Option<Part>,
}

#[derive(Subcommand)]
enum Part {
    /// Flags a second, of ours and of other clients.
    Throughput,
    /// What is gained by downloading at the same time.
    Overlap,
    /// Serve flags to the other processes, until stdin is closed.
    #[command(hide = true)]
    Serve {
        /// How long the server waits before each answer, in ms.
        latency: u64,
    },
    /// Run one of the clients.
    #[command(hide = true)]
    Client(Errand),
}

/// How much of everything the benchmark does.
struct Length {
    flags: usize,
    /// Fewer flags for the slowest client, whose flags a second do not depend on their number.
    flags_of_httpx: usize,
    seconds_of_wrk: u32,
    rounds: usize,
}

const FULL: Length = Length {
    flags: 20_000,
    flags_of_httpx: 2_000,
    seconds_of_wrk: 3,
    rounds: 3,
};

const SHORT: Length = Length {
    flags: 500,
    flags_of_httpx: 100,
    seconds_of_wrk: 1,
    rounds: 1,
};

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> Result<()> {
    let length = if cli.bench { &FULL } else { &SHORT };
    let python = cli.python.as_deref();
    match cli.part {
        Some(Part::Throughput) => throughput::measure(length, python),
        Some(Part::Overlap) => overlap::measure(),
        Some(Part::Serve { latency }) => serving::serve(latency),
        Some(Part::Client(errand)) => errand.run(),
        None => {
            throughput::measure(length, python)?;
            overlap::measure()
        }
    }
}
