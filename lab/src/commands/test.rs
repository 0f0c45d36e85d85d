//! `cargo lab test`: the crates, the lab's Python programs, the notebooks, then the site.

use std::path::PathBuf;

use clap::Subcommand;

use crate::commands::{setup, site};
use crate::steps::environment;
use crate::system::error::Error;
use crate::system::layout::Layout;
use crate::system::{jupyter, process};

/// A part of the tests.
#[derive(Subcommand)]
pub enum Part {
    /// The crates, with all features and with the default ones.
    Crates,
    /// The lab's Python programs, on real kernels.
    Programs,
    /// The notebooks: runs each chapter and compares its outputs with the stored ones.
    Notebooks {
        /// The notebooks to run; all of the guide's when none is named.
        paths: Vec<PathBuf>,
    },
    /// The site: builds it, and looks at each page where a browser is installed.
    Site,
}

/// Tests `part`, or everything; stops at the first part that fails.
pub fn run(layout: &Layout, part: Option<&Part>) -> Result<(), Error> {
    match part {
        Some(Part::Crates) => crates(layout),
        Some(Part::Programs) => programs(layout),
        Some(Part::Notebooks { paths }) => notebooks(layout, paths),
        Some(Part::Site) => pages(layout),
        None => {
            crates(layout)?;
            programs(layout)?;
            notebooks(layout, &[])?;
            pages(layout)
        }
    }
}

fn crates(layout: &Layout) -> Result<(), Error> {
    cargo_test(layout, &["--workspace", "--all-features"])?;
    // A feature that is on for the whole workspace hides what the crate lacks without it.
    cargo_test(layout, &["--package", "hitchhiker"])
}

fn cargo_test(layout: &Layout, selection: &[&str]) -> Result<(), Error> {
    println!("Testing the crates: cargo test {}", selection.join(" "));
    process::run(
        process::cargo()
            .args(["test", "--locked"])
            .args(selection)
            .current_dir(layout.root()),
        "testing the crates",
        process::AGAIN,
    )
}

fn programs(layout: &Layout) -> Result<(), Error> {
    setup::run(layout)?;
    environment::ensure_tests(layout)?;
    process::run(
        jupyter::python(layout)
            .args(["-m", "unittest", "discover", "--start-directory", "tests"])
            .args(["--top-level-directory", "."])
            .current_dir(layout.python_sources()),
        "testing the lab's Python programs",
        process::AGAIN,
    )
}

/// Holds the outputs of fresh kernels against the stored ones.
fn notebooks(layout: &Layout, paths: &[PathBuf]) -> Result<(), Error> {
    setup::run(layout)?;
    process::run(
        jupyter::module_for_notebooks(layout, "notebooks.check").args(paths),
        "comparing the notebooks' outputs",
        "if what is shown now is right, store it by `cargo lab render`",
    )
}

/// Looks at the site as its readers do.
fn pages(layout: &Layout) -> Result<(), Error> {
    let site = site::build(layout)?;
    environment::ensure_browser(layout)?;
    process::run(
        jupyter::module(layout, "website.test_site")
            .arg(site)
            .arg(layout.root().join("target").join("site-pictures")),
        "testing the site",
        process::AGAIN,
    )
}
