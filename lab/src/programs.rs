//! What stands between Jupyter and the kernel: `kernel/`, the relay, and `lab/warm`, which starts it.

use std::path::PathBuf;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::error::Error;
use crate::layout::Layout;
use crate::process;

/// Builds both, anew after a change, where no other build replaces them while they run.
pub fn build(layout: &Layout) -> Result<(), Error> {
    if !layout.launcher().is_file() {
        println!("Building what starts the kernel: once, about two minutes on 2 cores.");
    }
    install(layout, "lab/warm")?;
    // It needs named pipes and groups of processes.
    if cfg!(unix) {
        install(layout, "kernel")?;
    }
    Ok(())
}

fn install(layout: &Layout, package: &str) -> Result<(), Error> {
    process::run(
        process::cargo()
            .args(["install", "--quiet", "--locked", "--force", "--path"])
            .arg(layout.root().join(package))
            .arg("--root")
            .arg(layout.made())
            // A note that the folder is not on the PATH, where it has no business.
            .stderr(Stdio::null())
            .current_dir(layout.root()),
        "building what starts the kernel",
        "`cargo build --release --package hitchhiker-warm --package hitchhiker-kernel` shows why",
    )
}

/// How Jupyter starts the kernel: behind the relay, where there is one.
pub fn argv(layout: &Layout) -> Value {
    let text = |path: PathBuf| path.to_string_lossy().into_owned();
    let launcher = text(layout.launcher());
    let kernel = text(layout.kernel_program());
    let checkout = text(layout.root().to_owned());
    if cfg!(unix) {
        // The relay puts a connection file of its own behind the last argument.
        let relay = text(layout.relay_program());
        json!([relay, "{connection_file}", launcher, kernel, checkout])
    } else {
        json!([launcher, kernel, checkout, "{connection_file}"])
    }
}
