//! `cargo xtask tidy`: conventions that no lint knows.

use std::error::Error;
use std::path::Path;
use std::process::Command;

use crate::process::root;
use crate::verdict;

const MOST_LINES: usize = 600;
const VAGUE_NAMES: &[&str] = &["utils", "util", "helpers", "helper", "common", "misc", "manager"];

/// What does not belong into any file: places of one machine, addresses of package registries. In pieces, because
/// this file is checked too.
#[rustfmt::skip]
const FOREIGN: &[&str] = &[
    concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("static.crates", ".io"), concat!("index.crates", ".io"),
    concat!("pypi", ".org"), concat!("registry.npmjs", ".org"), concat!("deb.debian", ".org"),
    concat!("proxy.golang", ".org"),
];

/// Calls that only some folders may make, and why.
struct Reserved {
    call: &'static str,
    folders: &'static [&'static str],
    reason: &'static str,
}

const RESERVED: &[Reserved] = &[
    Reserved {
        call: concat!("env::", "var"),
        folders: &["crates/settings/", "crates/testkit/", "xtask/"],
        reason: "only settings reads the environment",
    },
    Reserved { call: concat!("process::", "exit("), folders: &["bins/"], reason: "only binaries end the process" },
    Reserved {
        call: concat!("sql_", "query("),
        folders: &["crates/repository/", "crates/testkit/"],
        reason: "only repository writes SQL",
    },
];

/// Crates without a clock.
const TIMELESS: &[&str] = &["stats-file", "differential", "validation", "analytics", "charts"];
const CLOCKS: &[&str] = &[concat!("System", "Time::now"), concat!("Instant", "::now"), concat!("::now", "_utc")];

/// What the README of a library crate has, beside a first sentence.
const FRONT_PAGE: &[(&str, &str)] = &[
    ("```rust", "an example that runs"),
    ("## Concepts", "its concepts"),
    ("## What it does not do", "what it does not do"),
    ("## Errors", "its errors"),
];

pub(crate) fn run() -> Result<(), Box<dyn Error>> {
    let mut findings = Vec::new();
    for path in files()? {
        let Ok(bytes) = std::fs::read(root().join(&path)) else { continue };
        if let Some(folder) = path.strip_suffix("/src/lib.rs").filter(|folder| folder.starts_with("crates/")) {
            let readme = std::fs::read_to_string(root().join(folder).join("README.md")).unwrap_or_default();
            findings.extend(front_page(folder, &readme, &String::from_utf8_lossy(&bytes)));
        }
        let Ok(text) = String::from_utf8(bytes) else { continue };
        findings.extend(check(&path, &text));
    }
    verdict("tidy", &findings)
}

/// Tracked files, and those that could be.
fn files() -> Result<Vec<String>, Box<dyn Error>> {
    let mut git = Command::new("git");
    git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]).current_dir(root());
    let output = git.output().map_err(|e| format!("git ls-files: {e}"))?;
    if !output.status.success() {
        return Err(format!("git ls-files: {}", String::from_utf8_lossy(&output.stderr).trim()).into());
    }
    Ok(String::from_utf8(output.stdout)?.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect())
}

fn check(path: &str, text: &str) -> Vec<String> {
    let mut findings = Vec::new();
    if path != "Cargo.lock" {
        findings.extend(foreign(path, text));
    }
    if Path::new(path).extension().is_some_and(|extension| extension == "rs") {
        findings.extend(check_rust(path, text));
    }
    findings
}

/// The README of a library crate is the front page of its documentation, and says what a newcomer asks.
fn front_page(folder: &str, readme: &str, lib: &str) -> Vec<String> {
    if readme.is_empty() {
        return vec![format!("{folder}/README.md: missing; it is the front page of the crate")];
    }
    let has = |line: &str| readme.lines().any(|one| one == line);
    let missing = FRONT_PAGE.iter().filter(|(line, _)| !has(line));
    let mut findings: Vec<String> =
        missing.map(|(line, what)| format!("{folder}/README.md: does not say {what} ({line})")).collect();
    if !lib.contains("#![doc = include_str!(\"../README.md\")]") {
        findings.push(format!("{folder}/src/lib.rs: README.md is not its front page (include_str!)"));
    }
    findings
}

