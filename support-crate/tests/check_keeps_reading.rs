//! What the check of chapter 11's exercise on the way says.

#![cfg(feature = "flags")]

use std::io;
use std::time::Duration;

use hitchhiker::check;
use hitchhiker::flags::FlagServer;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::interval;

const WHOLE: &str = "the whole flag arrives, 3927 bytes";
const TICKS: &str = "it ticks while it reads";

async fn ask(server: &FlagServer) -> io::Result<TcpStream> {
    let mut stream = TcpStream::connect(server.address()).await?;
    stream
        .write_all(b"GET /data/flags/kr/kr.gif HTTP/1.0\r\n\r\n")
        .await?;
    Ok(stream)
}

#[test]
fn read_buf_passes() {
    async fn keeps_reading(server: &FlagServer) -> io::Result<(Vec<u8>, u32)> {
        let mut tick = interval(Duration::from_millis(1));
        let mut stream = ask(server).await?;
        let (mut answer, mut ticks) = (vec![], 0);
        loop {
            tokio::select! {
                count = stream.read_buf(&mut answer) => if count? == 0 {
                    return Ok((answer, ticks));
                },
                _ = tick.tick() => ticks += 1,
            }
        }
    }
    let said = check::keeps_reading(keeps_reading).to_string();
    assert_eq!(said, format!("✓ {WHOLE}\n✓ {TICKS}"));
}

#[test]
fn pieces_that_are_dropped_are_missed() {
    async fn piece(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
        let mut piece = vec![];
        stream.take(500).read_to_end(&mut piece).await?;
        Ok(piece)
    }
    async fn keeps_reading(server: &FlagServer) -> io::Result<(Vec<u8>, u32)> {
        let mut tick = interval(Duration::from_millis(1));
        let mut stream = ask(server).await?;
        let (mut answer, mut ticks) = (vec![], 0);
        loop {
            tokio::select! {
                piece = piece(&mut stream) => match piece? {
                    piece if piece.is_empty() => return Ok((answer, ticks)),
                    piece => answer.extend(piece),
                },
                _ = tick.tick() => ticks += 1,
            }
        }
    }
    let said = check::keeps_reading(keeps_reading).to_string();
    assert!(
        said.starts_with(&format!("✗ {WHOLE}; yours has ")),
        "{said}"
    );
    assert!(said.ends_with(&format!("✓ {TICKS}")), "{said}");
}

#[test]
fn reading_without_a_tick_is_told() {
    async fn keeps_reading(server: &FlagServer) -> io::Result<(Vec<u8>, u32)> {
        let mut answer = vec![];
        ask(server).await?.read_to_end(&mut answer).await?;
        Ok((answer, 0))
    }
    let said = check::keeps_reading(keeps_reading).to_string();
    assert_eq!(said, format!("✓ {WHOLE}\n✗ {TICKS}; yours never ticks"));
}

#[test]
fn an_error_and_nothing_written_are_told() {
    async fn fails(_: &FlagServer) -> io::Result<(Vec<u8>, u32)> {
        Err(io::Error::other("no towel"))
    }
    async fn unwritten(_: &FlagServer) -> io::Result<(Vec<u8>, u32)> {
        todo!()
    }
    assert_eq!(
        check::keeps_reading(fails).to_string(),
        format!("✗ {WHOLE}; yours raised no towel\n✗ {TICKS}; yours has not come so far")
    );
    assert_eq!(
        check::keeps_reading(unwritten).to_string(),
        format!("✗ {WHOLE}; yours panicked: not yet implemented")
    );
}
