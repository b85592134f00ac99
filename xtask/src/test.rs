//! `cargo xtask test`: all tests, against one throw-away PostgreSQL cluster and OpenSSH servers of their own.
//!
//! nextest runs each test in a process of its own, so a cluster per process would cost a second per test: this task
//! starts one and passes its URL in an environment variable that the test kit reads. Everything is on loopback and
//! free ports, and goes away with this process, however it ends.

use std::process::{Command, ExitCode, ExitStatus};

use fullhold_testkit::postgres::{Binaries, POSTGRES_VARIABLE};
use fullhold_testkit::{Postgres, PostgresError, Sshd};

use crate::Outcome;
use crate::process::{cargo, status, succeed, works};

/// Run all tests, with a throw-away PostgreSQL.
#[derive(clap::Args, Default)]
pub(crate) struct Opts {
    /// Arguments for the test runner (cargo-nextest, or cargo test where it is not installed).
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

pub(crate) fn run(opts: &Opts) -> Outcome {
    if let Err(missing) = Sshd::find() {
        install(&["openssh-server", "openssh-client"]).map_err(|why| format!("{missing}: {why}"))?;
    }
    let given = std::env::var(POSTGRES_VARIABLE).ok().filter(|url| !url.is_empty());
    let cluster = if given.is_some() { None } else { Some(start_postgres()?) };
    let url = given.or_else(|| cluster.as_ref().map(|own| own.url("postgres"))).unwrap_or_default();
    let code = run_tests(&opts.arguments, &url);
    drop(cluster);
    code
}

/// nextest comes last, so that its summary closes the output; it does not run the examples in the documentation, so
/// cargo does, unless arguments choose among the tests.
fn run_tests(arguments: &[String], url: &str) -> Outcome {
    let nextest = works(cargo().args(["nextest", "--version"]));
    let mut examples = ExitCode::SUCCESS;
    if nextest && arguments.is_empty() {
        examples = exit_code(status(cargo().args(["test", "--workspace", "--doc", "--quiet"]))?);
    }
    let mut runner = cargo();
    runner.args(if nextest { ["nextest", "run"].as_slice() } else { ["test", "--no-fail-fast"].as_slice() });
    if !chooses_packages(arguments) {
        runner.arg("--workspace");
    }
    let tests = exit_code(status(runner.args(arguments).env(POSTGRES_VARIABLE, url))?);
    if examples != ExitCode::SUCCESS {
        eprintln!("examples in the documentation failed, see above");
    }
    Ok(if tests == ExitCode::SUCCESS { examples } else { tests })
}

fn chooses_packages(arguments: &[String]) -> bool {
    let ours = arguments.iter().take_while(|argument| *argument != "--");
    let mut flags = ours.filter(|argument| argument.starts_with('-'));
    flags
        .any(|flag| flag == "--workspace" || flag == "--all" || flag.starts_with("--package") || flag.starts_with("-p"))
}

fn start_postgres() -> Result<Postgres, Box<dyn std::error::Error>> {
    if Binaries::find().is_none() {
        install(&["postgresql"]).map_err(|why| format!("{}: {why}", PostgresError::NotInstalled))?;
    }
    Ok(Postgres::start()?)
}

/// Debian and its kin, as root. `RUNLEVEL=1` keeps packages from starting servers of their own.
fn install(packages: &[&str]) -> Result<(), Box<dyn std::error::Error>> {
    if !is_root() || !works(Command::new("apt-get").arg("--version")) {
        return Err("only root can install it, and only with apt-get".into());
    }
    println!("installing {}", packages.join(" "));
    succeed(Command::new("apt-get").args(["update", "-qq"]))?;
    let mut install = Command::new("apt-get");
    install.args(["install", "-y", "-qq", "--no-install-recommends"]).args(packages);
    succeed(install.env("DEBIAN_FRONTEND", "noninteractive").env("RUNLEVEL", "1"))
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

fn exit_code(status: ExitStatus) -> ExitCode {
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    code.map_or(ExitCode::FAILURE, ExitCode::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_that_choose_packages_replace_the_workspace() {
        let cases: [(&[&str], bool); 6] = [
            (&[], false),
            (&["-p", "fullhold-stats-file"], true),
            (&["--package=fullhold-stats-file"], true),
            (&["a_filter", "--no-capture"], false),
            (&["--", "-p"], false),
            (&["--workspace"], true),
        ];
        for (arguments, expected) in cases {
            let arguments: Vec<String> = arguments.iter().map(|word| (*word).to_owned()).collect();
            assert_eq!(chooses_packages(&arguments), expected, "{arguments:?}");
        }
    }
}
