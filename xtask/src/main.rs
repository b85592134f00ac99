//! Project tasks: `cargo xtask <task>`. One file per task; this one only chooses among them.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "tasks talk to a person or to the log of CI")]

mod bench;
mod ci;
mod dependencies;
mod discord;
mod docs;
mod fuzz;
mod gallery;
mod history;
mod hostile;
mod kill;
mod layers;
mod man;
mod metadata;
mod process;
mod rebuild;
mod simulate;
mod soak;
mod test;
mod tidy;

use std::error::Error;
use std::process::ExitCode;

use clap::Parser;

/// Project tasks.
#[derive(Parser)]
#[command(name = "cargo xtask")]
enum Task {
    /// Everything a submission must pass: format, lints, checks, tests.
    Ci,
    Test(test::Opts),
    /// Check who depends on whom among our packages.
    Layers,
    /// Check conventions that no lint knows.
    Tidy,
    /// Check licences, sources and duplicates of external crates.
    Dependencies,
    /// Run a fake Discord with a page, to try the bot by hand without a token.
    Discord,
    Docs(docs::Opts),
    Simulate(simulate::Opts),
    Bench(bench::Opts),
    Soak(soak::Opts),
    Fuzz(fuzz::Opts),
    Gallery(gallery::Opts),
    History(history::Opts),
    Kill(kill::Opts),
    Man(man::Opts),
}

/// What a task comes to: the exit code to end with, or an error to print.
type Outcome = Result<ExitCode, Box<dyn Error>>;

fn main() -> ExitCode {
    let outcome = match Task::parse() {
        Task::Ci => ci::run(),
        Task::Test(opts) => test::run(&opts),
        Task::Layers => done(layers::run()),
        Task::Tidy => done(tidy::run()),
        Task::Dependencies => done(dependencies::run()),
        Task::Discord => done(discord::run()),
        Task::Docs(opts) => done(docs::run(&opts)),
        Task::Simulate(opts) => done(simulate::run(&opts)),
        Task::Bench(opts) => done(bench::run(&opts)),
        Task::Soak(opts) => done(soak::run(&opts)),
        Task::Fuzz(opts) => done(fuzz::run(&opts)),
        Task::Gallery(opts) => done(gallery::run(&opts)),
        Task::History(opts) => done(history::run(&opts)),
        Task::Kill(opts) => done(kill::run(&opts)),
        Task::Man(opts) => done(man::run(&opts)),
    };
    outcome.unwrap_or_else(|error| {
        eprintln!("error: {error}");
        let mut cause = error.source();
        while let Some(error) = cause {
            eprintln!("  caused by: {error}");
            cause = error.source();
        }
        ExitCode::FAILURE
    })
}

fn done(result: Result<(), Box<dyn Error>>) -> Outcome {
    result.map(|()| ExitCode::SUCCESS)
}

/// The result of a check: every finding is printed, and one is enough to fail.
fn verdict(check: &str, findings: &[String]) -> Result<(), Box<dyn Error>> {
    for finding in findings {
        eprintln!("{check}: {finding}");
    }
    if findings.is_empty() {
        println!("{check}: fine");
        return Ok(());
    }
    Err(format!("{check}: {} findings", findings.len()).into())
}
