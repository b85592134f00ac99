//! Which round, and which server, a person means.

use fullhold_repository::{Db, RoundId, RoundKey, ServerId};

use crate::context::Stop;

/// The id of the server of that name, if one was named; it must be in the database.
pub(crate) async fn server_id(db: &Db, name: Option<&str>) -> Result<Option<ServerId>, Stop> {
    let Some(name) = name else { return Ok(None) };
    let servers = db.servers().await?;
    if let Some(server) = servers.iter().find(|server| server.name == name) {
        return Ok(Some(server.id));
    }
    let known: Vec<&str> = servers.iter().map(|server| server.name.as_str()).collect();
    let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
    Err(Stop::usage(format!("there is no server {name} in the database; there are: {known}")))
}

/// A text that may name a round: its name (`2025-11-03-201500-supply-round-1`, with or without `.txt`,
/// or as an evening's key has it: `2025-11-03-201500-supply-1`), or its row id.
enum Named {
    Id(RoundId),
    Key(RoundKey),
}

fn unknown(name: &str) -> Stop {
    Stop::usage(format!(
        "there is no round {name}; `dbadmin find-missing` and `dbadmin export rounds` name rounds, such as \
         2025-11-03-201500-supply-round-1"
    ))
}

fn parse(name: &str) -> Result<Named, Stop> {
    if let Ok(id) = name.parse::<RoundId>() {
        return Ok(Named::Id(id));
    }
    let plain = name.rsplit('/').next().unwrap_or(name);
    let key = plain.strip_suffix(".txt").unwrap_or(plain).replace("-round-", "-");
    RoundKey::of_session(ServerId(0), &key).map(Named::Key).ok_or_else(|| unknown(name))
}

/// Refuses what names no round anywhere, before a database is asked.
pub(crate) fn well_formed(name: &str) -> Result<(), Stop> {
    parse(name).map(drop)
}

/// The round of that name or row id.
pub(crate) async fn round_key(db: &Db, name: &str, server: Option<&str>) -> Result<RoundKey, Stop> {
    let wanted = parse(name)?;
    let server = server_id(db, server).await?;
    let wanted = match wanted {
        Named::Id(id) => return db.round_key_of(id).await?.ok_or_else(|| unknown(name)),
        Named::Key(key) => key,
    };
    let found = db.rounds_called(&wanted, server).await?;
    match found.as_slice() {
        [] => Err(unknown(name)),
        [(_, one)] => Ok(one.clone()),
        several => {
            let servers: Vec<&str> = several.iter().map(|(server, _)| server.as_str()).collect();
            Err(Stop::usage(format!("servers {} have a round {name}: say which with --server", servers.join(" and "))))
        }
    }
}
