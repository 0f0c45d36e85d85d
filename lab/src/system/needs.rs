//! What a machine must bring along, and how a user gets it.

/// JupyterLab 4.6 runs on this Python and newer ones.
pub const OLDEST_PYTHON: (u32, u32) = (3, 10);

/// How to get Python.
pub const PYTHON_HINT: &str = if cfg!(windows) {
    "`winget install Python.Python.3.13`"
} else if cfg!(target_os = "macos") {
    "`brew install python`"
} else {
    "Debian, Ubuntu: `apt install python3 python3-venv`; Fedora: `dnf install python3`"
};

/// How to get a C compiler.
pub const C_COMPILER_HINT: &str = if cfg!(target_os = "macos") {
    "`xcode-select --install`"
} else {
    "Debian, Ubuntu: `apt install build-essential`; Fedora: `dnf install gcc`"
};
