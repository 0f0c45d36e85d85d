//! The tools of commands and steps: programs, steps side by side, files, the machine, Jupyter, containers.

pub mod containers;
pub mod error;
pub mod files;
pub mod jupyter;
pub mod layout;
pub mod listing;
pub mod machine;
pub mod needs;
pub mod process;
pub mod repository;
pub mod together;
