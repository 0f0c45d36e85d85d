//! `cargo lab setup`: first looks whether the machine has what is needed, then runs the steps that take long.

use std::env;

use crate::steps::{cargo_home, dependencies, environment, evcxr, kernel, programs, rust_src};
use crate::system::error::Error;
use crate::system::layout::Layout;
use crate::system::together::{self, Step};
use crate::system::{files, machine};

/// Makes what is missing. After an interruption, another run goes on with what is left.
pub fn run(layout: &Layout) -> Result<(), Error> {
    machine::path(layout.root())?;
    let library = machine::rust_src()?;
    machine::c_compiler()?;
    machine::temporary_folder(&env::temp_dir())?;
    evcxr::check(layout)?;
    let _lock = files::lock(&layout.lab())?;
    files::make_folder(&layout.jupyter_home())?;
    let (mut sources, mut crates) = (Ok(()), Ok(()));
    let steps: Vec<Step<'_>> = vec![
        Box::new(|| environment::ensure(layout)),
        Box::new(|| evcxr::ensure(layout)),
        Box::new(|| {
            programs::build(layout)?;
            crates = cargo_home::make(layout);
            Ok(())
        }),
        Box::new(|| {
            sources = rust_src::copy(layout, &library);
            Ok(())
        }),
    ];
    together::run(steps)?;
    kernel::install(layout)?;
    let faster = sources
        .and(crates)
        .and_then(|()| dependencies::make(layout));
    faster.map_err(|error| Error::Slow {
        because: Box::new(error),
    })
}
