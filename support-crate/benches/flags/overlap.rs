//! What is gained by downloading at the same time: twenty flags of 150 ms each.

use std::time::{Duration, Instant};

use hitchhiker::flags::*;

use crate::Result;
use crate::serving::Serving;

const LATENCY_MS: u64 = 150;
const FLAGS: usize = 20;

pub fn measure() -> Result<()> {
    let server = Serving::start(LATENCY_MS)?;
    println!("\noverlap: {FLAGS} flags at {LATENCY_MS} ms each");
    let (together, slowest) = download(&server.base_url, FLAGS)?;
    let (one_by_one, _) = download(&server.base_url, 1)?;
    let (together, one_by_one) = (together.as_secs_f64(), one_by_one.as_secs_f64());
    let slowest = slowest.as_secs_f64();
    println!("all at once   {together:.3} s, the slowest flag {slowest:.3} s");
    println!("one by one    {one_by_one:.3} s");
    println!(
        "ratio overlap all-at-once/slowest {:.3} (target at most 1.1)",
        together / slowest
    );
    println!(
        "ratio overlap one-by-one/all-at-once {:.1} (target about 20)",
        one_by_one / together
    );
    Ok(())
}

/// How long all flags took, and how long the slowest one.
fn download(base_url: &str, at_once: usize) -> Result<(Duration, Duration)> {
    let runtime = tokio::runtime::Runtime::new()?;
    let codes = COUNTRIES.iter().map(|country| country.code).take(FLAGS);
    let options = Options::default().at_once(at_once);
    let began = Instant::now();
    let outcomes =
        runtime.block_on(async { download_many(base_url, codes, options).gather().await });
    let took = began.elapsed();
    let slowest = outcomes.iter().map(Outcome::took).max();
    Ok((took, slowest.unwrap_or_default()))
}
