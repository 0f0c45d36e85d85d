//! The relay's life, from its start to its end.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use jupyter_protocol::ConnectionInfo;
use tokio::sync::Notify;
use tokio::task::{JoinHandle, JoinSet};

use crate::connection::{self, FrontEnds, Kernel};
use crate::error::Error;
use crate::evcxr::Evcxr;
use crate::guard::{self, Guard};
use crate::pipe::Pipe;
use crate::requests::{Gate, Verdict};
use crate::{ending, outputs, requests};

/// How long a message that the kernel sent last may take through the relay.
const LAST_WORDS: Duration = Duration::from_millis(50);

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
    let front_ends = FrontEnds::listen(&outer).await?;
    let inner = connection::inner(&outer).await?;
    let folder = guard::make_folder()?;
    let (file, displays) = (
        folder.path().join("kernel.json"),
        folder.path().join("displays"),
    );
    write_for_owner(&file, &inner).map_err(system("the kernel's connection file"))?;
    let pipe = Pipe::make(&displays).map_err(system("a named pipe"))?;

    let mut guard = Guard::start(folder.path(), evcxr, &file, &displays)?;
    let shutdown = Arc::new(Notify::new());
    let mut tasks = JoinSet::new();
    let mut ending = pin!(ending::any(shutdown.clone()));
    let listen = system("to listen for signals");
    let connected = tokio::select! {
        () = guard.ended() => Some(Err(Error::KernelEnded)),
        ended = &mut ending => ended.err().map(|source| Err(listen(source))),
        kernel = Kernel::connect(&inner) => Some(kernel),
    };
    let result = match connected {
        None => Ok(()),
        Some(Err(error)) => Err(error),
        Some(Ok(kernel)) => {
            let outputs = pass(&mut tasks, front_ends, kernel, pipe, shutdown);
            tokio::select! {
                () = guard.ended() => Ok(()),
                ended = ending => ended.map_err(listen),
                _ = outputs => Ok(()),
            }
        }
    };
    guard.end().await;
    tokio::time::sleep(LAST_WORDS).await;
    result
}

/// Passes everything both ways, until the outputs end.
fn pass(
    tasks: &mut JoinSet<()>,
    front_ends: FrontEnds,
    kernel: Kernel,
    pipe: Pipe,
    shutdown: Arc<Notify>,
) -> JoinHandle<()> {
    let gate = Gate::default();
    let (signed, closing) = (requests::verifier(&front_ends.shell), gate.clone());
    requests::pass(
        tasks,
        front_ends.shell.socket,
        kernel.shell.socket,
        move |message| match signed(message).map(|parts| requests::header(&parts)) {
            Some(Some(header)) if header.msg_type == "execute_request" => {
                Verdict::Closes(closing.clone())
            }
            Some(_) => Verdict::Passes,
            None => Verdict::Dropped,
        },
    );
    let signed = requests::verifier(&front_ends.stdin);
    requests::pass(
        tasks,
        front_ends.stdin.socket,
        kernel.stdin.socket,
        move |message| match signed(message) {
            Some(_) => Verdict::Passes,
            None => Verdict::Dropped,
        },
    );
    let signed = requests::verifier(&front_ends.control);
    let control = move |message: &_| {
        let header = signed(message).map(|parts| requests::header(&parts));
        if let Some(Some(header)) = &header
            && header.msg_type == "shutdown_request"
        {
            shutdown.notify_one();
        }
        match header {
            Some(_) => Verdict::Passes,
            None => Verdict::Dropped,
        }
    };
    requests::pass(
        tasks,
        front_ends.control.socket,
        kernel.control.socket,
        control,
    );
    requests::pass(tasks, front_ends.heartbeat, kernel.heartbeat, |_| {
        Verdict::Passes
    });
    tokio::spawn(async {
        if let Err(error) = outputs::pass(kernel.outputs, front_ends.outputs, pipe, gate).await {
            eprintln!("the kernel's outputs ended: {error}");
        }
    })
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
