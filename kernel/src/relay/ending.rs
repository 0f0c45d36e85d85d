//! What ends the relay, besides the end of the kernel.

use std::env;
use std::io;
use std::os::unix::process::parent_id;
use std::sync::Arc;
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::Notify;

/// How often the relay looks whether Jupyter is still there. Python's kernel looks as often.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// How long a kernel may take to end after a request to shut down. Jupyter waits for five seconds.
const SHUTDOWN: Duration = Duration::from_secs(3);

/// Waits for a signal to end, for the end of Jupyter, or for a shutdown that takes too long.
pub async fn any(shutdown: Arc<Notify>) -> io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
        _ = hang_up.recv() => {}
        () = jupyters_end() => eprintln!("Jupyter has ended without its kernel: the kernel ends, too"),
        () = overdue(&shutdown) => eprintln!("the kernel did not end when it was asked to: it is killed"),
    }
    Ok(())
}

/// Comes back when the Jupyter that started this kernel has vanished.
async fn jupyters_end() {
    let jupyter = parent_id();
    // Jupyter sets this variable for a kernel that is to end together with Jupyter.
    if env::var("JPY_PARENT_PID").is_ok_and(|pid| pid == jupyter.to_string()) {
        while parent_id() == jupyter {
            tokio::time::sleep(LOOK_EVERY).await;
        }
    } else {
        std::future::pending().await
    }
}

async fn overdue(shutdown: &Notify) {
    shutdown.notified().await;
    tokio::time::sleep(SHUTDOWN).await;
}
