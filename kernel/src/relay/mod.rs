//! Stands between Jupyter and evcxr, and shows at once what a cell shows.
//!
//! The relay listens where Jupyter's connection file says, and writes a connection file of its own for
//! evcxr. Every message passes as it came, signature included; a message that is wrongly signed is dropped.
//!
//! evcxr shows a cell's rich results once, at the cell's end, and reads what a cell prints only until then.
//! So the crate `hitchhiker` sends each display through a named pipe, whose path stands in
//! `HITCHHIKER_DISPLAYS`, and prints a mark where the display belongs. The relay puts the display in the
//! place of the mark. [`protocol`](crate::protocol) tells how both look.
//!
//! On two cores the relay added 0.05 ms to an answer on the control channel and 0.11 ms to one on the shell
//! channel with its two statuses (medians of 300): `cargo lab bench relay` measures that anew. What
//! reaches the relay's ports may be hostile: `lab/python/tests/hostile.py` tells what was tried.
//!
//! | module | its part |
//! |---|---|
//! | [`life`] | starts all the others, and ends when one of them or the kernel ends |
//! | [`connection`] | reads where Jupyter's front ends and the kernel are to be found |
//! | [`ending`] | waits for what ends the relay besides the kernel's end |
//! | [`port`] | talks with whoever connects, whatever they do |
//! | [`kernel`] | connects to evcxr |
//! | [`requests`] | passes what Jupyter asks and evcxr answers, one cell after the other |
//! | [`reading`] | asks evcxr what makes it read ahead, while the reader still reads |
//! | [`heart`] | passes the question whether evcxr's heart beats |
//! | [`outputs`] | passes what evcxr tells everybody, with displays in the places of their marks |
//! | [`displays`] | says which display is sent when |
//! | [`pipe`] | reads what the crate `hitchhiker` sends |
//! | [`printed`] | finds out when all that a cell has printed is through |
//! | [`message`] | takes Jupyter's messages apart, and signs them |
//! | [`zmtp`] | speaks the protocol that carries them |

mod connection;
mod displays;
mod ending;
mod heart;
mod kernel;
mod life;
mod message;
mod outputs;
mod pipe;
mod port;
mod printed;
mod reading;
mod requests;
mod zmtp;

pub use life::run;
