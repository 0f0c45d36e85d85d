//! A process killed in mid-download leaves whole files, and the next one completes them.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use crate::*;

const FOLDER: &str = "HITCHHIKER_TEST_FOLDER";

#[test]
#[ignore = "the process that is killed"]
fn downloads_all_flags() {
    let (Ok(url), Ok(folder)) = (std::env::var(CHILD), std::env::var(FOLDER)) else {
        return;
    };
    Runtime::new().unwrap().block_on(async {
        let codes = COUNTRIES.iter().map(|country| country.code);
        let mut downloads = download_many(&url, codes, hasty().folder(folder));
        while let Some(outcome) = downloads.next().await {
            println!("{outcome}");
        }
    });
}

#[test]
fn what_is_left_by_a_kill_is_whole_and_the_rest_is_downloaded_later() {
    for lines in [1, 20, 60, 120, 200] {
        let server = FlagServer::start(Latency::NONE).unwrap();
        let scratch = tempfile::tempdir().unwrap();
        let mut child = child("killed::downloads_all_flags", &server.base_url())
            .env(FOLDER, scratch.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let arrived = output
            .lines()
            .filter(|line| line.as_ref().unwrap().contains(" bytes"));
        assert_eq!(arrived.take(lines).count(), lines);
        child.kill().unwrap(); // SIGKILL
        child.wait().unwrap();

        let left = files(scratch.path());
        let (parts, flags): (Vec<_>, Vec<_>) = left.iter().partition(|name| name.starts_with('.'));
        assert!(flags.len() >= lines);
        for flag in &flags {
            assert_eq!(
                std::fs::read(scratch.path().join(flag)).unwrap(),
                gif(&flag[..2])
            );
        }
        for part in parts {
            assert!(part.ends_with(".part"), "{part}");
        }

        let codes = COUNTRIES.iter().map(|country| country.code);
        let options = hasty().folder(scratch.path());
        let downloads = download_many(&server.base_url(), codes, options);
        let outcomes = Runtime::new().unwrap().block_on(downloads.gather());
        let (there, asked): (Vec<_>, Vec<_>) = outcomes
            .iter()
            .partition(|outcome| outcome.tries.is_empty());
        assert_eq!(
            (there.len(), asked.len()),
            (flags.len(), COUNTRIES.len() - flags.len())
        );
        for outcome in outcomes {
            assert_eq!(flag(&outcome).gif(), gif(&outcome.code));
        }
    }
}
