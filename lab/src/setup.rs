//! The set-up: what can be told at once is looked at first, then the long steps run.

use crate::error::Error;
use crate::kernel::Dependencies;
use crate::layout::Layout;
use crate::{environment, jupyter, kernel, machine, process, relay, rust_src};

/// Makes what is missing. Run again after an interruption, it goes on with what is left.
pub fn run(layout: &Layout) -> Result<(), Error> {
    let library = machine::rust_src()?;
    machine::c_compiler()?;
    kernel::check(layout)?;
    let _lock = process::lock(&layout.made())?;
    process::make_folder(&layout.jupyter_home())?;
    environment::ensure(layout)?;
    kernel::build(layout)?;
    relay::build(layout)?;
    let rust_src = rust_src::copy(layout, &library)?;
    kernel::install(layout, &rust_src)?;
    let dependencies = match jupyter::warm(layout) {
        Ok(()) => Dependencies::Compiled,
        Err(error) => {
            eprintln!("warning: {error}");
            Dependencies::Missing
        }
    };
    kernel::configure(layout, dependencies)
}
