//! The commands of `cargo lab`, one file each.

pub mod bench;
pub mod class;
pub mod doctor;
pub mod image;
pub mod open;
pub mod render;
pub mod screenshots;
pub mod setup;
pub mod site;
pub mod test;
