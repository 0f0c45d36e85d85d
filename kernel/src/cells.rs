//! The process that runs the cells, as the relay starts it: its stdin, stdout and stderr lead to the relay.
//!
//! evcxr reads what the process prints in lines of UTF-8, a message a line, and only while a cell runs. A cell
//! that ends in the middle of a line never ends for evcxr, and a byte that is not UTF-8 makes evcxr take each
//! cell's output for that of the next. So the relay reads what the process prints, and gives evcxr the lines
//! that evcxr waits for.
//!
//! evcxr starts the process by running its own program again, [`std::env::current_exe`], with the arguments
//! that it was given behind `--`. Where the dynamic linker has been asked to run evcxr, `current_exe` is the
//! dynamic linker, and the first of those arguments names the program that is run: this one
//! ([`redirected`]). It hands evcxr's ends of the three pipes to the relay, takes others from itself to the
//! relay, and becomes evcxr ([`become_evcxr`]).
//!
//! For the same reason `RUSTC_WRAPPER` then names the dynamic linker. The program in cargo's place puts evcxr
//! there again.

use std::fs::File;
use std::io::{self, IoSlice, IoSliceMut, Read};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, ffi::OsStr};

use rustix::net::{
    AddressFamily, RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, SocketFlags, SocketType, recvmsg, sendmsg, socketpair,
};
use rustix::pipe::{PipeFlags, fcntl_setpipe_size, pipe_with};
use rustix::stdio::{dup2_stderr, dup2_stdin, dup2_stdout};

use crate::error::Error;
use crate::evcxr::CELLS_VARIABLE;

/// The ends that the relay gets.
#[derive(Debug)]
pub struct Ends {
    /// What evcxr sends to the process.
    pub commands: OwnedFd,
    /// What evcxr reads.
    pub to_kernel: OwnedFd,
    pub kernels_stderr: OwnedFd,
    /// What the process prints.
    pub stdout: OwnedFd,
    pub stderr: OwnedFd,
    /// What the process reads: a socket that keeps messages apart, because an empty one is read as the end of
    /// the input, and the next one is read nevertheless.
    pub stdin: OwnedFd,
}

const ENDS: usize = 6;

/// How much a pipe holds, in bytes: as much as Linux lets every user have. A busy system runs the relay seldom,
/// and what is printed waits for that.
pub const ROOM: usize = 1 << 20;

/// Gives a pipe more room, if the system allows it.
pub fn widen(pipe: impl AsFd) {
    let _ = fcntl_setpipe_size(pipe, ROOM);
}

/// Lets the process of the cells become evcxr; comes back only where that is impossible.
pub fn become_evcxr(evcxr: &Path) -> Result<(), Error> {
    if let Some(relay) = env::var_os(CELLS_VARIABLE)
        && let Err(error) = redirect(Path::new(&relay))
    {
        // evcxr can read the cells itself.
        eprintln!("warning: the relay does not read what cells print: {error}");
    }
    Err(Error::Start {
        program: evcxr.display().to_string(),
        source: Command::new(evcxr).env_remove(CELLS_VARIABLE).exec(),
    })
}

fn redirect(relay: &Path) -> io::Result<()> {
    let socket = UnixStream::connect(relay)?;
    // All are closed when this process becomes evcxr.
    let (stdout, out) = pipe_with(PipeFlags::CLOEXEC)?;
    let (stderr, err) = pipe_with(PipeFlags::CLOEXEC)?;
    widen(&out);
    widen(&err);
    let (stdin, input) = socketpair(
        AddressFamily::UNIX,
        SocketType::SEQPACKET,
        SocketFlags::CLOEXEC,
        None,
    )?;
    let (commands, to_kernel, kernels_stderr) = (io::stdin(), io::stdout(), io::stderr());
    let ends = [
        commands.as_fd(),
        to_kernel.as_fd(),
        kernels_stderr.as_fd(),
        stdout.as_fd(),
        stderr.as_fd(),
        stdin.as_fd(),
    ];
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(ENDS))];
    let mut ancillary = SendAncillaryBuffer::new(&mut space);
    ancillary.push(SendAncillaryMessage::ScmRights(&ends));
    sendmsg(
        &socket,
        &[IoSlice::new(b"!")],
        &mut ancillary,
        SendFlags::empty(),
    )?;
    dup2_stdin(&input)?;
    dup2_stdout(&out)?;
    dup2_stderr(&err)?;
    Ok(())
}

/// Takes the ends that a process hands to the relay.
pub fn receive(socket: impl AsFd) -> io::Result<Ends> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(ENDS))];
    let mut ancillary = RecvAncillaryBuffer::new(&mut space);
    let mut byte = [0];
    recvmsg(
        socket,
        &mut [IoSliceMut::new(&mut byte)],
        &mut ancillary,
        RecvFlags::CMSG_CLOEXEC,
    )?;
    let mut ends = ancillary.drain().flat_map(|message| match message {
        RecvAncillaryMessage::ScmRights(ends) => ends.collect(),
        _ => Vec::new(),
    });
    let mut end = || ends.next().ok_or(io::ErrorKind::InvalidData);
    Ok(Ends {
        commands: end()?,
        to_kernel: end()?,
        kernels_stderr: end()?,
        stdout: end()?,
        stderr: end()?,
        stdin: end()?,
    })
}

/// The command that starts evcxr so that this program runs the cells. None where there is no dynamic linker.
pub fn redirected(evcxr: &Path, arguments: &[&OsStr]) -> Option<Command> {
    let this = env::current_exe().ok()?;
    let linker = linker(evcxr)?;
    if linker != self::linker(&this)? {
        return None;
    }
    let mut command = Command::new(linker);
    command
        .arg(evcxr)
        .args(arguments)
        .arg("--")
        .arg(this)
        .arg("--cells")
        .arg(evcxr);
    Some(command)
}

/// The dynamic linker that a program of 64 bits names.
fn linker(program: &Path) -> Option<PathBuf> {
    let mut head = Vec::new();
    // The headers are at the beginning.
    File::open(program)
        .ok()?
        .take(1 << 12)
        .read_to_end(&mut head)
        .ok()?;
    let number = |at: usize, size: usize| {
        let bytes = head.get(at..at + size)?;
        Some(
            bytes
                .iter()
                .rev()
                .fold(0, |number, byte| number << 8 | usize::from(*byte)),
        )
    };
    // ELF, 64 bits, little-endian.
    if head.get(..6)? != b"\x7fELF\x02\x01" {
        return None;
    }
    const INTERPRETER: usize = 3;
    let (headers, size, count) = (number(32, 8)?, number(54, 2)?, number(56, 2)?);
    let header = (0..count)
        .map(|index| headers + index * size)
        .find(|header| number(*header, 4) == Some(INTERPRETER))?;
    let (offset, length) = (number(header + 8, 8)?, number(header + 32, 8)?);
    let path = head.get(offset..offset + length.checked_sub(1)?)?;
    Some(PathBuf::from(OsStr::from_bytes(path)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dynamic_linker_of_a_program_is_found() {
        let this = env::current_exe().expect("a path");
        if let Some(linker) = linker(&this) {
            assert!(linker.is_file(), "{}", linker.display());
        }
        assert_eq!(linker(Path::new("/proc/self/status")), None);
    }
}
