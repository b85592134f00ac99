//! `settings`: what holds in a guild, and changing it there. It is answered here and not with the other commands, because
//! only here guilds, channels and roles are known.

use fullhold_commands::reply::{Reply, Text};
use fullhold_commands::{Candidate, Catalogue, Known, Outcome, Refusal, Value, bind, find, words};
use fullhold_repository::{AuditEntry, Error};
use twilight_model::id::Id;
use twilight_model::id::marker::GuildMarker;

use crate::bot::register_in;
use crate::front::{Front, Origin};
use crate::settings::{GUILD_KEYS, GuildKey, GuildSettings, Kind, is_prefix, parts, read_ids};

/// The command's name.
pub(crate) const NAME: &str = "settings";
/// The word that takes a setting back.
const RESET: &str = "reset";

/// What may stand for a setting.
pub(crate) fn candidates(typed: &str) -> Vec<Candidate> {
    let fits = |key: &&GuildKey| key.name.starts_with(&typed.to_lowercase());
    let names = GUILD_KEYS.iter().filter(fits).map(|key| key.name.to_owned());
    names.map(|name| Candidate { word: name.clone(), label: name }).collect()
}

/// A guild's settings, being shown or changed.
struct Change<'a> {
    front: &'a Front,
    guild: Id<GuildMarker>,
    origin: &'a Origin,
    texts: &'a Catalogue,
}

/// Answers the command for somebody who runs the guild.
pub(crate) async fn run(
    front: &Front,
    guild: Id<GuildMarker>,
    origin: &Origin,
    line: &str,
    texts: &Catalogue,
) -> Result<(Reply, Outcome), Error> {
    let change = Change { front, guild, origin, texts };
    match change.answer(line).await? {
        Ok(reply) => Ok((reply.private(), Outcome::Answered)),
        Err(reply) => Ok((reply.private(), Outcome::Refused)),
    }
}

