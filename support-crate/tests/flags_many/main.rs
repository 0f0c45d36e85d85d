//! Whatever becomes of a flag among many, its code ends in exactly one outcome.
#![cfg(feature = "flags")]

mod cancelled;
mod client;
mod faults;
mod folder;
mod hostile;
mod killed;
mod limits;
mod outcomes;
mod retries;
#[path = "../sites/mod.rs"]
mod sites;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::{FutureExt, StreamExt};
use hitchhiker::flags::*;
use hyper::body::Incoming;
use hyper::header::{LOCATION, RETRY_AFTER, USER_AGENT};
use hyper::{Request, Response};
use proptest::prelude::*;
use sites::{Body, body, endless, files, raw_site, site};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;

const SOON: Duration = Duration::from_millis(50);

/// Options that wait for nothing longer than a moment.
fn hasty() -> Options {
    Options::default().back_off(Duration::ZERO, Duration::ZERO)
}

fn gif(code: &str) -> &'static [u8] {
    Country::by_code(code).unwrap().gif
}

fn status(status: u16) -> Response<Body> {
    let mut response = Response::new(body("<b>no flag today</b>"));
    *response.status_mut() = status.try_into().unwrap();
    response
}

/// A site of flags that answers the first `bad` requests for each by `answer`.
async fn flaky(bad: usize, answer: fn() -> Response<Body>) -> String {
    let asked = Arc::new(Mutex::new(HashMap::<String, usize>::new()));
    let answer = move |_, request: &Request<Incoming>| {
        let path = request.uri().path();
        let mut asked = asked.lock().unwrap();
        let times = asked.entry(path.to_owned()).or_default();
        *times += 1;
        match *times {
            times if times <= bad => answer(),
            _ => Response::new(body(gif(&path[12..14]))),
        }
    };
    site(answer).await
}

async fn one(base_url: &str, code: &str, options: Options) -> Outcome {
    let outcomes = download_many(base_url, [code.to_owned()], options).gather();
    let [outcome] = outcomes.await.try_into().unwrap();
    outcome
}

fn kind(outcome: &Outcome) -> &'static str {
    match outcome.end {
        End::Downloaded(_) => "downloaded",
        End::NotFound => "not found",
        End::Failed(_) => "failed",
    }
}

#[track_caller]
fn cause(outcome: &Outcome) -> &Cause {
    match &outcome.end {
        End::Failed(cause) => cause,
        end => panic!("{end:?}"),
    }
}

#[track_caller]
fn flag(outcome: &Outcome) -> &Flag {
    match &outcome.end {
        End::Downloaded(flag) => flag,
        end => panic!("{end:?}"),
    }
}

/// A test of this file as a process of its own, which such a test needs to be killed or to have
/// another environment. It is ignored, and does nothing without `url`.
fn child(test: &str, url: &str) -> Command {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", test, "--ignored", "--nocapture"]);
    child.env(CHILD, url);
    child
}

/// The variable by which a child is told where the flags are.
const CHILD: &str = "HITCHHIKER_TEST_URL";

/// The files in `folder` are these flags, whole, and there is nothing beside them.
#[track_caller]
fn assert_whole(folder: &Path) -> Vec<String> {
    let files = files(folder);
    for file in &files {
        let country = Country::by_code(&file[..2]).unwrap();
        assert_eq!(*file, format!("{}.gif", country.code.to_lowercase()));
        assert_eq!(std::fs::read(folder.join(file)).unwrap(), country.gif);
    }
    files
}
