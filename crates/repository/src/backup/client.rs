//! The programs of PostgreSQL: where they are, how they reach the database, what they say.
//!
//! The database's address, login and TLS go by the environment: everybody on the machine can read a command line.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use base64::Engine as _;
use fullhold_database_url::{PostgresUrl, TlsMode};
use tempfile::NamedTempFile;

use crate::{Error, Result};

/// What libpq would take from somebody else's environment instead of our URL.
const FOREIGN: &[&str] = &[
    "PGHOST",
    "PGHOSTADDR",
    "PGPORT",
    "PGDATABASE",
    "PGUSER",
    "PGPASSWORD",
    "PGSERVICE",
    "PGSERVICEFILE",
    "PGOPTIONS",
    "PGAPPNAME",
    "PGSSLMODE",
    "PGREQUIRESSL",
    "PGSSLROOTCERT",
    "PGSSLCERT",
    "PGSSLKEY",
    "PGSSLCRL",
    "PGTARGETSESSIONATTRS",
    "PGCONNECT_TIMEOUT",
    "PGCHANNELBINDING",
    "PGLOADBALANCEHOSTS",
];

/// Parameters of a URL that libpq takes from the environment.
const HANDED_ON: &[(&str, &str)] = &[
    ("hostaddr", "PGHOSTADDR"),
    ("options", "PGOPTIONS"),
    ("application_name", "PGAPPNAME"),
    ("target_session_attrs", "PGTARGETSESSIONATTRS"),
    ("connect_timeout", "PGCONNECT_TIMEOUT"),
    ("channel_binding", "PGCHANNELBINDING"),
    ("load_balance_hosts", "PGLOADBALANCEHOSTS"),
];

/// A program of PostgreSQL, to be given its arguments.
pub(super) struct Client {
    program: &'static str,
    pub(super) command: Command,
    // There for as long as the program runs.
    roots: Option<NamedTempFile>,
}

impl Client {
    /// One that needs no database.
    pub(super) fn offline(program: &'static str) -> Self {
        let mut command = Command::new(find(program));
        for name in FOREIGN {
            command.env_remove(name);
        }
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        Self { program, command, roots: None }
    }

    /// One with the database as its target.
    pub(super) fn of(program: &'static str, url: &PostgresUrl) -> Result<Self> {
        let mut client = Self::offline(program);
        client.command.envs(environment(url));
        if let Some(roots) = system_roots(program, url)? {
            client.command.env("PGSSLROOTCERT", roots.path());
            client.roots = Some(roots);
        }
        let name = url.database.as_deref().unwrap_or_default().replace('\\', "\\\\").replace('\'', "\\'");
        if !name.is_empty() {
            client.command.arg(format!("--dbname=dbname='{name}'"));
        }
        Ok(client)
    }

    /// Starts it.
    pub(super) fn spawn(&mut self) -> Result<std::process::Child> {
        self.command.spawn().map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => failed(
                self.program,
                "not installed; on Debian and Ubuntu: apt-get install postgresql-client (any version from the server's on)",
            ),
            _ => failed(self.program, &error.to_string()),
        })
    }

    /// Runs it to its end; what it prints on standard output is the result.
    pub(super) fn run(mut self) -> Result<Vec<u8>> {
        let child = self.spawn()?;
        let output = child.wait_with_output().map_err(|error| failed(self.program, &error.to_string()))?;
        verdict(self.program, output)
    }
}

/// Its standard output, or why it failed.
pub(super) fn verdict(program: &'static str, output: Output) -> Result<Vec<u8>> {
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr).trim().replace('\n', "; ");
    Err(failed(program, if said.is_empty() { "ended without a word" } else { &said }))
}

pub(super) fn failed(program: &'static str, reason: &str) -> Error {
    Error::Program { program, reason: reason.to_owned() }
}

