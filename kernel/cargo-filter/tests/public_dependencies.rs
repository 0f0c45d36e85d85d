//! Whether the list of what a crate's interface shows is that of the crate itself, as rustdoc tells it.
#![cfg(unix)]

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

#[path = "../src/shown.rs"]
mod shown;

/// rustdoc gives JSON to those alone who ask as a nightly Rust would. Only rustdoc is to be asked so: what
/// is compiled would be compiled anew.
const RUSTDOC: &str = "#!/bin/sh\nRUSTC_BOOTSTRAP=1 exec rustdoc \"$@\"\n";

/// The interface of a crate of the workspace, with all its features.
fn interface(package: &str) -> Value {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let rustdoc = folder.join("rustdoc-json");
    fs::write(&rustdoc, RUSTDOC).expect("written");
    fs::set_permissions(&rustdoc, fs::Permissions::from_mode(0o755)).expect("executable");
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let status = Command::new(env!("CARGO"))
        .args(["rustdoc", "--quiet", "--locked", "--all-features", "--lib"])
        .args(["--package", package, "--target-dir"])
        .arg(folder)
        .args(["--", "-Zunstable-options", "--output-format=json"])
        .env("RUSTDOC", rustdoc)
        .current_dir(workspace)
        .status();
    assert!(status.expect("cargo starts").success());
    let json = folder.join("doc").join(format!("{package}.json"));
    serde_json::from_slice(&fs::read(json).expect("written by rustdoc")).expect("JSON")
}

/// The crates, but for those of Rust itself, whose items the interface names.
fn named_crates(interface: &Value) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    for item in interface["index"].as_object().expect("items").values() {
        // Among the items are those that other crates implement for every type.
        let file = item["span"]["filename"].as_str().unwrap_or_default();
        if file.starts_with("support-crate") {
            named_items(&item["inner"], &mut ids);
        }
    }
    let crates = ids.iter().map(|id| {
        let path = &interface["paths"][id];
        &interface["external_crates"][path["crate_id"].to_string()]["name"]
    });
    let named = crates.filter_map(|name| Some(name.as_str()?.to_owned()));
    named
        .filter(|name| !["alloc", "core", "std"].contains(&name.as_str()))
        .collect()
}

/// A type or a trait is named with its path and its id.
fn named_items(json: &Value, ids: &mut BTreeSet<String>) {
    match json {
        Value::Object(object) => {
            if let (Some(Value::Number(id)), Some(Value::String(_))) =
                (object.get("id"), object.get("path"))
            {
                ids.insert(id.to_string());
            }
            object.values().for_each(|value| named_items(value, ids));
        }
        Value::Array(array) => array.iter().for_each(|value| named_items(value, ids)),
        _ => {}
    }
}

/// What the list has of a crate, and of the crates that it has of that one.
fn listed_below(name: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (crate_, shown) in shown::SHOWN {
        if crate_ == name {
            for below in shown {
                found.insert(below.replace('-', "_"));
                found.extend(listed_below(below));
            }
        }
    }
    found
}

#[test]
fn the_guides_crate_shows_no_crate_that_a_kernel_does_not_read() {
    let named = named_crates(&interface("hitchhiker"));
    assert!(named.contains("reqwest"), "{named:?}");
    let listed = listed_below("hitchhiker");
    let missing: Vec<_> = named.difference(&listed).collect();
    assert!(missing.is_empty(), "{missing:?} are not in SHOWN");
}
