//! The communities that the bot answers for: each guild with its settings, its game servers and its answers.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use fullhold_commands::{Answerer, AskConfig, Catalogue, Zone};
use fullhold_repository::{Db, Error, GuildSettings as Stored, ServerId, ServerRow};
use time::{Date, OffsetDateTime};
use twilight_model::id::Id;
use twilight_model::id::marker::GuildMarker;

use crate::config::Config;
use crate::front::lock;
use crate::settings::GuildSettings;

/// What was read of the database is believed for so long.
const FRESH: Duration = Duration::from_secs(30);

/// A community, as somebody in it meets it.
#[derive(Clone)]
pub(crate) struct Community {
    /// Its guild.
    pub(crate) guild: Id<GuildMarker>,
    /// What holds there.
    pub(crate) settings: Arc<GuildSettings>,
    /// Whether who runs it may change what is stored of its servers.
    pub(crate) is_trusted: bool,
    /// Answers from its servers alone.
    pub(crate) answerer: Arc<Answerer>,
    /// The texts of who asks.
    pub(crate) texts: Arc<Catalogue>,
    /// Its servers by name.
    pub(crate) servers: Arc<Vec<String>>,
    timezone: String,
}

impl Community {
    /// Which day it is for its servers.
    pub(crate) fn today(&self, at: OffsetDateTime) -> Date {
        Zone::new(&self.timezone).map_or_else(|_unknown| at.date(), |zone| zone.date(at.unix_timestamp()))
    }
}

/// Which servers a guild sees.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Shown {
    /// All there are and will be.
    All,
    /// These.
    These(Vec<ServerRow>),
    /// None: it is not bound, or to servers that there are not.
    None,
}

/// What answers depend on: guilds that agree in it share an answerer, and so what it keeps.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct AnswererKey {
    servers: Vec<ServerId>,
    prefix: String,
    language: String,
    may_act: bool,
}

/// All communities.
pub(crate) struct Communities {
    db: Db,
    config: Arc<Config>,
    known: Mutex<Option<Known>>,
    answerers: Mutex<HashMap<AnswererKey, Arc<Answerer>>>,
}

/// What was read of the database.
#[derive(Clone)]
struct Known {
    servers: Arc<Vec<ServerRow>>,
    stored: Arc<Stored>,
    read_at: Instant,
}

impl Communities {
    pub(crate) fn new(db: Db, config: Arc<Config>) -> Self {
        Self { db, config, known: Mutex::new(None), answerers: Mutex::new(HashMap::new()) }
    }

    /// What is known of servers and settings, read again when that was long ago. While the database is away, what was
    /// known holds.
    async fn known(&self) -> Result<Known, Error> {
        let known = lock(&self.known).clone();
        if let Some(known) = known.as_ref().filter(|known| known.read_at.elapsed() < FRESH) {
            return Ok(known.clone());
        }
        match (self.read().await, known) {
            (Ok(read), _) => Ok(lock(&self.known).insert(read).clone()),
            (Err(error), Some(known)) => {
                tracing::debug!(error = %error, "servers and settings could not be read again");
                Ok(known)
            }
            (Err(error), None) => Err(error),
        }
    }

    async fn read(&self) -> Result<Known, Error> {
        let (servers, stored) = (self.db.servers().await?, self.db.guild_settings().await?);
        Ok(Known { servers: Arc::new(servers), stored: Arc::new(stored), read_at: Instant::now() })
    }

    /// Forgets what was read: somebody has changed it.
    pub(crate) fn forget(&self) {
        *lock(&self.known) = None;
    }

    /// Game servers that there are.
    pub(crate) async fn servers(&self) -> Result<Arc<Vec<ServerRow>>, Error> {
        Ok(self.known().await?.servers)
    }

    /// What holds in a guild.
    pub(crate) async fn settings(&self, guild: Id<GuildMarker>) -> Result<GuildSettings, Error> {
        Ok(self.settled(guild, &self.known().await?))
    }

    fn settled(&self, guild: Id<GuildMarker>, known: &Known) -> GuildSettings {
        let is_home = self.config.home.is_none_or(|home| home == guild);
        let mut settings = if is_home { self.config.defaults.clone() } else { GuildSettings::default() };
        if let Some(own) = stored_of(guild, known) {
            own.iter().for_each(|(key, value)| settings.take(key, value));
        }
        self.fixed(guild).for_each(|(key, value)| settings.take(key, value));
        settings
    }

