//! Who is connected to a port of the relay's, and what waits to be sent to each.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;

use super::frame::{self, Message};

/// How many bytes may wait for one peer. A single message may be longer.
const ROOM: usize = 8 << 20;

/// How long others wait for a peer that has no room, before that peer is disconnected.
const PATIENCE: Duration = Duration::from_secs(2);

/// The peers of one port.
#[derive(Clone)]
pub struct Peers {
    most: usize,
    table: Arc<Mutex<Table>>,
}

#[derive(Default)]
struct Table {
    admitted: u64,
    /// The peers by number: the one that came first stands first.
    peers: BTreeMap<u64, Arc<Peer>>,
    /// The number of the peer behind each identity. A peer that connects again under an identity takes it
    /// over.
    identities: HashMap<Bytes, u64>,
}

impl Peers {
    /// No peers yet, and never more than `most`.
    pub fn new(most: usize) -> Self {
        Self {
            most,
            table: Arc::default(),
        }
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Admits a peer. When every place is taken, the oldest peer that has not shown the key has to leave. Where
    /// all have shown it, the new peer gets no place.
    pub fn admit(&self) -> Option<(Member, UnboundedReceiver<Queued>)> {
        let mut table = self.table();
        if table.peers.len() >= self.most {
            let strange = |peer: &&Arc<Peer>| !peer.is_trusted() && !peer.leaves();
            table.peers.values().find(strange)?.leave();
        }
        let (queue, queued) = unbounded_channel();
        let peer = Arc::new(Peer {
            queue,
            room: Arc::new(Semaphore::new(ROOM)),
            leave: CancellationToken::new(),
            trusted: AtomicBool::new(false),
            topics: Mutex::default(),
        });
        table.admitted += 1;
        let number = table.admitted;
        table.peers.insert(number, peer.clone());
        let member = Member {
            peers: self.clone(),
            number,
            peer,
            identity: Bytes::new(),
        };
        Some((member, queued))
    }

    /// Sends an answer to the peer whose identity is the first frame. Where that peer has left, nothing is sent.
    pub async fn answer(&self, mut message: Message) {
        if message.is_empty() {
            return;
        }
        let identity = message.remove(0);
        let peer = {
            let table = self.table();
            let number = table.identities.get(&identity);
            number.and_then(|number| table.peers.get(number)).cloned()
        };
        if let Some(peer) = peer {
            peer.send_by(message, Instant::now() + PATIENCE).await;
        }
    }

    /// Sends a message to each peer that wants its topic.
    pub async fn publish(&self, message: Message) {
        let topic = message.first().cloned().unwrap_or_default();
        let mut waiting: Vec<_> = {
            let table = self.table();
            table
                .peers
                .values()
                .filter(|peer| peer.wants(&topic))
                .cloned()
                .collect()
        };
        waiting.retain(|peer| !peer.send_now(&message));
        let deadline = Instant::now() + PATIENCE;
        for peer in waiting {
            peer.send_by(message.clone(), deadline).await;
        }
    }

    /// Waits until everything is sent, or `deadline`.
    pub async fn flush(&self, deadline: Instant) {
        let peers: Vec<_> = self.table().peers.values().cloned().collect();
        for peer in peers {
            // All of a peer's room is free when nothing waits for the peer. One that has left has closed its room.
            let _ = timeout_at(deadline, peer.room.acquire_many(ROOM as u32)).await;
        }
    }
}

/// A peer's place among the others, for as long as the connection lasts.
pub struct Member {
    peers: Peers,
    number: u64,
    peer: Arc<Peer>,
    identity: Bytes,
}

impl Member {
    pub fn peer(&self) -> &Arc<Peer> {
        &self.peer
    }

    /// What the peer is called in messages.
    pub fn identity(&self) -> Bytes {
        self.identity.clone()
    }

