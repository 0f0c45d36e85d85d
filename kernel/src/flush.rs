use std::ffi::c_void;
use std::io::{self, Write};

/// Prints what a cell has left in the buffer of stdout. evcxr's process calls this as it calls a cell, and gets
/// back the variables that it gives.
#[unsafe(no_mangle)]
pub extern "C" fn flush(variables: *mut c_void) -> *mut c_void {
    let _ = io::stdout().flush();
    variables
}
