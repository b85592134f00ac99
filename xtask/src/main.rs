//! Project tasks: `cargo xtask <task>`. One file per task; this one only chooses among them.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "tasks talk to a person or to the log of CI")]

mod process;
mod test;

use std::error::Error;
use std::process::ExitCode;

use clap::Parser;

/// Project tasks.
#[derive(Parser)]
#[command(name = "cargo xtask")]
enum Task {
    Test(test::Opts),
}

/// What a task comes to: the exit code to end with, or an error to print.
type Outcome = Result<ExitCode, Box<dyn Error>>;

fn main() -> ExitCode {
    let outcome = match Task::parse() {
        Task::Test(opts) => test::run(&opts),
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
