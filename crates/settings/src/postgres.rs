//! A database URL from the `POSTGRES_*` keys.

use std::fmt::Write;

/// The parts, as the keys have them.
#[derive(Debug, Default)]
pub(crate) struct Parts<'a> {
    pub(crate) host: &'a str,
    pub(crate) port: Option<u64>,
    pub(crate) database: &'a str,
    pub(crate) user: Option<&'a str>,
    pub(crate) password: Option<&'a str>,
    pub(crate) ssl_mode: Option<&'a str>,
    pub(crate) ssl_root_cert: Option<&'a str>,
}

/// `postgres://user:password@host:port/database?sslmode=…&sslrootcert=…`, with everything percent-encoded.
pub(crate) fn url(parts: &Parts<'_>) -> String {
    let mut url = String::from("postgres://");
    if let Some(user) = parts.user {
        url.push_str(&encode(user));
        if let Some(password) = parts.password {
            url.push(':');
            url.push_str(&encode(password));
        }
        url.push('@');
    }
    url.push_str(&host(parts.host));
    if let Some(port) = parts.port {
        let _ = write!(url, ":{port}");
    }
    url.push('/');
    url.push_str(&encode(parts.database));
    // Without a user there is no place for a password in front of the host.
    let password = parts.password.filter(|_| parts.user.is_none());
    let options = [("password", password), ("sslmode", parts.ssl_mode), ("sslrootcert", parts.ssl_root_cert)];
    let mut separator = '?';
    for (name, value) in options {
        if let Some(value) = value {
            let _ = write!(url, "{separator}{name}={}", encode(value));
            separator = '&';
        }
    }
    url
}

/// IPv6 addresses take brackets; a path is the directory of a UNIX socket; anything else is a name.
fn host(host: &str) -> String {
    if host.contains(':') && !host.starts_with('[') {
        format!("[{host}]")
    } else if host.starts_with('/') {
        encode(host)
    } else {
        host.to_owned()
    }
}

fn encode(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_become_a_url() {
        let plain = Parts { host: "db", database: "stats", ..Parts::default() };
        assert_eq!(url(&plain), "postgres://db/stats");
        let full = Parts {
            host: "::1",
            port: Some(5433),
            database: "et stats",
            user: Some("bot@home"),
            password: Some("p:/@%ž"),
            ssl_mode: Some("verify-full"),
            ssl_root_cert: Some("/etc/ca.pem"),
        };
        assert_eq!(
            url(&full),
            "postgres://bot%40home:p%3A%2F%40%25%C5%BE@[::1]:5433/et%20stats\
             ?sslmode=verify-full&sslrootcert=%2Fetc%2Fca.pem"
        );
        let socket = Parts { host: "/run/postgresql", database: "d", password: Some("p"), ..Parts::default() };
        assert_eq!(url(&socket), "postgres://%2Frun%2Fpostgresql/d?password=p");
    }
}
