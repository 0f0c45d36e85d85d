//! `cargo lab bench`: measures a part of the guide beside what others have.

use crate::commands::setup;
use crate::steps::environment;
use crate::system::error::Error;
use crate::system::layout::{self, Layout};
use crate::system::{jupyter, process};

/// Measures the downloader of flags. The first lines of `support-crate/benches/flags/main.rs` say how.
pub fn flags(layout: &Layout) -> Result<(), Error> {
    environment::ensure_bench(layout)?;
    process::run(
        process::cargo()
            .args(["bench", "--locked", "--package", "hitchhiker"])
            .args(["--features", "flags", "--bench", "flags", "--", "--python"])
            .arg(layout::python_in(&layout.bench_venv()))
            .current_dir(layout.root()),
        "measuring the downloader",
        process::AGAIN,
    )
}

/// Measures how long a reader waits for the guide's kernel, and for one as evcxr installs it.
pub fn kernel(layout: &Layout, runs: u32) -> Result<(), Error> {
    setup::run(layout)?;
    process::run(
        jupyter::module_for_notebooks(layout, "bench.kernel")
            .arg(layout.evcxr_program())
            .arg(runs.to_string()),
        "measuring the kernel",
        process::AGAIN,
    )
}

/// Measures what the relay adds to a message's time, and what memory it takes.
pub fn relay(layout: &Layout) -> Result<(), Error> {
    setup::run(layout)?;
    process::run(
        &mut jupyter::module(layout, "bench.relay"),
        "measuring the relay",
        process::AGAIN,
    )
}

/// Measures the loops of chapters 7 and 8, made of the chapters' own cells, beside tokio.
pub fn loops(layout: &Layout) -> Result<(), Error> {
    setup::run(layout)?;
    process::run(
        &mut jupyter::module_for_notebooks(layout, "bench.loops"),
        "measuring the loops",
        process::AGAIN,
    )
}