    /// Gives the peer the identity that it asks for. A peer that asks for none gets one that no other has.
    pub fn introduce(&mut self, identity: Bytes) {
        self.identity = match identity.is_empty() {
            // No peer may ask for an identity that begins with a zero.
            true => [b"\0", &self.number.to_be_bytes()[..]].concat().into(),
            false => identity,
        };
        let mut table = self.peers.table();
        table.identities.insert(self.identity.clone(), self.number);
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        self.peer.room.close();
        let mut table = self.peers.table();
        table.peers.remove(&self.number);
        if table.identities.get(&self.identity) == Some(&self.number) {
            table.identities.remove(&self.identity);
        }
    }
}

/// What waits to be sent, and the room that it takes.
pub enum Queued {
    Message(Message, OwnedSemaphorePermit),
    Command(Vec<u8>, OwnedSemaphorePermit),
}

pub struct Peer {
    queue: UnboundedSender<Queued>,
    room: Arc<Semaphore>,
    leave: CancellationToken,
    trusted: AtomicBool,
    /// The peer has subscribed to the messages that begin with one of these.
    topics: Mutex<Vec<Bytes>>,
}

impl Peer {
    /// The peer has shown the key.
    pub fn trust(&self) {
        self.trusted.store(true, Ordering::Relaxed);
    }

    fn is_trusted(&self) -> bool {
        self.trusted.load(Ordering::Relaxed)
    }

    fn leave(&self) {
        self.leave.cancel();
    }

    fn leaves(&self) -> bool {
        self.leave.is_cancelled()
    }

    /// Waits until the peer is to leave.
    pub async fn left(&self) {
        self.leave.cancelled().await;
    }

    fn topics(&self) -> MutexGuard<'_, Vec<Bytes>> {
        self.topics.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wants(&self, topic: &[u8]) -> bool {
        self.topics().iter().any(|begin| topic.starts_with(begin))
    }

    /// How many bytes the subscriptions take.
    pub fn subscribed(&self) -> usize {
        frame::size(&self.topics())
    }

    pub fn subscribe(&self, topic: Bytes) {
        self.topics().push(topic);
    }

    pub fn unsubscribe(&self, topic: &[u8]) {
        let mut topics = self.topics();
        if let Some(index) = topics.iter().position(|other| other == topic) {
            topics.swap_remove(index);
        }
    }

    /// Sends a message as soon as there is room for it.
    pub async fn send(&self, message: Message) {
        if let Ok(permit) = self.room.clone().acquire_many_owned(room(&message)).await {
            self.enqueue(Queued::Message(message, permit));
        }
    }

    /// Sends a command as soon as there is room for it.
    pub async fn send_command(&self, command: Vec<u8>) {
        let length = command.len().min(ROOM) as u32;
        if let Ok(permit) = self.room.clone().acquire_many_owned(length).await {
            self.enqueue(Queued::Command(command, permit));
        }
    }

    /// Sends a message if there is room for it. Returns false if the message still has to be sent.
    fn send_now(&self, message: &Message) -> bool {
        match self.room.clone().try_acquire_many_owned(room(message)) {
            Ok(permit) => self.enqueue(Queued::Message(message.clone(), permit)),
            Err(_) => return self.leaves(),
        }
        true
    }

    /// Sends a message as soon as there is room for it. A peer that makes no room before `deadline` is
    /// disconnected: it does not read, and others wait for it.
    async fn send_by(&self, message: Message, deadline: Instant) {
        let sent = async {
            tokio::select! {
                () = self.left() => {}
                () = self.send(message) => {}
            }
        };
        if timeout_at(deadline, sent).await.is_err() {
            eprintln!("a front end that does not read what it is sent was disconnected");
            self.leave();
        }
    }

