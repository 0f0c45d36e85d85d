//! `cargo lab doctor`: whether the guide is ready here, and what to do where it is not.

use std::env;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::steps::{self, rust_src};
use crate::system::error::Error;
use crate::system::layout::Layout;
use crate::system::machine;

/// Prints what was found about each thing that the set-up makes or kernels need. Fails where something is wrong.
pub fn run(layout: &Layout) -> Result<(), Error> {
    println!("The guide in {}:", layout.root().display());
    let mut wrong = 0;
    let mut tell = |name: &str, lack: Option<String>| match lack {
        None => println!("fine:  {name}"),
        Some(lack) => {
            wrong += 1;
            println!("wrong: {name}: {lack}");
        }
    };
    let told = |found: Result<(), Error>| found.err().map(|error| error.to_string());
    let set_up = |lack: String| format!("it {lack}; `cargo lab setup` repairs that");

    tell("the folder's path", told(machine::path(layout.root())));
    tell("the C compiler", told(machine::c_compiler()));
    for (name, lack) in steps::PARTS {
        tell(name, lack(layout).map(set_up));
    }
    let sources = machine::rust_src().and_then(|library| rust_src::lack(layout, &library));
    let sources = sources.map_or_else(|error| Some(error.to_string()), |lack| lack.map(set_up));
    tell("the sources of Rust's standard library", sources);
    let temporary = env::temp_dir();
    let name = format!("the temporary folder, {}", temporary.display());
    tell(&name, told(temporary_folder(layout, &temporary)));
    tell("the linker of cells", linker());
    if wrong == 0 {
        println!("Ready: `cargo lab` opens the guide.");
        Ok(())
    } else {
        Err(Error::NotReady { wrong })
    }
}

/// Each kernel compiles in a folder of its own there, with a copy of the dependencies.
fn temporary_folder(layout: &Layout, folder: &Path) -> Result<(), Error> {
    machine::temporary_folder(folder)?;
    machine::disk(folder, "a kernel", mib(&layout.prepared().dependencies()))
}

/// The kernel links by mold or lld where one is on the PATH. On one platform rustc brings an lld of its own.
fn linker() -> Option<String> {
    let rustc_brings_one = cfg!(all(
        target_os = "linux",
        target_arch = "x86_64",
        target_env = "gnu"
    )) && brings_lld();
    if rustc_brings_one || ["mold", "lld"].into_iter().any(starts) {
        return None;
    }
    Some("it is the system's, which is slow: install mold or lld, and the kernel uses that".into())
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

/// What a kernel copies: all but what the compiler keeps for its next run.
fn bytes(path: &Path) -> u64 {
    let Ok(entries) = path.read_dir() else {
        return path.metadata().map_or(0, |file| file.len());
    };
    let copied = entries
        .flatten()
        .filter(|entry| entry.file_name() != "incremental");
    copied.map(|entry| bytes(&entry.path())).sum()
}
