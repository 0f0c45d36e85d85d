//! What a kernel gets from the program in cargo's place, held against a cargo that knows `known` alone
//! without the network.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Mutex, MutexGuard, PoisonError};

const CARGO: &str = r#"#!/bin/sh
echo "$* offline=$CARGO_NET_OFFLINE" >> "$LOG"
case "$* $NETWORK" in
--offline*unknown*)
    echo "error: no matching package named \`unknown\` found" >&2
    echo "location searched: crates.io index" >&2
    echo "you may wish to retry without \`--offline\`." >&2
    exit 101 ;;
--offline*) echo offline ;;
*none)
    echo "warning: spurious network error (1 try remaining)" >&2
    echo "error: failed to get \`unknown\` as a dependency" >&2
    exit 101 ;;
*nowhere)
    echo "error: no matching package named \`unknown\` found" >&2
    exit 101 ;;
*) cp Cargo.lock seen.lock; echo online ;;
esac
"#;

/// A process that another test starts just now would hold the file of a program that is written here,
/// and Linux starts no program that is open for writing.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

struct Kernel {
    folder: tempfile::TempDir,
    _alone: MutexGuard<'static, ()>,
}

impl Kernel {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let kernel = Self {
            folder,
            _alone: ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner),
        };
        fs::create_dir_all(kernel.path("home/bin")).expect("a folder");
        fs::write(kernel.path("home/fetched.lock"), "the guide's").expect("a file");
        for name in ["cargo", "rustup"] {
            let program = env!("CARGO_BIN_EXE_hitchhiker-cargo");
            symlink(program, kernel.path("home/bin").join(name)).expect("a link");
        }
        for (name, text) in [
            ("real/cargo", CARGO),
            ("real/rustup", "#!/bin/sh\necho \"the real one: $*\"\n"),
        ] {
            let program = kernel.path(name);
            fs::create_dir_all(program.parent().expect("a parent")).expect("a folder");
            fs::write(&program, text).expect("a file");
            fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("rights");
        }
        kernel
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, program: &str, arguments: &[&str], network: &str) -> Output {
        let system = std::env::var("PATH").expect("a PATH");
        let users = format!("{}:{system}", self.path("real").display());
        Command::new(self.path("home/bin").join(program))
            .args(arguments)
            .current_dir(self.folder.path())
            .env("CARGO_HOME", self.path("home"))
            .env("HITCHHIKER_CARGO", self.path("real/cargo"))
            .env("HITCHHIKER_PATH", users)
            .env("LOG", self.path("log"))
            .env("NETWORK", network)
            .output()
            .expect("started")
    }

    fn log(&self) -> Vec<String> {
        let log = fs::read_to_string(self.path("log")).unwrap_or_default();
        log.lines().map(str::to_owned).collect()
    }
}

fn metadata(of: &str) -> [&str; 3] {
    ["--offline", "metadata", of]
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("text")
}

#[test]
fn what_resolves_without_the_network_is_not_asked_of_it() {
    let kernel = Kernel::new();
    let output = kernel.run("cargo", &metadata("known"), "there");
    assert_eq!(text(&output.stdout), "offline\n");
    assert_eq!(kernel.log(), ["--offline metadata known offline="]);
}

#[test]
fn what_does_not_is_fetched_without_a_word_and_without_newer_versions_of_the_rest() {
    let kernel = Kernel::new();
    let output = kernel.run("cargo", &metadata("unknown"), "there");
    assert!(output.status.success());
    assert_eq!(
        (text(&output.stdout), text(&output.stderr)),
        ("online\n", "")
    );
    assert_eq!(kernel.log()[1], "metadata unknown offline=false");
    let lock = fs::read_to_string(kernel.path("seen.lock")).expect("a lock file");
    assert_eq!(lock, "the guide's");
}

#[test]
fn where_there_is_no_network_one_line_says_so() {
    let kernel = Kernel::new();
    let output = kernel.run("cargo", &metadata("unknown"), "none");
    assert!(!output.status.success());
    let said = text(&output.stderr);
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(
        said.contains("`unknown`") && said.contains("the network cannot be reached"),
        "{said}"
    );
    assert!(!said.contains("--offline"), "{said}");
}

#[test]
fn a_crate_that_nobody_has_is_told_as_cargo_tells_it() {
    let kernel = Kernel::new();
    let output = kernel.run("cargo", &metadata("unknown"), "nowhere");
    assert!(!output.status.success());
    assert_eq!(
        text(&output.stderr),
        "error: no matching package named `unknown` found\n"
    );
}

#[test]
fn a_build_is_the_real_cargos() {
    let kernel = Kernel::new();
    let output = kernel.run("cargo", &["--offline", "build", "unknown"], "there");
    assert_eq!(output.status.code(), Some(101));
    assert_eq!(kernel.log().len(), 1);
}

#[test]
fn rustup_names_the_program_in_cargos_place_and_leaves_the_rest_to_the_real_one() {
    let kernel = Kernel::new();
    let cargo = kernel.run("rustup", &["which", "cargo"], "there");
    let named = Path::new(text(&cargo.stdout).trim_end()).to_owned();
    assert_eq!(named, kernel.path("home/bin/cargo"));
    let rustc = kernel.run("rustup", &["which", "rustc"], "there");
    assert_eq!(text(&rustc.stdout), "the real one: which rustc\n");
}
