//! What the crate `hitchhiker` sends to have it shown.
//!
//! [`protocol`](crate::protocol) tells what a line of the named pipe looks like. A line is in the pipe before
//! its mark is printed.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use nix::fcntl::OFlag;
use nix::sys::stat::Mode;
use serde_json::Value;
use tokio::net::unix::pipe::{OpenOptions, Receiver};
use tokio_util::bytes::BytesMut;
use tokio_util::codec::{Decoder, LinesCodec};

use crate::protocol::Line;
use crate::splice::Record;

/// How much is read at a time, in bytes: what a pipe holds on Linux.
const CHUNK: usize = 1 << 16;

/// The longest line, in bytes. No picture of the guide comes near it.
const LONGEST: usize = 64 << 20;

/// How much is taken before the relay does something else, in bytes: more than a pipe ever holds.
pub const AT_ONCE: usize = 1 << 20;

/// The reading end, for as many writers as come.
pub struct Pipe {
    receiver: Receiver,
    /// The same pipe, read without tokio, because `receiver` learns what has come only in tokio's next round.
    /// This file is open for writing too, which keeps the pipe open when the last writer leaves.
    direct: File,
    chunk: Box<[u8]>,
    buffer: BytesMut,
    lines: LinesCodec,
}

impl Pipe {
    /// Makes a pipe at `path` that only the user can open.
    pub fn make(path: &Path) -> io::Result<Self> {
        nix::unistd::mkfifo(path, Mode::S_IRUSR | Mode::S_IWUSR)?;
        Ok(Self {
            receiver: OpenOptions::new().open_receiver(path)?,
            direct: File::options()
                .read(true)
                .write(true)
                .custom_flags(OFlag::O_NONBLOCK.bits())
                .open(path)?,
            chunk: vec![0; CHUNK].into(),
            buffer: BytesMut::new(),
            lines: LinesCodec::new_with_max_length(LONGEST),
        })
    }

    /// Waits until something has come.
    pub async fn readable(&mut self) -> io::Result<()> {
        loop {
            self.receiver.readable().await?;
            match self.receiver.try_read(&mut self.chunk) {
                Ok(length) => {
                    self.buffer.extend_from_slice(&self.chunk[..length]);
                    return Ok(());
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Takes the next record that is in the pipe by now, if it is found in the next `left` bytes.
    pub fn take(&mut self, left: &mut usize) -> Option<Record> {
        loop {
            match self.lines.decode(&mut self.buffer) {
                Ok(Some(line)) => match parse(&line) {
                    Some(record) => return Some(record),
                    None => eprintln!("not a display: {line:.80}"),
                },
                Ok(None) => {
                    if self.buffer.is_empty() {
                        // What a long line took is not kept for the next one.
                        self.buffer = BytesMut::new();
                    }
                    let most = self.chunk.len().min(*left);
                    match self.direct.read(&mut self.chunk[..most]) {
                        Ok(length @ 1..) => {
                            *left -= length;
                            self.buffer.extend_from_slice(&self.chunk[..length]);
                        }
                        _ => return None,
                    }
                }
                Err(error) => eprintln!("not a display: {error}"),
            }
        }
    }
}

fn parse(line: &str) -> Option<Record> {
    let Line { act, id, formats } = line.try_into().ok()?;
    let formats = formats.into_iter().map(|(media_type, base64)| {
        let content = content(media_type, &base64)?;
        Some((media_type.to_owned(), Value::String(content)))
    });
    Some(Record {
        act,
        id: id.into_owned(),
        formats: formats.collect::<Option<_>>()?,
    })
}

/// A format's content as Jupyter takes it: text as it is, everything else in base64.
fn content(media_type: &str, base64: &str) -> Option<String> {
    if media_type.starts_with("text/") || media_type.ends_with("+xml") {
        return String::from_utf8(STANDARD.decode(base64).ok()?).ok();
    }
    Some(base64.to_owned())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use serde_json::json;

    use super::*;
    use crate::protocol::Act;
    use crate::splice::Formats;

    const HR: &str = "show 1f text/plain SFI= image/gif R0lGODlh\n";

    fn hr() -> Record {
        Record {
            act: Act::Show,
            id: "1f".to_owned(),
            formats: Formats::from_iter([
                ("text/plain".to_owned(), json!("HR")),
                ("image/gif".to_owned(), json!("R0lGODlh")),
            ]),
        }
    }

    struct Bench {
        pipe: Pipe,
        writer: File,
        _folder: tempfile::TempDir,
    }

    impl Bench {
        fn take(&mut self) -> Option<Record> {
            self.pipe.take(&mut { AT_ONCE })
        }
    }

    fn bench() -> Bench {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("displays");
        Bench {
            pipe: Pipe::make(&path).expect("a pipe"),
            writer: File::options().write(true).open(&path).expect("a writer"),
            _folder: folder,
        }
    }

    #[tokio::test]
    async fn a_record_is_taken_once_its_line_is_whole() {
        let mut bench = bench();
        let (begin, end) = HR.split_at(9);
        bench.writer.write_all(begin.as_bytes()).expect("written");
        bench.pipe.readable().await.expect("readable");
        assert_eq!(bench.take(), None);
        bench.writer.write_all(end.as_bytes()).expect("written");
        bench.pipe.readable().await.expect("readable");
        assert_eq!(bench.take(), Some(hr()));
        assert_eq!(bench.take(), None);
    }

    #[tokio::test]
    async fn what_is_no_record_is_left_out_and_the_next_one_taken() {
        let mut bench = bench();
        let broken = [
            "hello",
            "hide 1f",
            "show",
            "show 1f text/plain",
            "show 1f text/plain {",
        ];
        for line in broken {
            writeln!(bench.writer, "{line}").expect("written");
        }
        bench.writer.write_all(b"show \xff\n").expect("written");
        bench.writer.write_all(HR.as_bytes()).expect("written");
        bench.pipe.readable().await.expect("readable");
        assert_eq!(bench.take(), Some(hr()));
    }

    #[tokio::test]
    async fn a_line_that_is_too_long_takes_no_more_memory_and_harms_no_other() {
        let mut bench = bench();
        let mut writer = bench.writer.try_clone().expect("a writer");
        let writing = std::thread::spawn(move || {
            let part = vec![b'x'; CHUNK];
            for _ in 0..2 * LONGEST / CHUNK {
                writer.write_all(&part).expect("written");
            }
            writer.write_all(b"\n").expect("written");
            writer.write_all(HR.as_bytes()).expect("written");
        });
        let record = loop {
            bench.pipe.readable().await.expect("readable");
            if let Some(record) = bench.take() {
                break record;
            }
            assert!(bench.pipe.buffer.capacity() < 3 * LONGEST);
        };
        assert_eq!(record, hr());
        writing.join().expect("written");
    }

    #[tokio::test]
    async fn a_writer_without_an_end_leaves_time_for_others() {
        let mut bench = bench();
        let mut left = 10;
        bench.writer.write_all(HR.as_bytes()).expect("written");
        assert_eq!(bench.pipe.take(&mut left), None);
        assert_eq!(left, 0);
        bench.pipe.readable().await.expect("readable");
        assert_eq!(bench.take(), Some(hr()));
    }
}
