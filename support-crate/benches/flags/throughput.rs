//! Flags a second, CPU and memory of our client and of others, all asking the same server.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};

use hitchhiker::flags::COUNTRIES;

use crate::client::AT_ONCE;
use crate::process::{self, Finished};
use crate::serving::Serving;
use crate::{Length, Result};

/// The clients for aiohttp and httpx.
const PYTHON_CLIENTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../lab/python/bench/flags.py");

const WRK_SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/flags/wrk.lua");

/// Who asks for flags, and what becomes of them: they are counted and dropped, or they go to files
/// that appear whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Subject {
    Ours,
    Reqwest,
    Aiohttp,
    Httpx,
    /// wrk speaks just enough HTTP, so it shows the limit of what the server can do.
    Wrk,
    /// Our client, which checks each flag before it writes it.
    OursToFiles,
    AiohttpToFiles,
}

use Subject::*;

const SUBJECTS: [Subject; 7] = [
    Ours,
    Reqwest,
    Aiohttp,
    Httpx,
    Wrk,
    OursToFiles,
    AiohttpToFiles,
];

/// The targets: our client, another one, and how many times the other's flags a second ours should reach.
const TARGETS: [(Subject, Subject, f64); 4] = [
    (Ours, Reqwest, 0.95),
    (Ours, Aiohttp, 6.0),
    (Ours, Wrk, 0.5),
    (OursToFiles, AiohttpToFiles, 4.0),
];

/// With how many flags the memory for all flags is compared: memory is not to grow with their number.
const FEW: usize = 2_000;

struct Figures {
    flags: f64,
    seconds: f64,
    process: Finished,
}

impl Figures {
    fn rate(&self) -> f64 {
        self.flags / self.seconds
    }

    fn peak_mib(&self) -> f64 {
        self.process.peak as f64 / f64::from(1 << 20)
    }
}

pub fn measure(length: &Length, python: Option<&Path>) -> Result<()> {
    let server = Serving::start(0)?;
    println!(
        "throughput: {} flags ({} of httpx, {} s of wrk), {AT_ONCE} at once, latency 0; the \
         fastest of {} rounds",
        length.flags, length.flags_of_httpx, length.seconds_of_wrk, length.rounds,
    );
    let subjects = SUBJECTS.map(|subject| subject.present(python).then_some(subject));
    let mut fastest: BTreeMap<Subject, Figures> = BTreeMap::new();
    // In rounds: what disturbs the machine for a while disturbs all.
    for _ in 0..length.rounds {
        for subject in subjects.into_iter().flatten() {
            let figures = subject.run(&server.base_url, length, python)?;
            match fastest.get(&subject) {
                Some(fastest) if fastest.rate() >= figures.rate() => {}
                _ => drop(fastest.insert(subject, figures)),
            }
        }
    }
    report(&fastest);
    let few = Length {
        flags: FEW.min(length.flags),
        ..*length
    };
    let figures = Ours.run(&server.base_url, &few, python)?;
    println!(
        "memory of Ours: {:.1} MiB at most for {} flags, {:.1} for {}",
        figures.peak_mib(),
        few.flags,
        fastest[&Ours].peak_mib(),
        length.flags,
    );
    Ok(())
}

fn report(fastest: &BTreeMap<Subject, Figures>) {
    println!(
        "{:16}{:>10}{:>10}{:>12}",
        "", "flags/s", "CPU s", "peak MiB"
    );
    for (subject, figures) in fastest {
        println!(
            "{:16}{:>10.0}{:>10.2}{:>12.1}",
            format!("{subject:?}"),
            figures.rate(),
            figures.process.cpu.as_secs_f64(),
            figures.peak_mib(),
        );
    }
    for (ours, other, target) in TARGETS {
        if let Some(theirs) = fastest.get(&other) {
            let ratio = fastest[&ours].rate() / theirs.rate();
            println!("ratio {ours:?}/{other:?} {ratio:.2} (target at least {target})");
        }
    }
}

impl Subject {
    /// Whether the client can be measured. Where it cannot, a line says what to install.
    fn present(self, python: Option<&Path>) -> bool {
        let advice = match self {
            Ours | Reqwest | OursToFiles => return true,
            Aiohttp | Httpx | AiohttpToFiles if python.is_some() => return true,
            Aiohttp | Httpx | AiohttpToFiles => "`cargo lab bench flags` installs it",
            Wrk if starts("wrk") => return true,
            Wrk => "install it (Debian, Ubuntu: `apt install wrk`; macOS: `brew install wrk`)",
        };
        println!("{self:?} is left out: {advice}");
        false
    }

    fn run(self, base_url: &str, length: &Length, python: Option<&Path>) -> Result<Figures> {
        let files = tempfile::tempdir()?;
        let this_program = std::env::current_exe()?;
        let client = |program: &Path, arguments: &[&str], flags: usize| {
            let mut command = Command::new(program);
            command.args(arguments).args([base_url, &flags.to_string()]);
            command
        };
        let of_python = |name, flags| {
            let program = python.unwrap_or(Path::new("python3"));
            let mut command = client(program, &[PYTHON_CLIENTS, name], flags);
            command.arg(lowercase_codes());
            command
        };
        let (flags, mut command) = match self {
            Wrk => return wrk(base_url, length.seconds_of_wrk),
            Httpx => (
                length.flags_of_httpx,
                of_python("httpx", length.flags_of_httpx),
            ),
            Aiohttp | AiohttpToFiles => (length.flags, of_python("aiohttp", length.flags)),
            Ours | OursToFiles => {
                let command = client(&this_program, &["client", "ours"], length.flags);
                (length.flags, command)
            }
            Reqwest => {
                let command = client(&this_program, &["client", "reqwest"], length.flags);
                (length.flags, command)
            }
        };
        if let OursToFiles | AiohttpToFiles = self {
            command.arg(files.path());
        }
        let process = process::run(&mut command)?;
        Ok(Figures {
            flags: flags as f64,
            seconds: process.stdout.trim().parse()?,
            process,
        })
    }
}

fn lowercase_codes() -> String {
    let codes: Vec<_> = COUNTRIES.iter().map(|it| it.code.to_lowercase()).collect();
    codes.join(",")
}

fn starts(program: &str) -> bool {
    let mut command = Command::new(program);
    let command = command.stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok()
}

/// wrk asks for a time, not for a number of flags: `61525 requests in 3.00s, 86.33MB read`.
fn wrk(base_url: &str, seconds: u32) -> Result<Figures> {
    let process = process::run(
        Command::new("wrk")
            .args(["--threads=1", &format!("--connections={AT_ONCE}")])
            .args([&format!("--duration={seconds}s"), "--script", WRK_SCRIPT])
            .args([base_url, "--", &lowercase_codes()]),
    )?;
    let mut lines = process.stdout.lines();
    let figures = lines.find_map(|line| {
        let (requests, rest) = line.trim().split_once(" requests in ")?;
        let (seconds, _) = rest.split_once("s,")?;
        Some((requests.parse().ok()?, seconds.parse().ok()?))
    });
    match figures {
        // wrk mentions sockets and statuses only if something went wrong with them.
        Some((flags, seconds))
            if !process.stdout.contains("rrors") && !process.stdout.contains("Non-2xx") =>
        {
            Ok(Figures {
                flags,
                seconds,
                process,
            })
        }
        _ => Err(format!("wrk did not get flags alone:\n{}", process.stdout).into()),
    }
}
