//! The connections of a server: who waits for whom, and which one makes room when there are too many.
//!
//! A client may connect and send nothing, send a byte now and then, or read nothing of its answers. As long
//! as there is room, its connection stays open. When there is none, the one whose client has kept the server
//! waiting for the longest time is closed, so that slow clients lock nobody out.

use std::collections::BTreeMap;
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::{Notify, watch};
use tokio::time::Instant;

use super::history::{Ledger, Open};

/// How many connections a server has, and for how long.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// At most how many connections are open at the same time.
    pub(super) connections: usize,
    /// How long a client may keep the server waiting where there is room.
    pub(super) patience: Duration,
    /// How long it may do so where there is none: a request takes a moment to arrive.
    pub(super) grace: Duration,
}

impl Limits {
    /// 1,024 connections, some more than one client opens at most. Clients keep idle connections for less
    /// than 2 min.
    pub(super) const DEFAULT: Self = Self {
        connections: 1_024,
        patience: Duration::from_secs(120),
        grace: Duration::from_secs(1),
    };
}

/// All connections of a server.
pub(super) struct Connections {
    limits: Limits,
    ledger: Arc<Ledger>,
    waiting: Mutex<Waiting>,
}

/// The connections whose clients keep the server waiting.
#[derive(Default)]
struct Waiting {
    /// By a number that grows, so that the one that waits for the longest time is the first.
    by_ticket: BTreeMap<u64, (Instant, Arc<Notify>)>,
    last_ticket: u64,
}

impl Waiting {
    /// Takes one in, to be closed by `closing`; gives its ticket.
    fn join(&mut self, closing: Arc<Notify>) -> u64 {
        self.last_ticket += 1;
        let entry = (Instant::now(), closing);
        self.by_ticket.insert(self.last_ticket, entry);
        self.last_ticket
    }

    fn leave(&mut self, ticket: u64) {
        self.by_ticket.remove(&ticket);
    }
}

impl Connections {
    pub(super) fn new(limits: Limits, ledger: Arc<Ledger>) -> Self {
        Self {
            limits,
            ledger,
            waiting: Mutex::default(),
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether there is room for one more.
    pub(super) fn have_room(&self) -> bool {
        self.ledger.counts().open_connections < self.limits.connections
    }

    /// Closes the connection whose client has kept the server waiting for the longest time. Gives whether
    /// there was one.
    pub(super) fn make_room(&self) -> bool {
        self.close_first(self.limits.grace)
    }

    /// Closes the connections whose clients have kept the server waiting for too long.
    pub(super) fn close_overdue(&self) {
        while self.close_first(self.limits.patience) {}
    }

    /// When some connection may be overdue.
    pub(super) fn next_overdue(&self) -> Instant {
        let waiting = self.waiting();
        let first = waiting.by_ticket.first_key_value();
        first.map_or_else(Instant::now, |(_, (since, _))| *since) + self.limits.patience
    }

    /// Closes the connection that waits for the longest time, if that is at least `least`.
    fn close_first(&self, least: Duration) -> bool {
        let mut waiting = self.waiting();
        match waiting.by_ticket.first_entry() {
            Some(first) if first.get().0.elapsed() >= least => {
                let (_, closing) = first.remove();
                closing.notify_one();
                true
            }
            _ => false,
        }
    }
}

/// One connection, as long as any part of it lives.
pub(super) struct Connection {
    all: Arc<Connections>,
    /// Its number among those that wait; 0 while it is not among them.
    ticket: AtomicU64,
    closing: Arc<Notify>,
    is_answering: AtomicBool,
    /// Whether an answer goes on only when the client has read some of it.
    is_unread: AtomicBool,
    /// Whether the client has closed its half.
    has_closed: watch::Sender<bool>,
    /// Wakes hyper after the answer, to read the end of the stream once more.
    reader: Mutex<Option<Waker>>,
    _open: Open,
}

impl Connection {
    pub(super) fn new(all: Arc<Connections>) -> Self {
        Self {
            _open: Open::new(all.ledger.clone()),
            all,
            ticket: AtomicU64::new(0),
            closing: Arc::default(),
            is_answering: AtomicBool::new(false),
            is_unread: AtomicBool::new(false),
            has_closed: watch::Sender::new(false),
            reader: Mutex::default(),
        }
    }

    pub(super) fn ledger(&self) -> &Arc<Ledger> {
        &self.all.ledger
    }

    /// Waits until the connection is to be closed.
    pub(super) async fn closing(&self) {
        self.closing.notified().await;
    }

    /// Waits until the client has closed its half of the connection, or all of it.
    ///
    /// Which of both it was shows only when something is sent to the client.
    pub(super) fn has_closed(&self) -> impl Future<Output = ()> + Send + use<> {
        let mut has_closed = self.has_closed.subscribe();
        async move {
            let _ = has_closed.wait_for(|has_closed| *has_closed).await; // an error: all of it is closed
        }
    }

    /// An answer has begun: until it ends, the client waits for the server.
    pub(super) fn answering(self: &Arc<Self>) -> Answering {
        self.is_answering.store(true, Ordering::Relaxed);
        self.settle(Progress::None);
        Answering(self.clone())
    }

    fn is_answering(&self) -> bool {
        self.is_answering.load(Ordering::Relaxed)
    }

    fn reader(&self) -> MutexGuard<'_, Option<Waker>> {
        self.reader.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts the connection among those that wait, or takes it from there.
    fn settle(&self, progress: Progress) {
        let waits = self.is_unread.load(Ordering::Relaxed) || !self.is_answering();
        let has_ticket = self.ticket.load(Ordering::Relaxed) != 0;
        if has_ticket && (!waits || progress == Progress::Some) {
            self.all
                .waiting()
                .leave(self.ticket.swap(0, Ordering::Relaxed));
        }
        if waits && (!has_ticket || progress == Progress::Some) {
            let ticket = self.all.waiting().join(self.closing.clone());
            self.ticket.store(ticket, Ordering::Relaxed);
        }
    }
}

/// Whether something has come from the client, or gone to it, since it is waited for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Progress {
    Some,
    None,
}

impl Progress {
    const fn of<T>(poll: &Poll<T>) -> Self {
        match poll {
            Poll::Ready(_) => Self::Some,
            Poll::Pending => Self::None,
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.all
            .waiting()
            .leave(self.ticket.load(Ordering::Relaxed));
    }
}

/// An answer on its way over a connection.
pub(super) struct Answering(Arc<Connection>);

impl Drop for Answering {
    fn drop(&mut self) {
        let reader = {
            // Under the lock, so that a reader sees this or has left its waker before.
            let mut reader = self.0.reader();
            self.0.is_answering.store(false, Ordering::Relaxed);
            reader.take()
        };
        self.0.settle(Progress::Some);
        if let Some(reader) = reader {
            reader.wake();
        }
    }
}

/// The stream of a connection, which sees who waits for whom.
pub(super) struct WatchedStream {
    tcp: TcpStream,
    connection: Arc<Connection>,
}

impl WatchedStream {
    pub(super) const fn new(tcp: TcpStream, connection: Arc<Connection>) -> Self {
        Self { tcp, connection }
    }
}

impl AsyncRead for WatchedStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.tcp).poll_read(context, buffer);
        let connection = &self.connection;
        match read {
            Poll::Ready(Ok(())) if buffer.filled().len() == before => {
                connection.has_closed.send_replace(true);
                let mut reader = connection.reader();
                if connection.is_answering() {
                    // hyper would give the answer up. Nothing comes after the end, so that only the end of
                    // the answer can wake hyper to read again.
                    *reader = Some(context.waker().clone());
                    return Poll::Pending;
                }
            }
            _ => connection.settle(Progress::of(&read)),
        }
        read
    }
}

