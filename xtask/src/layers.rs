//! `cargo xtask layers`: who may depend on whom. The picture is in docs/ARCHITECTURE.md; this is the check.

use std::error::Error;

use crate::metadata::{Package, ours};
use crate::verdict;

/// A package of ours (without the prefix) and those it may depend on; `*` is anything.
type Layer = (&'static str, &'static [&'static str]);

#[rustfmt::skip]
const LAYERS: &[Layer] = &[
    ("stats-file", &[]),
    ("differential", &["stats-file"]),
    ("validation", &["stats-file", "differential"]),
    ("analytics", &["stats-file", "differential"]),
    ("database-url", &[]),
    ("repository", &["database-url", "stats-file", "differential", "validation", "analytics"]),
    ("ssh-sync", &[]),
    ("charts", &[]),
    ("ingest", &["stats-file", "differential", "validation", "analytics", "repository"]),
    ("maintenance", &["stats-file", "repository", "ingest"]),
    ("watch", &["stats-file", "differential", "repository", "ssh-sync", "ingest", "settings", "console"]),
    ("commands", &["stats-file", "repository", "analytics", "charts", "ingest", "maintenance", "watch"]),
    ("discord", &["commands", "repository"]),
    ("settings", &["database-url", "repository", "ssh-sync", "ingest"]),
    ("console", &["database-url", "stats-file", "analytics", "repository", "ingest", "settings", "ssh-sync"]),
    ("simulator", &["stats-file"]),
    ("testkit", &[]),
    ("fake-discord", &[]),
    ("bot", &["*"]),
    ("importer", &["*"]),
    ("dbadmin", &["*"]),
    ("xtask", &["*"]),
];

/// No clock, I/O, async or logging in these, so none of [`IMPURE`] either, except in their tests.
const PURE: &[&str] = &["stats-file", "database-url", "differential", "validation", "analytics", "charts"];
const IMPURE: &[&str] = &[
    "deadpool",
    "diesel",
    "diesel-async",
    "futures-util",
    "ssh2",
    "tempfile",
    "tokio",
    "tokio-postgres",
    "tracing",
    "walkdir",
];

/// Behind a feature of the pure crate, for the traits of what it defines and nothing else: Guids and words are columns of
/// tables, and only the crate that has a type may say so.
const ONLY_TRAITS: &[(&str, &str)] = &[("stats-file", "diesel")];

/// What tests may use on top: the test kit, the simulator, and the pure crates as oracles.
const FOR_TESTS: &[&str] =
    &["testkit", "fake-discord", "simulator", "stats-file", "differential", "validation", "analytics"];
/// How files come in, for tests whose people wait for them.
const FOR_TESTS_OF: &[Layer] = &[("discord", &["ingest", "ssh-sync", "watch"])];
/// What only tests and this program may use.
const ONLY_FOR_TESTS: &[&str] = &["testkit", "fake-discord", "simulator"];
const PREFIX: &str = "fullhold-";

pub(crate) fn run() -> Result<(), Box<dyn Error>> {
    let packages = ours()?;
    let findings: Vec<String> = packages.iter().flat_map(|package| check(package, &packages)).collect();
    verdict("layers", &findings)
}

fn check(package: &Package, packages: &[Package]) -> Vec<String> {
    let name = short(&package.name);
    let Some((_, allowed)) = LAYERS.iter().find(|(layer, _)| *layer == name) else {
        return vec![format!("{name} has no line in xtask/src/layers.rs")];
    };
    let mut findings = Vec::new();
    for dependency in &package.dependencies {
        let other = short(&dependency.name);
        let is_ours = packages.iter().any(|package| package.name == dependency.name);
        let is_impure = !dependency.dev && PURE.contains(&name) && IMPURE.contains(&other);
        if !is_ours && is_impure && !ONLY_TRAITS.contains(&(name, other)) {
            findings.push(format!("{name} is pure and may not depend on {other}"));
        }
        let only_tests = ONLY_FOR_TESTS.contains(&other) && !dependency.dev && name != "xtask";
        let of_tests = FOR_TESTS_OF.iter().any(|(layer, more)| *layer == name && more.contains(&other));
        let for_tests = dependency.dev && (of_tests || FOR_TESTS.contains(&other));
        let fine = allowed.contains(&"*") || allowed.contains(&other) || for_tests;
        if is_ours && (only_tests || !fine) {
            let kind = if dependency.dev { " for its tests" } else { "" };
            findings.push(format!("{name} may not depend on {other}{kind}"));
        }
    }
    findings
}

fn short(name: &str) -> &str {
    name.strip_prefix(PREFIX).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metadata::Dependency;

    fn package(name: &str, dependencies: &[(&str, bool)]) -> Package {
        let dependency = |(name, dev): &(&str, bool)| Dependency { name: (*name).to_owned(), dev: *dev };
        Package {
            name: name.to_owned(),
            version: String::new(),
            license: None,
            source: None,
            dependencies: dependencies.iter().map(dependency).collect(),
        }
    }

    #[test]
    fn edges_are_judged() {
        let cases = [
            ("fullhold-differential", ("fullhold-stats-file", false), true),
            ("fullhold-stats-file", ("fullhold-differential", false), false),
            ("fullhold-stats-file", ("fullhold-testkit", true), true),
            ("fullhold-stats-file", ("fullhold-testkit", false), false),
            ("fullhold-repository", ("fullhold-ingest", true), false),
            ("importer", ("fullhold-repository", false), true),
            ("importer", ("fullhold-simulator", false), false),
            ("xtask", ("fullhold-simulator", false), true),
            ("fullhold-analytics", ("tokio", false), false),
            ("fullhold-analytics", ("tokio", true), true),
            ("fullhold-unheard-of", ("tokio", true), false),
        ];
        let names = ["stats-file", "differential", "testkit", "ingest", "repository", "simulator"];
        let packages: Vec<Package> = names.iter().map(|name| package(&format!("{PREFIX}{name}"), &[])).collect();
        for (name, edge, fine) in cases {
            assert_eq!(check(&package(name, &[edge]), &packages).is_empty(), fine, "{name} -> {edge:?}");
        }
    }

    #[test]
    fn no_layer_reaches_itself() {
        fn reaches(from: &str, to: &str) -> bool {
            let below = LAYERS.iter().find(|(name, _)| *name == from).map_or([].as_slice(), |(_, below)| *below);
            below.iter().any(|name| *name == to || reaches(name, to))
        }
        for (name, _) in LAYERS {
            assert!(!reaches(name, name), "{name}");
        }
    }
}
