//! The flag server is a site like the original's, goes wrong as it is told, and counts it all.
#![cfg(feature = "flags")]

mod counts;
mod faults;
mod raw_client;
mod site;
