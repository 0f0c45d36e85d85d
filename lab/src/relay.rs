//! The relay between Jupyter and the kernel, of which `kernel/` holds the source.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::error::Error;
use crate::layout::Layout;
use crate::process;

/// Builds the relay unless this checkout's is there, where no other build replaces it while it runs.
pub fn build(layout: &Layout) -> Result<(), Error> {
    if cfg!(not(unix)) {
        return Ok(());
    }
    if !layout.relay_program().is_file() {
        println!("Building the relay to the kernel: once, about a minute on 2 cores.");
    }
    process::run(
        process::cargo()
            .args(["install", "--quiet", "--locked", "--path"])
            .arg(layout.root().join("kernel"))
            .arg("--root")
            .arg(layout.relay_root())
            .current_dir(layout.root()),
        "building the relay to the kernel",
        "once that is put right, run this command again",
    )
}

/// How Jupyter starts the kernel: behind the relay, where there is one.
pub fn argv(layout: &Layout) -> Value {
    let text = |path: PathBuf| path.to_string_lossy().into_owned();
    let kernel = text(layout.kernel_program());
    if cfg!(not(unix)) {
        return json!([kernel, "--control_file", "{connection_file}"]);
    }
    // Behind the last argument the relay puts a connection file of its own.
    json!([
        text(layout.relay_program()),
        "{connection_file}",
        kernel,
        "--control_file"
    ])
}
