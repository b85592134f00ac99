//! Discord servers beside the one of the keys: one per `[[guild]]` table.

use std::collections::BTreeSet;

use crate::load::{self, Given};
use crate::settings::Guild;
use crate::toml_file::Table;
use crate::value::Value;
use crate::{GUILD_TABLE_KEYS, Key, Origin, Problem};

pub(crate) fn build(tables: &[Table], problems: &mut Vec<Problem>) -> Vec<Guild> {
    let mut seen = BTreeSet::new();
    let mut guilds = Vec::new();
    for (origin, table) in tables {
        let Some(guild) = guild(table, origin, problems) else { continue };
        if !seen.insert(guild.id) {
            let problem = Problem::new("guild.id", "the id of two [[guild]] tables", origin.clone());
            problems.push(Problem { value: Some(guild.id.to_string()), ..problem });
        }
        guilds.push(guild);
    }
    guilds
}

fn guild(table: &[Given], origin: &Origin, problems: &mut Vec<Problem>) -> Option<Guild> {
    let mut id = None;
    let mut settings = Vec::new();
    for Given { key: name, value: text, origin } in table {
        let shown = format!("guild.{name}");
        let known = GUILD_TABLE_KEYS.iter().find(|key| key.name == name);
        let Some((known, key)) = known.and_then(|known| Some((known, Key::named(known.of)?))) else {
            let what = load::unknown(name, GUILD_TABLE_KEYS.iter().map(|key| key.name));
            problems.push(Problem::new(shown, what, origin.clone()));
            continue;
        };
        if text.is_empty() {
            continue;
        }
        match load::check(key, &shown, text, origin, problems) {
            Some(Value::Ids(ids)) if known.name == "id" => id = ids.first().copied(),
            Some(_) => settings.push((known.name.to_owned(), text.clone())),
            None => {}
        }
    }
    if id.is_none() {
        problems.push(Problem::new("guild.id", "needed in every [[guild]] table", origin.clone()));
    }
    Some(Guild { id: id?, settings })
}
