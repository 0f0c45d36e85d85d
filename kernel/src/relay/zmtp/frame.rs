//! What goes over a connection of ZMTP 3 (ZeroMQ RFC 23), byte by byte, without encryption.

use std::io;

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};

use super::allowance::Allowance;

/// The frames of one message.
pub type Message = Vec<Bytes>;

/// What each side sends first: the signature, the version 3.0, the mechanism NULL, and a filler.
pub const GREETING: [u8; 64] = {
    let mut greeting = [0; 64];
    greeting[0] = 0xff;
    greeting[9] = 0x7f;
    greeting[10] = 3;
    let mechanism = *b"NULL";
    let mut at = 0;
    while at < mechanism.len() {
        greeting[12 + at] = mechanism[at];
        at += 1;
    }
    greeting
};

/// The flags of a frame.
const MORE: u8 = 1;
const LONG: u8 = 2;
const COMMAND: u8 = 4;

/// The longest command, in bytes: what a socket tells about itself is far shorter.
const LONGEST_COMMAND: u64 = 4096;

/// How much memory is taken ahead of what has come, in bytes. A peer may claim any length, so the memory
/// grows with what the peer has really sent.
const STEP: usize = 1 << 16;

/// How much is written at a time where messages are short, in bytes.
const BATCH: usize = 1 << 16;

/// What a frame costs besides its bytes.
const FRAME_COST: usize = size_of::<Bytes>();

/// How many bytes of memory a message takes.
pub fn size(message: &Message) -> usize {
    message.iter().map(|frame| frame.len() + FRAME_COST).sum()
}

/// What a peer sends after its greeting.
#[derive(Debug, PartialEq)]
pub enum Received {
    Message(Message),
    Command(Bytes),
}

pub struct Reader<R> {
    stream: BufReader<R>,
}

impl<R: AsyncRead + Unpin> Reader<R> {
    pub fn new(stream: R) -> Self {
        Self {
            stream: BufReader::new(stream),
        }
    }

    pub async fn greeting(&mut self) -> io::Result<()> {
        let mut greeting = [0; GREETING.len()];
        self.stream.read_exact(&mut greeting).await?;
        // Of the signature only the first and the last byte are fixed. The version stands behind it.
        if greeting[0] != 0xff || greeting[9] != 0x7f || greeting[10] < 3 {
            return Err(broken("this is no greeting of ZMTP 3"));
        }
        if greeting[12..32] != GREETING[12..32] {
            return Err(broken("the peer wants to encrypt"));
        }
        Ok(())
    }

    /// The next message or command. Takes no more memory than `allowance` has.
    pub async fn receive(&mut self, allowance: &mut Allowance) -> io::Result<Received> {
        let mut message = Message::new();
        loop {
            let flags = self.stream.read_u8().await?;
            let length = match flags & LONG {
                0 => u64::from(self.stream.read_u8().await?),
                _ => self.stream.read_u64().await?,
            };
            match flags & !LONG {
                COMMAND if message.is_empty() && length <= LONGEST_COMMAND => {
                    let command = self.body(length as usize, allowance).await?;
                    return Ok(Received::Command(command));
                }
                0 | MORE => {}
                _ => return Err(broken("a frame has flags that do not fit")),
            }
            let length = usize::try_from(length).map_err(broken)?;
            allowance.check(length).map_err(broken)?;
            allowance.take(FRAME_COST).map_err(broken)?;
            message.push(self.body(length, allowance).await?);
            if flags & MORE == 0 {
                return Ok(Received::Message(message));
            }
        }
    }

    async fn body(&mut self, length: usize, allowance: &mut Allowance) -> io::Result<Bytes> {
        let mut body = Vec::new();
        while body.len() < length {
            let begin = body.len();
            let step = (length - begin).min(begin.max(STEP));
            allowance.take(step).map_err(broken)?;
            body.reserve_exact(step);
            body.resize(begin + step, 0);
            self.stream.read_exact(&mut body[begin..]).await?;
        }
        Ok(body.into())
    }
}

pub struct Writer<W> {
    stream: W,
    batch: Vec<u8>,
}

impl<W: AsyncWrite + Unpin> Writer<W> {
    pub fn new(stream: W) -> Self {
        Self {
            stream,
            batch: Vec::new(),
        }
    }

