//! The body of the fuzzer of command lines: whatever is typed, there is an answer that every front end can show.

use std::time::{Duration, Instant};

use fullhold_commands::reply::{Terminal, buttons, csv, data, messages};
use fullhold_commands::{Answerer, Asker, Outcome, Permission, Question, UserId};
use time::macros::{date, datetime};

use crate::any::any;
use crate::checks::check;
use crate::lines::Known;

/// What came of many lines.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) answered: u64,
    pub(crate) refused: u64,
    pub(crate) cached: u64,
    /// Lines whose answer failed, with why.
    pub(crate) failed: Vec<String>,
    /// The slowest answer.
    pub(crate) slowest: (Duration, String),
}

fn asker(random: &mut fastrand::Rng) -> Asker {
    let (user, right) = match random.u8(..4) {
        0 => (None, Permission::Everyone),
        1 => (Some(UserId(1)), Permission::Everyone),
        2 => (Some(UserId(2)), Permission::Admin),
        _ => (None, Permission::Admin),
    };
    Asker { user, player: None, right }
}

/// Asks so many lines; a panic is the caller's.
pub(crate) async fn ask_many(answerer: &Answerer, known: &Known, runs: u64, seed: u64) -> Tally {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut tally = Tally::default();
    for run in 0..runs {
        let line = any(known, &mut random);
        let question = Question {
            line: &line,
            page: random.usize(..12).saturating_sub(8) * random.usize(..1000),
            asker: asker(&mut random),
            today: date!(2025 - 11 - 20),
            at: datetime!(2025-11-20 12:00 UTC),
            now: Duration::ZERO,
        };
        let started = Instant::now();
        let answer = answerer.answer(question).await;
        let took = started.elapsed();
        if took > tally.slowest.0 {
            tally.slowest = (took, line.clone());
        }
        match answer.outcome {
            Outcome::Answered => tally.answered += 1,
            Outcome::Refused => tally.refused += 1,
            Outcome::Failed => tally.failed.push(format!("{line:?}: {:?}", answer.error)),
        }
        tally.cached += u64::from(answer.is_cached);
        if !answer.is_cached {
            messages(&answer.reply, &line).iter().for_each(check);
            let columns = random.usize(1..200);
            let terminal = Terminal { columns, has_colours: random.bool(), instant: &|at| at.to_string() };
            drop(terminal.show(&answer.reply));
            drop((data(&answer.reply), csv(&answer.reply), buttons(&answer.reply).len()));
        }
        if run % 16 == 0 {
            let typed: String = line.chars().take(random.usize(..40)).collect();
            if let Err(error) = answerer.complete(&typed, question.asker).await {
                tally.failed.push(format!("completing {typed:?}: {error:?}"));
            }
        }
    }
    tally
}
