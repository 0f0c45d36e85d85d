//! The kernel: built once for all checkouts, made known to this one's Jupyter alone.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::error::Error;
use crate::layout::{KERNEL_VERSION, Layout};
use crate::{machine, process, relay};

/// What building takes on disk; the program itself takes 33 MiB.
const BUILD_MIB: u64 = 2000;

/// How much compiled code the kernel keeps.
const CACHE_MIB: u32 = 2000;

/// What the kernel finds of the notebooks' dependencies.
pub enum Dependencies {
    /// All of them in its cache.
    Compiled,
    /// Not all.
    Missing,
}

/// Sees that the kernel can be built, if it has to be.
pub fn check(layout: &Layout) -> Result<(), Error> {
    if layout.kernel_program().is_file() {
        return Ok(());
    }
    machine::disk(&layout.kernels(), "building the kernel", BUILD_MIB)
}

/// Builds the kernel unless it is there.
pub fn build(layout: &Layout) -> Result<(), Error> {
    if layout.kernel_program().is_file() {
        return Ok(());
    }
    let _lock = process::lock(&layout.kernels())?;
    if layout.kernel_program().is_file() {
        return Ok(());
    }
    println!(
        "Building the Rust kernel, evcxr_jupyter {KERNEL_VERSION}: once, about 9 minutes on 2 cores."
    );
    // A folder of its own lets an interrupted build go on where it was.
    let build = layout.kernels().join("build");
    process::run(
        process::cargo()
            .args(["install", "evcxr_jupyter", "--locked"])
            .arg(format!("--version={KERNEL_VERSION}"))
            .arg("--root")
            .arg(layout.kernel_root())
            .arg("--target-dir")
            .arg(&build)
            .current_dir(layout.kernels()),
        "building the kernel",
        "once that is put right, run this command again: it goes on where it was",
    )?;
    process::remove_folder(&build)
}

/// Writes what the kernel runs before a notebook's first cell.
pub fn configure(layout: &Layout, dependencies: Dependencies) -> Result<(), Error> {
    // Cargo would ask the registry for newer versions at every start: needing the network, and
    // compiling anew in the middle of a class on the day that one appears.
    let offline = match dependencies {
        Dependencies::Compiled => 1,
        Dependencies::Missing => 0,
    };
    let init = format!(":cache {CACHE_MIB}\n:offline {offline}\n");
    process::make_folder(&layout.evcxr_config())?;
    process::write_if_other(&init_file(layout), &init)
}

fn init_file(layout: &Layout) -> PathBuf {
    layout.evcxr_config().join("init.evcxr")
}

/// Writes the kernelspec into the Python environment, and a first configuration.
pub fn install(layout: &Layout, rust_src: &Path) -> Result<(), Error> {
    if !init_file(layout).is_file() {
        configure(layout, Dependencies::Missing)?;
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
    let spec = format!("{:#}\n", kernelspec(layout, rust_src));
    process::write_if_other(&folder.join("kernel.json"), &spec)
}

fn kernelspec(layout: &Layout, rust_src: &Path) -> Value {
    let text = |path: &Path| path.to_string_lossy().into_owned();
    json!({
        "argv": relay::argv(layout),
        "display_name": "Rust",
        "language": "rust",
        "interrupt_mode": "message",
        "env": {
            "EVCXR_CONFIG_DIR": text(&layout.evcxr_config()),
            // At its start the kernel renews a kernelspec of another version that it finds here,
            // and without this one it would look in the user's home.
            "JUPYTER_PATH": text(&layout.venv_jupyter()),
            "RUST_SRC_PATH": text(rust_src),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn asks_the_registry_only_while_dependencies_are_missing() -> Result<(), Error> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let layout = Layout::in_folder(folder.path());
        configure(&layout, Dependencies::Missing)?;
        assert_eq!(
            process::read(&init_file(&layout))?,
            ":cache 2000\n:offline 0\n"
        );
        configure(&layout, Dependencies::Compiled)?;
        assert_eq!(
            process::read(&init_file(&layout))?,
            ":cache 2000\n:offline 1\n"
        );
        Ok(())
    }

    #[test]
    fn is_told_where_its_configuration_is_and_never_looks_for_a_kernelspec_in_the_home() {
        let layout = Layout::in_folder(Path::new("/guide"));
        let environment = &kernelspec(&layout, Path::new("/copy"))["env"];
        assert_eq!(
            environment["EVCXR_CONFIG_DIR"],
            "/guide/checkout/.lab/evcxr"
        );
        assert_eq!(
            environment["JUPYTER_PATH"],
            "/guide/checkout/.lab/venv/share/jupyter"
        );
    }

    #[test]
    fn is_built_once() -> Result<(), Error> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let layout = Layout::in_folder(folder.path());
        let program = layout.kernel_program();
        process::make_folder(program.parent().unwrap_or(&program))?;
        process::write_if_other(&program, "built before")?;
        build(&layout)?;
        assert_eq!(process::read(&program)?, "built before");
        Ok(())
    }
}