    fn enqueue(&self, queued: Queued) {
        // This fails only when the connection has just ended.
        let _ = self.queue.send(queued);
    }
}

fn room(message: &Message) -> u32 {
    frame::size(message).min(ROOM) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(length: usize) -> Message {
        vec![vec![0; length].into()]
    }

    fn subscriber(peers: &Peers) -> (Member, UnboundedReceiver<Queued>) {
        let (member, queued) = peers.admit().expect("a place");
        member.peer().subscribe(Bytes::new());
        (member, queued)
    }

    fn waiting(queued: &UnboundedReceiver<Queued>) -> usize {
        queued.len()
    }

    #[tokio::test(start_paused = true)]
    async fn a_subscriber_that_reads_nothing_is_left_and_others_get_everything() {
        let peers = Peers::new(9);
        let (slow, slow_queue) = subscriber(&peers);
        let (_other, mut queue) = subscriber(&peers);
        let begin = Instant::now();
        for _ in 0..100 {
            peers.publish(message(1 << 20)).await;
            assert!(queue.recv().await.is_some());
        }
        assert!(slow.peer().leaves());
        assert!(waiting(&slow_queue) < 9);
        assert!(Instant::now() < begin + 2 * PATIENCE);
    }

    #[tokio::test(start_paused = true)]
    async fn a_peer_that_reads_is_waited_for() {
        let peers = Peers::new(9);
        let (reader, mut queue) = subscriber(&peers);
        let publishing = async {
            for _ in 0..100 {
                peers.publish(message(1 << 20)).await;
            }
        };
        let reading = async {
            for _ in 0..100 {
                tokio::time::sleep(PATIENCE / 2).await;
                queue.recv().await;
            }
        };
        tokio::join!(publishing, reading);
        assert!(!reader.peer().leaves());
    }

    #[tokio::test(start_paused = true)]
    async fn one_message_may_be_longer_than_the_room() {
        let peers = Peers::new(9);
        let (_member, mut queue) = subscriber(&peers);
        for _ in 0..3 {
            peers.publish(message(2 * ROOM)).await;
            assert!(queue.recv().await.is_some());
        }
    }

    #[tokio::test]
    async fn where_peers_are_too_many_the_first_that_never_showed_the_key_leaves() {
        let peers = Peers::new(3);
        let members: Vec<_> = (0..3).filter_map(|_| peers.admit()).collect();
        members[0].0.peer().trust();
        let late = peers.admit().expect("a place");
        let leave: Vec<_> = members.iter().map(|(it, _)| it.peer().leaves()).collect();
        assert_eq!(leave, [false, true, false]);
        for (member, _) in members.iter().chain([&late]) {
            member.peer().trust();
        }
        assert!(peers.admit().is_none(), "no place without the key");
    }

    #[tokio::test]
    async fn an_answer_goes_to_the_newest_peer_of_an_identity_and_nowhere_once_that_is_gone() {
        let peers = Peers::new(9);
        let to_twin = vec![Bytes::from_static(b"twin"), Bytes::from_static(b"x")];
        let (mut old, old_queue) = peers.admit().expect("a place");
        old.introduce(Bytes::from_static(b"twin"));
        let (mut new, new_queue) = peers.admit().expect("a place");
        new.introduce(Bytes::from_static(b"twin"));
        peers.answer(to_twin.clone()).await;
        assert_eq!((waiting(&old_queue), waiting(&new_queue)), (0, 1));
        drop(old);
        peers.answer(to_twin.clone()).await;
        assert_eq!(waiting(&new_queue), 2);
        drop(new);
        peers.answer(to_twin).await;
        peers.answer(Message::new()).await;
        assert_eq!(peers.table().identities.len(), 0);
    }

    #[tokio::test]
    async fn a_message_goes_to_those_that_want_its_topic() {
        let peers = Peers::new(9);
        let (member, queue) = peers.admit().expect("a place");
        peers.publish(message(1)).await;
        member.peer().subscribe(Bytes::from_static(b"\0"));
        peers.publish(message(1)).await;
        peers.publish(vec![Bytes::from_static(b"other")]).await;
        member.peer().unsubscribe(b"\0");
        peers.publish(message(1)).await;
        assert_eq!(waiting(&queue), 1);
    }
}
