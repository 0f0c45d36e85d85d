//! Which crates show in the interfaces of the crates that the guide brings.

/// A crate, and those of its dependencies that its public items name, with the macros that define some of
/// them. A crate that is not listed keeps all its dependencies. A test holds the list of the guide's own crate
/// against the crate's interface.
pub const SHOWN: [(&str, &[&str]); 5] = [
    (
        "hitchhiker",
        &[
            "futures-core",
            "gif",
            "hitchhiker-macros",
            "httparse",
            "pin-project-lite",
            "reqwest",
        ],
    ),
    ("gif", &[]),
    ("reqwest", &["bytes", "http", "pin-project-lite", "url"]),
    ("tokio", &["bytes", "pin-project-lite"]),
    ("url", &["form_urlencoded"]),
];
