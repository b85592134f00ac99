//! The parts of a PostgreSQL URL, and the URL made of them again.

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::Tls;
use crate::mask::MASK;

/// PostgreSQL's own port.
const DEFAULT_PORT: u16 = 5432;

/// What needs no encoding anywhere in a URL.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A password. `Debug` masks it.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// Wraps a password.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Its text, for whoever logs in.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

/// One of the servers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    /// Name, address, or the folder of a UNIX socket (which begins with `/`).
    pub name: String,
    /// Port, if the URL says one.
    pub port: Option<u16>,
}

impl Host {
    /// The port that counts.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port.unwrap_or(DEFAULT_PORT)
    }

    /// Whether it is the folder of a UNIX socket.
    #[must_use]
    pub fn is_socket(&self) -> bool {
        self.name.starts_with('/')
    }
}

impl fmt::Display for Host {
    /// As it stands in a URL.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.name.contains(':') {
            write!(f, "[{}]", self.name)?;
        } else {
            f.write_str(&encoded(&self.name))?;
        }
        self.port.map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

/// A PostgreSQL database, on one server or whichever of several answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PostgresUrl {
    /// The servers, in the order in which they are tried; at least one.
    pub hosts: Vec<Host>,
    /// Who logs in; none is the user of the operating system.
    pub user: Option<String>,
    /// The password.
    pub password: Option<Password>,
    /// The database; none is the one named like the user.
    pub database: Option<String>,
    /// Encryption.
    pub tls: Tls,
    /// Everything else, as it is given: `target_session_attrs`, `connect_timeout` …
    pub parameters: Vec<(String, String)>,
}

impl PostgresUrl {
    /// The URL, with the password or with a mask in its place.
    pub(crate) fn text(&self, with_password: bool) -> String {
        let password = self
            .password
            .as_ref()
            .map(|password| if with_password { encoded(password.expose()) } else { MASK.to_owned() });
        let mut url = "postgres://".to_owned();
        if let Some(user) = &self.user {
            url.push_str(&encoded(user));
            if let Some(password) = &password {
                url.push(':');
                url.push_str(password);
            }
            url.push('@');
        }
        let hosts: Vec<String> = self.hosts.iter().map(ToString::to_string).collect();
        url.push_str(&hosts.join(","));
        url.push('/');
        if let Some(database) = &self.database {
            url.push_str(&encoded(database));
        }
        // Without a user there is no place for a password before the host.
        let password = password.filter(|_| self.user.is_none()).map(|text| ("password".to_owned(), text));
        let plain = self.named_parameters().into_iter().map(|(name, value)| (name, encoded(&value)));
        for (index, (name, value)) in password.into_iter().chain(plain).enumerate() {
            url.push(if index == 0 { '?' } else { '&' });
            url.push_str(&name);
            url.push('=');
            url.push_str(&value);
        }
        url
    }

    fn named_parameters(&self) -> Vec<(String, String)> {
        let path = |path: &Option<std::path::PathBuf>| path.as_ref().map(|path| path.display().to_string());
        let tls = [
            ("sslmode", self.tls.mode.map(|mode| mode.name().to_owned())),
            ("sslrootcert", path(&self.tls.root_cert)),
            ("sslcert", path(&self.tls.cert)),
            ("sslkey", path(&self.tls.key)),
        ];
        let tls = tls.into_iter().filter_map(|(name, value)| value.map(|value| (name.to_owned(), value)));
        tls.chain(self.parameters.iter().cloned()).collect()
    }

    /// The value of one of the other parameters.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}
