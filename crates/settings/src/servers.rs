//! Game servers: one from the keys, or one per `[[server]]` table.
//!
//! A table becomes a set of values of the ordinary keys, so that both ways end in the same code.

use std::collections::BTreeSet;

use crate::load::{self, Found, Given, Values};
use crate::settings::{self, Server, Ssh};
use crate::{Key, Origin, Problem, SERVER_KEYS, Secret};

pub(crate) fn build(
    values: &Values,
    tables: &[(Origin, Vec<Given>)],
    home: Option<&str>,
    problems: &mut Vec<Problem>,
) -> Vec<Server> {
    let ssh_enabled = values.get("SSH_ENABLED").filter(|_| settings::boolean(values, "SSH_ENABLED"));
    if tables.is_empty() {
        if let Some(found) = ssh_enabled {
            check_ssh(values, &found.origin, problems);
        }
        return vec![server(values, values, home)];
    }
    let mut names = BTreeSet::new();
    let mut servers = Vec::new();
    for (origin, table) in tables {
        let own = table_values(values, table, problems);
        let server = server(&own, values, home);
        if server.name.is_empty() {
            problems.push(Problem::new("server.name", "needed in every [[server]] table", origin.clone()));
        } else if !names.insert(server.name.clone()) {
            let problem = Problem::new("server.name", "the name of two [[server]] tables", origin.clone());
            problems.push(Problem { value: Some(server.name.clone()), ..problem });
        }
        // Files of one name would overwrite each other.
        if let Some(other) = servers
            .iter()
            .find(|other: &&Server| other.name != server.name && other.stats_directory == server.stats_directory)
        {
            let what = format!("the folder of server {}, too: each needs its own", other.name);
            let problem = Problem::new("server.stats_directory", what, origin.clone());
            problems.push(Problem { value: Some(server.stats_directory.display().to_string()), ..problem });
        }
        // One server of several may do without SSH.
        if ssh_enabled.is_some() && server.ssh.is_some() {
            check_ssh(&own, origin, problems);
        }
        servers.push(server);
    }
    if let Some(found) = ssh_enabled.filter(|_| servers.iter().all(|server| server.ssh.is_none())) {
        let what = "true needs ssh_host in at least one [[server]] table";
        problems.push(Problem::new("SSH_ENABLED", what, found.origin.clone()));
    }
    servers
}

/// The table's values under the names of the keys they stand for, on top of those it inherits.
fn table_values(values: &Values, table: &[Given], problems: &mut Vec<Problem>) -> Values {
    let inherited = SERVER_KEYS.iter().filter(|key| key.inherits).filter_map(|key| values.get_key_value(key.of));
    let mut own: Values = inherited.map(|(name, found)| (*name, found.clone())).collect();
    for Given { key: name, value: text, origin } in table {
        let shown = format!("server.{name}");
        let server_key = SERVER_KEYS.iter().find(|key| key.name == name);
        let Some(key) = server_key.and_then(|key| Key::named(key.of)) else {
            let what = load::unknown(name, SERVER_KEYS.iter().map(|key| key.name));
            problems.push(Problem::new(shown, what, origin.clone()));
            continue;
        };
        if text.is_empty() {
            continue;
        }
        if let Some(value) = load::check(key, &shown, text, origin, problems) {
            own.insert(key.name, Found { value, text: text.clone(), origin: origin.clone() });
        }
    }
    own
}

fn server(own: &Values, all: &Values, home: Option<&str>) -> Server {
    let name = settings::text(own, "SERVER_NAME").unwrap_or_default();
    let beside_the_others = || settings::path(all, "STATS_DIRECTORY", home).unwrap_or_default().join(&name);
    let stats_directory = settings::path(own, "STATS_DIRECTORY", home).unwrap_or_else(beside_the_others);
    let ssh = settings::text(own, "SSH_HOST").map(|host| Ssh {
        host,
        port: settings::integer(own, "SSH_PORT").and_then(|port| u16::try_from(port).ok()).unwrap_or_default(),
        user: settings::text(own, "SSH_USER"),
        key_path: settings::path(own, "SSH_KEY_PATH", home),
        key_passphrase: settings::text(own, "SSH_KEY_PASSPHRASE").map(Secret::new),
        known_hosts: settings::path(own, "SSH_KNOWN_HOSTS", home).unwrap_or_default(),
        remote_stats_path: settings::text(own, "REMOTE_STATS_PATH"),
        most_bytes: settings::integer(all, "SSH_MAX_FILE_BYTES").unwrap_or_default(),
    });
    Server { time_zone: settings::text(own, "SERVER_TIMEZONE").unwrap_or_default(), name, stats_directory, ssh }
}

/// What `SSH_ENABLED` needs of a server.
fn check_ssh(own: &Values, origin: &Origin, problems: &mut Vec<Problem>) {
    for key in ["SSH_HOST", "SSH_USER", "REMOTE_STATS_PATH"] {
        if !own.contains_key(key) {
            problems.push(Problem::new(key, "needed, because SSH_ENABLED is true", origin.clone()));
        }
    }
}
