//! Any history, whatever people do in between, ends like one clean import and the same decisions.
//! `cargo xtask history` plays many.
#![allow(
    clippy::allow_attributes,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    clippy::print_stdout,
    unreachable_pub,
    reason = "test support"
)]

mod histories;
mod keeping;
#[path = "../../ingest/tests/support/mod.rs"]
mod support;

use histories::{Kind, Size, play};

/// The long form hands the numbers over.
fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

fn kinds() -> Vec<Kind> {
    let Ok(wanted) = std::env::var("FULLHOLD_HISTORY_STEPS") else {
        return Kind::ALL.to_vec();
    };
    let of = |word: &str| *Kind::ALL.iter().find(|kind| format!("{kind:?}") == word).unwrap();
    wanted.split(',').map(of).collect()
}

#[test]
fn any_history_ends_like_a_clean_import_and_the_same_decisions() {
    let runs = number("FULLHOLD_HISTORY_RUNS").unwrap_or(2);
    let first = number("FULLHOLD_HISTORY_SEED").unwrap_or(1);
    let size = Size {
        servers: 2,
        rounds: usize::try_from(number("FULLHOLD_HISTORY_ROUNDS").unwrap_or(14)).unwrap(),
        steps: usize::try_from(number("FULLHOLD_HISTORY_LENGTH").unwrap_or(16)).unwrap(),
    };
    let kinds = kinds();
    let (mut steps, mut files, mut failures) = (0, 0, Vec::new());
    for seed in first..first + runs {
        for sqlite in [true, false] {
            let report = play(seed, size, sqlite, &kinds);
            steps += report.steps;
            files += report.files;
            if let Some(failure) = report.failure {
                println!("{failure}\n");
                failures.push(seed);
            }
        }
    }
    println!(
        "{runs} histories on both databases, {files} files, {steps} steps, each validated: {} failures",
        failures.len()
    );
    assert!(failures.is_empty(), "seeds {failures:?}");
}
