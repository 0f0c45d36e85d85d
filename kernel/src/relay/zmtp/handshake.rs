//! How two sockets introduce themselves before the first message.

use std::io;

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncWrite};

use super::allowance::Allowance;
use super::frame::{Reader, Received, Writer, broken};

/// Tells the other side what `ours` is, and gives what it tells.
pub async fn shake_hands<R, W>(
    reader: &mut Reader<R>,
    writer: &mut Writer<W>,
    allowance: &mut Allowance,
    ours: &Ready,
) -> io::Result<Ready>
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    writer.greeting().await?;
    reader.greeting().await?;
    writer.command(&ours.to_command()).await?;
    let received = reader.receive(allowance).await?;
    allowance.renew();
    match received {
        Received::Command(command) => Ready::from_command(&command),
        Received::Message(_) => Err(broken("a message comes before the command READY")),
    }
}

/// What a socket tells about itself.
#[derive(Debug, PartialEq)]
pub struct Ready {
    pub socket_type: String,
    pub identity: Bytes,
}

impl Ready {
    pub fn to_command(&self) -> Vec<u8> {
        let mut command = b"\x05READY".to_vec();
        for (name, value) in [
            ("Socket-Type", self.socket_type.as_bytes()),
            ("Identity", &self.identity),
        ] {
            command.push(name.len() as u8);
            command.extend(name.as_bytes());
            command.extend((value.len() as u32).to_be_bytes());
            command.extend(value);
        }
        command
    }

    pub fn from_command(command: &[u8]) -> io::Result<Self> {
        let parse = || {
            let mut rest = command.strip_prefix(b"\x05READY")?;
            let (mut socket_type, mut identity) = (None, Bytes::new());
            while let [length, after @ ..] = rest {
                let (name, after) = after.split_at_checked(usize::from(*length))?;
                let (length, after) = after.split_first_chunk()?;
                let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
                let (value, after) = after.split_at_checked(length)?;
                if name.eq_ignore_ascii_case(b"Socket-Type") {
                    socket_type = Some(String::from_utf8(value.to_vec()).ok()?);
                } else if name.eq_ignore_ascii_case(b"Identity") {
                    identity = Bytes::copy_from_slice(value);
                }
                rest = after;
            }
            Some(Self {
                socket_type: socket_type?,
                identity,
            })
        };
        let ready = parse().ok_or_else(|| broken("this is no command READY"))?;
        // The relay gives identities that begin with a zero to peers that ask for none.
        match &ready.identity[..] {
            [0, ..] => Err(broken("the identity begins with a zero")),
            identity if identity.len() > 255 => Err(broken("the identity is too long")),
            _ => Ok(ready),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_command_arrives_as_it_was_sent() {
        let mut written = Vec::new();
        let ready = Ready {
            socket_type: "DEALER".to_owned(),
            identity: Bytes::from_static(&[7; 255]),
        };
        let mut writer = Writer::new(&mut written);
        writer.command(&ready.to_command()).await.expect("written");
        let mut allowance = Allowance::of_the_trusted();
        let received = Reader::new(&written[..]).receive(&mut allowance).await;
        let Ok(Received::Command(command)) = received else {
            panic!("no command");
        };
        assert_eq!(Ready::from_command(&command).expect("read"), ready);
    }

    #[test]
    fn a_command_ready_that_is_cut_or_changed_at_any_place_does_no_harm() {
        let ready = Ready {
            socket_type: "SUB".to_owned(),
            identity: Bytes::new(),
        };
        let whole = ready.to_command();
        for length in 0..whole.len() {
            let _ = Ready::from_command(&whole[..length]);
            for byte in [0, 1, 0x7f, 0xff] {
                let mut changed = whole.clone();
                changed[length] = byte;
                let _ = Ready::from_command(&changed);
            }
        }
        assert!(Ready::from_command(&whole[..6]).is_err());
        assert!(Ready::from_command(b"\x05ERROR\x00").is_err());
    }
}
