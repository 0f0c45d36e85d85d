//! The relay's side of the process that runs the cells: what it prints, what it reads, and its end.
//!
//! [`crate::cells`] tells how the process comes to write here.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use rustix::net::{SendFlags, send};
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};
use tokio::io::unix::AsyncFd;
use tokio::io::{AsyncWriteExt, Interest};
use tokio::net::unix::pipe;
use tokio::net::{UnixListener, UnixStream};

use crate::cells::{self, Ends};

/// How much is read at a time, in bytes.
const CHUNK: usize = 1 << 16;

/// How much is read at most before something else is done, in bytes: all that a pipe holds. A process may print
/// without an end.
const AT_ONCE: usize = cells::ROOM;

/// The longest message to the process, in bytes. It reads no more at a time, and would lose the rest.
const MESSAGE: usize = 4096;

/// How often the relay looks whether a cell waits for input.
pub const LOOK_EVERY: Duration = Duration::from_millis(100);

/// How long a process may take to hand over its ends once it has connected.
const HANDED_OVER: Duration = Duration::from_secs(2);

/// The process that runs the cells, and the next one once that has ended.
pub struct Cells {
    listener: UnixListener,
    process: Option<Process>,
}

/// Something that can be taken.
#[derive(Debug)]
pub enum Ready {
    /// A new process has started.
    Started,
    /// The process has printed something.
    Printed,
    /// evcxr has sent something for the process.
    Commands,
    /// The process has ended.
    Ended,
}

struct Process {
    id: Pid,
    /// Readable when the process has ended. Programs that it has started may live on.
    end: AsyncFd<OwnedFd>,
    has_ended: bool,
    stdout: Printed,
    stderr: Printed,
    stdin: Option<OwnedFd>,
    /// The folder of the last cell's library, where its path has a space.
    folder: Option<File>,
    commands: pipe::Receiver,
    /// The beginning of a line of evcxr's.
    line: Vec<u8>,
    to_kernel: Option<pipe::Sender>,
    /// evcxr reads this pipe to its end once the process has ended.
    kernels_stderr: Option<OwnedFd>,
}

impl Cells {
    pub fn listen(path: &Path) -> io::Result<Self> {
        let listener = UnixListener::bind(path)?;
        // A socket is made with the rights that the umask leaves.
        fs::set_permissions(path, fs::Permissions::from_mode(0o600))?;
        Ok(Self {
            listener,
            process: None,
        })
    }

    /// Waits until something can be taken. What is printed is left in its pipe unless `prints`.
    pub async fn ready(&mut self, prints: bool) -> io::Result<Ready> {
        let Self { listener, process } = self;
        let Some(running) = process else {
            let (stream, _) = listener.accept().await?;
            *process = Some(Process::take(stream)?);
            return Ok(Ready::Started);
        };
        tokio::select! {
            ready = running.stdout.ready(), if prints => ready.map(|()| Ready::Printed),
            ready = running.stderr.ready(), if prints => ready.map(|()| Ready::Printed),
            ready = running.commands.readable(), if running.stdin.is_some() => ready.map(|()| Ready::Commands),
            ended = running.end.readable(), if !running.has_ended => ended.map(|_| Ready::Ended),
            // evcxr starts another process when the last one has ended.
            accepted = listener.accept() => {
                let (stream, _) = accepted?;
                *process = Some(Process::take(stream)?);
                Ok(Ready::Started)
            }
        }
    }

    /// The beginning of what the process has printed to stdout by now.
    pub fn some_stdout(&mut self) -> Vec<u8> {
        self.process
            .as_mut()
            .map(|process| process.stdout.take(4 * CHUNK))
            .unwrap_or_default()
    }

    /// What the process has printed to stdout by now, and what it has printed to stderr.
    pub fn stdout(&mut self) -> Vec<u8> {
        self.process
            .as_mut()
            .map(|process| process.stdout.take(AT_ONCE))
            .unwrap_or_default()
    }

