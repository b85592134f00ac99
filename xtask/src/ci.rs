//! `cargo xtask ci`: everything a submission must pass, cheapest first; the tests' summary closes the output.

use std::process::ExitCode;

use crate::process::{cargo, succeed, works};
use crate::{Outcome, dependencies, docs, layers, test, tidy};

pub(crate) fn run() -> Outcome {
    for component in ["fmt", "clippy"] {
        if !works(cargo().args([component, "--version"])) {
            return Err(format!("cargo {component} is not there: rustup component add rustfmt clippy").into());
        }
    }
    let checks = [
        ("fmt", succeed(cargo().args(["fmt", "--all", "--check"]))),
        ("tidy", tidy::run()),
        ("layers", layers::run()),
        ("docs", docs::run(&docs::Opts { check: true })),
        ("dependencies", dependencies::run()),
        (
            "clippy",
            succeed(cargo().args([
                "clippy",
                "--workspace",
                "--all-targets",
                "--locked",
                "--keep-going",
                "--",
                "-D",
                "warnings",
            ])),
        ),
    ];
    let mut failed = Vec::new();
    for (name, result) in checks {
        if let Err(error) = result {
            eprintln!("{name}: {error}");
            failed.push(name);
        }
    }
    if !failed.is_empty() {
        eprintln!("failed: {}; the tests were not run", failed.join(", "));
        return Ok(ExitCode::FAILURE);
    }
    test::run(&test::Opts::default())
}
