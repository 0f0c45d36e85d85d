//! `cargo lab image`: builds the image and tests what it promises.

use std::process::Command;

use crate::steps::environment;
use crate::system::containers::{Engine, IMAGE};
use crate::system::error::Error;
use crate::system::layout::{self, Layout};
use crate::system::process;

/// Builds and tests the image.
pub fn run(layout: &Layout) -> Result<(), Error> {
    let engine = Engine::find()?;
    lint(layout)?;
    println!("Building the image: about 25 minutes on 2 cores, seconds after an edited notebook.");
    process::run(
        engine
            .command()
            .args(["build", "--tag", IMAGE])
            .arg(layout.root()),
        "building the image",
        "see that the network is there, or run `.ci/image`, which needs no registry of images",
    )?;
    let mut tests = Command::new(layout::python_in(&layout.containers_venv()));
    tests
        .args(["-m", "unittest", "--verbose", "test_image"])
        .current_dir(layout.image_sources());
    engine.tell(&mut tests);
    process::run(&mut tests, "testing the image", process::AGAIN)
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
