//! Asks command lines by chance of the sample evenings: `lines RUNS SEED`. The last line says lines, panics, internal errors
//! and the slowest answer.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "an example for people who look for faults"
)]

#[path = "../tests/lines/any.rs"]
mod any;
#[path = "../tests/checks/mod.rs"]
mod checks;
#[path = "../tests/lines/fuzz.rs"]
mod fuzz;
#[path = "../tests/lines/mod.rs"]
mod lines;
#[path = "../tests/support/mod.rs"]
mod support;

use std::process::ExitCode;
use std::sync::Arc;

use lines::Known;

/// Lines of one task: a panic loses those that are left of them.
const CHUNK: u64 = 1_000;

fn main() -> ExitCode {
    let mut numbers = std::env::args().skip(1).filter_map(|argument| argument.parse::<u64>().ok());
    let runs = numbers.next().unwrap_or(1_000_000);
    let seed = numbers.next().unwrap_or(1);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(all(runs, seed))
}

async fn all(runs: u64, seed: u64) -> ExitCode {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("lines.db").display());
    // Orders are refused: a million of them would compute the same evenings a million times.
    let answerer = Arc::new(support::answerer(support::filled(&url).await, Vec::new()));
    let (mut panics, mut errors, mut slowest) = (0_u64, 0_usize, (std::time::Duration::ZERO, String::new()));
    let (mut answered, mut cached) = (0, 0);
    let chunks: Vec<u64> = (0..runs.div_ceil(CHUNK)).collect();
    for pair in chunks.chunks(2) {
        let tasks: Vec<_> = pair
            .iter()
            .map(|chunk| {
                let answerer = Arc::clone(&answerer);
                let seed = seed.wrapping_mul(1_000_003).wrapping_add(*chunk);
                tokio::spawn(async move { fuzz::ask_many(&answerer, &Known::samples(), CHUNK, seed).await })
            })
            .collect();
        for task in tasks {
            match task.await {
                Ok(tally) => {
                    tally.failed.iter().for_each(|failed| println!("{failed}"));
                    errors += tally.failed.len();
                    answered += tally.answered;
                    cached += tally.cached;
                    slowest = slowest.max(tally.slowest);
                }
                Err(_panicked) => panics += 1,
            }
        }
    }
    println!("the slowest was {:?}", slowest.1.chars().take(200).collect::<String>());
    println!(
        "commands: {runs} lines, {answered} answered ({cached} from the cache), {panics} panics, {errors} internal errors, \
         slowest answer {} ms",
        slowest.0.as_millis()
    );
    if panics == 0 && errors == 0 && slowest.0.as_secs() == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