fn foreign(path: &str, text: &str) -> Vec<String> {
    let of_line = |(index, line): (usize, &str)| {
        let found = FOREIGN.iter().find(|word| mentions(line, word))?;
        Some(format!("{path}:{}: {found} belongs to one machine or a registry", index + 1))
    };
    text.lines().enumerate().filter_map(of_line).collect()
}

/// Whether the line has the word, and not as the tail of a longer path or name.
fn mentions(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line.get(..at).and_then(|before| before.chars().next_back());
        !before.is_some_and(|letter| letter.is_alphanumeric() || "._-*".contains(letter))
    })
}

fn check_rust(path: &str, text: &str) -> Vec<String> {
    let mut findings = Vec::new();
    if !text.starts_with("//!") {
        findings.push(format!("{path}: does not begin with a module doc (//!)"));
    }
    let vague = path.trim_end_matches(".rs").split('/').find(|part| VAGUE_NAMES.contains(part));
    if let Some(name) = vague {
        findings.push(format!("{path}: {name} says nothing about what is in it"));
    }
    if path.contains("/tests/") || path.contains("/benches/") {
        return findings;
    }
    let production: Vec<&str> = text.lines().take_while(|line| line.trim_end() != "#[cfg(test)]").collect();
    if production.len() > MOST_LINES {
        findings.push(format!("{path}: {} lines of production code, {MOST_LINES} at most", production.len()));
    }
    let timeless = TIMELESS.iter().any(|name| path.starts_with(&format!("crates/{name}/")));
    let code = production.iter().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"));
    for (index, line) in code {
        let at = format!("{path}:{}", index + 1);
        for Reserved { call, folders, reason } in RESERVED {
            if line.contains(call) && !folders.iter().any(|folder| path.starts_with(folder)) {
                findings.push(format!("{at}: {call}: {reason}"));
            }
        }
        if let Some(clock) = CLOCKS.iter().find(|clock| timeless && line.contains(*clock)) {
            findings.push(format!("{at}: {clock}: this crate has no clock"));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_has_a_front_page() {
        let readme = "# a\n\nIt does.\n\n```rust\n```\n\n## Concepts\n\n## What it does not do\n\n## Errors\n";
        let lib = "//! It does.\n#![doc = include_str!(\"../README.md\")]\n";
        assert_eq!(front_page("crates/a", readme, lib), Vec::<String>::new());
        assert_eq!(front_page("crates/a", "", lib).len(), 1);
        assert_eq!(front_page("crates/a", readme, "//! It does.\n").len(), 1);
        for (line, _) in FRONT_PAGE {
            assert_eq!(front_page("crates/a", &readme.replace(line, ""), lib).len(), 1, "{line}");
        }
    }

    #[test]
    fn each_convention_is_checked() {
        let long = format!("//! x\n{}", "x\n".repeat(MOST_LINES));
        let long_tests = format!("//! x\n#[cfg(test)]\n{}", "x\n".repeat(MOST_LINES));
        let variable = format!("//! x\nstd::{}(\"X\")", concat!("env::", "var"));
        let clock = format!("//! x\nstd::time::{}()", concat!("Instant", "::now"));
        let machine = format!("see {}main", concat!("/wo", "rk/"));
        let inner = format!("see frame{}main", concat!("/wo", "rk/"));
        let cases = [
            ("crates/a/src/b.rs", "//! doc", true),
            ("crates/a/src/b.rs", "use x;", false),
            ("crates/a/src/utils.rs", "//! doc", false),
            ("crates/a/src/helpers/b.rs", "//! doc", false),
            ("crates/a/src/b.rs", &long, false),
            ("crates/a/src/b.rs", &long_tests, true),
            ("crates/a/tests/b.rs", &long, true),
            ("crates/a/src/b.rs", &variable, false),
            ("crates/settings/src/b.rs", &variable, true),
            ("crates/analytics/src/b.rs", &clock, false),
            ("crates/ingest/src/b.rs", &clock, true),
            ("README.md", &machine, false),
            ("README.md", &inner, true),
            ("README.md", "anything", true),
        ];
        for (path, text, fine) in cases {
            assert_eq!(check(path, text).is_empty(), fine, "{path}: {:?}", check(path, text));
        }
    }
}
