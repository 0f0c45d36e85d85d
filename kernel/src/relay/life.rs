//! The relay's life, from its start to its end.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use jupyter_protocol::ConnectionInfo;
use nix::sys::resource::{Resource, getrlimit};
use serde_json::json;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout_at};

use super::cells::Cells;
use super::connection::{self, Listeners};
use super::ending;
use super::heart::{self, Heart, Questions};
use super::kernel::{Kernel, Link};
use super::passing::{self, Links};
use super::pipe::Pipe;
use super::port::{Port, Service};
use super::zmtp::{Peers, Strangers};
use crate::error::Error;
use crate::evcxr::{AHEAD, Evcxr, FLUSH};
use crate::guard::{self, Guard};
use crate::splice::Splice;
use crate::splice::message::{Key, Request, header};

/// How long the kernel's last messages may take to reach the front ends.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// How long the kernel may live on once it has closed a connection.
const LAST_STEPS: Duration = Duration::from_secs(3);

/// How many requests wait for the kernel in the relay. All others wait in their front ends.
const QUEUE: usize = 16;

/// How many descriptors the relay keeps for other things than front ends.
const DESCRIPTORS: u64 = 64;

/// Runs evcxr behind a relay that listens where the file says; comes back when either has ended.
pub fn run(connection_file: &Path, evcxr: &Evcxr) -> Result<(), Error> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(system("a runtime"))?;
    runtime.block_on(relay(connection_file, evcxr))
}

async fn relay(connection_file: &Path, evcxr: &Evcxr) -> Result<(), Error> {
    let outer = connection::read(connection_file)?;
    let listeners = connection::listen(&outer).await?;
    let inner = connection::inner(&outer).map_err(system("five free ports"))?;
    let folder = guard::make_folder()?;
    let files = |source| Error::Files {
        folder: folder.path().to_owned(),
        source,
    };
    let (file, displays) = (
        folder.path().join("kernel.json"),
        folder.path().join("displays"),
    );
    write_for_owner(&file, &inner).map_err(files)?;
    let pipe = Pipe::make(&displays).map_err(files)?;
    let cells = Cells::listen(&folder.path().join(guard::CELLS)).map_err(files)?;

    let mut guard = Guard::start(folder.path(), evcxr, &file, &displays)?;
    let shutdown = Arc::new(Notify::new());
    let mut ending = pin!(ending::any(shutdown.clone()));
    let listen = system("to listen for signals");
    let mut passing = Passing::default();
    let channels = passing.serve(listeners, Key::new(&outer.key));
    let connected = tokio::select! {
        () = guard.ended() => Some(Err(Error::KernelEnded)),
        ended = &mut ending => ended.err().map(|source| Err(listen(source))),
        kernel = Kernel::connect(&inner) => Some(kernel.map_err(Error::Unreachable)),
    };
    let result = match connected {
        None => Ok(()),
        Some(Err(error)) => Err(error),
        Some(Ok(kernel)) => {
            let splice = splice(folder.path(), &channels.key);
            passing.begin(channels, kernel, (pipe, cells), splice, shutdown);
            tokio::select! {
                () = guard.ended() => Ok(()),
                ended = &mut ending => ended.map_err(&listen),
                error = passing.end() => tokio::select! {
                    // A kernel that ends closes its connections first.
                    () = guard.ended() => Ok(()),
                    ended = &mut ending => ended.map_err(&listen),
                    () = sleep(LAST_STEPS) => Err(error),
                },
            }
        }
    };
    guard.end().await;
    passing.finish(Instant::now() + LAST_WORDS).await;
    result
}

/// What is known of the kernel's folder once evcxr listens.
fn splice(folder: &Path, key: &Arc<Key>) -> Splice {
    let ahead = fs::read_to_string(folder.join(AHEAD)).ok().map(|code| {
        let content = json!({"code": code, "cursor_pos": code.chars().count()});
        // An answer goes to the identity that comes first. No front end has this one.
        key.ask(
            Bytes::from_static(b"hitchhiker ahead"),
            header("complete_request"),
            content,
        )
    });
    let library = fs::read_to_string(folder.join(FLUSH)).ok();
    let library = library.filter(|path| Path::new(path).is_file() && !path.contains(' '));
    let flush = library.map(|path| format!("LOAD_AND_RUN {path} flush"));
    Splice::new(key.clone(), ahead, flush, std::time::Instant::now())
}

/// The tasks that pass messages, in both directions.
struct Passing {
    ports: JoinSet<Result<(), Error>>,
    to_kernel: JoinSet<Result<(), Error>>,
    from_kernel: JoinSet<Result<(), Error>>,
    front_ends: Vec<Peers>,
    errors: UnboundedReceiver<Error>,
    sender: UnboundedSender<Error>,
}

