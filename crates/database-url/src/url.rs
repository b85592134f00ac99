//! A database URL of either kind.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use thiserror::Error;

use crate::{PostgresUrl, TlsMode, parse};

/// Where the database is. `Display` and `Debug` mask the password.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A SQLite file: `sqlite://fullhold.db` is relative, `sqlite:///var/lib/fullhold.db` absolute.
    Sqlite(PathBuf),
    /// A database on a PostgreSQL server, or on several.
    Postgres(Box<PostgresUrl>),
}

/// Why a text is no database URL. Never holds the text itself, which may hold a password.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum UrlError {
    /// Neither SQLite nor PostgreSQL.
    #[error("sqlite://PATH or postgres://USER@HOST/DATABASE is allowed")]
    Scheme,
    /// No host anywhere.
    #[error("it names no host; postgres://USER@HOST/DATABASE is allowed")]
    NoHost,
    /// A port that is none.
    #[error("{found:?} is no port; 1 to 65535 is allowed")]
    Port {
        /// What stands there.
        found: String,
    },
    /// Neither one port nor one for each host.
    #[error("{ports} ports for {hosts} hosts; one, or one for each host, is allowed")]
    Ports {
        /// How many ports.
        ports: usize,
        /// How many hosts.
        hosts: usize,
    },
    /// A mode that libpq does not have.
    #[error("sslmode {found:?} is none of disable, allow, prefer, require, verify-ca, verify-full")]
    TlsMode {
        /// What stands there.
        found: String,
    },
    /// `sslrootcert=system` trusts all the world's authorities, so the name must be checked.
    #[error("sslrootcert=system needs sslmode=verify-full, and sslmode is {mode}")]
    SystemRoots {
        /// The mode asked for.
        mode: &'static str,
    },
    /// A certificate without its key, or the reverse.
    #[error("sslcert and sslkey belong together, and {missing} is missing")]
    Half {
        /// The one that is not given.
        missing: &'static str,
    },
    /// Bytes that are no text after decoding.
    #[error("a percent-encoded part of it is no UTF-8")]
    Encoding,
    /// `?name` without a value.
    #[error("parameter {name:?} has no value")]
    Parameter {
        /// The parameter's name.
        name: String,
    },
}

impl FromStr for DatabaseUrl {
    type Err = UrlError;

    fn from_str(text: &str) -> Result<Self, UrlError> {
        if let Some(rest) = text.strip_prefix("sqlite:") {
            let path = rest.strip_prefix("//").unwrap_or(rest);
            return if path.is_empty() { Err(UrlError::Scheme) } else { Ok(Self::Sqlite(PathBuf::from(path))) };
        }
        let rest = text.strip_prefix("postgres://").or_else(|| text.strip_prefix("postgresql://"));
        let url = parse::postgres(rest.filter(|rest| !rest.is_empty()).ok_or(UrlError::Scheme)?)?;
        Self::postgres(url)
    }
}

impl DatabaseUrl {
    /// A PostgreSQL URL of its parts.
    ///
    /// # Errors
    /// The parts do not fit each other.
    pub fn postgres(url: PostgresUrl) -> Result<Self, UrlError> {
        if url.hosts.is_empty() && url.parameter("hostaddr").is_none() {
            return Err(UrlError::NoHost);
        }
        match (&url.tls.cert, &url.tls.key) {
            (Some(_), None) => return Err(UrlError::Half { missing: "sslkey" }),
            (None, Some(_)) => return Err(UrlError::Half { missing: "sslcert" }),
            _ => {}
        }
        let system = url.tls.root_cert.as_deref() == Some(Path::new("system"));
        if system && url.tls.mode.is_some_and(|mode| mode != TlsMode::VerifyFull) {
            return Err(UrlError::SystemRoots { mode: url.tls.mode().name() });
        }
        let mut url = url;
        if system {
            url.tls.mode = Some(TlsMode::VerifyFull);
        }
        Ok(Self::Postgres(Box::new(url)))
    }

    /// The SQLite file.
    #[must_use]
    pub fn sqlite_path(&self) -> Option<&Path> {
        match self {
            Self::Sqlite(path) => Some(path),
            Self::Postgres(_) => None,
        }
    }

    /// What people call the database: the file's name, or the database's on its server.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Sqlite(path) => path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            Self::Postgres(url) => url.database.clone().or_else(|| url.user.clone()).unwrap_or_default(),
        }
    }

    /// The same server, another database. A SQLite file stays as it is.
    #[must_use]
    pub fn with_database(&self, name: &str) -> Self {
        match self {
            Self::Sqlite(_) => self.clone(),
            Self::Postgres(url) => {
                Self::Postgres(Box::new(PostgresUrl { database: Some(name.to_owned()), ..(**url).clone() }))
            }
        }
    }

    /// The whole URL, password and all.
    #[must_use]
    pub fn expose(&self) -> String {
        self.text(true)
    }

    fn text(&self, with_password: bool) -> String {
        match self {
            Self::Sqlite(path) => format!("sqlite://{}", path.display()),
            Self::Postgres(url) => url.text(with_password),
        }
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(false))
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}
