//! The set-up: what can be told at once is looked at first, then the long steps run.

use crate::error::Error;
use crate::layout::Layout;
use crate::{cargo_home, environment, kernel, machine, process, programs, rust_src, warm};

/// Makes what is missing. Run again after an interruption, it goes on with what is left.
pub fn run(layout: &Layout) -> Result<(), Error> {
    let library = machine::rust_src()?;
    machine::c_compiler()?;
    kernel::check(layout)?;
    let _lock = process::lock(&layout.made())?;
    process::make_folder(&layout.jupyter_home())?;
    environment::ensure(layout)?;
    kernel::build(layout)?;
    programs::build(layout)?;
    kernel::install(layout)?;
    let faster = rust_src::copy(layout, &library)
        .and_then(|()| cargo_home::make(layout))
        .and_then(|()| warm::make(layout));
    if let Err(error) = faster {
        // The guide works without, each kernel compiles for minutes then.
        eprintln!("warning: kernels will start slowly: {error}");
    }
    Ok(())
}
