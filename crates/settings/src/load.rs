//! From four sources to one value per key, and every problem on the way.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use fullhold_database_url::DatabaseUrl;

use crate::reference::{Rank, meaning};
use crate::settings::{self, Effective, Settings};
use crate::value::{self, Value};
use crate::{KEYS, Key, Kind, Origin, Problem, dotenv, guilds, mask, postgres, servers, toml_file};

/// A configuration file.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Its path, for messages.
    pub path: PathBuf,
    /// Its content.
    pub text: String,
}

impl SourceFile {
    /// The line of a byte in a TOML file.
    pub(crate) fn toml_origin(&self, offset: usize) -> Origin {
        let before = self.text.bytes().take(offset).filter(|byte| *byte == b'\n').count();
        Origin::Toml { path: self.path.clone(), line: before + 1 }
    }
}

/// Everything that configuration is read from.
#[derive(Clone, Debug)]
pub struct Inputs {
    /// Names of keys and the values that command-line flags give them; the first source that counts.
    pub flags: Vec<(String, String)>,
    /// The environment; names that are no keys are ignored.
    pub environment: Vec<(String, String)>,
    /// The `.env` file, if there is one.
    pub dotenv: Option<SourceFile>,
    /// `fullhold.toml`, if there is one.
    pub toml: Option<SourceFile>,
    /// How to read the file that `DISCORD_TOKEN_FILE` names.
    pub read_file: fn(&Path) -> io::Result<String>,
}

impl Default for Inputs {
    /// No source at all, and no files to read.
    fn default() -> Self {
        let (flags, environment) = (Vec::new(), Vec::new());
        Self { flags, environment, dotenv: None, toml: None, read_file: |_| Err(io::ErrorKind::NotFound.into()) }
    }
}

/// A key and its value, as a source has them.
#[derive(Clone, Debug)]
pub(crate) struct Given {
    pub(crate) key: String,
    pub(crate) value: String,
    pub(crate) origin: Origin,
}

/// A value that counts.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) value: Value,
    pub(crate) text: String,
    pub(crate) origin: Origin,
}

impl Found {
    /// More ids for a list of them; those that are in it already are not added.
    fn add(&mut self, more: Self) {
        let (Value::Ids(ids), Value::Ids(more)) = (&mut self.value, more.value) else { return };
        for id in more {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        self.text = ids.iter().map(u64::to_string).collect::<Vec<_>>().join(",");
    }
}

/// The value that counts, per key name.
pub(crate) type Values = BTreeMap<&'static str, Found>;

/// Loads the configuration.
///
/// # Errors
/// Everything that is wrong with it, in the order of the sources.
pub fn load(inputs: &Inputs) -> Result<Settings, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut values = Values::new();
    let toml = inputs.toml.as_ref().map(|file| (file, Vec::new())).map(|(file, mut found)| {
        let document = toml_file::read(file, &mut found);
        (document, found)
    });
    let (document, toml_problems) = toml.unwrap_or_default();

    take(&mut values, pairs(&inputs.flags, &Origin::Flag), &mut problems);
    let ours = inputs.environment.iter().filter(|(name, _)| meaning(name).is_some_and(|known| known.key.is_some()));
    take(&mut values, pairs(ours, &Origin::Environment), &mut problems);
    let mut notices = Vec::new();
    if let Some(file) = &inputs.dotenv {
        let given = dotenv::read(file, &mut problems);
        let (given, unused) = without_unused(given);
        if !unused.is_empty() {
            let path = file.path.display();
            notices.push(format!("{path}: keys of the reference bot that mean nothing here: {}", unused.join(", ")));
        }
        take(&mut values, given, &mut problems);
    }
    problems.extend(toml_problems);
    take(&mut values, document.given, &mut problems);
    add_defaults(&mut values);

    let home = inputs.environment.iter().find(|(name, _)| name == "HOME").map(|(_, home)| home.as_str());
    compose_database_url(&mut values, home, &mut problems);
    let token = token(&values, inputs.read_file, home, &mut problems);
    let servers = servers::build(&values, &document.servers, home, &mut problems);
    let guilds = guilds::build(&document.guilds, &mut problems);
    if problems.is_empty() {
        let effective = effective(&values);
        Ok(Settings { notices, guilds, ..settings::build(&values, token, servers, home, effective) })
    } else {
        Err(problems)
    }
}

fn pairs<'a>(pairs: impl IntoIterator<Item = &'a (String, String)>, origin: &Origin) -> Vec<Given> {
    let given = |(key, value): &(String, String)| Given {
        key: key.clone(),
        value: value.trim().to_owned(),
        origin: origin.clone(),
    };
    pairs.into_iter().map(given).collect()
}

/// Parts what has a use from the names of reference keys that have none.
fn without_unused(given: Vec<Given>) -> (Vec<Given>, Vec<String>) {
    let (used, unused): (Vec<Given>, Vec<Given>) =
        given.into_iter().partition(|one| meaning(&one.key).is_none_or(|known| known.key.is_some()));
    (used, unused.into_iter().map(|one| one.key).collect())
}

