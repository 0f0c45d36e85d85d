//! `cargo lab image`: builds the image and tests what it promises.

use std::process::Command;

use crate::steps::environment;
use crate::system::containers::{Engine, IMAGE};
use crate::system::error::Error;
use crate::system::layout::{self, Layout};
use crate::system::{machine, process};

/// Builds and tests the image; on a stand-in for its base, if this machine can have no other.
pub fn run(layout: &Layout, stand_in: bool) -> Result<(), Error> {
    let engine = Engine::find(layout, stand_in)?;
    let python = machine::python()?;
    lint(layout)?;
    if stand_in {
        let mut program = Command::new(python);
        program
            .arg(layout.image_sources().join("stand_in.py"))
            .arg(engine.program())
            .arg(layout.root().join("Dockerfile"));
        engine.tell(&mut program);
        process::run(
            &mut program,
            "making a stand-in for the base image",
            process::AGAIN,
        )?;
    }
    println!("Building the image: about 25 minutes on 2 cores, seconds after an edited notebook.");
    process::run(
        engine
            .command()
            .args(["build", "--tag", IMAGE])
            .arg(layout.root()),
        "building the image",
        "where no registry of images can be reached, `cargo lab image --stand-in` needs none",
    )?;
    let mut tests = Command::new(layout::python_in(&layout.containers_venv()));
    tests
        .args(["-m", "unittest", "--verbose", "test_image"])
        .current_dir(layout.image_sources());
    engine.tell(&mut tests);
    process::run(&mut tests, "testing the image", process::AGAIN)?;
    if stand_in {
        println!(
            "This was a stand-in for the base image: neither the official image nor rustup's \
             adding rust-src to it was tested."
        );
    }
    Ok(())
}

fn lint(layout: &Layout) -> Result<(), Error> {
    environment::ensure_containers(layout)?;
    process::run(
        Command::new(layout.containers_venv().join("bin").join("hadolint"))
            .arg(layout.root().join("Dockerfile")),
        "linting the Dockerfile",
        process::AGAIN,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::files;
    use crate::system::layout::EVCXR_VERSION;

    #[test]
    fn the_dockerfile_builds_the_evcxr_of_the_guide() -> Result<(), Error> {
        let dockerfile = files::read(&Layout::of_this_checkout()?.root().join("Dockerfile"))?;
        let argument = format!("ARG EVCXR_VERSION={EVCXR_VERSION}\n");
        assert!(dockerfile.contains(&argument), "no line {argument}");
        Ok(())
    }
}