    /// What the configuration says of a guild.
    pub(crate) fn fixed(&self, guild: Id<GuildMarker>) -> impl Iterator<Item = (&str, &str)> {
        let of = self.config.fixed.iter().filter(move |of| of.guild == guild);
        of.flat_map(|of| of.settings.iter().map(|(key, value)| (key.as_str(), value.as_str())))
    }

    /// Guilds of which something was said: the home guild first.
    pub(crate) async fn guilds(&self) -> Result<Vec<Id<GuildMarker>>, Error> {
        let known = self.known().await?;
        let stored = known.stored.keys().filter_map(|guild| Id::new_checked(u64::try_from(*guild).ok()?));
        let mut all: Vec<Id<GuildMarker>> = self.config.home.into_iter().collect();
        let others: std::collections::BTreeSet<_> = stored.chain(self.config.fixed.iter().map(|of| of.guild)).collect();
        all.extend(others.into_iter().filter(|guild| Some(*guild) != self.config.home));
        Ok(all)
    }

    /// The community of a guild, for somebody with this language; none when it sees no server.
    pub(crate) async fn of(
        &self,
        guild: Id<GuildMarker>,
        locale: Option<&str>,
        may_act: bool,
    ) -> Result<Option<Community>, Error> {
        let known = self.known().await?;
        let settings = self.settled(guild, &known);
        let rows = match self.shown(guild, &settings, &known.servers) {
            Shown::None => return Ok(None),
            Shown::All => Vec::new(),
            Shown::These(rows) => rows,
        };
        let (language, texts) = self.config.languages.pick(locale, &settings.locale);
        let key = AnswererKey {
            servers: rows.iter().map(|row| row.id).collect(),
            prefix: settings.prefix.clone(),
            language: language.to_owned(),
            may_act,
        };
        let seen = if rows.is_empty() { known.servers.as_slice() } else { rows.as_slice() };
        Ok(Some(Community {
            guild,
            is_trusted: self.config.home.is_none_or(|home| home == guild) || settings.servers.is_some(),
            answerer: self.answerer(key, &texts),
            texts,
            servers: Arc::new(seen.iter().map(|row| row.name.clone()).collect()),
            timezone: seen.first().map_or_else(|| "UTC".to_owned(), |row| row.timezone.clone()),
            settings: Arc::new(settings),
        }))
    }

    /// Answers about the only game server there is; none where there are several.
    pub(crate) async fn only(&self) -> Result<Option<Arc<Answerer>>, Error> {
        let known = self.known().await?;
        let [only] = known.servers.as_slice() else { return Ok(None) };
        let (language, texts) = self.config.languages.pick(None, &self.config.defaults.locale);
        let prefix = self.config.defaults.prefix.clone();
        let key = AnswererKey { servers: vec![only.id], prefix, language: language.to_owned(), may_act: false };
        Ok(Some(self.answerer(key, &texts)))
    }

    fn shown(&self, guild: Id<GuildMarker>, settings: &GuildSettings, servers: &[ServerRow]) -> Shown {
        match (&settings.servers, servers) {
            (Some(names), _) => {
                let rows: Vec<ServerRow> = servers.iter().filter(|row| names.contains(&row.name)).cloned().collect();
                // No server stands for all in a question: bound to none there is, a guild sees none.
                if rows.is_empty() { Shown::None } else { Shown::These(rows) }
            }
            (None, _) if self.config.home == Some(guild) => Shown::All,
            (None, [only]) => Shown::These(vec![only.clone()]),
            (None, _) => Shown::None,
        }
    }

    fn answerer(&self, key: AnswererKey, texts: &Arc<Catalogue>) -> Arc<Answerer> {
        let mut answerers = lock(&self.answerers);
        if let Some(known) = answerers.get(&key) {
            return Arc::clone(known);
        }
        let config = AskConfig {
            prefix: key.prefix.clone(),
            servers: key.servers.clone(),
            cooldowns: Some(self.config.cooldowns),
        };
        let answerer = Answerer::new(self.db.clone(), Arc::clone(texts), config);
        let answerer = if key.may_act { answerer.acting(self.config.acting.clone()) } else { answerer };
        let answerer = match &self.config.watching {
            Some(watching) => answerer.watching(watching.clone()),
            None => answerer,
        };
        Arc::clone(answerers.entry(key).or_insert(Arc::new(answerer)))
    }
}

fn stored_of(guild: Id<GuildMarker>, known: &Known) -> Option<&BTreeMap<String, String>> {
    known.stored.get(&i64::try_from(guild.get()).ok()?)
}
