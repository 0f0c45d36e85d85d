//! The process that runs the cells, on a system where evcxr itself reads what that prints.

use std::future::pending;
use std::io;
use std::path::Path;
use std::time::Duration;

pub const LOOK_EVERY: Duration = Duration::from_secs(60);

pub struct Cells;

#[derive(Debug)]
#[expect(dead_code, reason = "the process never comes")]
pub enum Ready {
    Started,
    Printed,
    Commands,
    Ended,
}

#[expect(
    clippy::unused_self,
    clippy::unused_async,
    reason = "the same functions as on Linux"
)]
impl Cells {
    pub fn listen(_path: &Path) -> io::Result<Self> {
        Ok(Self)
    }

    pub async fn ready(&mut self, _prints: bool) -> io::Result<Ready> {
        pending().await
    }

    pub fn some_stdout(&mut self) -> Vec<u8> {
        Vec::new()
    }

    pub fn stdout(&mut self) -> Vec<u8> {
        Vec::new()
    }

    pub fn stderr(&mut self) -> Vec<u8> {
        Vec::new()
    }

    pub fn commands(&mut self) -> Vec<String> {
        Vec::new()
    }

    pub fn end(&mut self) {}

    pub fn command(&mut self, _line: &str) {}

    pub fn end_input(&mut self) {}

    pub async fn tell_kernel(&mut self, _line: &str) {}

    pub fn hang_up(&mut self) {}

    pub fn waits_for_input(&self) -> bool {
        false
    }

    pub fn stop_compilers(&self) {}
}
