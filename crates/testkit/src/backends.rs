//! The same test on both databases.
#![expect(clippy::print_stderr, reason = "test support: the backend is named beside the panic message")]

use crate::{SqliteFile, TestDatabase};

/// Runs the body with the URL of a fresh SQLite file, then with that of a fresh PostgreSQL database. A panic in the
/// body says on standard error which of the two it was.
///
/// ```text
/// each_backend(async |url| {
///     let db = Db::open(url).await.unwrap();
/// })
/// .await;
/// ```
///
/// # Panics
/// When the body does, or when PostgreSQL is not installed: there is no silent skip.
pub async fn each_backend(body: impl AsyncFn(&str)) {
    {
        let file = SqliteFile::create();
        let url = file.url();
        let _name = NameInFailure { backend: "SQLite", url: &url };
        body(&url).await;
    }
    let database = TestDatabase::create();
    let url = database.url();
    let _name = NameInFailure { backend: "PostgreSQL", url: &url };
    body(&url).await;
}

/// [`each_backend`] for bodies that are not asynchronous.
///
/// # Panics
/// As [`each_backend`].
pub fn each_backend_blocking(body: impl Fn(&str)) {
    {
        let file = SqliteFile::create();
        let url = file.url();
        let _name = NameInFailure { backend: "SQLite", url: &url };
        body(&url);
    }
    let database = TestDatabase::create();
    let url = database.url();
    let _name = NameInFailure { backend: "PostgreSQL", url: &url };
    body(&url);
}

struct NameInFailure<'a> {
    backend: &'static str,
    url: &'a str,
}

impl Drop for NameInFailure<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the failure above was on backend {} ({})", self.backend, self.url);
        }
    }
}
