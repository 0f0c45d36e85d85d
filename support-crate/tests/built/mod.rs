//! This crate as rustc takes it, for tests that compile programs of their own, many at once.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

pub struct Built {
    /// By the name of their crates.
    libraries: BTreeMap<String, PathBuf>,
    sources: PathBuf,
}

impl Built {
    /// Has cargo build the packages, to know where it puts what rustc needs of them.
    pub fn of(packages: &[&str]) -> Self {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("built");
        let mut cargo = Command::new(env!("CARGO"));
        cargo
            .args(["build", "--lib", "--locked", "--message-format=json"])
            .arg("--manifest-path")
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.toml"))
            .arg("--target-dir")
            .arg(&target)
            .env_remove("RUSTFLAGS"); // what is compiled here is compiled for rustc's own errors
        for package in packages {
            cargo.args(["--package", package]);
        }
        let output = cargo.output().expect("cargo starts");
        let said = String::from_utf8_lossy(&output.stdout);
        let libraries: BTreeMap<_, _> = said
            .lines()
            .filter_map(|line| serde_json::from_str::<Value>(line).ok())
            .filter_map(|message| {
                let name = message["target"]["name"].as_str()?.replace('-', "_");
                let named = packages.iter().any(|it| it.replace('-', "_") == name);
                let file = message["filenames"][0].as_str().filter(|_| named)?;
                Some((name, PathBuf::from(file)))
            })
            .collect();
        assert_eq!(
            libraries.len(),
            packages.len(),
            "cargo says: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        let sources = target.join("sources").join(env!("CARGO_CRATE_NAME"));
        fs::create_dir_all(&sources).expect("the target directory can be written to");
        Self { libraries, sources }
    }

    /// Where a file called `name` goes that only this test writes.
    pub fn file(&self, name: &str) -> PathBuf {
        self.sources.join(name)
    }

    /// `name`, which is `rustc` or takes what rustc takes. It finds the libraries.
    pub fn compiler(&self, name: &str, edition: &str) -> Command {
        let set = std::env::var_os("RUSTC").filter(|_| name == "rustc");
        let mut compiler = Command::new(set.unwrap_or_else(|| name.into()));
        compiler.args(["--edition", edition]);
        for (name, library) in &self.libraries {
            let deps = library.parent().expect("a library is in a directory");
            compiler
                .arg("--extern")
                .arg(format!("{name}={}", library.display()))
                .arg("-L")
                .arg(format!("dependency={}", deps.join("deps").display()));
        }
        compiler
    }
}