    pub fn stderr(&mut self) -> Vec<u8> {
        self.process
            .as_mut()
            .map(|process| process.stderr.take(AT_ONCE))
            .unwrap_or_default()
    }

    /// The lines that evcxr has sent for the process.
    pub fn commands(&mut self) -> Vec<String> {
        self.process
            .as_mut()
            .map(Process::commands)
            .unwrap_or_default()
    }

    /// The process has ended. What it has printed can still be taken.
    pub fn end(&mut self) {
        if let Some(process) = &mut self.process {
            process.has_ended = true;
        }
    }

    /// Lets the process read a line.
    pub fn command(&mut self, line: &str) {
        let Some(process) = &mut self.process else {
            return;
        };
        let line = process.without_spaces(line);
        if let Some(stdin) = &process.stdin {
            for part in format!("{line}\n").as_bytes().chunks(MESSAGE) {
                // This fails where the process has just ended.
                let _ = send(stdin, part, SendFlags::NOSIGNAL);
            }
        }
    }

    /// Lets the process read the end of its input, once.
    pub fn end_input(&mut self) {
        if let Some(stdin) = self
            .process
            .as_ref()
            .and_then(|process| process.stdin.as_ref())
        {
            let _ = send(stdin, &[], SendFlags::NOSIGNAL);
        }
    }

    /// Lets evcxr read a line.
    pub async fn tell_kernel(&mut self, line: &str) {
        if let Some(kernel) = self
            .process
            .as_mut()
            .and_then(|process| process.to_kernel.as_mut())
        {
            // This fails when evcxr has ended.
            let _ = kernel.write_all(format!("{line}\n").as_bytes()).await;
        }
    }

    /// Lets evcxr see that the process has ended.
    pub fn hang_up(&mut self) {
        if let Some(process) = &mut self.process {
            process.to_kernel = None;
            process.kernels_stderr = None;
        }
    }

    /// Whether a thread of the process waits for input.
    pub fn waits_for_input(&self) -> bool {
        self.process
            .as_ref()
            .is_some_and(|process| !process.has_ended && reads_stdin(process.id))
    }

    /// Ends what evcxr runs besides the process: cargo and compilers.
    pub fn stop_compilers(&self) {
        if let Some(process) = &self.process {
            stop_siblings(process.id);
        }
    }
}

impl Process {
    fn take(stream: UnixStream) -> io::Result<Self> {
        let id = stream
            .peer_cred()?
            .pid()
            .and_then(Pid::from_raw)
            .ok_or(io::ErrorKind::NotFound)?;
        let stream = stream.into_std()?;
        stream.set_nonblocking(false)?;
        stream.set_read_timeout(Some(HANDED_OVER))?;
        let Ends {
            commands,
            to_kernel,
            kernels_stderr,
            stdout,
            stderr,
            stdin,
        } = cells::receive(&stream)?;
        cells::widen(&to_kernel);
        Ok(Self {
            id,
            end: end_of(id)?,
            has_ended: false,
            stdout: Printed::of(stdout)?,
            stderr: Printed::of(stderr)?,
            stdin: Some(stdin),
            folder: None,
            commands: pipe::Receiver::from_owned_fd(commands)?,
            line: Vec::new(),
            to_kernel: Some(pipe::Sender::from_owned_fd(to_kernel)?),
            kernels_stderr: Some(kernels_stderr),
        })
    }

    /// evcxr's process takes the path of a library to its first space. Where the path has a space, another path
    /// leads to the same folder.
    fn without_spaces(&mut self, line: &str) -> String {
        let rest = line.strip_prefix("LOAD_AND_RUN ");
        if let Some((library, function)) = rest.and_then(|rest| rest.rsplit_once(' '))
            && library.contains(' ')
            && let Some((folder, name)) = library.rsplit_once('/')
            && let Ok(folder) = File::open(folder)
        {
            let path = format!("/proc/{}/fd/{}", std::process::id(), folder.as_raw_fd());
            self.folder = Some(folder);
            return format!("LOAD_AND_RUN {path}/{name} {function}");
        }
        line.to_owned()
    }

