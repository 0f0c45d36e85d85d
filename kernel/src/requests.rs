//! What Jupyter asks and the kernel answers: passed as it is.

use jupyter_protocol::Header;
use jupyter_zmq_client::{Connection, RawMessage};
use tokio::task::JoinSet;
use zeromq::{
    DealerRecvHalf, DealerSendHalf, DealerSocket, RouterRecvHalf, RouterSendHalf, RouterSocket,
    SocketRecv, SocketSend, ZmqMessage,
};

/// Passes the requests that `may_pass`, and all answers.
pub fn pass(
    tasks: &mut JoinSet<()>,
    front_ends: RouterSocket,
    kernel: DealerSocket,
    may_pass: impl FnMut(&ZmqMessage) -> bool + Send + 'static,
) {
    let (to_front_ends, from_front_ends) = front_ends.split();
    let (to_kernel, from_kernel) = kernel.split();
    tasks.spawn(requests(from_front_ends, to_kernel, may_pass));
    tasks.spawn(answers(from_kernel, to_front_ends));
}

async fn requests(
    mut front_ends: RouterRecvHalf,
    mut kernel: DealerSendHalf,
    mut may_pass: impl FnMut(&ZmqMessage) -> bool,
) {
    while let Ok(message) = front_ends.recv().await {
        if may_pass(&message) && kernel.send(message).await.is_err() {
            return; // the kernel has ended, and the relay is about to
        }
    }
}

async fn answers(mut kernel: DealerRecvHalf, mut front_ends: RouterSendHalf) {
    while let Ok(message) = kernel.recv().await {
        // A front end may have left without its answer.
        let _ = front_ends.send(message).await;
    }
}

/// Takes a message apart if it is signed with the key of `connection`.
pub fn verifier<S>(
    connection: &Connection<S>,
) -> impl Fn(&ZmqMessage) -> Option<RawMessage> + Send + use<S> {
    let key = connection.mac.clone();
    move |message| {
        RawMessage::from_multipart(message.clone(), &key)
            .inspect_err(|error| {
                eprintln!("a message that is not rightly signed was dropped: {error}")
            })
            .ok()
    }
}

/// The header of a message, if it has one.
pub fn header(message: &RawMessage) -> Option<Header> {
    serde_json::from_slice(&message.jparts[0]).ok()
}
