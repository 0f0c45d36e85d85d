//! The exercise on the way of chapter 11.

use std::io;

use tokio::runtime::Builder;

use super::report::Report;
use crate::flags::{Flag, FlagServer, Site};

/// How fast the server sends: an answer of 4,000 bytes takes 400 ms.
const BYTES_PER_SECOND: u32 = 10_000;

/// Checks `keeps_reading`, the exercise on the way of chapter 11: it asks for the flag of Korea, counts
/// ticks while the answer arrives, and loses no byte of it. It returns the answer, from the head to the
/// last byte, and the number of ticks.
///
/// ```
/// use hitchhiker::check;
/// use hitchhiker::flags::FlagServer;
///
/// async fn keeps_reading(_server: &FlagServer) -> std::io::Result<(Vec<u8>, u32)> {
///     Ok((vec![], 0))
/// }
/// let said = check::keeps_reading(keeps_reading).to_string();
/// assert!(said.starts_with("✗ the whole flag arrives, 3927 bytes; yours has 0 bytes of it"));
/// ```
pub fn keeps_reading(
    keeps_reading: impl AsyncFn(&FlagServer) -> io::Result<(Vec<u8>, u32)> + Send + 'static,
) -> Report {
    Report::on(move |cases| {
        let mut ticks = None;
        cases.expect("the whole flag arrives, 3927 bytes", || {
            let (answer, ticked) =
                answer(keeps_reading).map_err(|e| format!("yours raised {e}"))?;
            ticks = Some(ticked);
            let head = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n");
            let gif = head.map_or(&[][..], |head| &answer[head + 4..]);
            match Flag::from_gif("KR", gif) {
                Ok(_) => Ok(()),
                Err(_) => Err(format!("yours has {} bytes of it", gif.len())),
            }
        });
        cases.expect("it ticks while it reads", || match ticks {
            Some(0) => Err("yours never ticks".to_owned()),
            Some(_) => Ok(()),
            None => Err("yours has not come so far".to_owned()),
        });
    })
}

fn answer(
    keeps_reading: impl AsyncFn(&FlagServer) -> io::Result<(Vec<u8>, u32)>,
) -> io::Result<(Vec<u8>, u32)> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let server = FlagServer::start(Site::new().bandwidth(BYTES_PER_SECOND))?;
    runtime.block_on(keeps_reading(&server))
}
