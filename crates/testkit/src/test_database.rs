//! A PostgreSQL database of a test's own: random name, dropped at the end.
#![expect(clippy::panic, clippy::print_stderr, reason = "test support: a test without its database must fail loudly")]

use std::thread;

use tokio_postgres::{Config, NoTls};

use crate::port::random_suffix;
use crate::postgres_url;

/// An empty database on the tests' PostgreSQL server. Dropping it drops the database, cutting off its connections.
#[derive(Debug)]
pub struct TestDatabase {
    server: String,
    name: String,
}

impl TestDatabase {
    /// Creates the database. May be called inside or outside an asynchronous runtime.
    ///
    /// # Panics
    /// When PostgreSQL is not installed (the message names the package) or refuses.
    #[must_use]
    pub fn create() -> Self {
        let server = postgres_url().unwrap_or_else(|e| panic!("{e}"));
        let database = Self { server, name: format!("test_{}", random_suffix()) };
        let created = execute(&database.server, format!("CREATE DATABASE {}", database.name));
        created.unwrap_or_else(|e| panic!("creating database {} on {}: {e}", database.name, database.server));
        database
    }

    /// The URL of this database.
    #[must_use]
    pub fn url(&self) -> String {
        let base = self.server.rsplit_once('/').map_or(self.server.as_str(), |(base, _)| base);
        format!("{base}/{}", self.name)
    }

    /// The database's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Runs one or more SQL statements on this database, outside the code under test.
    ///
    /// # Panics
    /// When PostgreSQL refuses a statement.
    pub fn execute(&self, sql: &str) {
        execute(&self.url(), sql.to_owned()).unwrap_or_else(|e| panic!("{sql}: {e}"));
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Err(e) = execute(&self.server, format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name)) {
            eprintln!("dropping database {}: {e}", self.name);
        }
    }
}

/// On a thread of its own, because a runtime may not be blocked from within another.
fn execute(url: &str, sql: String) -> Result<(), String> {
    let config: Config = url.parse().map_err(|e| describe(&e))?;
    let worker = thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|e| describe(&e))?;
        runtime.block_on(async {
            let (client, connection) = config.connect(NoTls).await.map_err(|e| describe(&e))?;
            let connection = tokio::spawn(connection);
            let result = client.batch_execute(&sql).await.map_err(|e| describe(&e));
            drop(client);
            let _ = connection.await;
            result
        })
    });
    worker.join().unwrap_or_else(|_| Err("the worker thread panicked".to_owned()))
}

fn describe(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
