//! `cargo xtask bench --charts`: how much processor time a picture takes after the first, how large it is, whether memory stays flat.
//!
//! Arguments: `speed [rounds]` or `memory [pictures]`; without, a short form of both. Ends with status 1 when a figure
//! is beyond its budget.
#![expect(clippy::print_stdout, clippy::expect_used, clippy::indexing_slicing, reason = "a bench talks to a person")]
#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "samples are made of small numbers"
)]

#[path = "../tests/samples/mod.rs"]
#[expect(dead_code, reason = "shared with the tests")]
mod samples;

use std::process::ExitCode;
use std::time::Duration;

use samples::{CARDS, KINDS, Situation};

/// Budgets: of a chart, of a card, of a file.
const CHART: Duration = Duration::from_millis(40);
const CARD: Duration = Duration::from_millis(80);
const BYTES: usize = 250_000;
/// How much memory may grow over the run after the first tenth, in kB.
const GROWTH: i64 = 8_000;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1).filter(|argument| !argument.starts_with("--"));
    let what = arguments.next();
    let number = arguments.next().and_then(|number| number.parse().ok());
    let fine = match what.as_deref() {
        Some("speed") => speed(number.unwrap_or(60)),
        Some("memory") => memory(number.unwrap_or(10_000)),
        _ => speed(20) & memory(400),
    };
    if fine { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Composes and draws each kind in each situation so many times.
fn speed(rounds: usize) -> bool {
    KINDS[0].1(Situation::Typical).png().expect("a picture");
    let mut fine = true;
    let mut worst = [Duration::ZERO; 2];
    let mut largest = 0;
    for (index, (kind, draw)) in KINDS.into_iter().enumerate() {
        let is_card = index < CARDS;
        let mut times = Vec::new();
        let mut typical = Vec::new();
        let mut bytes = 0;
        for round in 0..rounds {
            for situation in Situation::ALL {
                let start = processor_time();
                let png = draw(situation).png().expect("a picture");
                let took = processor_time().saturating_sub(start);
                times.push(took);
                if situation == Situation::Typical {
                    typical.push(took);
                }
                if round == 0 {
                    bytes = bytes.max(png.len());
                }
            }
        }
        times.sort_unstable();
        typical.sort_unstable();
        let p99 = times[times.len() * 99 / 100];
        let budget = if is_card { CARD } else { CHART };
        let mark = if p99 > budget || bytes > BYTES { "  BEYOND ITS BUDGET" } else { "" };
        fine &= mark.is_empty();
        worst[usize::from(is_card)] = worst[usize::from(is_card)].max(p99);
        largest = largest.max(bytes);
        println!(
            "{kind:16} typical {:5.1} ms, p99 of all situations {:5.1} ms, largest {:3} KB{mark}",
            ms(typical[typical.len() / 2]),
            ms(p99),
            bytes / 1000
        );
    }
    println!("speed: chart p99 {:.1} ms, card p99 {:.1} ms, largest {} KB", ms(worst[0]), ms(worst[1]), largest / 1000);
    fine
}

/// Time of this thread on a processor: the same whatever else the machine does. Nothing here waits for anything.
fn processor_time() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux");
    Duration::from_nanos(text.split_whitespace().next().and_then(|number| number.parse().ok()).expect("nanoseconds"))
}

fn ms(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

/// Draws so many pictures and looks at the memory of this process after a tenth and at the end.
fn memory(pictures: usize) -> bool {
    let mut early = resident();
    for number in 0..pictures {
        let (_, draw) = KINDS[number % KINDS.len()];
        let situation = Situation::ALL[number / KINDS.len() % Situation::ALL.len()];
        draw(situation).png().expect("a picture");
        // Every kind and situation has been drawn once by then, or a tenth of all.
        if number == (pictures / 10).max(KINDS.len() * Situation::ALL.len()).min(pictures - 1) {
            early = resident();
        }
    }
    let late = resident();
    println!("memory: {pictures} pictures, resident {early} kB early, {late} kB at the end");
    late - early <= GROWTH
}

fn resident() -> i64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|number| number.parse().ok()).unwrap_or(0)
}
