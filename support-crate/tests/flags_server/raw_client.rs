//! A client that hides nothing: what came over the connection, byte by byte.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use hitchhiker::flags::FlagServer;

/// Who waits so long waits for ever: a test fails instead.
const TOO_LONG: Duration = Duration::from_secs(60);

/// What has come of an answer: nothing at all, or its head and some of its body.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Answer {
    head: String,
    /// The bytes behind the head.
    pub body: Vec<u8>,
}

impl Answer {
    fn parse(bytes: &[u8]) -> Option<Self> {
        const END: &[u8] = b"\r\n\r\n";
        let head = bytes.windows(END.len()).position(|window| window == END)?;
        Some(Self {
            head: str::from_utf8(&bytes[..head]).unwrap().to_lowercase(),
            body: bytes[head + END.len()..].to_vec(),
        })
    }

    /// Reads until this many bytes of the body are there.
    pub fn read_until(stream: &mut TcpStream, body: usize) -> Self {
        let mut bytes = vec![];
        loop {
            match Self::parse(&bytes) {
                Some(answer) if answer.body.len() >= body => return answer,
                _ => {}
            }
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            bytes.extend(byte);
        }
    }

    pub fn status(&self) -> u16 {
        let status = self.head.strip_prefix("http/1.1 ").unwrap();
        status[..3].parse().unwrap()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let headers = self.head.lines().filter_map(|line| line.split_once(": "));
        let mut values = headers.filter_map(|(its, value)| (its == name).then_some(value));
        values.next()
    }
}

/// Asks by `method` for the flag `code`; the answer is still to be read.
pub fn open_request_by(method: &str, server: &FlagServer, code: &str) -> TcpStream {
    let address = server.address();
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(TOO_LONG)).unwrap();
    let request = format!(
        "{method} /data/flags/{code}/{code}.gif HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).unwrap();
    stream
}

/// Asks for the flag `code`; the answer is still to be read.
pub fn open_request(server: &FlagServer, code: &str) -> TcpStream {
    open_request_by("GET", server, code)
}

/// Reads what comes until the connection is closed.
pub fn read(mut stream: TcpStream) -> Answer {
    let mut bytes = vec![];
    let _ = stream.read_to_end(&mut bytes).unwrap();
    Answer::parse(&bytes).unwrap_or_default()
}

/// Asks for the flag `code` and reads what comes until the connection is closed.
pub fn ask(server: &FlagServer, code: &str) -> Answer {
    read(open_request(server, code))
}

/// Asks for the flag `code` and leaves when the server begins to answer, or closes.
pub fn ask_and_leave(server: &FlagServer, code: &str) {
    let _ = open_request(server, code).read(&mut [0]).unwrap();
}