impl Default for Passing {
    fn default() -> Self {
        let (sender, errors) = unbounded_channel();
        Self {
            ports: JoinSet::new(),
            to_kernel: JoinSet::new(),
            from_kernel: JoinSet::new(),
            front_ends: Vec::new(),
            errors,
            sender,
        }
    }
}

/// What front ends have been given while the kernel is not reached yet.
pub struct Channels {
    pub key: Arc<Key>,
    pub shell: Channel,
    pub control: Channel,
    pub stdin: Channel,
    pub outputs: Peers,
    heartbeat: Option<Questions>,
}

pub struct Channel {
    pub requests: mpsc::Receiver<Request>,
    pub front_ends: Peers,
}

impl Passing {
    /// Talks with front ends from now on. Their requests wait for the kernel.
    fn serve(&mut self, listeners: Listeners, key: Key) -> Channels {
        let key = Arc::new(key);
        let (heart, heartbeat) = Heart::new();
        let strangers = Strangers::new();
        let most = most_peers();
        let mut open = |listener, service| {
            let peers = Peers::new(most);
            self.front_ends.push(peers.clone());
            let port = Port {
                listener,
                peers: peers.clone(),
                service,
                strangers: strangers.clone(),
            };
            self.ports.spawn(async {
                port.serve().await;
                Ok(())
            });
            peers
        };
        let mut channel = |listener| {
            let (sender, requests) = mpsc::channel(QUEUE);
            Channel {
                front_ends: open(listener, Service::Requests(sender, key.clone())),
                requests,
            }
        };
        let (shell, control, stdin) = (
            channel(listeners.shell),
            channel(listeners.control),
            channel(listeners.stdin),
        );
        open(listeners.heartbeat, Service::Heartbeat(heart));
        Channels {
            shell,
            control,
            stdin,
            heartbeat: Some(heartbeat),
            outputs: open(listeners.outputs, Service::Outputs),
            key,
        }
    }

    /// Passes everything between front ends and the kernel.
    fn begin(
        &mut self,
        mut channels: Channels,
        kernel: Kernel,
        (pipe, cells): (Pipe, Cells),
        splice: Splice,
        shutdown: Arc<Notify>,
    ) {
        let (links, heartbeat): (Links, Link) = kernel.into();
        if let Some(questions) = channels.heartbeat.take() {
            let beats = heart::pass(questions, heartbeat);
            self.to_kernel.spawn(until_closed("its heartbeat", beats));
        }
        let passing = passing::pass(
            channels,
            links,
            pipe,
            cells,
            splice,
            shutdown,
            self.sender.clone(),
        );
        self.from_kernel.spawn(async {
            passing.await;
            Ok(())
        });
    }

    /// Comes back when one of the tasks has ended, and says why.
    async fn end(&mut self) -> Error {
        loop {
            let ended = tokio::select! {
                Some(ended) = self.ports.join_next() => ended,
                Some(ended) = self.to_kernel.join_next() => ended,
                Some(ended) = self.from_kernel.join_next() => ended,
                Some(error) = self.errors.recv() => return error,
            };
            match ended {
                Ok(Ok(())) => {}
                Ok(Err(error)) => return error,
                Err(error) => return Error::Broken(error),
            }
        }
    }

    /// Passes what the kernel, which has ended, sent last.
    async fn finish(mut self, deadline: Instant) {
        let rest = async { while self.from_kernel.join_next().await.is_some() {} };
        // A message that takes longer is lost, as one is that a front end does not read.
        let _ = timeout_at(deadline, rest).await;
        for peers in &self.front_ends {
            peers.flush(deadline).await;
        }
    }
}

async fn until_closed(
    what: &'static str,
    passing: impl Future<Output = io::Result<()>>,
) -> Result<(), Error> {
    passing
        .await
        .map_err(|source| Error::Closed { what, source })
}

/// How many front ends may be connected to each of the five ports, as far as descriptors go.
fn most_peers() -> usize {
    let limit = getrlimit(Resource::RLIMIT_NOFILE).map_or(0, |(soft, _)| soft);
    (limit.saturating_sub(DESCRIPTORS) / 5).clamp(8, 128) as usize
}

fn write_for_owner(path: &Path, info: &ConnectionInfo) -> io::Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(&serde_json::to_vec(info)?)
}

fn system(what: &'static str) -> impl Fn(io::Error) -> Error {
    move |source| Error::System { what, source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_part_that_breaks_ends_the_relay_and_one_that_is_done_does_not() {
        let mut passing = Passing::default();
        passing.ports.spawn(async { Ok(()) });
        passing.from_kernel.spawn(async { panic!("out of tea") });
        let error = passing.end().await.to_string();
        assert!(error.starts_with("a part of the relay broke: "), "{error}");
        assert!(error.contains("out of tea"), "{error}");
        assert!(error.ends_with("restart the kernel"), "{error}");
    }
}
