//! `hitchhiker-warm EVCXR_JUPYTER CHECKOUT CONNECTION_FILE`: what Jupyter starts as the guide's kernel.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode};

use hitchhiker_warm::{KernelFolder, Made, Origin, REAL_CARGO, USERS_PATH};

fn main() -> ExitCode {
    let arguments: Vec<PathBuf> = env::args_os().skip(1).map(PathBuf::from).collect();
    let [program, checkout, connection_file] = &arguments[..] else {
        eprintln!("usage: hitchhiker-warm EVCXR_JUPYTER CHECKOUT CONNECTION_FILE");
        return ExitCode::from(2);
    };
    let made = Made::in_folder(checkout.join(".lab"));
    let mut kernel = Command::new(program);
    kernel.arg("--control_file").arg(connection_file);
    let folder = set_up(&mut kernel, &made, program, checkout);
    let status = kernel.spawn().and_then(wait);
    drop(folder);
    match status {
        Ok(code) => code,
        Err(error) => {
            eprintln!(
                "error: cannot run the kernel `{}`: {error}; run `cargo lab setup`",
                program.display()
            );
            ExitCode::FAILURE
        }
    }
}

/// Sets `kernel` up to start warm, or says why it starts cold.
fn set_up(
    kernel: &mut Command,
    made: &Made,
    program: &Path,
    checkout: &Path,
) -> Option<KernelFolder> {
    let folder = match env::var_os("EVCXR_TMPDIR") {
        // A folder that somebody chose is the kernel's: the set-up does, to fill it.
        Some(_) => Ok(None),
        None => folder(made, program, checkout).map(Some),
    };
    let is_cached = is_cache_writable();
    if !is_cached {
        eprintln!(
            "warning: crates that cells add are compiled at each start: the cache folder cannot be written to; \
             make room, or name another in XDG_CACHE_HOME"
        );
    }
    kernel.env("EVCXR_CONFIG_DIR", made.config(folder.is_ok(), is_cached));
    match folder {
        Ok(folder) => {
            if let Some(folder) = &folder {
                kernel.env("EVCXR_TMPDIR", folder.kernel());
            }
            kernel.env("RUST_SRC_PATH", made.rust_src().join("library"));
            if made.cargo_home().is_dir() {
                let path = env::var_os("PATH").unwrap_or_default();
                let bin = made.cargo_home().join("bin");
                kernel
                    .env(REAL_CARGO, real_cargo())
                    .env(USERS_PATH, &path)
                    .env("CARGO_HOME", made.cargo_home());
                // A folder whose name holds a separator cannot be in a PATH.
                if let Ok(path) = env::join_paths([bin].into_iter().chain(env::split_paths(&path)))
                {
                    kernel.env("PATH", path);
                }
            }
            folder
        }
        Err(why) => {
            eprintln!("warning: this kernel starts slowly: {why}");
            None
        }
    }
}

fn folder(made: &Made, program: &Path, checkout: &Path) -> Result<KernelFolder, String> {
    let origin = Origin::of(program, checkout).map_err(|error| error.to_string())?;
    made.check(&origin).map_err(|cold| cold.to_string())?;
    let place = env::temp_dir();
    KernelFolder::copy_of(&made.warm(), &place).map_err(|error| {
        format!(
            "no copy of the compiled dependencies in `{}`: {error}; make room there, or name another folder in TMPDIR",
            place.display()
        )
    })
}

/// The kernel does not go on where it cannot write to its cache.
fn is_cache_writable() -> bool {
    let cache = dirs::cache_dir().map(|cache| cache.join("evcxr"));
    cache.is_some_and(|cache| {
        std::fs::create_dir_all(&cache).is_ok() && tempfile::tempfile_in(&cache).is_ok()
    })
}

/// The cargo that the kernel would run: the one behind rustup's, which starts faster, or else that of the
/// PATH.
fn real_cargo() -> PathBuf {
    let rustup = Command::new("rustup")
        .args(["which", "cargo"])
        .output()
        .ok();
    let behind_rustup = rustup
        .filter(|output| output.status.success())
        .and_then(|output| String::from_utf8(output.stdout).ok())
        .map(|path| PathBuf::from(path.trim_end()));
    let of_the_user = || {
        let home = hitchhiker_warm::users_cargo_home()?;
        let cargo = format!("cargo{}", env::consts::EXE_SUFFIX);
        Some(home.join("bin").join(cargo)).filter(|cargo| cargo.is_file())
    };
    let of_the_path = || env::var_os("CARGO").unwrap_or_else(|| OsStr::new("cargo").into());
    behind_rustup
        .or_else(of_the_user)
        .unwrap_or_else(|| of_the_path().into())
}

/// Waits for the kernel's end. A signal that asks for it kills the kernel, which has no other end for
/// signals, and does nothing at all once it is stopped.
#[cfg(unix)]
fn wait(mut kernel: Child) -> std::io::Result<ExitCode> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    let mut signals = signal_hook::iterator::Signals::new([SIGHUP, SIGINT, SIGTERM])?;
    let handle = signals.handle();
    let pid = rustix::process::Pid::from_child(&kernel);
    let ending = std::thread::spawn(move || {
        for _ in &mut signals {
            // It fails where the kernel has just ended, and then there is nobody to tell.
            let _ = rustix::process::kill_process(pid, rustix::process::Signal::KILL);
        }
    });
    let status = kernel.wait()?;
    handle.close();
    let _ = ending.join();
    Ok(exit_code(status.code()))
}

#[cfg(not(unix))]
fn wait(mut kernel: Child) -> std::io::Result<ExitCode> {
    Ok(exit_code(kernel.wait()?.code()))
}

/// A kernel that a signal ended has no code.
fn exit_code(code: Option<i32>) -> ExitCode {
    ExitCode::from(code.map_or(1, |code| code.clamp(0, 255) as u8))
}
