//! `cargo lab test`: the crates, the lab's Python programs, then the notebooks.

use crate::commands::setup;
use crate::steps::environment;
use crate::system::error::Error;
use crate::system::layout::Layout;
use crate::system::{jupyter, process};

/// Tests everything; stops at the first part that fails.
pub fn run(layout: &Layout) -> Result<(), Error> {
    cargo_test(layout, &["--workspace", "--all-features"])?;
    // A feature that is on for the whole workspace hides what the crate lacks without it.
    cargo_test(layout, &["--package", "hitchhiker"])?;
    setup::run(layout)?;
    environment::ensure_tests(layout)?;
    process::run(
        jupyter::python(layout)
            .args(["-m", "unittest", "discover", "--start-directory", "tests"])
            .args(["--top-level-directory", "."])
            .current_dir(layout.python_sources()),
        "testing the lab's Python programs",
        "put that right, then run this command again",
    )?;
    compare(layout)
}

fn cargo_test(layout: &Layout, selection: &[&str]) -> Result<(), Error> {
    println!("Testing the crates: cargo test {}", selection.join(" "));
    process::run(
        process::cargo()
            .args(["test", "--locked"])
            .args(selection)
            .current_dir(layout.root()),
        "testing the crates",
        "put that right, then run this command again",
    )
}

/// Runs each notebook and holds its outputs against the stored ones.
fn compare(layout: &Layout) -> Result<(), Error> {
    process::run(
        &mut jupyter::program(layout, "check.py"),
        "comparing the notebooks' outputs",
        "if what is shown now is right, store it by `cargo lab render`",
    )
}
