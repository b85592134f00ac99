//! A database URL from the `POSTGRES_*` keys.

use fullhold_database_url::{DatabaseUrl, Host, Password, PostgresUrl, Tls, TlsMode};

use crate::load::Values;
use crate::settings::{integer, path, text};

/// The URL; a sentence for people when the keys do not make one.
pub(crate) fn url(values: &Values, hosts: &str, home: Option<&str>) -> Result<DatabaseUrl, String> {
    let database = text(values, "POSTGRES_DATABASE")
        .ok_or("needs POSTGRES_DATABASE beside it (or DATABASE_URL instead of both)")?;
    let port = integer(values, "POSTGRES_PORT").and_then(|port| u16::try_from(port).ok());
    let host = |name: &str| Host { name: without_brackets(name.trim()).to_owned(), port };
    let url = PostgresUrl {
        hosts: hosts.split(',').map(host).collect(),
        user: text(values, "POSTGRES_USER"),
        password: text(values, "POSTGRES_PASSWORD").map(Password::new),
        database: Some(database),
        tls: Tls {
            mode: text(values, "POSTGRES_SSL_MODE").and_then(|mode| TlsMode::named(&mode)),
            root_cert: path(values, "POSTGRES_SSL_ROOT_CERT", home),
            cert: path(values, "POSTGRES_SSL_CERT", home),
            key: path(values, "POSTGRES_SSL_KEY", home),
        },
        parameters: Vec::new(),
    };
    DatabaseUrl::postgres(url).map_err(|error| error.to_string())
}

/// An IPv6 address may be given as in a URL.
fn without_brackets(host: &str) -> &str {
    host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host)
}
