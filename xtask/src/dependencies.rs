//! `cargo xtask dependencies`: licences, sources and costly duplicates of external crates.
//!
//! A light version of what cargo-deny does, which is used on top where it is installed.

use std::collections::BTreeMap;
use std::error::Error;

use crate::metadata::{Package, all};
use crate::process::{cargo, succeed, works};
use crate::verdict;

/// Keep equal to the list in deny.toml; a test compares them.
const LICENSES: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Crates slow enough to build that two versions of one are not acceptable.
#[rustfmt::skip]
const ONE_VERSION: &[&str] = &[
    "clap", "diesel", "hyper", "jiff", "libsqlite3-sys", "regex", "rustls", "serde", "time", "tokio", "toml", "zstd-sys",
];

pub(crate) fn run() -> Result<(), Box<dyn Error>> {
    verdict("dependencies", &check(&all()?))?;
    if works(cargo().args(["deny", "--version"])) {
        // Not the advisories: they are a download from a place CI does not reach.
        succeed(cargo().args(["deny", "--offline", "check", "licenses", "bans", "sources"]))?;
    } else {
        println!("cargo-deny is not installed: deny.toml was not checked, only the list above");
    }
    Ok(())
}

fn check(packages: &[Package]) -> Vec<String> {
    let mut findings = Vec::new();
    let mut versions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for package in packages {
        let Package { name, version, .. } = package;
        versions.entry(name).or_default().push(version);
        if package.source.as_deref().is_some_and(|source| !source.starts_with("registry+")) {
            findings.push(format!("{name} {version} does not come from the registry"));
        }
        match &package.license {
            Some(license) if allowed(license) => {}
            Some(license) => findings.push(format!("{name} {version} has the licence {license}")),
            None => findings.push(format!("{name} {version} names no licence")),
        }
    }
    for name in ONE_VERSION {
        if let Some(several) = versions.get(name).filter(|versions| versions.len() > 1) {
            findings.push(format!("{name} is there in several versions: {}", several.join(", ")));
        }
    }
    findings
}

/// Whether an SPDX expression can be satisfied with [`LICENSES`]. `AND` binds tighter than `OR`; `/` is an old `OR`.
fn allowed(expression: &str) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut position = 0;
    let result = any_of(&words, &mut position);
    result && position == words.len()
}

fn any_of(words: &[&str], position: &mut usize) -> bool {
    let mut result = all_of(words, position);
    while words.get(*position) == Some(&"OR") {
        *position += 1;
        result |= all_of(words, position);
    }
    result
}

fn all_of(words: &[&str], position: &mut usize) -> bool {
    let mut result = one(words, position);
    while words.get(*position) == Some(&"AND") {
        *position += 1;
        result &= one(words, position);
    }
    result
}

fn one(words: &[&str], position: &mut usize) -> bool {
    let Some(word) = words.get(*position) else { return false };
    *position += 1;
    if *word == "(" {
        let result = any_of(words, position);
        *position += 1;
        return result;
    }
    let mut license = (*word).to_owned();
    if words.get(*position) == Some(&"WITH") {
        let exception = words.get(*position + 1).copied().unwrap_or_default();
        license = format!("{license} WITH {exception}");
        *position += 2;
    }
    LICENSES.contains(&license.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn licence_expressions_are_read() {
        let cases = [
            ("MIT", true),
            ("MIT OR GPL-3.0", true),
            ("MIT AND GPL-3.0", false),
            ("GPL-3.0 OR MIT AND Zlib", true),
            ("(MIT OR Apache-2.0) AND Unicode-3.0", true),
            ("(MIT OR GPL-3.0) AND AGPL-3.0", false),
            ("MIT/Apache-2.0", true),
            ("Apache-2.0 WITH LLVM-exception OR GPL-2.0", true),
            ("GPL-2.0 WITH Classpath-exception-2.0", false),
            ("", false),
        ];
        for (expression, expected) in cases {
            assert_eq!(allowed(expression), expected, "{expression}");
        }
    }

    #[test]
    fn deny_toml_has_the_same_licences() {
        let text = std::fs::read_to_string(crate::process::root().join("deny.toml")).unwrap();
        let list = text.split_once("allow = [").unwrap().1.split_once(']').unwrap().0;
        let listed: Vec<&str> = list.split(',').map(|item| item.trim().trim_matches('"')).collect();
        assert_eq!(listed.into_iter().filter(|item| !item.is_empty()).collect::<Vec<_>>(), LICENSES);
    }
}
