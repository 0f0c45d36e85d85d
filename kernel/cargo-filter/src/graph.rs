//! What of a dependency graph a kernel has to read.
//!
//! The kernel's rust-analyzer learns from `cargo metadata` which crates there are, then reads the sources
//! of all of them, to tell the type of each variable of a cell. Of a hundred crates, a cell can name only those
//! that it depends on and those that show in their interfaces. To read the others costs each start more than
//! half of its time and memory, for nothing.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use crate::shown::SHOWN;

/// Cuts from `metadata`, the answer of `cargo metadata`, what no cell can name: the private dependencies of
/// the guide's crates, what procedural macros are made with, and what only builds. `None` where the answer
/// does not look as cargo documents it.
pub fn cut(mut metadata: Value) -> Option<Value> {
    let root = root(&metadata)?.to_owned();
    let mut packages = HashMap::new();
    for package in metadata["packages"].as_array()? {
        packages.insert(package["id"].as_str()?, package);
    }
    let mut shown = HashMap::new();
    for node in metadata["resolve"]["nodes"].as_array()? {
        let id = node["id"].as_str()?;
        let package = packages.get(id)?;
        let mut to = HashSet::new();
        for dependency in node["deps"].as_array()? {
            let on = dependency["pkg"].as_str()?;
            if is_linked(dependency) && is_shown(package, packages.get(on)?) {
                to.insert(on.to_owned());
            }
        }
        shown.insert(id.to_owned(), to);
    }
    let mut kept = HashSet::new();
    let mut open = vec![root];
    while let Some(id) = open.pop() {
        if kept.insert(id.clone()) {
            open.extend(shown.get(&id)?.iter().cloned());
        }
    }
    let is_kept = |id: &Value| id.as_str().is_some_and(|id| kept.contains(id));
    metadata["packages"]
        .as_array_mut()?
        .retain(|package| is_kept(&package["id"]));
    let nodes = metadata["resolve"]["nodes"].as_array_mut()?;
    nodes.retain(|node| is_kept(&node["id"]));
    for node in nodes {
        let shown = shown.get(node["id"].as_str()?)?;
        let is_shown = |id: &Value| id.as_str().is_some_and(|id| shown.contains(id));
        node["dependencies"].as_array_mut()?.retain(is_shown);
        node["deps"]
            .as_array_mut()?
            .retain(|it| is_shown(&it["pkg"]));
    }
    Some(metadata)
}

fn root(metadata: &Value) -> Option<&str> {
    let root = metadata["resolve"]["root"].as_str();
    root.or_else(|| metadata["workspace_members"][0].as_str())
}

/// A dependency of kind `null` is one that the crate's own code uses.
fn is_linked(dependency: &Value) -> bool {
    let kinds = dependency["dep_kinds"].as_array();
    kinds.is_none_or(|kinds| kinds.iter().any(|kind| kind["kind"].is_null()))
}

fn is_shown(package: &Value, dependency: &Value) -> bool {
    let listed = SHOWN.iter().find(|(name, _)| package["name"] == *name);
    !is_proc_macro(package)
        && listed.is_none_or(|(_, shown)| shown.iter().any(|name| dependency["name"] == *name))
}

fn is_proc_macro(package: &Value) -> bool {
    let targets = package["targets"].as_array().into_iter().flatten();
    let kinds = targets.filter_map(|target| target["kind"].as_array());
    kinds.flatten().any(|kind| kind == "proc-macro")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// A package: its name, its kind of target, its dependencies with their kinds.
    type Package<'a> = (&'a str, &'a str, &'a [(&'a str, Option<&'a str>)]);

    /// The answer for a graph of packages, the first its root.
    fn metadata(graph: &[Package<'_>]) -> Value {
        let packages = graph.iter().map(|(name, kind, _)| {
            json!({"id": format!("{name} 1"), "name": name, "targets": [{"kind": [kind]}]})
        });
        let nodes = graph.iter().map(|(name, _, on)| {
            let ids: Vec<_> = on.iter().map(|(on, _)| format!("{on} 1")).collect();
            let deps = on.iter().map(|(on, kind)| {
                json!({"pkg": format!("{on} 1"), "dep_kinds": [{"kind": kind}]})
            });
            json!({"id": format!("{name} 1"), "dependencies": ids, "deps": deps.collect::<Vec<_>>()})
        });
        json!({
            "packages": packages.collect::<Vec<_>>(),
            "resolve": {"root": format!("{} 1", graph[0].0), "nodes": nodes.collect::<Vec<_>>()},
            "target_directory": "target",
        })
    }

    fn names(metadata: &Value) -> Vec<&str> {
        let packages = metadata["packages"].as_array().into_iter().flatten();
        packages
            .filter_map(|package| package["name"].as_str())
            .collect()
    }

    #[test]
    fn keeps_what_the_guides_crates_show_and_cuts_what_they_hide() {
        let cut = cut(metadata(&[
            ("ctx", "cdylib", &[("tokio", None), ("reqwest", None)]),
            ("tokio", "lib", &[("bytes", None), ("libc", None)]),
            ("reqwest", "lib", &[("http", None), ("hyper", None)]),
            ("hyper", "lib", &[("libc", None)]),
            ("bytes", "lib", &[]),
            ("http", "lib", &[("bytes", None)]),
            ("libc", "lib", &[]),
        ]));
        let cut = cut.expect("as cargo documents it");
        assert_eq!(names(&cut), ["ctx", "tokio", "reqwest", "bytes", "http"]);
        assert_eq!(
            cut["resolve"]["nodes"][1]["dependencies"],
            json!(["bytes 1"])
        );
        assert_eq!(
            cut["resolve"]["nodes"][1]["deps"].as_array().map(Vec::len),
            Some(1)
        );
        assert_eq!(cut["target_directory"], "target");
    }

    #[test]
    fn keeps_what_a_reader_adds_with_all_it_depends_on() {
        let cut = cut(metadata(&[
            ("ctx", "cdylib", &[("nix", None), ("tokio", None)]),
            ("nix", "lib", &[("libc", None)]),
            ("tokio", "lib", &[("libc", None)]),
            ("libc", "lib", &[]),
        ]));
        assert_eq!(
            names(&cut.expect("as documented")),
            ["ctx", "nix", "tokio", "libc"]
        );
    }

    #[test]
    fn cuts_what_procedural_macros_are_made_with_and_what_only_builds() {
        let cut = cut(metadata(&[
            ("ctx", "cdylib", &[("serde", None)]),
            (
                "serde",
                "lib",
                &[("serde_derive", None), ("cc", Some("build"))],
            ),
            ("serde_derive", "proc-macro", &[("syn", None)]),
            ("syn", "lib", &[]),
            ("cc", "lib", &[]),
        ]));
        assert_eq!(
            names(&cut.expect("as documented")),
            ["ctx", "serde", "serde_derive"]
        );
    }

    #[test]
    fn gives_nothing_for_an_answer_of_another_shape() {
        assert_eq!(cut(json!({"packages": []})), None);
        assert_eq!(cut(json!(null)), None);
    }
}
