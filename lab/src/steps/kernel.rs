//! The kernelspec, which makes the kernel known to this checkout's Jupyter alone.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::json;

use crate::system::error::Error;
use crate::system::layout::Layout;
use crate::system::{files, process};

const FILE: &str = "kernel.json";

/// Writes the kernelspec into the Python environment.
pub fn install(layout: &Layout) -> Result<(), Error> {
    let folder = folder(layout);
    if !folder.join("version.txt").is_file() {
        process::run(
            Command::new(layout.evcxr_program())
                .arg("--install")
                .env("JUPYTER_PATH", layout.venv_jupyter())
                .stdout(Stdio::null()),
            "installing the kernelspec",
            "remove the folder .lab, then run this command again",
        )?;
    }
    files::write_if_other(&folder.join(FILE), &kernelspec(layout))
}

/// What is wrong with the kernelspec.
pub fn lack(layout: &Layout) -> Option<String> {
    let there = fs::read_to_string(folder(layout).join(FILE)).ok();
    match there {
        None => Some("is not installed".to_owned()),
        Some(there) if there != kernelspec(layout) => Some("is of another place".to_owned()),
        Some(_) => None,
    }
}

fn folder(layout: &Layout) -> PathBuf {
    layout.venv_jupyter().join("kernels").join("rust")
}

/// The text of the kernelspec.
fn kernelspec(layout: &Layout) -> String {
    let text = |path: &Path| path.to_string_lossy().into_owned();
    let mut argv = vec![
        text(&layout.kernel_program()),
        "--evcxr".to_owned(),
        text(&layout.evcxr_program()),
        "--checkout".to_owned(),
        text(layout.root()),
        "{connection_file}".to_owned(),
    ];
    if !cfg!(unix) {
        // The relay needs named pipes and groups of processes.
        argv.push("--no-relay".to_owned());
    }
    let spec = json!({
        "argv": argv,
        "display_name": "Rust",
        "language": "rust",
        "interrupt_mode": "message",
        // At its start evcxr looks for a kernelspec of another version, and renews it. This variable makes it
        // look here, and not in the user's home.
        "env": {"JUPYTER_PATH": text(&layout.venv_jupyter())},
    });
    format!("{spec:#}\n")
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn never_looks_for_a_kernelspec_in_the_home() {
        let layout = Layout::in_folder(Path::new("/guide"));
        let spec: Value = serde_json::from_str(&kernelspec(&layout)).expect("JSON");
        assert_eq!(
            spec["env"]["JUPYTER_PATH"],
            "/guide/checkout/.lab/venv/share/jupyter"
        );
    }
}
