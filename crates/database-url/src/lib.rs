//! Where the database is: a URL, taken apart once and shown without its password.
//!
//! ```
//! use fullhold_database_url::DatabaseUrl;
//!
//! let url: DatabaseUrl = "postgres://bot:secret@db1,db2/stats?sslmode=verify-full".parse()?;
//! assert_eq!(url.to_string(), "postgres://bot:***@db1,db2/stats?sslmode=verify-full");
//! assert_eq!(url.name(), "stats");
//! # Ok::<(), fullhold_database_url::UrlError>(())
//! ```
//!
//! # Concepts
//! * [`DatabaseUrl`] is a SQLite file or a PostgreSQL database. `Display` and `Debug` mask the password; only
//!   [`DatabaseUrl::expose`] and [`Password::expose`] have it.
//! * [`Tls`] says what `sslmode` and its companions ask for, as libpq means them.
//!
//! # What it does not do
//! It connects to nothing and opens nothing. Parameters that are neither address, login nor TLS are handed on as they
//! are: the driver knows them.

mod mask;
mod parse;
mod postgres;
mod tls;
mod url;

pub use mask::masked;
pub use postgres::{Host, Password, PostgresUrl};
pub use tls::{Tls, TlsMode};
pub use url::{DatabaseUrl, UrlError};
