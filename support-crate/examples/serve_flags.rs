//! Serves the flags until Ctrl-C or SIGTERM: for a second notebook, or a client in another language.
//!
//! ```sh
//! cargo run -p hitchhiker --features flags --example serve_flags -- --port 8000 --latency 150 --errors 0.25
//! curl --output kr.gif http://127.0.0.1:8000/data/flags/kr/kr.gif
//! ```

use std::collections::BTreeMap;
use std::io::Write as _;
use std::num::ParseIntError;
use std::ops::RangeInclusive;
use std::process::ExitCode;
use std::time::Duration;
use std::{fmt, io};

use clap::Parser;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use hitchhiker::flags::*;

/// Serves the flags on this machine until Ctrl-C or SIGTERM, then tells what it has served.
#[derive(Parser)]
struct Cli {
    /// The port to listen at; any that is free when it is 0.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// How long each answer takes in ms: 150, or 100-900 for another time by the country.
    #[arg(long, default_value = "0", value_parser = latency)]
    latency: RangeInclusive<Duration>,
    /// How many bytes of a flag a connection gets in a second; as many as it can unless given.
    #[arg(long)]
    bandwidth: Option<u32>,
    /// Which share of the requests fails, from 0.0 to 1.0.
    #[arg(long, default_value_t = 0.0)]
    errors: f64,
    /// In which way they fail; in every one unless given.
    #[arg(long, requires = "errors", value_parser = fault())]
    only: Option<Fault>,
    /// How many requests are answered at once, at least 1; any more get 503.
    #[arg(long)]
    at_most: Option<usize>,
    /// What answers 503 and 429 say of when to ask again, in seconds.
    #[arg(long, default_value_t = 1)]
    retry_after: u32,
    /// What errors and latencies are drawn from: the same again with the same number.
    #[arg(long, default_value_t = 0)]
    seed: u64,
}

impl Cli {
    fn site(self) -> Site {
        let faults = match self.only {
            Some(fault) => Faults::only(fault, self.errors),
            None => Faults::every(self.errors),
        };
        let site = Site::new()
            .port(self.port)
            .latency(Latency::spread(self.latency, self.seed))
            .faults(faults)
            .at_most(self.at_most.unwrap_or(usize::MAX))
            .retry_after(self.retry_after)
            .seed(self.seed);
        match self.bandwidth {
            Some(bandwidth) => site.bandwidth(bandwidth),
            None => site,
        }
    }
}

fn latency(text: &str) -> Result<RangeInclusive<Duration>, ParseIntError> {
    let (least, most) = text.split_once('-').unwrap_or((text, text));
    let ms = |text: &str| text.parse().map(Duration::from_millis);
    Ok(ms(least)?..=ms(most)?)
}

fn fault() -> impl TypedValueParser<Value = Fault> {
    PossibleValuesParser::new(Fault::ALL.map(Fault::name)).try_map(|name| {
        let mut all = Fault::ALL.into_iter();
        all.find(|fault| fault.name() == name)
            .ok_or("no such fault")
    })
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match serve(Cli::parse().site()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(site: Site) -> io::Result<()> {
    let server = FlagServer::start(site)?;
    // Signals are listened for before the address is printed: whoever reads it may end the program at once.
    let (ended, ()) = tokio::join!(biased; ended(), async {
        say(format_args!("Serving the flags at {} until Ctrl-C\n", server.base_url()));
    });
    ended?;
    say(format_args!(
        "\n{}\n{}\n",
        server.counts(),
        Tally::of(&server)
    ));
    Ok(())
}

/// Waits until somebody ends the program.
async fn ended() -> io::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminated = signal(SignalKind::terminate())?;
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => interrupted,
            _ = terminated.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}

/// Writes to stdout. Who has closed it, as `head -1` does, wants to read no more, and the flags are served
/// all the same.
fn say(text: fmt::Arguments<'_>) {
    let mut stdout = io::stdout();
    let _ = stdout.write_fmt(text).and_then(|()| stdout.flush());
}

/// How often each kind of answer was served.
struct Tally(BTreeMap<Served, usize>);

impl Tally {
    fn of(server: &FlagServer) -> Self {
        let mut tally = BTreeMap::new();
        for served in server.history().into_values().flatten() {
            *tally.entry(served).or_default() += 1;
        }
        Self(tally)
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "served: ";
        for (served, times) in &self.0 {
            write!(f, "{separator}{served} {times}")?;
            separator = ", ";
        }
        Ok(())
    }
}
