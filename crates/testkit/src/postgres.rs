//! A throw-away PostgreSQL cluster on loopback.
//!
//! The cluster lives in a temporary directory that belongs to an unprivileged user (PostgreSQL refuses to run as
//! root), listens on a random port of 127.0.0.1 only, and has no UNIX socket. A small guard process holds the other
//! end of a pipe to us: when we drop the cluster, panic or are killed, the guard stops the server and removes the
//! directory. That is why a cluster kept in a `static`, which Rust never drops, leaves nothing behind either.

mod account;
mod binaries;
mod guard;
mod replication;

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::{fs, io};

use account::Account;
pub use binaries::Binaries;
use guard::Guard;

use crate::free_port;

/// The environment variable by which `cargo xtask test` hands its one cluster to all tests.
pub const POSTGRES_VARIABLE: &str = "FULLHOLD_TEST_POSTGRES";

const PORT_TRIES: u32 = 5;

/// What can go wrong with a throw-away cluster.
#[derive(Debug, Clone, thiserror::Error)]
pub enum PostgresError {
    /// No directory with `initdb`, `pg_ctl` and `postgres` was found.
    #[error(
        "PostgreSQL is not installed: looked for initdb and pg_ctl in $PG_BIN, PATH and /usr/lib/postgresql/*/bin \
         (on Debian and Ubuntu: apt-get install postgresql)"
    )]
    NotInstalled,
    /// We are root, and neither `postgres` nor `nobody` is in /etc/passwd.
    #[error("running as root, and no user `postgres` or `nobody` to run PostgreSQL as")]
    NoAccount,
    /// A file operation on the cluster's directory failed.
    #[error("{doing} {}: {reason}", path.display())]
    Files {
        /// What was being done, such as `creating`.
        doing: &'static str,
        /// To which path.
        path: PathBuf,
        /// The operating system's words.
        reason: String,
    },
    /// A PostgreSQL program could not be run, or said no.
    #[error("{program} failed: {output}")]
    Program {
        /// Name of the program.
        program: &'static str,
        /// What it printed, and the end of the server's log.
        output: String,
    },
}

/// Whether a commit waits for the disk, or for another server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// `fsync` and `synchronous_commit` off: for tests, where the cluster dies with its process anyway.
    Off,
    /// Commits wait for a standby, see [`Postgres::standby`], and nobody for the disk: for tests of a failover.
    Standby,
    /// PostgreSQL's own defaults: for benchmarks, where the price of a commit counts.
    On,
}

/// A running throw-away cluster. Dropping it stops the server and removes everything.
#[derive(Debug)]
pub struct Postgres {
    directory: PathBuf,
    port: u16,
    durability: Durability,
    binaries: Binaries,
    account: Option<Account>,
    guard: Guard,
}

impl Postgres {
    /// Starts a fast cluster for tests, with [`Durability::Off`].
    ///
    /// # Errors
    /// When PostgreSQL is not installed, or the cluster cannot be made or started.
    pub fn start() -> Result<Self, PostgresError> {
        Self::start_with(Durability::Off)
    }

    /// Starts a cluster with the durability of your choice.
    ///
    /// # Errors
    /// As [`Postgres::start`].
    pub fn start_with(durability: Durability) -> Result<Self, PostgresError> {
        let binaries = Binaries::find().ok_or(PostgresError::NotInstalled)?;
        let directory = account::temporary_directory()?;
        let guard = Guard::watch(&directory).map_err(|e| file_error("guarding", &directory, &e))?;
        let account = Account::for_directory(&directory)?;
        let mut cluster = Self { directory, port: 0, durability, binaries, account, guard };
        cluster.initialise()?;
        cluster.start_on_a_free_port()?;
        Ok(cluster)
    }

    /// The port it listens on, on 127.0.0.1.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The temporary directory that holds data and log.
    #[must_use]
    pub fn directory(&self) -> &std::path::Path {
        &self.directory
    }

    /// The URL of a database of this cluster; `postgres` always exists.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    /// Creates an empty database.
    ///
    /// # Errors
    /// When the server is down or has a database of that name.
    pub fn create_database(&self, name: &str) -> Result<(), PostgresError> {
        let mut createdb = self.program("createdb");
        createdb.args(["--host=127.0.0.1", "--username=postgres"]).arg(format!("--port={}", self.port)).arg(name);
        self.run("createdb", &mut createdb)
    }

    /// Stops the server (`fast`: clients are cut off, data is flushed) and keeps the data for [`Postgres::restart`].
    ///
    /// # Errors
    /// When the server does not stop, or did not run.
    pub fn stop(&self) -> Result<(), PostgresError> {
        self.run("pg_ctl", self.pg_ctl("stop").args(["-m", "fast"]))
    }

    /// Starts the server again, on the same port and data; stops it first when it runs.
    ///
    /// # Errors
    /// When the server does not come up.
    pub fn restart(&self) -> Result<(), PostgresError> {
        if self.directory.join("data/postmaster.pid").exists() {
            self.stop()?;
        }
        self.start_server()
    }

