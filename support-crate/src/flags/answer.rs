//! A flag out of an answer that came another way than by this module's downloads.

use httparse::{EMPTY_HEADER, Response, Status};
use reqwest::StatusCode;

use super::error::{Cause, FlagError};
use super::flag::Flag;

/// How many headers an answer may have: as many as hyper takes.
const MOST_HEADERS: usize = 100;

impl Flag {
    /// The flag of a country, of all that a site sent until it closed the connection: for a client
    /// that speaks HTTP/1.0 by itself, and need not take the answer apart.
    ///
    /// ```
    /// use hitchhiker::flags::{Flag, FlagServer, Latency};
    /// use std::io::{Read, Write};
    /// use std::net::TcpStream;
    ///
    /// let server = FlagServer::start(Latency::NONE)?;
    /// let mut stream = TcpStream::connect(server.address())?;
    /// stream.write_all(b"GET /data/flags/kr/kr.gif HTTP/1.0\r\n\r\n")?;
    /// let mut answer = vec![];
    /// stream.read_to_end(&mut answer)?;
    /// let flag = Flag::from_answer("kr", &answer)?;
    /// assert_eq!(flag.name(), Some("Korea, Republic of"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the site answered with another status than success, when the answer is shorter than its
    /// head says or is none of HTTP, and as for [`from_gif`](Self::from_gif).
    pub fn from_answer(code: &str, answer: &[u8]) -> Result<Self, FlagError> {
        match body(answer) {
            Ok(body) => Self::from_gif(code, body),
            Err(cause) => Err(FlagError {
                code: code.to_owned(),
                cause,
            }),
        }
    }
}

/// The body of an answer.
fn body(answer: &[u8]) -> Result<&[u8], Cause> {
    let mut headers = [EMPTY_HEADER; MOST_HEADERS];
    let mut head = Response::new(&mut headers);
    let start = match head.parse(answer) {
        Ok(Status::Complete(start)) => start,
        Ok(Status::Partial) => return Err(Cause::ClosedEarly { came: 0, of: None }),
        Err(error) => return Err(Cause::NotHttp(error)),
    };
    match head.code.map(StatusCode::from_u16) {
        Some(Ok(status)) if status.is_success() => {}
        Some(Ok(StatusCode::NOT_FOUND)) => return Err(Cause::NotFound),
        Some(Ok(status)) => return Err(Cause::Status(status)),
        Some(Err(_)) | None => return Err(Cause::NotHttp(httparse::Error::Status)),
    }
    let lengths = head
        .headers
        .iter()
        .filter(|header| header.name.eq_ignore_ascii_case("content-length"));
    let length = lengths
        .filter_map(|header| str::from_utf8(header.value).ok()?.parse().ok())
        .next();
    let body = &answer[start..];
    match length {
        Some(length) if body.len() < length => Err(Cause::ClosedEarly {
            came: body.len(),
            of: Some(length),
        }),
        _ => Ok(body),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(answer: &[u8]) -> String {
        Flag::from_answer("KR", answer)
            .unwrap_err()
            .cause
            .to_string()
    }

    #[test]
    fn a_site_that_closes_early_is_told_with_what_came() {
        assert_eq!(
            refused(b"HTTP/1.0 200 OK\r\nContent-Length: 9\r\n\r\nGIF8"),
            "the site closed the connection after 4 of 9 bytes; try again"
        );
        for answer in [&b""[..], b"HTTP/1.0 200 OK\r\nContent-"] {
            assert_eq!(
                refused(answer),
                "the site closed the connection before it had answered; try again"
            );
        }
    }

    #[test]
    fn another_status_than_success_is_no_flag() {
        let not_found = "the site has no flag of this country (404)";
        assert_eq!(refused(b"HTTP/1.0 404 Not Found\r\n\r\n"), not_found);
        let teapot = refused(b"HTTP/1.1 418 I'm a teapot\r\n\r\n");
        assert!(teapot.starts_with("the site answered 418"), "{teapot}");
    }

    #[test]
    fn what_is_no_http_is_refused() {
        let told = refused(b"SSH-2.0-OpenSSH_9.2\r\n");
        assert!(told.starts_with("the site does not speak HTTP"), "{told}");
    }
}
