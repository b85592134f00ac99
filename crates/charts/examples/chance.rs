//! Composes pictures from data by chance: `chance RUNS SEED`. The last line says inputs, panics and findings.
//!
//! Every input is composed; every fourth is written as SVG, every eighth looked at for findings, every 256th drawn.
#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "an example for people who look for faults"
)]

#[path = "../tests/chance/mod.rs"]
mod chance;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};

use chance::{KINDS, Source};

/// What happened.
#[derive(Default)]
struct Tally {
    panics: AtomicU64,
    findings: AtomicU64,
    drawn: AtomicU64,
}

fn main() -> ExitCode {
    let mut numbers = std::env::args().skip(1).filter_map(|argument| argument.parse::<u64>().ok());
    let runs = numbers.next().unwrap_or(1_000_000);
    let seed = numbers.next().unwrap_or(1);
    let tally = Tally::default();
    let threads = 2;
    std::thread::scope(|scope| {
        for thread in 0..threads {
            let tally = &tally;
            scope.spawn(move || (thread..runs).step_by(2).for_each(|run| one(run, seed, tally)));
        }
    });
    let [panics, findings, drawn] =
        [&tally.panics, &tally.findings, &tally.drawn].map(|number| number.load(Ordering::Relaxed));
    println!("charts: {runs} inputs composed, {drawn} of them drawn, {panics} panics, {findings} findings");
    if panics == 0 && findings == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn one(run: u64, seed: u64, tally: &Tally) {
    let work = || {
        let mut source = Source::new(seed.wrapping_mul(1_000_003).wrapping_add(run));
        let picture = source.picture(run % KINDS);
        let turn = run / KINDS;
        let is_whole = !turn.is_multiple_of(4) || picture.svg().ends_with("</svg>\n");
        let is_fine = is_whole && !picture.alt().is_empty() && picture.alt().chars().count() <= 300;
        let mut findings = u64::from(!is_fine);
        if turn.is_multiple_of(8) {
            for finding in picture.findings() {
                println!("run {run}, seed {seed}: {}: {finding}", picture.title());
                findings += 1;
            }
        }
        if turn.is_multiple_of(256) {
            findings += u64::from(picture.png().is_err());
            tally.drawn.fetch_add(1, Ordering::Relaxed);
        }
        tally.findings.fetch_add(findings, Ordering::Relaxed);
    };
    if catch_unwind(AssertUnwindSafe(work)).is_err() {
        println!("run {run}, seed {seed}: panicked");
        tally.panics.fetch_add(1, Ordering::Relaxed);
    }
}
