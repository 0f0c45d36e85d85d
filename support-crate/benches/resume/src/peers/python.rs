//! CPython, as a process of its own that times itself.

use std::io::{self, BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::workload::Workload;

pub struct Python {
    process: Child,
    requests: ChildStdin,
    answers: BufReader<ChildStdout>,
    /// The version, as in `cpython 3 11 7`.
    pub version: String,
}

impl Python {
    /// # Errors
    ///
    /// Where there is no `python3` on the path, or it does not run.
    pub fn start() -> io::Result<Self> {
        let mut process = Command::new("python3")
            .args(["-c", include_str!("python.py")])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let closed = || io::Error::from(io::ErrorKind::BrokenPipe);
        let requests = process.stdin.take().ok_or_else(closed)?;
        let mut answers = BufReader::new(process.stdout.take().ok_or_else(closed)?);
        let version = line(&mut answers)?;
        Ok(Self {
            process,
            requests,
            answers,
            version,
        })
    }

    /// The nanoseconds that `times` runs of the workload took. For [`Workload::Alive`], the bytes that each
    /// coroutine takes.
    ///
    /// # Errors
    ///
    /// Where Python has stopped; it has said why on its standard error by then.
    pub fn measure(&mut self, workload: Workload, times: u64) -> io::Result<u64> {
        writeln!(self.requests, "{workload} {times}")?;
        let answer = line(&mut self.answers)?;
        answer.parse().map_err(io::Error::other)
    }
}

impl Drop for Python {
    fn drop(&mut self) {
        // An error says that the process has ended already. It has nothing to lose in any case.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn line(answers: &mut impl BufRead) -> io::Result<String> {
    let mut line = String::new();
    match answers.read_line(&mut line)? {
        0 => Err(io::ErrorKind::UnexpectedEof.into()),
        _ => Ok(line.trim_end().to_owned()),
    }
}
