//! A primary and its streaming standby: made, killed and promoted.

use super::{Durability, Guard, Postgres, PostgresError, account, file_error};

/// The standby's name, as the primary knows it.
const NAME: &str = "standby";

/// Waits within the server until a commit waits for the standby. Not `pg_stat_replication`: that view shows one
/// moment for as long as the statement runs.
const UNTIL_SYNCHRONOUS: &str = "DO $$ BEGIN
    FOR i IN 1..1200 LOOP
        IF EXISTS (SELECT FROM pg_stat_get_wal_senders() WHERE sync_state = 'sync') THEN RETURN; END IF;
        PERFORM pg_sleep(0.05);
    END LOOP;
    RAISE 'the standby did not become synchronous';
END $$";

impl Postgres {
    /// Makes a streaming standby of this cluster, with a directory, port and guard of its own, and waits until every
    /// commit here waits for it. Start this cluster with [`Durability::Standby`]: with `Off` no commit waits.
    ///
    /// # Errors
    /// When the copy cannot be made or started, or does not become synchronous within a minute.
    pub fn standby(&self) -> Result<Self, PostgresError> {
        let directory = account::temporary_directory()?;
        let guard = Guard::watch(&directory).map_err(|e| file_error("guarding", &directory, &e))?;
        let account = account::Account::for_directory(&directory)?;
        let binaries = self.binaries.clone();
        let mut standby = Self { directory, port: 0, durability: self.durability, binaries, account, guard };
        let mut copy = standby.program("pg_basebackup");
        // `-R` writes into the copy where it comes from, with the name given here.
        let from = format!("host=127.0.0.1 port={} user=postgres application_name={NAME}", self.port);
        copy.arg("-D").arg(standby.directory.join("data")).arg("-d").arg(from);
        copy.args(["-R", "-X", "stream", "-c", "fast", "--no-sync"]);
        standby.run("pg_basebackup", &mut copy)?;
        standby.start_on_a_free_port()?;
        self.wait_for_standby()?;
        Ok(standby)
    }

    /// Kills the server as a crash would: nothing is flushed, clients are cut off. The data stays.
    ///
    /// # Errors
    /// When the server did not run.
    pub fn kill(&self) -> Result<(), PostgresError> {
        self.run("pg_ctl", self.pg_ctl("stop").args(["-m", "immediate"]))
    }

    /// Makes a primary of this standby; its commits wait for nobody.
    ///
    /// # Errors
    /// When it is no standby, or does not take writes within a minute.
    pub fn promote(&self) -> Result<(), PostgresError> {
        self.run("pg_ctl", &mut self.pg_ctl("promote"))
    }

    /// The URL of a database on whichever of this cluster and the other takes writes.
    #[must_use]
    pub fn url_with(&self, other: &Self, database: &str) -> String {
        let (here, there) = (self.port, other.port);
        format!("postgres://postgres@127.0.0.1:{here},127.0.0.1:{there}/{database}?target_session_attrs=read-write")
    }

    fn wait_for_standby(&self) -> Result<(), PostgresError> {
        self.sql("postgres", &format!("ALTER SYSTEM SET synchronous_standby_names = '{NAME}'"))?;
        self.sql("postgres", "SELECT pg_reload_conf()")?;
        self.sql("postgres", UNTIL_SYNCHRONOUS)
    }
}

impl Durability {
    /// What of PostgreSQL's configuration differs from its defaults.
    pub(super) fn settings(self) -> &'static str {
        match self {
            Self::Off => "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n",
            Self::Standby => "fsync = off\nwal_level = replica\nmax_wal_senders = 4\nhot_standby = on\n",
            Self::On => "",
        }
    }
}
