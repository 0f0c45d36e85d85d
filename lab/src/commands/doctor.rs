//! `cargo lab doctor`: whether kernels start as fast as they can here.

use std::env;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::steps::dependencies;
use crate::system::error::Error;
use crate::system::layout::{EVCXR_VERSION, Layout};
use crate::system::machine;

/// What was found about one thing that can make kernels slow.
enum Finding {
    Fine(String),
    Slow(String),
}

/// Prints what was found. Fails where something makes kernels start slowly.
pub fn run(layout: &Layout) -> Result<(), Error> {
    let findings = [kernel(layout), dependencies(layout), room(layout), linker()];
    let mut slow = 0;
    for finding in findings {
        match finding {
            Finding::Fine(what) => println!("fine: {what}"),
            Finding::Slow(what) => {
                slow += 1;
                println!("slow: {what}");
            }
        }
    }
    if slow == 0 {
        Ok(())
    } else {
        Err(Error::Slow { slow })
    }
}

fn kernel(layout: &Layout) -> Finding {
    if !layout.evcxr_program().is_file() {
        return Finding::Slow(format!(
            "evcxr_jupyter {EVCXR_VERSION} is not built: run `cargo lab setup`"
        ));
    }
    if !layout.kernel_program().is_file() {
        return Finding::Slow(
            "what starts the kernel is not built: run `cargo lab setup`".to_owned(),
        );
    }
    Finding::Fine(format!("the kernel is evcxr_jupyter {EVCXR_VERSION}"))
}

fn dependencies(layout: &Layout) -> Finding {
    let prepared = layout.prepared();
    let checked = dependencies::origin(layout).map(|origin| prepared.check(&origin));
    match checked {
        Ok(Ok(_)) => Finding::Fine(format!(
            "the notebooks' dependencies are compiled, {} MiB that each kernel copies",
            mib(&prepared.dependencies())
        )),
        Ok(Err(unprepared)) => Finding::Slow(unprepared.to_string()),
        Err(error) => Finding::Slow(error.to_string()),
    }
}

/// Each kernel needs room for a copy of the dependencies.
fn room(layout: &Layout) -> Finding {
    let place = env::temp_dir();
    let needed = mib(&layout.prepared().dependencies());
    match machine::disk(&place, "a kernel", needed) {
        Ok(()) => Finding::Fine(format!("`{}` has room for a kernel", place.display())),
        Err(error) => Finding::Slow(error.to_string()),
    }
}

/// The kernel links by mold or lld where one is on the PATH. On one platform rustc brings an lld of its own.
fn linker() -> Finding {
    for linker in ["mold", "lld"] {
        if starts(linker) {
            return Finding::Fine(format!("cells are linked by {linker}"));
        }
    }
    if cfg!(all(
        target_os = "linux",
        target_arch = "x86_64",
        target_env = "gnu"
    )) && brings_lld()
    {
        return Finding::Fine("cells are linked by the lld that comes with this Rust".to_owned());
    }
    Finding::Slow(
        "cells are linked by the system's linker: install mold or lld, and the kernel uses that"
            .to_owned(),
    )
}

fn starts(program: &str) -> bool {
    let mut command = Command::new(program);
    command.arg("--version").stdin(Stdio::null());
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok()
}

/// Whether this Rust links by an lld of its own, as Rust does on this platform since version 1.90.
fn brings_lld() -> bool {
    let output = Command::new("rustc").arg("--version").output();
    let minor = output.ok().and_then(|output| {
        let version = String::from_utf8(output.stdout).ok()?;
        version.split('.').nth(1)?.parse::<u32>().ok()
    });
    minor.is_some_and(|minor| minor >= 90)
}

fn mib(folder: &Path) -> u64 {
    bytes(folder) >> 20
}

fn bytes(path: &Path) -> u64 {
    let Ok(entries) = path.read_dir() else {
        return path.metadata().map_or(0, |file| file.len());
    };
    entries.flatten().map(|entry| bytes(&entry.path())).sum()
}
