//! A site of flags on this machine: its address, and how long it lives.

mod answer;
mod body;
mod connections;
mod faults;
mod history;
mod latency;
mod path;
mod site;

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::future::poll_fn;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::{Pin, pin};
use std::sync::{Arc, mpsc};
use std::task::Poll;
use std::thread::{self, JoinHandle};
use std::time::Duration;
use std::{fmt, io};

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use socket2::SockRef;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout_at};

use self::answer::answer;
use self::connections::{Connection, Connections, Limits, WatchedStream};
use self::history::Ledger;

pub use self::faults::{Fault, Faults};
pub use self::history::{Counts, Served};
pub use self::latency::Latency;
pub use self::site::Site;

/// How many clients may wait until they are taken in: as many as may be connected.
const AT_THE_DOOR: i32 = 1_024;

/// The environment variable that names another site than the server of this machine.
pub const BASE_URL_VARIABLE: &str = "HITCHHIKER_BASE_URL";

/// The original's `BASE_URL`: that of `server`, or the site that the environment variable
/// [`BASE_URL_VARIABLE`] names.
///
/// ```
/// use hitchhiker::flags::*;
///
/// let server = FlagServer::start(Latency::NONE).unwrap();
/// assert!(base_url(&server).ends_with("/data/flags"));
/// ```
pub fn base_url(server: &FlagServer) -> String {
    let url = std::env::var(BASE_URL_VARIABLE).unwrap_or_else(|_| server.base_url());
    url.trim_end_matches('/').to_owned()
}

/// A site of flags: real HTTP on 127.0.0.1, for as long as the value lives.
///
/// It serves `/data/flags/cc/cc.gif` for every country of [`COUNTRIES`](super::COUNTRIES), and 404
/// for anything else; how fast and how reliably is a matter of the [`Site`]. It runs on a thread of
/// its own, so it needs no runtime and outlives the cell that started it. There may be many of them.
///
/// It keeps at most 1,024 connections. When there are more, or descriptors run out, the connection whose
/// client has sent or read nothing for the longest time makes room, if that is a second or more; after two
/// minutes it is closed in any case.
///
/// # Dropping
///
/// Dropping a server ends its answers, closes its connections and frees its port.
///
/// ```
/// use hitchhiker::flags::{FlagServer, Latency};
/// use std::time::Duration;
///
/// let server = FlagServer::start(Latency::fixed(Duration::from_millis(1)))?;
/// println!("{}/kr/kr.gif", server.base_url());
/// assert_eq!(server.open_connections(), 0);
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct FlagServer {
    address: SocketAddr,
    ledger: Arc<Ledger>,
    /// The thread ends when this is dropped.
    running: Option<oneshot::Sender<Infallible>>,
    thread: Option<JoinHandle<()>>,
}

/// Connections that stayed open for as long as somebody waited for them to close.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StillOpen {
    /// How many there were at the end.
    pub connections: usize,
    /// How long they were waited for.
    pub waited: Duration,
}

impl fmt::Display for StillOpen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (connections, waited) = (self.connections, self.waited.as_millis());
        write!(
            f,
            "{connections} connections still open after {waited} ms: is a client still alive?"
        )
    }
}

impl std::error::Error for StillOpen {}

impl FlagServer {
    /// Starts a server of this site: a [`Site`], or only its [`Latency`] or its [`Faults`].
    ///
    /// # Errors
    ///
    /// When the system gives it no port or no thread, and when there can be no such site: its shares of
    /// faults exceed 1.0 together, its bandwidth or its number of requests at once is 0, or its latency
    /// ends before it begins.
    pub fn start(site: impl Into<Site>) -> io::Result<Self> {
        Self::serve(site.into(), Limits::DEFAULT)
    }

    // `start` is generic, so each cell of a notebook compiles it anew. This function is compiled once.
    fn serve(site: Site, limits: Limits) -> io::Result<Self> {
        site.check()?;
        let listener = listen(site.port)?;
        let address = listener.local_addr()?;
        let ledger = Arc::new(Ledger::default());
        let connections = Arc::new(Connections::new(limits, ledger.clone()));
        let (running, stopped) = oneshot::channel();
        let (report, started) = mpsc::channel();
        // The server has a runtime of its own, because every cell of a notebook has another copy of tokio's
        // thread locals. The thread that makes the runtime drops it: inside another runtime that would panic.
        let thread = thread::Builder::new()
            .name("flag server".to_owned())
            .spawn(move || match runtime_with(listener) {
                Ok((runtime, listener)) => {
                    let _ = report.send(Ok(())); // `serve` waits for it
                    runtime.block_on(async {
                        tokio::spawn(accept(listener, site, connections));
                        let _ = stopped.await; // nothing is ever sent: the wait ends when the sender is dropped
                    });
                }
                Err(error) => drop(report.send(Err(error))),
            })?;
        started.recv().map_err(io::Error::other)??;
        Ok(Self {
            address,
            ledger,
            running: Some(running),
            thread: Some(thread),
        })
    }

    /// Where the flags are: `http://127.0.0.1:PORT/data/flags`.
    pub fn base_url(&self) -> String {
        format!("http://{}/data/flags", self.address)
    }

    /// The address that the server listens at, for a client that speaks HTTP by itself.
    ///
    /// ```
    /// use hitchhiker::flags::{FlagServer, Latency};
    /// use std::io::{Read, Write};
    /// use std::net::TcpStream;
    ///
    /// let server = FlagServer::start(Latency::NONE)?;
    /// let mut stream = TcpStream::connect(server.address())?;
    /// stream.write_all(b"GET /data/flags/kr/kr.gif HTTP/1.0\r\n\r\n")?;
    /// let mut answer = vec![];
    /// stream.read_to_end(&mut answer)?;
    /// assert!(answer.starts_with(b"HTTP/1.0 200 OK"));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many requests have come in.
    pub fn requests(&self) -> u64 {
        self.counts().requests
    }