    pub async fn greeting(&mut self) -> io::Result<()> {
        self.stream.write_all(&GREETING).await
    }

    pub async fn command(&mut self, command: &[u8]) -> io::Result<()> {
        self.frame(COMMAND, command).await?;
        self.flush().await
    }

    /// Writes a message. Its last bytes can wait in the writer until `flush`.
    pub async fn message(&mut self, message: &Message) -> io::Result<()> {
        for (index, frame) in message.iter().enumerate() {
            let more = if index + 1 < message.len() { MORE } else { 0 };
            self.frame(more, frame).await?;
        }
        Ok(())
    }

    pub async fn flush(&mut self) -> io::Result<()> {
        self.stream.write_all(&self.batch).await?;
        self.batch.clear();
        Ok(())
    }

    async fn frame(&mut self, flags: u8, body: &[u8]) -> io::Result<()> {
        match u8::try_from(body.len()) {
            Ok(length) => self.batch.extend([flags, length]),
            Err(_) => {
                self.batch.push(flags | LONG);
                self.batch.extend((body.len() as u64).to_be_bytes());
            }
        }
        if self.batch.len() + body.len() > BATCH {
            self.flush().await?;
        }
        if body.len() > BATCH {
            // A long frame is written from where it lies, without a copy.
            return self.stream.write_all(body).await;
        }
        self.batch.extend(body);
        Ok(())
    }
}

/// The answer to a PING, with the context that the PING has sent. Other commands get no answer.
pub fn pong(command: &[u8]) -> Option<Vec<u8>> {
    // After the name stand two bytes that say how long the peer waits.
    let context = command.strip_prefix(b"\x04PING")?.get(2..)?;
    Some([b"\x04PONG", context].concat())
}

/// The error of a connection whose peer does not keep to the protocol.
pub fn broken(why: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frames(lengths: &[usize]) -> Message {
        let frame = |length: &usize| Bytes::from(vec![b'x'; *length]);
        lengths.iter().map(frame).collect()
    }

    async fn received(bytes: &[u8]) -> io::Result<Received> {
        let mut reader = Reader::new(bytes);
        reader.receive(&mut Allowance::up_to(1 << 20)).await
    }

    #[tokio::test]
    async fn a_message_of_frames_of_any_length_arrives_as_it_was_sent() {
        for lengths in [
            &[0][..],
            &[1, 0, 255, 256],
            &[70_000, 3, 200_000],
            &[0; 300],
        ] {
            let message = frames(lengths);
            let mut writer = Writer::new(Vec::new());
            writer.message(&message).await.expect("written");
            writer.flush().await.expect("written");
            let received = received(&writer.stream).await.expect("received");
            assert_eq!(received, Received::Message(message));
        }
    }

    #[tokio::test]
    async fn a_frame_that_claims_too_much_is_refused_before_memory_is_taken_for_it() {
        for length in [(1 << 20) + 1, 100_000_000_000, 1 << 63, u64::MAX] {
            for flags in [LONG, LONG | MORE, LONG | COMMAND] {
                let header = [&[flags][..], &u64::to_be_bytes(length)].concat();
                let error = received(&header).await.expect_err("refused");
                assert_eq!(error.kind(), io::ErrorKind::InvalidData, "{length} {flags}");
            }
        }
    }

    #[tokio::test]
    async fn a_message_of_too_many_frames_is_refused() {
        let error = received(&[MORE, 0].repeat(1 << 20)).await;
        assert_eq!(
            error.expect_err("refused").kind(),
            io::ErrorKind::InvalidData
        );
    }

    #[tokio::test]
    async fn flags_that_do_not_exist_or_do_not_fit_are_refused() {
        for bytes in [&[8, 0][..], &[0x80, 0], &[5, 0], &[MORE, 0, COMMAND, 0]] {
            let error = received(bytes).await.expect_err("refused");
            assert_eq!(error.kind(), io::ErrorKind::InvalidData, "{bytes:?}");
        }
    }

    #[test]
    fn a_ping_is_answered_with_its_context() {
        assert_eq!(pong(b"\x04PING\0\0abc"), Some(b"\x04PONGabc".to_vec()));
        assert_eq!(pong(b"\x04PING\0"), None);
        assert_eq!(pong(b"\x05READY"), None);
    }
}
