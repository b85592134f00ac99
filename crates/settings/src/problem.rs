//! What is wrong with the configuration, and where it was read.

use std::fmt;
use std::path::PathBuf;

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A command-line flag.
    Flag,
    /// The environment.
    Environment,
    /// A line of the `.env` file.
    DotEnv {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
    },
    /// A line of `fullhold.toml`.
    Toml {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
    },
    /// A file that another key names, or that could not be read.
    File(PathBuf),
    /// Put together from the `POSTGRES_*` keys.
    PostgresKeys,
    /// Nobody gave a value.
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag => f.write_str("command line"),
            Self::Environment => f.write_str("environment"),
            Self::DotEnv { path, line } | Self::Toml { path, line } => write!(f, "{}, line {line}", path.display()),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::PostgresKeys => f.write_str("POSTGRES_* keys"),
            Self::Default => f.write_str("default"),
        }
    }
}

/// One thing that is wrong. Shown as `SSH_PORT = "many": a whole number from 1 to 65535 (.env, line 3)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The key, or what stands where a key should.
    pub key: String,
    /// The value, masked where it is secret; none where there is no value to show.
    pub value: Option<String>,
    /// What is allowed, or what else is wrong.
    pub what: String,
    /// Where it was read.
    pub origin: Origin,
}

impl Problem {
    pub(crate) fn new(key: impl Into<String>, what: impl Into<String>, origin: Origin) -> Self {
        Self { key: key.into(), value: None, what: what.into(), origin }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.key)?;
        if let Some(value) = &self.value {
            write!(f, " = \"{value}\"")?;
        }
        write!(f, ": {} ({})", self.what, self.origin)
    }
}

impl std::error::Error for Problem {}