    /// How many connections are open now.
    pub fn open_connections(&self) -> usize {
        self.counts().open_connections
    }

    /// All that has been counted, as of one moment.
    ///
    /// ```
    /// use hitchhiker::flags::*;
    ///
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// let server = FlagServer::start(Latency::NONE).unwrap();
    /// let flag = get_flag(&reqwest::Client::new(), &server.base_url(), "IT").await?;
    /// assert_eq!(server.counts().bytes, flag.gif().len() as u64);
    /// assert_eq!(server.counts().most_requests_at_once, 1);
    /// # Ok::<(), FlagError>(()) }).unwrap();
    /// ```
    pub fn counts(&self) -> Counts {
        self.ledger.counts()
    }

    /// What was served for each flag, request by request, by country code in capitals.
    ///
    /// A request is written down as it comes in, before its latency: with what is under way to it,
    /// even if the client does not wait for it. One takes a byte (two at times, while its list
    /// grows), so a million of them take a megabyte or two for as long as the server lives.
    ///
    /// ```
    /// use hitchhiker::flags::*;
    ///
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// let server = FlagServer::start(Faults::only(Fault::Teapot, 1.0)).unwrap();
    /// get_flag(&reqwest::Client::new(), &server.base_url(), "GB").await.unwrap_err();
    /// assert_eq!(server.history()["GB"], [Served::Fault(Fault::Teapot)]);
    /// # });
    /// ```
    pub fn history(&self) -> BTreeMap<String, Vec<Served>> {
        self.ledger.history()
    }

    /// Blocks until no connection is open, at most for `limit`.
    ///
    /// It needs no runtime, so any cell of a notebook can call it. Call it where the client's runtime goes
    /// on meanwhile, as one of several threads does, or where that runtime has ended.
    ///
    /// # Errors
    ///
    /// [`StillOpen`] when the time is up: some client holds its connections.
    ///
    /// ```
    /// use hitchhiker::flags::*;
    /// use std::time::Duration;
    ///
    /// let server = FlagServer::start(Latency::NONE).unwrap();
    /// let runtime = tokio::runtime::Runtime::new().unwrap();
    /// let client = reqwest::Client::new();
    /// runtime.block_on(get_flag(&client, &server.base_url(), "DE"))?;
    /// assert_eq!(server.open_connections(), 1); // the client keeps it for the next flag
    /// drop(client);
    /// server.wait_until_idle(Duration::from_secs(5)).unwrap();
    /// assert_eq!(server.open_connections(), 0);
    /// # Ok::<(), FlagError>(())
    /// ```
    pub fn wait_until_idle(&self, limit: Duration) -> Result<(), StillOpen> {
        match self.ledger.wait_until_idle(limit) {
            0 => Ok(()),
            connections => Err(StillOpen {
                connections,
                waited: limit,
            }),
        }
    }
}

impl Drop for FlagServer {
    fn drop(&mut self) {
        drop(self.running.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join(); // its panic has been printed; nothing is left to clean up
        }
    }
}

fn listen(port: u16) -> io::Result<std::net::TcpListener> {
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(|error| {
        let advice = "choose another, or 0 for any that is free";
        io::Error::new(
            error.kind(),
            format!("port {port} cannot be had: {error}; {advice}"),
        )
    })?;
    // std lets 128 clients wait to be taken in. Those beyond try again after a second, on Linux.
    SockRef::from(&listener).listen(AT_THE_DOOR)?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

fn runtime_with(listener: std::net::TcpListener) -> io::Result<(Runtime, TcpListener)> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .enable_time()
        .build()?;
    let listener = {
        let _runtime = runtime.enter();
        TcpListener::from_std(listener)?
    };
    Ok((runtime, listener))
}

/// Takes in clients, as long as there is room or room can be made.
async fn accept(listener: TcpListener, site: Site, connections: Arc<Connections>) {
    loop {
        let accepting = timeout_at(connections.next_overdue(), listener.accept());
        let Ok(accepted) = accepting.await else {
            connections.close_overdue();
            continue;
        };
        let Ok((stream, _)) = accepted else {
            // The client has left already, or the system has no descriptor for it.
            make_room(&connections).await;
            continue;
        };
        while !connections.have_room() {
            make_room(&connections).await;
        }
        let _ = stream.set_nodelay(true); // otherwise the chunks of a slow flag are sent together
        let connection = Arc::new(Connection::new(connections.clone()));
        tokio::spawn(serve_one(stream, site, connection));
    }
}

/// Closes the connection that has kept the server waiting for the longest time. Where none has kept it
/// waiting long enough, waits for a moment.
async fn make_room(connections: &Connections) {
    if connections.make_room() {
        tokio::task::yield_now().await;
    } else {
        sleep(Duration::from_millis(10)).await;
    }
}

async fn serve_one(stream: TcpStream, site: Site, connection: Arc<Connection>) {
    let service = service_fn(|request| {
        // The answer counts from now on, not from its first poll: before that, hyper looks for the end of the
        // stream.
        let answering = connection.answering();
        answer(request, site, connection.clone(), answering)
    });
    let stream = WatchedStream::new(stream, connection.clone());
    let mut closing = pin!(connection.closing());
    let mut serving = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    // Written without `select!`: a notebook compiles tokio without its macros.
    poll_fn(|context| match closing.as_mut().poll(context) {
        Poll::Ready(()) => Poll::Ready(()),
        // A client may break a connection off at any time; that is its own affair.
        Poll::Pending => Pin::new(&mut serving).poll(context).map(drop),
    })
    .await;
}
