//! A site of flags on this machine.

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;
use std::{fmt, io};

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::CONTENT_TYPE;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::countries::Country;

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

/// How long the server waits before it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Latency {
    least: Duration,
    most: Duration,
    seed: u64,
}

impl Latency {
    /// As fast as it can.
    pub const NONE: Self = Self::fixed(Duration::ZERO);

    /// The same for every flag.
    ///
    /// ```
    /// use hitchhiker::flags::Latency;
    /// use std::time::Duration;
    ///
    /// let latency = Latency::fixed(Duration::from_millis(150));
    /// assert_eq!(latency.of("KR"), Duration::from_millis(150));
    /// ```
    pub const fn fixed(latency: Duration) -> Self {
        Self {
            least: latency,
            most: latency,
            seed: 0,
        }
    }

    /// Another for every flag, spread evenly over `range`; the same again with the same `seed`.
    ///
    /// ```
    /// use hitchhiker::flags::Latency;
    /// use std::time::Duration;
    ///
    /// let range = Duration::from_millis(100)..=Duration::from_millis(900);
    /// let latency = Latency::spread(range.clone(), 42);
    /// assert!(range.contains(&latency.of("KR")));
    /// assert_ne!(latency.of("KR"), latency.of("JP"));
    /// assert_eq!(latency.of("KR"), Latency::spread(range, 42).of("kr"));
    /// ```
    pub fn spread(range: RangeInclusive<Duration>, seed: u64) -> Self {
        Self {
            least: *range.start(),
            most: *range.end(),
            seed,
        }
    }

    /// How long the flag of the country `code` takes.
    pub fn of(&self, code: &str) -> Duration {
        let letters = code
            .to_ascii_lowercase()
            .bytes()
            .fold(0, |all, letter| all << 8 | u64::from(letter));
        let share = fastrand::Rng::with_seed(self.seed ^ letters).f64();
        self.least + self.most.saturating_sub(self.least).mul_f64(share)
    }
}

/// A site of flags: real HTTP on 127.0.0.1 and a free port, for as long as the value lives.
///
/// It serves `/data/flags/cc/cc.gif` for every country of [`COUNTRIES`](super::COUNTRIES), and 404
/// for anything else. It runs on a thread of its own, so it needs no runtime and outlives the cell
/// that started it. Dropping it closes its connections and frees its port.
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
    counts: Arc<Counts>,
    /// Dropped, it ends the thread.
    running: Option<oneshot::Sender<Infallible>>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Counts {
    requests: AtomicU64,
    open: Mutex<usize>,
    closed: Condvar,
}

impl Counts {
    fn open(&self) -> MutexGuard<'_, usize> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
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
    /// Starts a server.
    ///
    /// # Errors
    ///
    /// When the system gives it no port or no thread.
    pub fn start(latency: Latency) -> io::Result<Self> {
        // A runtime of its own: tokio's thread locals are another copy in every cell of a notebook.
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .enable_time()
            .build()?;
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let listener = {
            let _runtime = runtime.enter();
            TcpListener::from_std(listener)?
        };
        let counts = Arc::new(Counts::default());
        let (running, stopped) = oneshot::channel();
        let serving = serve(listener, latency, counts.clone());
        let thread = thread::Builder::new()
            .name("flag server".to_owned())
            .spawn(move || {
                runtime.block_on(async {
                    tokio::spawn(serving);
                    let _ = stopped.await; // nothing is ever sent: it ends with the sender
                });
            })?;
        Ok(Self {
            address,
            counts,
            running: Some(running),
            thread: Some(thread),
        })
    }

    /// Where the flags are: `http://127.0.0.1:PORT/data/flags`.
    pub fn base_url(&self) -> String {
        format!("http://{}/data/flags", self.address)
    }

    /// How many requests have come in.
    pub fn requests(&self) -> u64 {
        self.counts.requests.load(Ordering::SeqCst)
    }

    /// How many connections are open now.
    pub fn open_connections(&self) -> usize {
        *self.counts.open()
    }

    /// Blocks until no connection is open, at most for `limit`.
    ///
    /// It needs no runtime, so any cell of a notebook can call it. The client's runtime must be able
    /// to go on meanwhile: one of several threads, or none any more.
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
        let closed = &self.counts.closed;
        let waited = closed.wait_timeout_while(self.counts.open(), limit, |open| *open > 0);
        match *waited.unwrap_or_else(PoisonError::into_inner).0 {
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

async fn serve(listener: TcpListener, latency: Latency, counts: Arc<Counts>) {
    loop {
        // What fails is one connection, given up by its client or for want of descriptors.
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(Duration::from_millis(10)).await;
            continue;
        };
        let open = Open::new(counts.clone());
        tokio::spawn(async move {
            let service = service_fn(|request| {
                open.0.requests.fetch_add(1, Ordering::SeqCst);
                answer(request, latency)
            });
            // A client may break a connection off at any time; that is its own affair.
            let _ = http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

/// An open connection, counted as long as it lives.
struct Open(Arc<Counts>);

impl Open {
    fn new(counts: Arc<Counts>) -> Self {
        *counts.open() += 1;
        Self(counts)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        *self.0.open() -= 1;
        self.0.closed.notify_all();
    }
}

async fn answer(
    request: Request<Incoming>,
    latency: Latency,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let country = asked_for(request.uri().path());
    let mut response = Response::new(Full::default());
    match country {
        _ if request.method() != Method::GET => {
            *response.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
        }
        None => *response.status_mut() = StatusCode::NOT_FOUND,
        Some(country) => {
            tokio::time::sleep(latency.of(country.code)).await;
            *response.body_mut() = Full::new(Bytes::from_static(country.gif));
            response.headers_mut().insert(
                CONTENT_TYPE,
                hyper::header::HeaderValue::from_static("image/gif"),
            );
        }
    }
    Ok(response)
}

/// The country that the path `/data/flags/cc/cc.gif` asks for.
fn asked_for(path: &str) -> Option<&'static Country> {
    let (folder, file) = path.strip_prefix("/data/flags/")?.split_once('/')?;
    let is_flag = file.strip_suffix(".gif") == Some(folder);
    let is_lowercase = folder.bytes().all(|letter| letter.is_ascii_lowercase());
    (is_flag && is_lowercase).then(|| Country::by_code(folder))?
}