    fn commands(&mut self) -> Vec<String> {
        let mut chunk = [0; MESSAGE];
        loop {
            match self.commands.try_read(&mut chunk) {
                Ok(length @ 1..) => self.line.extend_from_slice(&chunk[..length]),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                // evcxr wants the process to end, which it does at the end of its input.
                _ => {
                    self.stdin = None;
                    break;
                }
            }
        }
        let mut lines = Vec::new();
        while let Some(end) = self.line.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = self.line.drain(..=end).collect();
            lines.push(String::from_utf8_lossy(&line[..end]).into_owned());
        }
        lines
    }
}

/// What is readable when a process has ended.
#[allow(
    deprecated,
    reason = "an `OwnedFd` keeps its descriptor open, which the newer function makes its caller prove"
)]
fn end_of(process: Pid) -> io::Result<AsyncFd<OwnedFd>> {
    AsyncFd::with_interest(
        pidfd_open(process, PidfdFlags::empty())?,
        Interest::READABLE,
    )
}

/// The reading end of a stream that the process prints to.
struct Printed {
    pipe: pipe::Receiver,
    has_ended: bool,
}

impl Printed {
    fn of(end: OwnedFd) -> io::Result<Self> {
        Ok(Self {
            pipe: pipe::Receiver::from_owned_fd(end)?,
            has_ended: false,
        })
    }

    async fn ready(&self) -> io::Result<()> {
        match self.has_ended {
            true => std::future::pending().await,
            false => self.pipe.readable().await,
        }
    }

    /// Takes what is there by now, which tokio may not know yet.
    fn take(&mut self, at_most: usize) -> Vec<u8> {
        let mut taken = Vec::new();
        let mut chunk = vec![0; CHUNK];
        while taken.len() < at_most && !self.has_ended {
            // Where tokio takes the pipe for readable, its own reading makes it wait for more.
            let read = rustix::io::read(&self.pipe, &mut chunk).map_err(io::Error::from);
            match read.or_else(|_| self.pipe.try_read(&mut chunk)) {
                Ok(0) => self.has_ended = true,
                Ok(length) => taken.extend_from_slice(&chunk[..length]),
                Err(_) => break,
            }
        }
        taken
    }
}

/// Whether a thread is in the system call `read` of its stdin.
fn reads_stdin(process: Pid) -> bool {
    const READ: &str = if cfg!(target_arch = "x86_64") {
        "0"
    } else {
        "63"
    };
    let tasks = fs::read_dir(format!("/proc/{}/task", process.as_raw_nonzero()));
    tasks.into_iter().flatten().flatten().any(|task| {
        let call = fs::read_to_string(task.path().join("syscall")).unwrap_or_default();
        let mut parts = call.split(' ');
        (parts.next(), parts.next()) == (Some(READ), Some("0x0"))
    })
}

/// A process as `/proc` shows it.
#[derive(Debug, Clone, Copy)]
struct Entry {
    parent: i32,
    group: i32,
}

/// Ends what evcxr runs besides the process of the cells.
fn stop_siblings(process: Pid) {
    let this = std::process::id().cast_signed();
    let table = processes();
    for other in siblings(&table, this, process.as_raw_nonzero().get()) {
        // The number may belong to another process by now, so it is looked at again once it is held.
        if let Some(other) = Pid::from_raw(other)
            && let Ok(held) = pidfd_open(other, PidfdFlags::empty())
            && siblings(&processes(), this, process.as_raw_nonzero().get())
                .contains(&other.as_raw_nonzero().get())
        {
            let _ = pidfd_send_signal(held, Signal::TERM);
        }
    }
}