impl AsyncWrite for WatchedStream {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(context, &[io::IoSlice::new(bytes)])
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.tcp).poll_write_vectored(context, bytes);
        let is_unread = written.is_pending();
        self.connection
            .is_unread
            .store(is_unread, Ordering::Relaxed);
        self.connection.settle(Progress::of(&written));
        written
    }

    fn is_write_vectored(&self) -> bool {
        self.tcp.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpStream;
    use std::time::Duration;

    use super::Limits;
    use crate::flags::{FlagServer, Latency, Site};

    /// Longer than any of these tests takes.
    const LONG: Duration = Duration::from_secs(60);

    const REQUEST: &[u8] = b"GET /data/flags/kr/kr.gif HTTP/1.1\r\nhost: flags\r\n\r\n";

    const fn limits(connections: usize, patience: Duration) -> Limits {
        Limits {
            connections,
            patience,
            grace: Duration::ZERO,
        }
    }

    fn server(site: impl Into<Site>, limits: Limits) -> FlagServer {
        FlagServer::serve(site.into(), limits).unwrap()
    }

    fn connect(server: &FlagServer) -> TcpStream {
        let stream = TcpStream::connect(server.address()).unwrap();
        stream.set_read_timeout(Some(LONG)).unwrap();
        stream
    }

    fn is_answered(server: &FlagServer) -> bool {
        let mut stream = connect(server);
        stream.write_all(REQUEST).unwrap();
        let mut status = [0; 15];
        stream.read_exact(&mut status).is_ok() && status == *b"HTTP/1.1 200 OK"
    }

    /// Waits until the server has closed the connection.
    fn is_closed(mut stream: TcpStream) -> bool {
        matches!(stream.read(&mut [0; 1 << 16]), Ok(0) | Err(_))
    }

    #[test]
    fn where_there_is_no_room_the_client_that_is_waited_for_the_longest_makes_some() {
        let server = server(Latency::NONE, limits(3, LONG));
        let mut slow = vec![];
        for open in 1..=3 {
            let mut stream = connect(&server);
            stream.write_all(b"GET /data/fl").unwrap();
            slow.push(stream);
            while server.open_connections() < open {
                std::thread::yield_now();
            }
        }
        assert!(is_answered(&server));
        assert!(is_closed(slow.remove(0)));
        assert_eq!(server.counts().most_open_connections, 3);
    }

    #[test]
    fn a_client_that_waits_for_its_answer_makes_no_room() {
        let latency = Latency::fixed(Duration::from_millis(100));
        let limits = Limits {
            grace: LONG,
            ..limits(1, LONG)
        };
        let server = server(latency, limits);
        std::thread::scope(|scope| {
            let answered = [(); 5].map(|()| scope.spawn(|| is_answered(&server)));
            assert!(answered.into_iter().all(|it| it.join().unwrap()));
        });
        assert_eq!(server.counts().most_open_connections, 1);
    }

    #[test]
    fn clients_that_send_or_read_nothing_are_not_waited_for_without_end() {
        let server = server(Latency::NONE, limits(10, Duration::from_millis(50)));
        let silent = connect(&server);
        let mut half = connect(&server);
        half.write_all(&REQUEST[..20]).unwrap();
        let mut idle = connect(&server);
        idle.write_all(REQUEST).unwrap();
        let mut deaf = connect(&server);
        deaf.set_write_timeout(Some(Duration::from_millis(10)))
            .unwrap();
        let many = REQUEST.repeat(1_000);
        while deaf.write_all(&many).is_ok() {}
        server.wait_until_idle(LONG).unwrap();
        assert!(is_closed(silent) && is_closed(half));
    }
}
