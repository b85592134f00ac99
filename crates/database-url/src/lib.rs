//! Where the database is: a URL, taken apart once and shown without its password.
#![doc = include_str!("../README.md")]

mod mask;
mod parse;
mod postgres;
mod tls;
mod url;

pub use mask::masked;
pub use postgres::{Host, Password, PostgresUrl};
pub use tls::{Tls, TlsMode};
pub use url::{DatabaseUrl, UrlError};