/// All that the parent of `process` has started, except `process` and what that has started.
///
/// There are none unless the parent descends from `this` process, in a group of processes of its own: the
/// process may have lost its parent, and then the parent is one that has started all others of the system.
fn siblings(table: &HashMap<i32, Entry>, this: i32, process: i32) -> Vec<i32> {
    let ancestors = |id: i32| {
        let parent = |id: &i32| table.get(id).map(|entry| entry.parent);
        std::iter::successors(parent(&id), parent).take(table.len())
    };
    let group = |id: i32| table.get(&id).map(|entry| entry.group);
    let Some(kernel) = ancestors(process).next() else {
        return Vec::new();
    };
    if !ancestors(kernel).any(|id| id == this) || group(kernel) == group(this) {
        return Vec::new();
    }
    let is_sibling = |id: i32| {
        id != process
            && group(id) == group(kernel)
            && ancestors(id).any(|ancestor| ancestor == kernel)
            && !ancestors(id).any(|ancestor| ancestor == process)
    };
    table.keys().copied().filter(|id| is_sibling(*id)).collect()
}

fn processes() -> HashMap<i32, Entry> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let ids = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    ids.filter_map(|id| Some((id, entry(id)?))).collect()
}

fn entry(process: i32) -> Option<Entry> {
    let text = fs::read(format!("/proc/{process}/stat")).ok()?;
    // The second part is the program's name in parentheses. The name may hold spaces and parentheses.
    let end = text.iter().rposition(|byte| *byte == b')')?;
    let mut parts = std::str::from_utf8(&text[end + 1..])
        .ok()?
        .split(' ')
        .skip(2);
    Some(Entry {
        parent: parts.next()?.parse().ok()?,
        group: parts.next()?.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const INIT: i32 = 1;
    const RELAY: i32 = 10;
    const GUARD: i32 = 11;
    const EVCXR: i32 = 12;
    const CELLS: i32 = 13;
    const CARGO: i32 = 14;
    const RUSTC: i32 = 15;
    const CHILD: i32 = 16;
    const STRANGER: i32 = 20;

    fn table() -> HashMap<i32, Entry> {
        [
            (INIT, 0, 1),
            (RELAY, INIT, 5),
            (GUARD, RELAY, GUARD),
            (EVCXR, GUARD, GUARD),
            (CELLS, EVCXR, GUARD),
            (CHILD, CELLS, GUARD),
            (CARGO, EVCXR, GUARD),
            (RUSTC, CARGO, GUARD),
            (STRANGER, INIT, STRANGER),
        ]
        .map(|(id, parent, group)| (id, Entry { parent, group }))
        .into()
    }

    fn siblings(table: &HashMap<i32, Entry>) -> Vec<i32> {
        let mut siblings = super::siblings(table, RELAY, CELLS);
        siblings.sort_unstable();
        siblings
    }

    #[test]
    fn compilers_are_what_evcxr_runs_besides_the_cells() {
        assert_eq!(siblings(&table()), [CARGO, RUSTC]);
    }

    #[test]
    fn a_process_that_has_lost_evcxr_has_no_siblings() {
        for new_parent in [INIT, RELAY, STRANGER] {
            let mut table = table();
            table.remove(&EVCXR);
            for orphan in [CELLS, CARGO] {
                table.insert(
                    orphan,
                    Entry {
                        parent: new_parent,
                        group: GUARD,
                    },
                );
            }
            assert_eq!(siblings(&table), [0; 0], "{new_parent}");
        }
        let mut table = table();
        table.remove(&GUARD);
        table.insert(
            EVCXR,
            Entry {
                parent: INIT,
                group: GUARD,
            },
        );
        assert_eq!(siblings(&table), [0; 0], "evcxr itself is nobody's");
        table.remove(&CELLS);
        assert_eq!(siblings(&table), [0; 0]);
    }
}