/// Address, login and TLS as libpq reads them.
fn environment(url: &PostgresUrl) -> Vec<(&'static str, String)> {
    let join = |parts: Vec<String>| parts.join(",");
    let mut environment = Vec::new();
    if !url.hosts.is_empty() {
        environment.push(("PGHOST", join(url.hosts.iter().map(|host| host.name.clone()).collect())));
        environment.push(("PGPORT", join(url.hosts.iter().map(|host| host.port().to_string()).collect())));
    }
    environment.extend(url.user.clone().map(|user| ("PGUSER", user)));
    environment.extend(url.password.as_ref().map(|password| ("PGPASSWORD", password.expose().to_owned())));
    environment.push(("PGSSLMODE", url.tls.mode().name().to_owned()));
    let path = |path: &PathBuf| path.display().to_string();
    environment.extend(url.tls.root_cert.as_ref().map(|file| ("PGSSLROOTCERT", path(file))));
    environment.extend(url.tls.cert.as_ref().map(|file| ("PGSSLCERT", path(file))));
    environment.extend(url.tls.key.as_ref().map(|file| ("PGSSLKEY", path(file))));
    for (parameter, variable) in HANDED_ON {
        environment.extend(url.parameter(parameter).map(|value| (*variable, value.to_owned())));
    }
    environment
}

/// The system's certificates as a file: libpq before version 16 cannot find them by itself.
fn system_roots(program: &'static str, url: &PostgresUrl) -> Result<Option<NamedTempFile>> {
    let named = url.tls.root_cert.as_deref().is_some_and(|path| path != Path::new("system"));
    if named || url.tls.mode() < TlsMode::VerifyCa {
        return Ok(None);
    }
    let roots = crate::tls::roots(url).map_err(|reason| failed(program, &reason))?;
    let mut file = NamedTempFile::new().map_err(|e| failed(program, &e.to_string()))?;
    for certificate in roots {
        let text = base64::engine::general_purpose::STANDARD.encode(certificate);
        let written = writeln!(file, "-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----");
        written.map_err(|e| failed(program, &e.to_string()))?;
    }
    Ok(Some(file))
}

/// On the path, or where Debian keeps them; newest first.
fn find(program: &str) -> PathBuf {
    let works = Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    if works.is_ok() {
        return PathBuf::from(program);
    }
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> =
        versions.map(|version| version.path().join("bin").join(program)).filter(|path| path.exists()).collect();
    found.sort_by_key(|path| {
        let version = path.iter().rev().nth(2).and_then(|v| v.to_str()).and_then(|v| v.parse::<u32>().ok());
        std::cmp::Reverse(version)
    });
    found.into_iter().next().unwrap_or_else(|| PathBuf::from(program))
}

#[cfg(test)]
mod tests {
    use fullhold_database_url::DatabaseUrl;

    use super::*;

    #[test]
    fn no_password_is_on_a_command_line_and_every_part_is_in_the_environment() {
        for url in [
            "postgres://u:sec%40ret@h1:1,h2/et%20'stats?sslmode=verify-full&sslrootcert=/ca.pem&sslcert=/c&sslkey=/k\
             &target_session_attrs=read-write",
            "postgres://h1:1,h2/et%20'stats?user=u&password=sec%40ret&sslmode=verify-full&sslrootcert=/ca.pem\
             &sslcert=/c&sslkey=/k&target_session_attrs=read-write",
        ] {
            let DatabaseUrl::Postgres(url) = url.parse().unwrap() else { panic!("{url}") };
            let client = Client::of("pg_dump", &url).unwrap();
            let arguments: Vec<String> =
                client.command.get_args().map(|argument| argument.to_string_lossy().into_owned()).collect();
            assert_eq!(arguments, ["--dbname=dbname='et \\'stats'"]);
            let expected = [
                ("PGHOST", "h1,h2"),
                ("PGPORT", "1,5432"),
                ("PGUSER", "u"),
                ("PGPASSWORD", "sec@ret"),
                ("PGSSLMODE", "verify-full"),
                ("PGSSLROOTCERT", "/ca.pem"),
                ("PGSSLCERT", "/c"),
                ("PGSSLKEY", "/k"),
                ("PGTARGETSESSIONATTRS", "read-write"),
            ];
            assert_eq!(environment(&url), expected.map(|(name, value)| (name, value.to_owned())));
        }
    }
}
