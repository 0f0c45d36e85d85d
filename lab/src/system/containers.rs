//! The program that builds and runs images.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::system::error::Error;
use crate::system::layout::Layout;

/// What the image is called here.
pub const IMAGE: &str = "hitchhiker";

/// Docker where it answers, or else podman, which takes the same arguments.
pub struct Engine {
    program: &'static str,
    settings: Option<PathBuf>,
}

impl Engine {
    /// One that answers; for a stand-in of the base image, podman with settings of the lab's.
    pub fn find(layout: &Layout, stand_in: bool) -> Result<Self, Error> {
        let programs = if stand_in {
            &["podman"][..]
        } else {
            &["docker", "podman"]
        };
        let found = programs.iter().find(|program| answers(program));
        Ok(Self {
            program: found.ok_or(Error::NoContainerEngine)?,
            settings: stand_in.then(|| layout.image_sources().join("containers.conf")),
        })
    }

    /// Its name, as a command.
    pub fn program(&self) -> &'static str {
        self.program
    }

    /// The engine's own command line.
    pub fn command(&self) -> Command {
        let mut command = Command::new(self.program);
        self.tell(&mut command);
        command
    }

    /// Tells a program that starts the engine which one it is and how it is set up.
    pub fn tell(&self, command: &mut Command) {
        command
            .env("CONTAINER_ENGINE", self.program)
            .env("IMAGE_UNDER_TEST", IMAGE)
            // Podman's own format has no health checks.
            .env("BUILDAH_FORMAT", "docker");
        if let Some(path) = &self.settings {
            command.env("CONTAINERS_CONF", path);
        }
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
