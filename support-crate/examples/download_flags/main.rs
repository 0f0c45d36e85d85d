//! Downloads flags: with a bar in a terminal, with a line a flag elsewhere, until Ctrl-C.
//!
//! ```sh
//! cargo run -p hitchhiker --features flags --example download_flags -- --folder downloads KR JP
//! ```

mod progress;

use std::error::Error;
use std::fmt::Display;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::pin::pin;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use hitchhiker::flags::*;
use indicatif::{ProgressBar, ProgressStyle};

use progress::Progress;

const EXIT_CODES: &str = "\
It ends with 0 when each flag has arrived or the site has none of that country, 1 when one has failed, 2 when
the command line is wrong, 130 at Ctrl-C.";

/// How a shell names the end by Ctrl-C: 128 and the number of the signal.
const INTERRUPTED: u8 = 130;

/// Downloads flags, and says what became of each.
#[derive(Parser)]
#[command(after_help = EXIT_CODES)]
struct Cli {
    /// Where the flags are, as http://127.0.0.1:8000/data/flags; on a slow site of this program's own
    /// unless given.
    #[arg(long)]
    url: Option<String>,
    /// Where to save them; what is there and whole is not downloaded again.
    #[arg(long)]
    folder: Option<PathBuf>,
    /// At most how many are on their way at the same time.
    #[arg(long, default_value_t = 20)]
    at_once: usize,
    /// How often a flag is tried again.
    #[arg(long, default_value_t = 3)]
    retries: usize,
    /// Countries, such as KR; all of ISO 3166-1 unless given.
    codes: Vec<String>,
}

#[tokio::main]
async fn main() -> ExitCode {
    download(Cli::parse()).await.unwrap_or_else(|error| {
        eprintln!("error: {error}");
        ExitCode::FAILURE
    })
}

async fn download(cli: Cli) -> Result<ExitCode, Box<dyn Error>> {
    let mut options = Options::default().at_once(cli.at_once).retries(cli.retries);
    if let Some(folder) = cli.folder {
        options = options.folder(folder);
    }
    let codes = match cli.codes {
        codes if codes.is_empty() => COUNTRIES.iter().map(|it| it.code.to_owned()).collect(),
        codes => codes,
    };
    let (url, _own_site) = match cli.url {
        Some(url) => (url, None),
        None => {
            let latency = Duration::from_millis(100)..=Duration::from_millis(900);
            let site = FlagServer::start(Latency::spread(latency, 42))?;
            (base_url(&site), Some(site))
        }
    };

    let bar = bar(codes.len())?;
    let mut progress = Progress::of(codes.len());
    let mut downloads = download_many(&url, codes, options);
    let mut interrupted = pin!(tokio::signal::ctrl_c());
    let ended = loop {
        let outcome = tokio::select! {
            biased; // Ctrl-C is listened for before anything is said
            result = &mut interrupted => {
                result?;
                break ExitCode::from(INTERRUPTED);
            }
            outcome = downloads.next() => outcome,
        };
        let Some(outcome) = outcome else {
            break match progress.failed {
                0 => ExitCode::SUCCESS,
                _ => ExitCode::FAILURE,
            };
        };
        progress.add(&outcome);
        show(&bar, &progress, &outcome);
    };
    drop(downloads); // at Ctrl-C, the requests are closed before anything else is said
    bar.finish_and_clear();
    say(&progress);
    Ok(ended)
}

/// A bar, which shows only in a terminal that can draw over a line.
fn bar(flags: usize) -> Result<ProgressBar, Box<dyn Error>> {
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}")?;
    Ok(ProgressBar::new(flags as u64).with_style(style))
}

/// Writes a line to stdout. Who has closed it, as `head -1` does, wants to read no more, and the flags are
/// downloaded all the same.
fn say(line: impl Display) {
    let _ = writeln!(io::stdout(), "{line}");
}

fn show(bar: &ProgressBar, progress: &Progress, outcome: &Outcome) {
    // The bar is drawn on stderr. Where stdout goes elsewhere, whoever reads it wants all lines.
    if bar.is_hidden() || !io::stdout().is_terminal() {
        say(outcome);
        return;
    }
    // The bar counts the flags. What went wrong is printed above the bar, where it stays to be read.
    match &outcome.end {
        End::Downloaded(flag) => bar.set_message(flag.name().unwrap_or(flag.code()).to_owned()),
        End::NotFound | End::Failed(_) => bar.println(outcome.to_string()),
    }
    bar.set_position(progress.done() as u64);
}