    /// Runs a statement as the superuser.
    ///
    /// # Errors
    /// When the server refuses it.
    pub fn sql(&self, database: &str, sql: &str) -> Result<(), PostgresError> {
        let mut psql = self.program("psql");
        psql.args(["--host=127.0.0.1", "--username=postgres", "--no-psqlrc", "--quiet", "-v", "ON_ERROR_STOP=1"]);
        psql.arg(format!("--port={}", self.port)).arg("-d").arg(database).arg("-c").arg(sql);
        self.run("psql", &mut psql)
    }

    /// Writes a file of the server's own into its data directory, such as `pg_hba.conf` or a certificate's key: nobody
    /// else may read it. [`Postgres::restart`] makes it count.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn file(&self, name: &str, text: &str) -> Result<(), PostgresError> {
        use std::os::unix::fs::PermissionsExt as _;
        let path = self.directory.join("data").join(name);
        let written = fs::write(&path, text)
            .and_then(|()| fs::set_permissions(&path, fs::Permissions::from_mode(0o600)))
            .and_then(|()| self.account.as_ref().map_or(Ok(()), |account| account.own(&path)));
        written.map_err(|e| file_error("writing", &path, &e))
    }

    fn initialise(&self) -> Result<(), PostgresError> {
        let mut initdb = self.program("initdb");
        initdb.arg("-D").arg(self.directory.join("data")).args(["-U", "postgres", "-A", "trust", "-E", "UTF8"]);
        initdb.args(["--no-locale", "--no-sync", "--no-instructions"]);
        self.run("initdb", &mut initdb)?;
        let path = self.directory.join("data/postgresql.auto.conf");
        let durability = self.durability.settings();
        let text = format!(
            "listen_addresses = '127.0.0.1'\nunix_socket_directories = ''\nmax_connections = 200\n\
             log_line_prefix = '%m [%p] %d '\n{durability}"
        );
        fs::write(&path, text).map_err(|e| file_error("writing", &path, &e))
    }

    fn start_on_a_free_port(&mut self) -> Result<(), PostgresError> {
        let mut tries = 1;
        loop {
            self.port = free_port();
            match self.start_server() {
                Ok(()) => return Ok(()),
                Err(_) if tries < PORT_TRIES => tries += 1,
                Err(e) => return Err(e),
            }
        }
    }

    fn start_server(&self) -> Result<(), PostgresError> {
        let mut start = self.pg_ctl("start");
        start.arg("-l").arg(self.directory.join("server.log")).arg("-o").arg(format!("-p {}", self.port));
        self.run("pg_ctl", &mut start)
    }

    fn pg_ctl(&self, action: &str) -> Command {
        let mut command = self.program("pg_ctl");
        command.arg(action).arg("-D").arg(self.directory.join("data")).args(["-w", "-t", "60", "-s"]);
        command
    }

    /// A PostgreSQL program, run as the cluster's account and away from our environment, directory and process group.
    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(self.binaries.path(name));
        for (variable, _) in std::env::vars_os().filter(|(v, _)| v.to_string_lossy().starts_with("PG")) {
            command.env_remove(variable);
        }
        command.env("LC_ALL", "C").env("TZ", "UTC").current_dir("/");
        if let Some(account) = &self.account {
            account.apply(&mut command);
        }
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        command
    }

    /// Output goes to a file, not a pipe: the server inherits it from `pg_ctl`, and a pipe would never end.
    fn run(&self, program: &'static str, command: &mut Command) -> Result<(), PostgresError> {
        let path = self.directory.join("output.log");
        let output = fs::File::create(&path).map_err(|e| file_error("creating", &path, &e))?;
        let errors = output.try_clone().map_err(|e| file_error("opening", &path, &e))?;
        let status = command.stdin(Stdio::null()).stdout(output).stderr(errors).status();
        match status {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(PostgresError::Program { program, output: format!("{status}\n{}", self.logs()) }),
            Err(e) => Err(PostgresError::Program { program, output: e.to_string() }),
        }
    }

    fn logs(&self) -> String {
        let read = |name: &str| fs::read_to_string(self.directory.join(name)).unwrap_or_default();
        let server = read("server.log");
        let lines: Vec<&str> = server.lines().collect();
        let tail = lines.get(lines.len().saturating_sub(10)..).unwrap_or_default().join("\n");
        format!("{}{tail}", read("output.log"))
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.guard.release();
    }
}

/// The URL of a PostgreSQL server that tests may create databases on: the one `cargo xtask test` started
/// ([`POSTGRES_VARIABLE`]), else a cluster of this process's own, which lives until the process ends.
///
/// # Errors
/// As [`Postgres::start`].
pub fn postgres_url() -> Result<String, PostgresError> {
    static OWN: OnceLock<Result<Postgres, PostgresError>> = OnceLock::new();
    match std::env::var(POSTGRES_VARIABLE) {
        Ok(url) if !url.is_empty() => Ok(url),
        _ => OWN.get_or_init(Postgres::start).as_ref().map(|own| own.url("postgres")).map_err(Clone::clone),
    }
}

fn file_error(doing: &'static str, path: &std::path::Path, error: &io::Error) -> PostgresError {
    PostgresError::Files { doing, path: path.to_path_buf(), reason: error.to_string() }
}
