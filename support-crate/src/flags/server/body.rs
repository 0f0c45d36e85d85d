//! A flag on its way: how fast it comes, and whether to its end.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::body::{Body, Bytes, Frame, SizeHint};
use tokio::time::{Instant, Sleep};

use super::connections::Answering;
use super::history::Counted;

/// How often bytes come where the bandwidth is limited, as far as it has that many a second.
const CHUNKS_A_SECOND: u32 = 50;

/// The body of an answer.
pub(super) struct FlagBody {
    rest: Bytes,
    ending: Ending,
    pace: Option<Pace>,
    /// Nothing in an answer without a flag.
    counted: Option<Counted>,
    /// As long as the body lives, the client waits for the server.
    _answering: Answering,
}

/// What comes after the bytes of a body.
enum Ending {
    /// Nothing: these were all.
    Whole,
    /// The end of the connection, for want of some bytes.
    CutOff { missing: u64, flushed: bool },
    /// Silence, for want of some bytes, until the client leaves.
    Stalled { missing: u64, left: Left },
}

type Left = Pin<Box<dyn Future<Output = ()> + Send>>;

impl FlagBody {
    /// A body of no bytes.
    pub(super) const fn empty(answering: Answering) -> Self {
        Self {
            rest: Bytes::new(),
            ending: Ending::Whole,
            pace: None,
            counted: None,
            _answering: answering,
        }
    }

    /// A body of the whole `gif`.
    pub(super) fn of(gif: &'static [u8], answering: Answering, counted: Option<Counted>) -> Self {
        Self {
            rest: Bytes::from_static(gif),
            counted,
            ..Self::empty(answering)
        }
    }

    /// The first half of what it was; then the connection breaks off.
    pub(super) fn cut_off(mut self) -> Self {
        self.ending = Ending::CutOff {
            missing: self.halve(),
            flushed: false,
        };
        self
    }

    /// The first half of what it was; then nothing more comes until the client has `left`.
    pub(super) fn stalled(mut self, left: impl Future<Output = ()> + Send + 'static) -> Self {
        self.ending = Ending::Stalled {
            missing: self.halve(),
            left: Box::pin(left),
        };
        self
    }

    /// Drops the second half of the bytes; gives how many these were.
    fn halve(&mut self) -> u64 {
        self.rest.split_off(self.rest.len() / 2).len() as u64
    }

    /// The same body, of which so many bytes come in a second.
    pub(super) fn at_bandwidth(self, bytes_a_second: u32) -> Self {
        Self {
            pace: Some(Pace::new(bytes_a_second)),
            ..self
        }
    }

    fn missing(&self) -> u64 {
        match self.ending {
            Ending::Whole => 0,
            Ending::CutOff { missing, .. } | Ending::Stalled { missing, .. } => missing,
        }
    }

    fn poll_ending(&mut self, cx: &mut Context<'_>) -> Poll<Option<io::Error>> {
        match &mut self.ending {
            Ending::Whole => Poll::Ready(None),
            Ending::CutOff { flushed: true, .. } => {
                Poll::Ready(Some(io::ErrorKind::ConnectionAborted.into()))
            }
            Ending::CutOff { flushed, .. } => {
                // hyper writes what it has when a body makes it wait, and drops it at an error.
                *flushed = true;
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            Ending::Stalled { left, .. } => {
                ready!(left.as_mut().poll(cx));
                Poll::Ready(Some(io::ErrorKind::ConnectionAborted.into()))
            }
        }
    }
}

impl Body for FlagBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let body = self.get_mut();
        if body.rest.is_empty() {
            return body.poll_ending(cx).map(|ending| ending.map(Err));
        }
        let length = match &mut body.pace {
            None => body.rest.len(),
            Some(pace) => ready!(pace.poll_chunk(cx, body.rest.len())),
        };
        if let Some(counted) = &body.counted {
            counted.sent(length);
        }
        Poll::Ready(Some(Ok(Frame::data(body.rest.split_to(length)))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.missing() == 0
    }

    /// How many bytes the head of the answer promises: those that will be missing as well.
    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.rest.len() as u64 + self.missing())
    }
}

/// The clock of a body that comes slowly.
struct Pace {
    bytes_a_second: u32,
    begun: Instant,
    come: usize,
    next: Pin<Box<Sleep>>,
}

impl Pace {
    fn new(bytes_a_second: u32) -> Self {
        let begun = Instant::now();
        Self {
            bytes_a_second,
            begun,
            come: 0,
            next: Box::pin(tokio::time::sleep_until(begun)),
        }
    }

    /// Waits for the next bytes of the `rest`, and gives how many they are. None comes before its
    /// time, counted from the beginning so that lateness does not add up.
    fn poll_chunk(&mut self, cx: &mut Context<'_>, rest: usize) -> Poll<usize> {
        let chunk = (self.bytes_a_second / CHUNKS_A_SECOND).max(1) as usize;
        let come = self.come + chunk.min(rest);
        let needs = Duration::from_secs_f64(come as f64 / f64::from(self.bytes_a_second));
        if self.next.deadline() != self.begun + needs {
            self.next.as_mut().reset(self.begun + needs);
        }
        ready!(self.next.as_mut().poll(cx));
        let length = come - self.come;
        self.come = come;
        Poll::Ready(length)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use http_body_util::BodyExt;
    use proptest::prelude::*;

    use super::super::connections::{Connection, Connections, Limits};
    use super::*;

    static BYTES: [u8; 4096] = [b'x'; 4096];

    /// When each frame came, in clock time that passes only by waiting, and how many bytes it had.
    fn frames(body: impl FnOnce() -> FlagBody) -> Vec<(Duration, usize)> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .expect("a runtime");
        runtime.block_on(async {
            let (mut body, begun, mut frames) = (body(), Instant::now(), vec![]);
            while let Some(frame) = body.frame().await {
                let data = frame.expect("no end too early").into_data().expect("data");
                frames.push((begun.elapsed(), data.len()));
            }
            frames
        })
    }

    proptest! {
        #[test]
        fn a_slow_body_comes_whole_and_no_byte_before_its_time(
            length in 1..BYTES.len(),
            bytes_a_second in 1..100_000_u32,
        ) {
            let clock_tick = Duration::from_millis(2);
            let connections = Connections::new(Limits::DEFAULT, Arc::default());
            let connection = Arc::new(Connection::new(Arc::new(connections)));
            let body = || {
                let body = FlagBody::of(&BYTES[..length], connection.answering(), None);
                body.at_bandwidth(bytes_a_second)
            };
            let mut come = 0;
            for (when, bytes) in frames(body) {
                come += bytes;
                let needs = Duration::from_secs_f64(come as f64 / f64::from(bytes_a_second));
                prop_assert!(when >= needs, "{come} bytes at {when:?}");
                prop_assert!(when <= needs + clock_tick, "{come} bytes at {when:?}");
            }
            prop_assert_eq!(come, length);
        }
    }
}
