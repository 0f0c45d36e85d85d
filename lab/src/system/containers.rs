//! The program that builds and runs images.

use std::env;
use std::process::{Command, Stdio};

use crate::system::error::Error;

/// What the image is called here.
pub const IMAGE: &str = "hitchhiker";

/// The variable that names the engine to use, instead of the first one that answers.
const NAMED: &str = "CONTAINER_ENGINE";

/// Docker where it answers, or else podman, which takes the same arguments.
pub struct Engine {
    program: String,
}

impl Engine {
    /// Finds an engine that answers.
    pub fn find() -> Result<Self, Error> {
        let programs = match env::var(NAMED) {
            Ok(named) => vec![named],
            Err(_) => vec!["docker".to_owned(), "podman".to_owned()],
        };
        let found = programs.into_iter().find(|program| answers(program));
        Ok(Self {
            program: found.ok_or(Error::NoContainerEngine)?,
        })
    }

    /// The engine's own command line.
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        self.tell(&mut command);
        command
    }

    /// Tells a program that starts the engine which one it is.
    pub fn tell(&self, command: &mut Command) {
        command
            .env(NAMED, &self.program)
            .env("IMAGE_UNDER_TEST", IMAGE)
            // Podman's own format for images has no health checks.
            .env("BUILDAH_FORMAT", "docker");
    }
}

/// A command line may be there without the engine behind it.
fn answers(program: &str) -> bool {
    Command::new(program)
        .arg("info")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}
