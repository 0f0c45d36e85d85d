//! The kernel, made known to this checkout's Jupyter alone.

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::steps::programs;
use crate::system::error::Error;
use crate::system::layout::Layout;
use crate::system::{files, process};

/// How much compiled code the kernel keeps.
const CACHE_MIB: u32 = 2000;

/// Writes the kernelspec into the Python environment, and the kernel's configurations.
pub fn install(layout: &Layout) -> Result<(), Error> {
    let made = layout.made_for_kernels();
    for is_cached in [true, false] {
        // With compiled dependencies cells build offline, lest cargo pick up a newer version in the
        // middle of a class. Cells are short, so only their dependencies are optimised.
        configure(
            &made.config(true, is_cached),
            is_cached,
            ":offline 1\n:opt 0\n",
        )?;
        configure(&made.config(false, is_cached), is_cached, ":offline 0\n")?;
    }
    let folder = layout.venv_jupyter().join("kernels").join("rust");
    if !folder.join("version.txt").is_file() {
        process::run(
            Command::new(layout.kernel_program())
                .arg("--install")
                .env("JUPYTER_PATH", layout.venv_jupyter())
                .stdout(Stdio::null()),
            "installing the kernelspec",
            "remove the folder .lab, then run this command again",
        )?;
    }
    let spec = format!("{:#}\n", kernelspec(layout));
    files::write_if_other(&folder.join("kernel.json"), &spec)
}

fn configure(folder: &Path, is_cached: bool, settings: &str) -> Result<(), Error> {
    let cache_mib = if is_cached { CACHE_MIB } else { 0 };
    files::make_folder(folder)?;
    let init = format!(":cache {cache_mib}\n{settings}");
    files::write_if_other(&folder.join("init.evcxr"), &init)
}

fn kernelspec(layout: &Layout) -> Value {
    let text = |path: &Path| path.to_string_lossy().into_owned();
    json!({
        "argv": programs::argv(layout),
        "display_name": "Rust",
        "language": "rust",
        "interrupt_mode": "message",
        // At its start the kernel renews a kernelspec of another version that it finds here, and
        // without this one it would look in the user's home.
        "env": {"JUPYTER_PATH": text(&layout.venv_jupyter())},
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::layout::KERNEL_VERSION;

    #[test]
    fn asks_the_registry_only_while_dependencies_are_missing() -> Result<(), Error> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let layout = Layout::in_folder(folder.path());
        let kernelspec = layout.venv_jupyter().join("kernels").join("rust");
        files::make_folder(&kernelspec)?;
        files::write_if_other(&kernelspec.join("version.txt"), KERNEL_VERSION)?;
        install(&layout)?;
        let made = layout.made_for_kernels();
        let warm = files::read(&made.config(true, true).join("init.evcxr"))?;
        assert!(warm.contains(":offline 1"), "{warm}");
        let cold = files::read(&made.config(false, true).join("init.evcxr"))?;
        assert!(cold.contains(":offline 0"), "{cold}");
        Ok(())
    }

    #[test]
    fn never_looks_for_a_kernelspec_in_the_home() {
        let layout = Layout::in_folder(Path::new("/guide"));
        assert_eq!(
            kernelspec(&layout)["env"]["JUPYTER_PATH"],
            "/guide/checkout/.lab/venv/share/jupyter"
        );
    }
}
