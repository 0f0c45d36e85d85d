//! The loads that the guide's own loops are measured with, on tokio.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::Cost;
use crate::flags::Flag;

/// When [`on_tokio`] looks at the memory: all tasks have begun by then, and those of the loads still wait.
const LOOKS_AFTER: Duration = Duration::from_millis(600);

/// What it costs to run all these tasks at the same time on tokio, on this thread alone, to their end.
/// The memory is that in use after 600 ms ([`Cost::of_waiting`]).
///
/// # Errors
///
/// The first error of a task, where one fails or panics, or the error of a system that gives no runtime.
///
/// # Panics
///
/// Within a runtime of tokio's, like every `block_on`.
///
/// ```
/// use hitchhiker::cost::{on_tokio, tokio_sleeper};
/// use std::time::Duration;
///
/// let cost = on_tokio((0..20).map(|_| tokio_sleeper()))?;
/// assert!(cost.took >= Duration::from_secs(1));
/// println!("{cost}");
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn on_tokio<F>(tasks: impl IntoIterator<Item = F>) -> io::Result<Cost>
where
    F: Future<Output = io::Result<()>> + Send + 'static,
{
    let (result, cost) = Cost::of_waiting(LOOKS_AFTER, || {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        runtime.enable_all().build()?.block_on(async {
            let mut running: JoinSet<_> = tasks.into_iter().collect();
            while let Some(ended) = running.join_next().await {
                ended??;
            }
            Ok(())
        })
    });
    result.map(|()| cost)
}

/// A task that sleeps for a second by tokio's timer.
///
/// # Errors
///
/// None; the result is that of [`tokio_get`], so that both can be given to [`on_tokio`].
pub async fn tokio_sleeper() -> io::Result<()> {
    tokio::time::sleep(Duration::from_secs(1)).await;
    Ok(())
}

/// A task that gets Korea's flag from a site by one connection of tokio's, without a pool of connections,
/// redirects or retries.
///
/// # Errors
///
/// What the connection says, or that the answer is not the flag.
///
/// ```
/// use hitchhiker::cost::{on_tokio, tokio_get};
/// use hitchhiker::flags::{FlagServer, Latency};
/// use std::time::Duration;
///
/// let server = FlagServer::start(Latency::fixed(Duration::from_millis(10)))?;
/// let site = server.address();
/// on_tokio((0..20).map(|_| tokio_get(site)))?;
/// # Ok::<(), std::io::Error>(())
/// ```
pub async fn tokio_get(address: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect(address).await?;
    let request = b"GET /data/flags/kr/kr.gif HTTP/1.0\r\n\r\n";
    stream.write_all(request).await?;
    let mut answer = vec![];
    stream.read_to_end(&mut answer).await?;
    let flag = Flag::from_answer("KR", &answer);
    flag.map(drop).map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn an_error_of_a_task_comes_out() {
        let address = || TcpListener::bind("127.0.0.1:0")?.local_addr(); // closed again
        let result = address().and_then(|gone| on_tokio([tokio_get(gone)]));
        assert_eq!(result.unwrap_err().kind(), io::ErrorKind::ConnectionRefused);
    }

    #[test]
    fn a_panic_of_a_task_is_an_error() {
        let result = on_tokio([async { panic!("on purpose") }]);
        assert!(result.unwrap_err().to_string().contains("panic"));
    }
}
