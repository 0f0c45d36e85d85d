//! The server in a process of its own.

use std::io::{self, BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use hitchhiker::flags::{FlagServer, Latency};

use crate::Result;

/// What the server's process does.
pub fn serve(latency_ms: u64) -> Result<()> {
    let latency = Latency::fixed(Duration::from_millis(latency_ms));
    let server = FlagServer::start(latency)?;
    println!("{}", server.base_url());
    io::copy(&mut io::stdin(), &mut io::sink())?; // stdin is closed when the process that wants a server ends
    Ok(())
}

/// A server as long as it lives.
pub struct Serving {
    child: Child,
    pub base_url: String,
}

impl Serving {
    pub fn start(latency_ms: u64) -> Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(["serve", &latency_ms.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut base_url = String::new();
        if let Some(stdout) = child.stdout.take() {
            BufReader::new(stdout).read_line(&mut base_url)?;
        }
        let base_url = base_url.trim().to_owned();
        Ok(Self { child, base_url })
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait(); // its exit code says nothing
    }
}
