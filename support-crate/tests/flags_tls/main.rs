//! With the feature `tls`, flags come from addresses with https, and only from sites that are what they say.
//!
//! The site is Python's, with a certificate for 127.0.0.1 that no authority has signed and no site but this
//! one uses. `certificate.pem` and `key.pem` were made by
//! `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 36500 -subj "/CN=flags of
//! a test" -addext subjectAltName=IP:127.0.0.1 -addext basicConstraints=critical,CA:FALSE`.
#![cfg(feature = "tls")]

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use hitchhiker::flags::*;
use reqwest::Certificate;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/flags_tls");

struct Site {
    child: Child,
    base_url: String,
}

impl Site {
    fn start() -> Self {
        let mut child = Command::new("python3")
            .args([&format!("{FOLDER}/site.py"), FOLDER])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut base_url = String::new();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        lines.read_line(&mut base_url).unwrap();
        let base_url = base_url.trim().to_owned();
        Self { child, base_url }
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = self.child.kill(); // it may have ended
        let _ = self.child.wait();
    }
}

async fn download(site: &Site, options: Options) -> Outcome {
    let outcomes = download_many(&site.base_url, ["KR"], options).gather();
    let [outcome] = outcomes.await.try_into().unwrap();
    outcome
}

#[tokio::test]
async fn a_flag_comes_from_a_site_that_the_client_trusts() {
    let site = Site::start();
    let certificate = include_bytes!("certificate.pem");
    let client = reqwest::Client::builder()
        .tls_certs_only([Certificate::from_pem(certificate).unwrap()])
        .build()
        .unwrap();
    let flag = get_flag(&client, &site.base_url, "KR").await.unwrap();
    assert_eq!(flag.gif(), Country::by_code("KR").unwrap().gif);
    let outcome = download(&site, Options::default().client(client)).await;
    assert!(matches!(outcome.end, End::Downloaded(_)), "{outcome}");
}

#[tokio::test]
async fn a_site_whose_certificate_nobody_has_signed_is_not_believed() {
    let site = Site::start();
    let outcome = download(&site, Options::default().retries(0)).await;
    assert!(outcome.to_string().contains("certificate"), "{outcome}");
    assert!(matches!(outcome.end, End::Failed(Cause::Unreachable(_))));
}
