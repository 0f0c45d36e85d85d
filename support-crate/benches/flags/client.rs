//! What the clients in Rust do, each in a process of its own.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use clap::{Args, ValueEnum};
use futures_util::{Stream, StreamExt, stream};
use hitchhiker::flags::*;
use tokio::task::JoinSet;

use crate::Result;

/// How many requests each client has under way at once.
pub const AT_ONCE: usize = 100;

/// How many folders are filled at once, each with its share of the requests.
const FOLDERS_AT_ONCE: usize = 4;

/// What a client is to do. It prints how many seconds it took.
#[derive(Clone, Args)]
pub struct Errand {
    client: Client,
    base_url: String,
    flags: usize,
    /// The folder to write the flags to. Without it they are dropped.
    folder: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Client {
    /// `download_many`: unchecked without a folder, checked with one.
    Ours,
    /// reqwest without anything.
    Reqwest,
}

impl Errand {
    pub fn run(&self) -> Result<()> {
        let runtime = tokio::runtime::Runtime::new()?;
        let began = Instant::now();
        // The work runs in a task, as `download_many` advises for thousands of flags.
        runtime.block_on(runtime.spawn(self.clone().done()))??;
        println!("{}", began.elapsed().as_secs_f64());
        Ok(())
    }

    async fn done(self) -> Result<()> {
        match (self.client, &self.folder) {
            (Client::Ours, None) => ours(&self.base_url, self.flags).await,
            (Client::Ours, Some(folder)) => ours_to_files(&self.base_url, self.flags, folder).await,
            (Client::Reqwest, None) => reqwest(&self.base_url, self.flags).await,
            (Client::Reqwest, Some(_)) => Err("reqwest writes no files".into()),
        }
    }
}

/// The codes of all countries, again and again.
fn codes(flags: usize) -> impl Iterator<Item = &'static str> + Send + 'static {
    let codes = COUNTRIES.iter().map(|country| country.code);
    codes.cycle().take(flags)
}

async fn ours(base_url: &str, flags: usize) -> Result<()> {
    let options = Options::default().at_once(AT_ONCE).check(false);
    all_downloaded(download_many(base_url, codes(flags), options), flags).await
}

async fn ours_to_files(base_url: &str, flags: usize, folder: &Path) -> Result<()> {
    let options = Options::default().at_once(AT_ONCE / FOLDERS_AT_ONCE);
    all_downloaded(into_folders(base_url, flags, folder, options), flags).await
}

/// A folder holds a country's flag once, so each round of the countries has a folder of its own:
/// `0`, `1` and so on. Several are filled at once, lest the last flags of one folder wait alone.
fn into_folders(
    base_url: &str,
    flags: usize,
    folder: &Path,
    options: Options,
) -> impl Stream<Item = Outcome> + Unpin {
    let options = options.client(reqwest::Client::new()); // one client for all folders
    let rounds = (0..flags).step_by(COUNTRIES.len()).enumerate();
    let downloads = rounds.map(move |(round, done)| {
        let options = options.clone().folder(folder.join(round.to_string()));
        download_many(base_url, codes(COUNTRIES.len().min(flags - done)), options)
    });
    stream::iter(downloads).flatten_unordered(FOLDERS_AT_ONCE)
}

async fn all_downloaded(
    mut outcomes: impl Stream<Item = Outcome> + Unpin,
    flags: usize,
) -> Result<()> {
    let mut downloaded = 0;
    while let Some(outcome) = outcomes.next().await {
        if !matches!(outcome.end, End::Downloaded(_)) {
            return Err(outcome.to_string().into());
        }
        downloaded += 1;
    }
    if downloaded != flags {
        return Err(format!("{downloaded} flags instead of {flags}").into());
    }
    Ok(())
}

async fn reqwest(base_url: &str, flags: usize) -> Result<()> {
    let client = reqwest::Client::new();
    let next = Arc::new(AtomicUsize::new(0));
    let mut workers = JoinSet::new();
    for _ in 0..AT_ONCE {
        let (client, next, base_url) = (client.clone(), next.clone(), base_url.to_owned());
        workers.spawn(async move {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= flags {
                    return Ok::<_, reqwest::Error>(());
                }
                let code = COUNTRIES[number % COUNTRIES.len()].code.to_lowercase();
                let request = client.get(format!("{base_url}/{code}/{code}.gif"));
                request.send().await?.error_for_status()?.bytes().await?;
            }
        });
    }
    while let Some(worked) = workers.join_next().await {
        worked??;
    }
    Ok(())
}
