//! Connecting to PostgreSQL: one server or several, time-outs, and whether trying again makes sense.

use std::str::FromStr as _;
use std::time::Duration;

use diesel::{ConnectionError, ConnectionResult};
use diesel_async::pooled_connection::deadpool::{Pool, PoolError};
use diesel_async::pooled_connection::{
    AsyncDieselConnectionManager, ManagerConfig, PoolError as Failure, RecyclingMethod,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use tokio_postgres::Config as Server;
use tokio_postgres::config::{Host as Address, SslMode, TargetSessionAttrs};
use tokio_postgres::error::SqlState;

use crate::db::build;
use fullhold_database_url::{Host, PostgresUrl};

use crate::tls::{HandshakeError, Tls};
use crate::{Config, Error, Result};

// What the URL does not say. Without these, a host that is switched off is waited for as long as
// the kernel likes (minutes to hours).
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const UNACKNOWLEDGED: Duration = Duration::from_secs(30);
const IDLE_BEFORE_PROBE: Duration = Duration::from_secs(30);
const PROBE_INTERVAL: Duration = Duration::from_secs(10);
const PROBES: u32 = 3;

/// PostgreSQL's own idle time before the first probe: what we see when the URL does not say.
const KERNEL_IDLE: Duration = Duration::from_secs(2 * 60 * 60);

#[diesel::declare_sql_function]
extern "SQL" {
    fn current_setting(name: diesel::sql_types::Text) -> diesel::sql_types::Text;
}

/// A pool of connections to the server, or to the one of several that takes writes.
pub(crate) fn pool(url: &PostgresUrl, config: &Config, shown: &str) -> Result<Pool<AsyncPgConnection>> {
    let wrong = |reason: String| Error::Connect { url: shown.to_owned(), reason, may_pass: false };
    let servers = servers(url).map_err(|error| wrong(crate::error::chain(&error)))?;
    let tls = Tls::of(url).map_err(wrong)?;
    let mut manager_config = ManagerConfig::<AsyncPgConnection>::default();
    if servers.iter().any(|server| server.get_target_session_attrs() == TargetSessionAttrs::ReadWrite) {
        manager_config.recycling_method = RecyclingMethod::CustomFunction(Box::new(|conn| Box::pin(writable(conn))));
    }
    manager_config.custom_setup = Box::new(move |_| Box::pin(connect(servers.clone(), tls.clone())));
    build(AsyncDieselConnectionManager::new_with_config(shown, manager_config), config, shown)
}

/// The URL's parameters, with time-outs; one entry for each host, in the URL's order.
fn servers(url: &PostgresUrl) -> std::result::Result<Vec<Server>, tokio_postgres::Error> {
    // What goes by addresses, or in any order, stays together: the driver knows what to do with it.
    let together = url.parameter("hostaddr").is_some() || url.parameter("load_balance_hosts").is_some();
    let hosts: Vec<&[Host]> = if together { vec![&url.hosts] } else { url.hosts.chunks(1).collect() };
    hosts.into_iter().map(|hosts| server(url, hosts)).collect()
}

fn server(url: &PostgresUrl, hosts: &[Host]) -> std::result::Result<Server, tokio_postgres::Error> {
    let mut server = Server::from_str(&parameters(url))?;
    for host in hosts {
        server.host(&host.name).port(host.port());
    }
    url.user.as_ref().map(|user| server.user(user));
    url.password.as_ref().map(|password| server.password(password.expose()));
    url.database.as_ref().map(|name| server.dbname(name));
    if server.get_connect_timeout().is_none() {
        server.connect_timeout(CONNECT_TIMEOUT);
    }
    if server.get_tcp_user_timeout().is_none() {
        server.tcp_user_timeout(UNACKNOWLEDGED);
    }
    if server.get_keepalives_idle() == KERNEL_IDLE {
        server.keepalives_idle(IDLE_BEFORE_PROBE);
    }
    if server.get_keepalives_interval().is_none() {
        server.keepalives_interval(PROBE_INTERVAL);
    }
    if server.get_keepalives_retries().is_none() {
        server.keepalives_retries(PROBES);
    }
    Ok(server)
}

/// The other parameters as the driver reads them: `name='value' …`.
fn parameters(url: &PostgresUrl) -> String {
    let quoted = |value: &str| value.replace('\\', "\\\\").replace('\'', "\\'");
    let each = url.parameters.iter().map(|(name, value)| format!("{name}='{}'", quoted(value)));
    each.collect::<Vec<_>>().join(" ")
}

/// Every host in turn, until one does what the URL asks for; on each, the ways that `sslmode` allows.
async fn connect(servers: Vec<Server>, tls: Tls) -> ConnectionResult<AsyncPgConnection> {
    let mut reasons: Vec<String> = Vec::new();
    let mut passing = false;
    for server in &servers {
        let socket = matches!(server.get_hosts(), [Address::Unix(_), ..]);
        for mode in tls.ways(socket) {
            let refused = match reach(server, *mode, &tls).await {
                Ok(connection) => return Ok(connection),
                Err(refused) => refused,
            };
            passing |= refused.may_pass;
            let reason =
                if servers.len() > 1 { format!("{}: {}", shown(server), refused.reason) } else { refused.reason };
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
            if !refused.other_way {
                break;
            }
        }
    }
    let reasons = reasons.join("; ");
    // The pool's error has room for no more than which of these two it was.
    Err(if passing { ConnectionError::BadConnection(reasons) } else { ConnectionError::InvalidConnectionUrl(reasons) })
}

/// Why there is no connection.
struct Refused {
    reason: String,
    /// Trying again makes sense.
    may_pass: bool,
    /// Trying with TLS instead of without, or the reverse, makes sense.
    other_way: bool,
}

/// One attempt. It has the whole of the connect time-out, from the first packet to being ready: a frozen host takes
/// connections, and no more.
async fn reach(server: &Server, mode: SslMode, tls: &Tls) -> std::result::Result<AsyncPgConnection, Refused> {
    let time = server.get_connect_timeout().copied().unwrap_or(CONNECT_TIMEOUT);
    let mut server = server.clone();
    server.ssl_mode(mode);
    let refused = |reason, may_pass, other_way| Refused { reason, may_pass, other_way };
    match tokio::time::timeout(time, server.connect(tls.clone())).await {
        Ok(Ok((client, connection))) => {
            let made = AsyncPgConnection::try_from_client_and_connection(client, connection).await;
            made.map_err(|error| refused(error.to_string(), cut_off(&error), false))
        }
        Ok(Err(error)) => Err(refused(explained(&server, &error), may_pass(&error), wants_other_way(&error))),
        Err(_elapsed) => Err(refused(format!("no answer within {time:?}"), true, false)),
    }
}

/// Whether the server took the connection and cut it while its settings were made.
fn cut_off(error: &ConnectionError) -> bool {
    matches!(error, ConnectionError::CouldntSetupConfiguration(cause) if crate::error::is_lost(cause))
}

/// Whether the server, or we, did not like the kind of connection.
fn wants_other_way(error: &tokio_postgres::Error) -> bool {
    let handshake = || handshake_error(error).is_some();
    error.code().map_or_else(handshake, |code| *code == SqlState::INVALID_AUTHORIZATION_SPECIFICATION)
}

fn handshake_error(error: &tokio_postgres::Error) -> Option<&HandshakeError> {
    use std::error::Error as _;
    error.source()?.downcast_ref()
}

/// What the driver says, and what to do where that is known.
fn explained(server: &Server, error: &tokio_postgres::Error) -> String {
    let text = crate::error::chain(error);
    match server.get_dbname().filter(|_| error.code() == Some(&SqlState::INVALID_CATALOG_NAME)) {
        Some(name) => format!("{text} (`dbadmin create` makes it, and so does `createdb {name}`)"),
        None => text,
    }
}

/// Host and port.
fn shown(server: &Server) -> String {
    let host = match server.get_hosts() {
        [Address::Tcp(name), ..] => name.clone(),
        [Address::Unix(path), ..] => path.display().to_string(),
        [] => String::new(),
    };
    server.get_ports().first().map_or(host.clone(), |port| format!("{host}:{port}"))
}

/// The server is away, starting, stopping, full or a standby yet; not: it does not want us.
fn may_pass(error: &tokio_postgres::Error) -> bool {
    match error.code() {
        Some(code) => {
            const PASSING: [SqlState; 5] = [
                SqlState::ADMIN_SHUTDOWN,
                SqlState::CRASH_SHUTDOWN,
                SqlState::CANNOT_CONNECT_NOW,
                SqlState::TOO_MANY_CONNECTIONS,
                SqlState::READ_ONLY_SQL_TRANSACTION,
            ];
            PASSING.contains(code)
        }
        // Without a word from a server: it is the network, or nobody is there.
        None => {
            use std::error::Error as _;
            let network = |cause: &(dyn std::error::Error + 'static)| match cause.downcast_ref::<HandshakeError>() {
                Some(handshake) => handshake.is_network(),
                None => cause.is::<std::io::Error>(),
            };
            error.is_closed() || error.source().is_some_and(network)
        }
    }
}

/// The check of a connection that has been idle: it must still answer, and take writes. A server
/// can become a standby, or read-only, without cutting its connections.
async fn writable(conn: &mut AsyncPgConnection) -> diesel::QueryResult<()> {
    let read_only: String = diesel::select(current_setting("transaction_read_only")).get_result(conn).await?;
    // Whatever error: the pool throws the connection away and says nothing.
    if read_only == "off" { Ok(()) } else { Err(diesel::result::Error::NotFound) }
}

/// What the pool says, as ours.
pub(crate) fn connect_error(error: &PoolError, shown: &str) -> Error {
    use deadpool::managed::TimeoutType;
    let may_pass = match error {
        PoolError::Backend(Failure::ConnectionError(ConnectionError::BadConnection(_))) => true,
        PoolError::Backend(Failure::ConnectionError(error)) if cut_off(error) => true,
        PoolError::Timeout(TimeoutType::Create | TimeoutType::Recycle) => true,
        _ => false,
    };
    let reason = match error {
        PoolError::Backend(Failure::ConnectionError(
            ConnectionError::BadConnection(text) | ConnectionError::InvalidConnectionUrl(text),
        )) => text.clone(),
        PoolError::Backend(cause) => cause.to_string(),
        PoolError::Timeout(TimeoutType::Create) => "no answer in time".to_owned(),
        PoolError::Timeout(TimeoutType::Wait) => "all connections of this program are in use".to_owned(),
        other => other.to_string(),
    };
    Error::Connect { url: shown.to_owned(), reason, may_pass }
}

#[cfg(test)]
mod tests {
    use fullhold_database_url::DatabaseUrl;

    use super::*;

    fn servers_of(text: &str) -> std::result::Result<Vec<Server>, tokio_postgres::Error> {
        match text.parse().unwrap() {
            DatabaseUrl::Postgres(url) => servers(&url),
            DatabaseUrl::Sqlite(_) => panic!("{text}"),
        }
    }

    #[test]
    fn a_url_with_two_hosts_is_two_servers_with_time_outs() {
        let servers =
            servers_of("postgres://u:p@one:1,two:2/d?target_session_attrs=read-write&connect_timeout=3").unwrap();
        let seen: Vec<String> = servers.iter().map(shown).collect();
        assert_eq!(seen, ["one:1", "two:2"]);
        for server in &servers {
            assert_eq!(
                (server.get_user(), server.get_password(), server.get_dbname()),
                (Some("u"), Some(&b"p"[..]), Some("d"))
            );
            assert_eq!(server.get_target_session_attrs(), TargetSessionAttrs::ReadWrite);
            assert_eq!(server.get_connect_timeout(), Some(&Duration::from_secs(3)));
            assert_eq!(server.get_tcp_user_timeout(), Some(&UNACKNOWLEDGED));
            assert_eq!(server.get_keepalives_idle(), IDLE_BEFORE_PROBE);
        }
    }

    #[test]
    fn each_host_has_a_port_and_other_parameters_reach_the_driver() {
        let seen: Vec<String> = servers_of("postgres://u@one,two/d").unwrap().iter().map(shown).collect();
        assert_eq!(seen, ["one:5432", "two:5432"]);
        let one = servers_of("postgres://u@one:7/d?options=-c%20x%3D'a%5Cb'").unwrap();
        assert_eq!(one.iter().map(shown).collect::<Vec<_>>(), ["one:7"]);
        assert_eq!(one[0].get_options(), Some("-c x='a\\b'"));
        assert!(servers_of("postgres://u@one/d?colour=red").is_err());
    }
}
