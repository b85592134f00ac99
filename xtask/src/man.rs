//! `cargo xtask man`: manual pages and shell completions of the programs, written by the programs themselves.

use std::error::Error;
use std::fs;
use std::path::PathBuf;
use std::process::Stdio;

use clap::Args;

use crate::process::{cargo, succeed};

const SHELLS: [(&str, &str); 3] = [("bash", "dbadmin.bash"), ("zsh", "_dbadmin"), ("fish", "dbadmin.fish")];

/// Write manual pages and shell completions of dbadmin.
#[derive(Args)]
pub(crate) struct Opts {
    /// Folder to write into
    #[arg(long, default_value = "target/man")]
    out: PathBuf,
}

pub(crate) fn run(opts: &Opts) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(&opts.out)?;
    let program = || {
        let mut dbadmin = cargo();
        dbadmin.args(["run", "--quiet", "--package", "dbadmin", "--"]);
        dbadmin
    };
    succeed(program().arg("man").arg(&opts.out))?;
    for (shell, file) in SHELLS {
        let output = program().args(["completions", shell]).stdin(Stdio::null()).output()?;
        if !output.status.success() {
            return Err(format!("completions for {shell}: {}", output.status).into());
        }
        fs::write(opts.out.join(file), output.stdout)?;
    }
    println!("manual pages and completions: {}", opts.out.display());
    Ok(())
}
