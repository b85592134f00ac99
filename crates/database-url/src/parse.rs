//! From the text of a PostgreSQL URL to its parts, as libpq reads it, and a little more kindly: the login ends at the
//! last `@` before the path, because passwords are often not percent-encoded.

use std::path::PathBuf;

use percent_encoding::percent_decode_str;

use crate::{Host, Password, PostgresUrl, TlsMode, UrlError};

/// What follows `postgres://`.
pub(crate) fn postgres(text: &str) -> Result<PostgresUrl, UrlError> {
    let (before, query) = text.split_once('?').map_or((text, None), |(before, query)| (before, Some(query)));
    // A password may hold a slash: the authority ends at the first slash behind the login.
    let login_end = before.rfind('@').map_or(0, |at| at + 1);
    let (login, rest) = before.split_at_checked(login_end).unwrap_or(("", before));
    let (hosts, database) = rest.split_once('/').unwrap_or((rest, ""));
    let mut url = PostgresUrl::default();
    if let Some(login) = login.strip_suffix('@') {
        let (user, password) = login.split_once(':').map_or((login, None), |(user, password)| (user, Some(password)));
        url.user = Some(decoded(user)?).filter(|user| !user.is_empty());
        url.password = password.map(decoded).transpose()?.map(Password::new);
    }
    for one in hosts.split(',').filter(|_| !hosts.is_empty()) {
        url.hosts.push(host(one)?);
    }
    url.database = Some(decoded(database)?).filter(|name| !name.is_empty());
    let mut ports = None;
    for pair in query.unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').ok_or_else(|| UrlError::Parameter { name: pair.to_owned() })?;
        parameter(&mut url, &decoded(name)?, decoded(value)?, &mut ports)?;
    }
    if let Some(ports) = ports {
        distribute(&mut url.hosts, &ports)?;
    }
    Ok(url)
}

/// One `name=value`; what the address and the login have already is replaced, as libpq does.
fn parameter(url: &mut PostgresUrl, name: &str, value: String, ports: &mut Option<String>) -> Result<(), UrlError> {
    match name {
        "user" => url.user = Some(value),
        "password" => url.password = Some(Password::new(value)),
        "dbname" => url.database = Some(value),
        "host" => url.hosts = value.split(',').map(|name| Host { name: name.to_owned(), port: None }).collect(),
        "port" => *ports = Some(value),
        "sslmode" => url.tls.mode = Some(TlsMode::named(&value).ok_or(UrlError::TlsMode { found: value })?),
        "sslrootcert" => url.tls.root_cert = Some(PathBuf::from(value)),
        "sslcert" => url.tls.cert = Some(PathBuf::from(value)),
        "sslkey" => url.tls.key = Some(PathBuf::from(value)),
        _ => url.parameters.push((name.to_owned(), value)),
    }
    Ok(())
}

/// `name`, `name:port`, `[address]:port`, or a percent-encoded folder of a socket.
fn host(text: &str) -> Result<Host, UrlError> {
    let bracketed = text.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let (name, port) = match bracketed {
        Some((address, after)) => (address, after.strip_prefix(':')),
        None => text.split_once(':').map_or((text, None), |(name, port)| (name, Some(port))),
    };
    Ok(Host { name: decoded(name)?, port: port.filter(|port| !port.is_empty()).map(port_of).transpose()? })
}

fn port_of(text: &str) -> Result<u16, UrlError> {
    text.parse().ok().filter(|port| *port > 0).ok_or_else(|| UrlError::Port { found: text.to_owned() })
}

/// One port for all hosts, or one for each.
fn distribute(hosts: &mut [Host], ports: &str) -> Result<(), UrlError> {
    let ports: Vec<u16> = ports.split(',').map(port_of).collect::<Result<_, _>>()?;
    match ports.as_slice() {
        [one] => hosts.iter_mut().for_each(|host| host.port = Some(*one)),
        several if several.len() == hosts.len() => {
            hosts.iter_mut().zip(several).for_each(|(host, port)| host.port = Some(*port));
        }
        _ => return Err(UrlError::Ports { ports: ports.len(), hosts: hosts.len() }),
    }
    Ok(())
}

fn decoded(text: &str) -> Result<String, UrlError> {
    let decoded = percent_decode_str(text).decode_utf8();
    decoded.map(std::borrow::Cow::into_owned).map_err(|_not_utf8| UrlError::Encoding)
}