/// Takes one source: values are checked even where an earlier source has overridden them.
fn take(values: &mut Values, given: Vec<Given>, problems: &mut Vec<Problem>) {
    let mut here: BTreeMap<&'static str, (Rank, Found)> = BTreeMap::new();
    let mut added: Vec<(&'static str, Found)> = Vec::new();
    for Given { key: name, value: text, origin } in given {
        let known = meaning(&name);
        let Some((key, rank)) = known.and_then(|known| Some((known.key?, known.rank))) else {
            problems.push(Problem::new(&name, unknown(&name, KEYS.iter().map(|key| key.name)), origin));
            continue;
        };
        if text.is_empty() {
            continue;
        }
        let Some(value) = check(key, &name, &text, &origin, problems) else { continue };
        let found = Found { value, text, origin };
        match here.get(key.name) {
            _ if rank == Rank::Addition => added.push((key.name, found)),
            Some((earlier, _)) if *earlier > rank => {}
            Some((earlier, before)) if *earlier == rank && before.text != found.text => {
                let what = format!("given before, differently, at {}", before.origin);
                problems.push(Problem::new(name, what, found.origin));
            }
            _ => {
                here.insert(key.name, (rank, found));
            }
        }
    }
    let mut here: Values = here.into_iter().map(|(name, (_, found))| (name, found)).collect();
    for (name, found) in added {
        match here.get_mut(name) {
            Some(before) => before.add(found),
            None => {
                here.insert(name, found);
            }
        }
    }
    for (name, found) in here {
        values.entry(name).or_insert(found);
    }
}

/// The value of a key, or a problem.
pub(crate) fn check(key: &Key, name: &str, text: &str, origin: &Origin, problems: &mut Vec<Problem>) -> Option<Value> {
    let value = value::parse(key.kind, text);
    if value.is_none() {
        problems.push(Problem {
            key: name.to_owned(),
            value: Some(mask::shown(key, text)),
            what: why_not(key.kind, text),
            origin: origin.clone(),
        });
    }
    value
}

/// What is allowed; for a database's URL, what of it is wrong.
fn why_not(kind: Kind, text: &str) -> String {
    match (kind, text.parse::<DatabaseUrl>()) {
        (Kind::DatabaseUrl, Err(error)) => error.to_string(),
        _ => format!("{} is allowed", kind.allowed()),
    }
}

/// The message for an unknown key; its value is never shown, because it may be a secret under a mistyped name.
pub(crate) fn unknown(name: &str, known: impl Iterator<Item = &'static str>) -> String {
    const CLOSE: usize = 2;
    let nearest = known.map(|known| (strsim::levenshtein(name, known), known)).min();
    match nearest {
        Some((distance, known)) if distance <= CLOSE => format!("unknown key; did you mean {known}?"),
        _ => "unknown key; docs/CONFIGURATION.md lists them all".to_owned(),
    }
}

fn add_defaults(values: &mut Values) {
    for key in KEYS {
        let Some(text) = key.default else { continue };
        let Some(value) = value::parse(key.kind, text) else { continue };
        values.entry(key.name).or_insert(Found { value, text: text.to_owned(), origin: Origin::Default });
    }
}

fn compose_database_url(values: &mut Values, home: Option<&str>, problems: &mut Vec<Problem>) {
    let not_given = values.get("DATABASE_URL").is_none_or(|found| found.origin == Origin::Default);
    let Some(host) = values.get("POSTGRES_HOST").filter(|_| not_given) else { return };
    let origin = host.origin.clone();
    match postgres::url(values, &host.text, home) {
        Ok(url) => {
            let found = Found { text: url.expose(), value: Value::Database(url), origin: Origin::PostgresKeys };
            values.insert("DATABASE_URL", found);
        }
        Err(what) => problems.push(Problem::new("POSTGRES_HOST", what, origin)),
    }
}

fn token(
    values: &Values,
    read_file: fn(&Path) -> io::Result<String>,
    home: Option<&str>,
    problems: &mut Vec<Problem>,
) -> Option<String> {
    if let Some(found) = values.get("DISCORD_TOKEN") {
        return Some(found.text.clone());
    }
    let origin = &values.get("DISCORD_TOKEN_FILE")?.origin;
    let path = settings::path(values, "DISCORD_TOKEN_FILE", home)?;
    let problem = |what: String| Problem {
        value: Some(path.display().to_string()),
        ..Problem::new("DISCORD_TOKEN_FILE", what, origin.clone())
    };
    match read_file(&path) {
        Ok(text) if text.trim().is_empty() => problems.push(problem("the file is empty".to_owned())),
        Ok(text) => return Some(text.trim().to_owned()),
        Err(error) => problems.push(problem(format!("the file cannot be read: {error}"))),
    }
    None
}

fn effective(values: &Values) -> Vec<Effective> {
    let row = |key: &'static Key| {
        let found = values.get(key.name);
        let value = found.map(|found| mask::shown(key, &found.text));
        Effective { key: key.name.to_owned(), value, origin: found.map_or(Origin::Default, |f| f.origin.clone()) }
    };
    KEYS.iter().map(row).collect()
}
