//! A port of the relay, and how it talks with those who connect to it.

use std::io;
use std::sync::{Arc, Once};
use std::time::Duration;

use bytes::Bytes;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{Sender, UnboundedReceiver};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::heart::Heart;
use super::zmtp::{
    self, Allowance, Member, Peers, Queued, Reader, Ready, Received, Strangers, Writer, broken,
};
use crate::splice::message::{Key, Request};

/// How long a peer may take to say who it is.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// How long a port rests when the system refuses it a connection, since no descriptor is free.
const REST: Duration = Duration::from_millis(100);

/// How many bytes a subscriber may send at a time, and how many its subscriptions may take.
const SUBSCRIPTIONS: usize = 1 << 16;

/// Whether stderr has been told that messages are dropped.
static TOLD: Once = Once::new();

/// What a port is for.
#[derive(Clone)]
pub enum Service {
    /// Requests that are signed with the key go on, with the identity of the peer before them.
    Requests(Sender<Request>, Arc<Key>),
    /// Peers subscribe to what is published.
    Outputs,
    /// What a peer sends comes back as long as the kernel's heart beats.
    Heartbeat(Heart),
}

impl Service {
    /// What the port calls itself, and the types of sockets that may connect to that.
    fn types(&self) -> (&'static str, &'static [&'static str]) {
        match self {
            Self::Requests(..) | Self::Heartbeat(_) => ("ROUTER", &["DEALER", "REQ", "ROUTER"]),
            Self::Outputs => ("PUB", &["SUB", "XSUB"]),
        }
    }
}

pub struct Port {
    pub listener: TcpListener,
    pub peers: Peers,
    pub service: Service,
    pub strangers: Strangers,
}

impl Port {
    /// Talks with whoever connects. Goes on whatever they do.
    pub async fn serve(self) {
        let Self {
            listener,
            peers,
            service,
            strangers,
        } = self;
        let mut conversations = JoinSet::new();
        loop {
            tokio::select! {
                accepted = listener.accept() => match accepted {
                    Ok((stream, _)) => {
                        // Where there is no place for the peer, the connection ends here.
                        if let Some((member, queued)) = peers.admit() {
                            let (service, strangers) = (service.clone(), strangers.clone());
                            conversations.spawn(attend(stream, member, queued, service, strangers));
                        }
                    }
                    Err(_) => tokio::time::sleep(REST).await,
                },
                Some(_) = conversations.join_next() => {}
            }
        }
    }
}

/// Talks with a peer until it leaves or has to.
async fn attend(
    stream: TcpStream,
    mut member: Member,
    queued: UnboundedReceiver<Queued>,
    service: Service,
    strangers: Strangers,
) {
    let peer = member.peer().clone();
    tokio::select! {
        () = peer.left() => {}
        // The error is told to nobody: a stranger may do anything, and a peer may leave at any time.
        _ = talk(stream, &mut member, queued, service, strangers) => {}
    }
}

async fn talk(
    mut stream: TcpStream,
    member: &mut Member,
    queued: UnboundedReceiver<Queued>,
    service: Service,
    strangers: Strangers,
) -> io::Result<()> {
    // Without this the system holds short answers back, to send several at once.
    stream.set_nodelay(true)?;
    let (reader, writer) = stream.split();
    let (mut reader, mut writer) = (Reader::new(reader), Writer::new(writer));
    let mut allowance = match service {
        Service::Outputs => Allowance::up_to(SUBSCRIPTIONS),
        Service::Requests(..) | Service::Heartbeat(_) => Allowance::of(&strangers),
    };
    let (ours, theirs) = service.types();
    let ready = Ready {
        socket_type: ours.to_owned(),
        identity: Bytes::new(),
    };
    let peers = timeout(
        HANDSHAKE,
        zmtp::shake_hands(&mut reader, &mut writer, &mut allowance, &ready),
    );
    let Ready {
        socket_type,
        identity,
    } = peers.await??;
    if !theirs.contains(&&*socket_type) {
        return Err(broken("a socket of this type has nothing to seek here"));
    }
    member.introduce(identity);
    tokio::select! {
        ended = listen(reader, allowance, member, &service) => ended,
        ended = speak(writer, queued) => ended,
    }
}

/// Takes what a peer sends.
async fn listen(
    mut reader: Reader<impl tokio::io::AsyncRead + Unpin>,
    mut allowance: Allowance,
    member: &Member,
    service: &Service,
) -> io::Result<()> {
    let peer = member.peer();
    loop {
        allowance.renew();
        match (reader.receive(&mut allowance).await?, service) {
            (Received::Message(message), Service::Requests(requests, key)) => {
                match key.open_request(&message) {
                    Ok(mut request) => {
                        peer.trust();
                        allowance = Allowance::of_the_trusted();
                        request.identities.insert(0, member.identity());
                        requests.send(request).await.map_err(|_| broken("the relay ends"))?;
                    }
                    // This is told only once, because a peer can send thousands of such messages.
                    Err(error) => TOLD.call_once(|| {
                        eprintln!(
                            "a message was dropped: {error}; more of them are dropped without a word"
                        );
                    }),
                }
            }
            (Received::Message(message), Service::Heartbeat(heart)) => {
                heart.beat().await;
                peer.send(message).await;
            }
            (Received::Message(message), Service::Outputs) => {
                if let [change] = &message[..] {
                    subscribe(member, change)?;
                }
            }
            (Received::Command(command), _) => {
                if let Some(pong) = zmtp::pong(&command) {
                    peer.send_command(pong).await;
                } else if let Some(topic) = command.strip_prefix(b"\x09SUBSCRIBE") {
                    subscribe(member, &[&[1], topic].concat())?;
                } else if let Some(topic) = command.strip_prefix(b"\x06CANCEL") {
                    subscribe(member, &[&[0], topic].concat())?;
                }
            }
        }
    }
}

/// Subscribes to the topic after a 1. Ends the subscription to the topic after a 0.
fn subscribe(member: &Member, change: &[u8]) -> io::Result<()> {
    let peer = member.peer();
    match change {
        [1, topic @ ..] => peer.subscribe(Bytes::copy_from_slice(topic)),
        [0, topic @ ..] => peer.unsubscribe(topic),
        _ => {}
    }
    match peer.subscribed() {
        0..=SUBSCRIPTIONS => Ok(()),
        _ => Err(broken("the subscriptions are too many")),
    }
}

/// Sends what waits for the peer.
async fn speak(
    mut writer: Writer<impl tokio::io::AsyncWrite + Unpin>,
    mut queued: UnboundedReceiver<Queued>,
) -> io::Result<()> {
    while let Some(next) = queued.recv().await {
        match next {
            Queued::Message(message, _room) => writer.message(&message).await?,
            Queued::Command(command, _room) => writer.command(&command).await?,
        }
        if queued.is_empty() {
            writer.flush().await?;
        }
    }
    Ok(())
}
