//! This crate's examples, as programs that tests start.

use std::process::{Command, Stdio};

/// The example `name`, built, with these arguments and its output to be read.
pub fn example(name: &str, arguments: &[&str]) -> Command {
    let example = escargot::CargoBuild::new()
        .manifest_path(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .features("flags")
        .example(name)
        .run()
        .unwrap();
    let mut command = example.command();
    command
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}
