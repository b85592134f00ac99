//! Connecting to PostgreSQL: one server or several, time-outs, and whether trying again makes sense.

use std::str::FromStr as _;
use std::time::Duration;

use diesel::{ConnectionError, ConnectionResult};
use diesel_async::pooled_connection::deadpool::{Pool, PoolError};
use diesel_async::pooled_connection::{
    AsyncDieselConnectionManager, ManagerConfig, PoolError as Failure, RecyclingMethod,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use tokio_postgres::config::{Host, LoadBalanceHosts, TargetSessionAttrs};
use tokio_postgres::error::SqlState;
use tokio_postgres::{Config as Server, NoTls};

use crate::db::build;
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
pub(crate) fn pool(config: &Config, shown: &str) -> Result<Pool<AsyncPgConnection>> {
    let servers = servers(&config.url).map_err(|error| Error::Connect {
        url: shown.to_owned(),
        reason: crate::error::chain(&error),
        may_pass: false,
    })?;
    let mut manager_config = ManagerConfig::<AsyncPgConnection>::default();
    if servers.iter().any(|server| server.get_target_session_attrs() == TargetSessionAttrs::ReadWrite) {
        manager_config.recycling_method = RecyclingMethod::CustomFunction(Box::new(|conn| Box::pin(writable(conn))));
    }
    manager_config.custom_setup = Box::new(move |_| Box::pin(connect(servers.clone())));
    build(AsyncDieselConnectionManager::new_with_config(&config.url, manager_config), config, shown)
}

/// The URL's parameters, with time-outs; one entry for each host, in the URL's order.
fn servers(url: &str) -> std::result::Result<Vec<Server>, tokio_postgres::Error> {
    let mut all = Server::from_str(url)?;
    if all.get_connect_timeout().is_none() {
        all.connect_timeout(CONNECT_TIMEOUT);
    }
    if all.get_tcp_user_timeout().is_none() {
        all.tcp_user_timeout(UNACKNOWLEDGED);
    }
    if all.get_keepalives_idle() == KERNEL_IDLE {
        all.keepalives_idle(IDLE_BEFORE_PROBE);
    }
    if all.get_keepalives_interval().is_none() {
        all.keepalives_interval(PROBE_INTERVAL);
    }
    if all.get_keepalives_retries().is_none() {
        all.keepalives_retries(PROBES);
    }
    // What goes by names or addresses alone can be taken apart.
    let simple = all.get_hostaddrs().is_empty() && all.get_load_balance_hosts() == LoadBalanceHosts::Disable;
    match all.get_hosts() {
        [] | [_] => Ok(vec![all]),
        hosts if simple => Ok(hosts.iter().enumerate().map(|(i, host)| one_of(&all, i, host)).collect()),
        _ => Ok(vec![all]),
    }
}

/// The parameters with one host only: a configuration cannot be rid of the others.
fn one_of(all: &Server, index: usize, host: &Host) -> Server {
    let mut one = Server::new();
    match host {
        Host::Tcp(name) => one.host(name),
        Host::Unix(path) => one.host_path(path),
    };
    if let Some(port) = all.get_ports().get(index).or_else(|| all.get_ports().first()) {
        one.port(*port);
    }
    all.get_user().map(|user| one.user(user));
    all.get_password().map(|password| one.password(password));
    all.get_dbname().map(|name| one.dbname(name));
    all.get_options().map(|options| one.options(options));
    all.get_application_name().map(|name| one.application_name(name));
    all.get_connect_timeout().map(|time| one.connect_timeout(*time));
    all.get_tcp_user_timeout().map(|time| one.tcp_user_timeout(*time));
    all.get_keepalives_interval().map(|time| one.keepalives_interval(time));
    all.get_keepalives_retries().map(|times| one.keepalives_retries(times));
    one.keepalives(all.get_keepalives()).keepalives_idle(all.get_keepalives_idle());
    one.ssl_mode(all.get_ssl_mode()).ssl_negotiation(all.get_ssl_negotiation());
    one.channel_binding(all.get_channel_binding()).target_session_attrs(all.get_target_session_attrs());
    one
}

/// Every host in turn, until one does what the URL asks for. Each has the whole of the connect
/// time-out, from the first packet to being ready: a frozen host takes connections, and no more.
async fn connect(servers: Vec<Server>) -> ConnectionResult<AsyncPgConnection> {
    let mut reasons = Vec::new();
    let mut passing = false;
    for server in &servers {
        let time = server.get_connect_timeout().copied().unwrap_or(CONNECT_TIMEOUT);
        let (reason, may_pass) = match tokio::time::timeout(time, server.connect(NoTls)).await {
            Ok(Ok((client, connection))) => {
                return AsyncPgConnection::try_from_client_and_connection(client, connection).await;
            }
            Ok(Err(error)) => (crate::error::chain(&error), may_pass(&error)),
            Err(_elapsed) => (format!("no answer within {time:?}"), true),
        };
        passing |= may_pass;
        reasons.push(if servers.len() > 1 { format!("{}: {reason}", shown(server)) } else { reason });
    }
    let reasons = reasons.join("; ");
    // The pool's error has room for no more than which of these two it was.
    Err(if passing { ConnectionError::BadConnection(reasons) } else { ConnectionError::InvalidConnectionUrl(reasons) })
}

/// Host and port.
fn shown(server: &Server) -> String {
    let host = match server.get_hosts() {
        [Host::Tcp(name), ..] => name.clone(),
        [Host::Unix(path), ..] => path.display().to_string(),
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
            error.is_closed() || error.source().is_some_and(|cause| cause.is::<std::io::Error>())
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
        PoolError::Backend(Failure::ConnectionError(ConnectionError::CouldntSetupConfiguration(error))) => {
            crate::error::is_lost(error)
        }
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
    use super::*;

    #[test]
    fn a_url_with_two_hosts_is_two_servers_with_time_outs() {
        let servers =
            servers("postgres://u:p@one:1,two:2/d?target_session_attrs=read-write&connect_timeout=3").unwrap();
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
    fn one_port_serves_all_hosts() {
        let seen: Vec<String> = servers("postgres://u@one,two/d").unwrap().iter().map(shown).collect();
        assert_eq!(seen, ["one:5432", "two:5432"]);
        let one = servers("postgres://u@one:7/d").unwrap();
        assert_eq!(one.iter().map(shown).collect::<Vec<_>>(), ["one:7"]);
        assert!(servers("postgres://u@one/d?colour=red").is_err());
    }
}
