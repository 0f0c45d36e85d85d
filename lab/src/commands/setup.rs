//! The set-up: what can be told at once is looked at first, then the long steps run.

use crate::steps::{cargo_home, dependencies, environment, evcxr, kernel, programs, rust_src};
use crate::system::error::Error;
use crate::system::layout::Layout;
use crate::system::{files, machine};

/// Makes what is missing. Run again after an interruption, it goes on with what is left.
pub fn run(layout: &Layout) -> Result<(), Error> {
    let library = machine::rust_src()?;
    machine::c_compiler()?;
    evcxr::check(layout)?;
    let _lock = files::lock(&layout.lab())?;
    files::make_folder(&layout.jupyter_home())?;
    environment::ensure(layout)?;
    evcxr::ensure(layout)?;
    programs::build(layout)?;
    kernel::install(layout)?;
    let faster = rust_src::copy(layout, &library)
        .and_then(|()| cargo_home::make(layout))
        .and_then(|()| dependencies::make(layout));
    if let Err(error) = faster {
        // The guide works without, each kernel compiles for minutes then.
        eprintln!("warning: kernels will start slowly: {error}");
    }
    Ok(())
}
