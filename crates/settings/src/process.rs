//! The one place that reads the environment and the configuration files.

use std::path::Path;
use std::{env, fs, io};

use crate::load::{Inputs, SourceFile, load};
use crate::{Origin, Problem, Settings};

const DOTENV: &str = ".env";
const TOML: &str = "fullhold.toml";

/// Loads the configuration of this process: its flags (names of keys and values), its environment, and `.env` and
/// `fullhold.toml` in the working directory, where there are such files.
///
/// # Errors
/// Everything that is wrong, all at once.
pub fn load_from_process(flags: Vec<(String, String)>) -> Result<Settings, Vec<Problem>> {
    let mut problems = Vec::new();
    let dotenv = source_file(DOTENV, &mut problems);
    let toml = source_file(TOML, &mut problems);
    let lossy = |text: std::ffi::OsString| text.to_string_lossy().into_owned();
    let environment = env::vars_os().map(|(name, value)| (lossy(name), lossy(value))).collect();
    let inputs = Inputs { flags, environment, dotenv, toml, read_file: |path| fs::read_to_string(path) };
    match load(&inputs) {
        Ok(settings) if problems.is_empty() => Ok(settings),
        Ok(_) => Err(problems),
        Err(others) => {
            problems.extend(others);
            Err(problems)
        }
    }
}

/// Whether the person at the terminal wants no colours: `NO_COLOR` is set to anything (no-color.org).
#[must_use]
pub fn no_color() -> bool {
    env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
}

fn source_file(path: &str, problems: &mut Vec<Problem>) -> Option<SourceFile> {
    match fs::read_to_string(path) {
        Ok(text) => Some(SourceFile { path: path.into(), text }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => {
            let origin = Origin::File(Path::new(path).to_path_buf());
            problems.push(Problem::new("configuration file", format!("cannot be read: {error}"), origin));
            None
        }
    }
}