impl Change<'_> {
    async fn answer(&self, line: &str) -> Result<Result<Reply, Reply>, Error> {
        let settings = self.front.communities.settings(self.guild).await?;
        let (key, value) = match asked(line) {
            Ok((None, _)) => return Ok(Ok(self.all(&settings))),
            Ok((Some(key), value)) => (key, value),
            Err(refusal) => return Ok(Err(refusal.reply(self.texts, &settings.prefix))),
        };
        let Some(known) = GuildKey::named(&key) else {
            let keys = GUILD_KEYS.iter().map(|key| key.name).collect::<Vec<_>>().join(", ");
            let arguments = [("key", Text::name(&key).into()), ("keys", keys.as_str().into())];
            return Ok(Err(Reply::new(self.texts.say("settings-unknown", &arguments))));
        };
        let Some(value) = value else { return Ok(Ok(self.one(known, &settings))) };
        let is_fixed = self.front.communities.fixed(self.guild).any(|(key, _)| key == known.name);
        if is_fixed || known.is_for_operators && !self.origin.person.is_operator {
            return Ok(Err(Reply::new(self.texts.say("settings-operator", &[("key", known.name.into())]))));
        }
        let stored = if value.eq_ignore_ascii_case(RESET) {
            None
        } else {
            match self.read(known, &value).await? {
                Ok(stored) => Some(stored),
                Err(problem) => return Ok(Err(Reply::new(problem))),
            }
        };
        self.store(known, stored.as_deref()).await?;
        let now = shown(&self.front.communities.settings(self.guild).await?, known);
        let now = if now.is_empty() { self.texts.say("settings-nothing", &[]) } else { Text::plain(&now) };
        let id = if stored.is_some() { "settings-set" } else { "settings-reset" };
        Ok(Ok(Reply::new(self.texts.say(id, &[("key", known.name.into()), ("value", now.into())]))))
    }

    async fn store(&self, key: &GuildKey, value: Option<&str>) -> Result<(), Error> {
        let guild = i64::try_from(self.guild.get()).unwrap_or_default();
        let by = format!("discord {}", self.origin.person.user);
        let detail = format!("Discord server {guild}, {}", key.name);
        let at = self.origin.at;
        let now = time::PrimitiveDateTime::new(at.date(), at.time());
        let (by, detail) = (by.as_str(), detail.as_str());
        let done = self.front.db.write(|tx, _| {
            Box::pin(async move {
                tx.set_guild_setting(guild, key.name, value).await?;
                let entry = AuditEntry { by, action: NAME, detail, result: value.unwrap_or(RESET) };
                tx.audit(now, entry).await?;
                Ok::<_, Error>(())
            })
        });
        done.await?;
        self.front.communities.forget();
        if let Err(error) = register_in(self.front, self.guild).await {
            tracing::warn!(guild.id = %self.guild, error = %error, "the slash commands were not registered there");
        }
        Ok(())
    }

    /// A value as it is stored, or what is wrong with it.
    async fn read(&self, key: &GuildKey, typed: &str) -> Result<Result<String, Text>, Error> {
        Ok(match key.kind {
            Kind::Servers => self.read_servers(typed).await?,
            Kind::Prefix if is_prefix(typed) => Ok(typed.to_owned()),
            Kind::Prefix => Err(self.texts.say("settings-bad-prefix", &[])),
            Kind::Locale => self.read_locale(typed),
            Kind::Channels | Kind::Roles | Kind::Users => self.read_ids(key.kind, typed).await,
        })
    }

    async fn read_servers(&self, typed: &str) -> Result<Result<String, Text>, Error> {
        let servers = self.front.communities.servers().await?;
        let unknown = parts(typed).find(|name| !servers.iter().any(|row| row.name == *name));
        Ok(match unknown {
            None => Ok(parts(typed).collect::<Vec<_>>().join(",")),
            Some(name) => {
                let names = servers.iter().map(|row| row.name.as_str()).collect::<Vec<_>>().join(", ");
                let arguments = [("name", Text::name(name).into()), ("names", Text::name(&names).into())];
                Err(self.texts.say("settings-no-server", &arguments))
            }
        })
    }

    fn read_locale(&self, typed: &str) -> Result<String, Text> {
        let languages = &self.front.config.languages;
        if languages.names().any(|name| name == typed) {
            return Ok(typed.to_owned());
        }
        let names = languages.names().collect::<Vec<_>>().join(", ");
        Err(self.texts.say("settings-bad-locale", &[("languages", names.as_str().into())]))
    }

    /// Ids of this guild: another's would send there what is said here.
    async fn read_ids(&self, kind: Kind, typed: &str) -> Result<String, Text> {
        let what = match kind {
            Kind::Roles => "what-role",
            Kind::Users => "what-user",
            _ => "what-channel",
        };
        let what = self.texts.say(what, &[]);
        let ids = read_ids(kind, typed).map_err(|word| {
            self.texts.say("settings-bad-ids", &[("word", Text::name(&word).into()), ("what", what.into())])
        })?;
        for id in &ids {
            let (word, is_own) = match kind {
                Kind::Channels => (format!("<#{id}>"), self.is_own_channel(*id).await),
                Kind::Roles => (format!("<@&{id}>"), self.is_own_role(*id)),
                _ => (String::new(), true),
            };
            if *id == self.guild.get() {
                return Err(self.texts.say("settings-everyone", &[]));
            }
            if !is_own {
                return Err(self.texts.say("settings-foreign", &[("word", word.as_str().into())]));
            }
        }
        Ok(ids.iter().map(u64::to_string).collect::<Vec<_>>().join(","))
    }

    async fn is_own_channel(&self, id: u64) -> bool {
        let Some(id) = Id::new_checked(id) else { return false };
        self.front.rest.channel(id).await.is_some_and(|channel| channel.guild_id == Some(self.guild))
    }

    fn is_own_role(&self, id: u64) -> bool {
        Id::new_checked(id).is_some_and(|id| self.front.roles().has_role(self.guild, id))
    }

    fn all(&self, settings: &GuildSettings) -> Reply {
        let reply = Reply::new(self.texts.say("settings-title", &[]));
        let lines = GUILD_KEYS.iter().map(|key| self.line(key, settings));
        lines.fold(reply, Reply::text).footer(self.texts.say("settings-how", &[]))
    }

    fn one(&self, key: &GuildKey, settings: &GuildSettings) -> Reply {
        Reply::new(self.texts.say("settings-title", &[])).text(self.line(key, settings))
    }

    fn line(&self, key: &GuildKey, settings: &GuildSettings) -> Text {
        let value = shown(settings, key);
        let value = if value.is_empty() { self.texts.say("settings-nothing", &[]) } else { Text::plain(&value) };
        let meaning = self.texts.say(&format!("setting-{}", key.name), &[]);
        Text::strong(key.name).then(&Text::plain(" = ")).then(&value).then(&Text::plain("\n")).then(&meaning)
    }
}

/// The key and the value that a line gives.
fn asked(line: &str) -> Result<(Option<String>, Option<String>), Refusal> {
    let words = words(line).map_err(Refusal::Line)?;
    let Some((name, rest)) = words.split_first() else { return Ok((None, None)) };
    let found = find(&name.text).map_err(Refusal::Unknown)?;
    let arguments = bind(found.command, found.given, rest, Known::default())
        .map_err(|error| Refusal::Argument { command: found.command.name, error })?;
    let text = |option: &str| match arguments.get(option) {
        Some(Value::Text(text)) => Some(text.clone()),
        _ => None,
    };
    Ok((text("key"), text("value")))
}

/// A value with mentions that people can read; names of servers and prefixes are harmless.
fn shown(settings: &GuildSettings, key: &GuildKey) -> String {
    let value = settings.shown(key);
    match key.kind {
        Kind::Servers | Kind::Prefix | Kind::Locale => fullhold_commands::reply::escaped(&value),
        Kind::Channels | Kind::Roles | Kind::Users => value,
    }
}
