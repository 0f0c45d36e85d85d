//! The commands behind `cargo lab`: they set the guide up, open it, run it and test it.

mod commands;
mod steps;
mod system;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::commands::{bench, class, doctor, image, open, render, screenshots, setup, site, test};
use crate::system::error::Error;
use crate::system::layout::Layout;

/// Sets the guide up and opens it in JupyterLab.
#[derive(Parser)]
#[command(
    name = "cargo lab",
    bin_name = "cargo lab",
    args_conflicts_with_subcommands = true
)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    /// Passed on to JupyterLab, as in `cargo lab -- --no-browser --port 9999`.
    #[arg(last = true)]
    jupyterlab: Vec<String>,
}

#[derive(Subcommand)]
enum Command {
    /// Makes what is missing, without opening JupyterLab.
    Setup,
    /// Says whether the guide is ready here, and what to do where it is not.
    Doctor,
    /// Tests the crates, the lab's programs, the notebooks and the site, or one of these parts.
    Test {
        #[command(subcommand)]
        part: Option<test::Part>,
    },
    /// Runs notebooks in fresh kernels and stores their outputs.
    Render {
        /// The notebooks to run; all of the guide's when none is named.
        notebooks: Vec<PathBuf>,
    },
    /// Runs each notebook in JupyterLab in headless Chromium and takes pictures of it.
    Screenshots {
        /// The folder for the pictures.
        #[arg(default_value = "target/screenshots")]
        folder: PathBuf,
    },
    /// Builds the guide as pages for any browser into `target/site`, serves and opens them.
    Site {
        /// Only builds the pages.
        #[arg(long)]
        no_open: bool,
    },
    /// Builds the container image and tests what runs in it: about half an hour.
    Image,
    /// Runs a class of 1, 4 and 8 students in containers of the image and measures it.
    Class,
    /// Measures a part of the guide beside what others have.
    Bench {
        #[command(subcommand)]
        subject: Subject,
    },
}

#[derive(Subcommand)]
enum Subject {
    /// The downloader against other clients in Rust, Python and C: about five minutes.
    Flags,
    /// The kernel's start against a stock kernel's: about half an hour.
    Kernel {
        /// How often each is started.
        #[arg(long, default_value_t = 3)]
        runs: u32,
    },
    /// The loop of chapter 7 and the executor of chapter 9 beside tokio, with the pictures for chapter 9: about two minutes.
    Loops,
    /// The kernel behind the relay beside the kernel without it: about a minute.
    Relay,
}

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> Result<(), Error> {
    let layout = Layout::of_this_checkout()?;
    match cli.command {
        None => open::run(&layout, &cli.jupyterlab),
        Some(Command::Setup) => {
            setup::run(&layout)?;
            println!("Ready: `cargo lab` opens the guide.");
            Ok(())
        }
        Some(Command::Doctor) => doctor::run(&layout),
        Some(Command::Test { part }) => test::run(&layout, part.as_ref()),
        Some(Command::Render { notebooks }) => render::run(&layout, &notebooks),
        Some(Command::Screenshots { folder }) => screenshots::run(&layout, &folder),
        Some(Command::Site { no_open }) => site::run(&layout, !no_open),
        Some(Command::Image) => image::run(&layout),
        Some(Command::Class) => class::run(&layout),
        Some(Command::Bench { subject }) => match subject {
            Subject::Flags => bench::flags(&layout),
            Subject::Kernel { runs } => bench::kernel(&layout, runs),
            Subject::Loops => bench::loops(&layout),
            Subject::Relay => bench::relay(&layout),
        },
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_tests_of_named_notebooks_are_a_part() {
        let cli = Cli::parse_from(["lab", "test", "notebooks", "one.ipynb", "two.ipynb"]);
        let Some(Command::Test {
            part: Some(test::Part::Notebooks { paths }),
        }) = cli.command
        else {
            panic!("another command");
        };
        assert_eq!(
            paths,
            [PathBuf::from("one.ipynb"), PathBuf::from("two.ipynb")]
        );
    }

    #[test]
    fn what_follows_two_dashes_goes_to_jupyterlab() {
        let cli = Cli::parse_from(["lab", "--", "--no-browser", "--port", "9999"]);
        assert!(cli.command.is_none());
        assert_eq!(cli.jupyterlab, ["--no-browser", "--port", "9999"]);
    }
}
