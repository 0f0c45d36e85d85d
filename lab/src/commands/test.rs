//! `cargo lab test`: the crates, the lab's Python programs, the notebooks, then the site.

use std::path::PathBuf;
use std::process::Command;

use clap::Subcommand;

use crate::commands::{setup, site};
use crate::steps::environment;
use crate::system::error::Error;
use crate::system::layout::Layout;
use crate::system::{jupyter, process};

/// A part of the tests.
#[derive(Subcommand)]
pub enum Part {
    /// The crates with all features; with the default ones they are only compiled.
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
    cargo(layout, &["test", "--workspace", "--all-features"])?;
    // A feature that is on for the whole workspace hides what the crate lacks without it. No test behaves otherwise
    // with fewer features, so compiling them is enough.
    cargo(
        layout,
        &["check", "--package", "hitchhiker", "--all-targets"],
    )
}

fn cargo(layout: &Layout, arguments: &[&str]) -> Result<(), Error> {
    println!("Testing the crates: cargo {}", arguments.join(" "));
    process::run(
        process::cargo()
            .args(arguments)
            .arg("--locked")
            .current_dir(layout.root()),
        "testing the crates",
        process::AGAIN,
    )
}

fn programs(layout: &Layout) -> Result<(), Error> {
    setup::run(layout)?;
    environment::ensure_tests(layout)?;
    process::run(
        // The tests of a class share a kernel.
        side_by_side(layout, "tests").args(["--dist", "loadscope"]),
        "testing the lab's Python programs",
        process::AGAIN,
    )
}

/// The Python tests in a folder of `lab/python`. Most of them wait for a kernel or a browser, so as
/// many run at a time as there are cores, and no more than four, since each kernel takes 350 MB.
fn side_by_side(layout: &Layout, folder: &str) -> Command {
    let mut command = jupyter::module(layout, "pytest");
    command
        .args(["--quiet", "-r", "s"])
        .args(["--numprocesses", "logical", "--maxprocesses", "4"])
        .arg(folder)
        .current_dir(layout.python_sources());
    command
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
    environment::ensure_tests(layout)?;
    let pictures = layout.root().join("target").join("site-pictures");
    process::run(
        side_by_side(layout, "website")
            .args(["--dist", "worksteal"])
            .env("GUIDE_SITE", site)
            .env("GUIDE_SITE_PICTURES", pictures),
        "testing the site",
        process::AGAIN,
    )
}
