//! ZMTP 3, the protocol of ZeroMQ: as much of it as Jupyter's channels need.
//!
//! The crate `zeromq` holds one thread's locks while it waits for a peer, and trusts the lengths that peers
//! claim; libzmq, which Jupyter uses, counts what waits in messages, not in bytes, and needs a C++ compiler.
//! Here nothing waits for a peer without an end, and nothing that a peer sends or does not read takes
//! memory without a limit.
//!
//! | module | its part |
//! |---|---|
//! | [`frame`] | what goes over a connection, byte by byte |
//! | [`allowance`] | how much memory the messages of a peer may take |
//! | [`handshake`] | how two sockets introduce themselves |
//! | [`peers`] | who is connected, and what waits to be sent to each |

mod allowance;
mod frame;
mod handshake;
mod peers;

pub use allowance::{Allowance, Strangers};
pub use frame::{Message, Reader, Received, Writer, broken, pong};
pub use handshake::{Ready, shake_hands};
pub use peers::{Member, Peers, Queued};
