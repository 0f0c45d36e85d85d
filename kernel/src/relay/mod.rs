//! Carries messages between Jupyter and evcxr, and what the process of the cells prints.
//!
//! The relay listens where Jupyter's connection file says, and writes a connection file of its own for
//! evcxr. [`splice`](crate::splice) says what becomes of each message; a message that is wrongly signed is
//! dropped before.
//!
//! evcxr shows a cell's rich results once, at the cell's end. So the crate `hitchhiker` sends each display
//! through a named pipe, whose path is in `HITCHHIKER_DISPLAYS`, and prints a mark where the display belongs.
//! The relay puts the display in the place of the mark. [`protocol`](crate::protocol) tells how both look.
//!
//! What reaches the relay's ports may be hostile: `lab/python/tests/hostile.py` tells what was tried.
//!
//! | module | its part |
//! |---|---|
//! | [`life`] | starts all the others, and ends when one of them or the kernel ends |
//! | [`connection`] | reads where Jupyter's front ends and the kernel are to be found |
//! | [`ending`] | waits for what ends the relay besides the kernel's end |
//! | [`port`] | talks with each peer that connects, whatever it does |
//! | [`kernel`] | connects to evcxr |
//! | [`passing`] | runs the state machine, which says what becomes of all that passes |
//! | [`heart`] | passes the question whether evcxr's heart beats |
//! | [`cells`] | reads and writes what the process of the cells writes and reads |
//! | [`pipe`] | reads what the crate `hitchhiker` sends |
//! | [`zmtp`] | speaks the protocol that carries messages |

#[cfg(target_os = "linux")]
mod cells;
#[cfg(not(target_os = "linux"))]
#[path = "no_cells.rs"]
mod cells;
mod connection;
mod ending;
mod heart;
mod kernel;
mod life;
mod passing;
mod pipe;
mod port;
mod zmtp;

pub use life::run;
