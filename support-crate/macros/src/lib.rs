//! The macros of the `hitchhiker` crate.
