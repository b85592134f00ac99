//! The program itself: what it is, and how fresh its data is.

use fullhold_analytics::Measure;

use super::evening::seconds;
use crate::catalogue::Catalogue;
use crate::reply::{Cell, Facts, Reply, Table, Text};

/// What answers here.
#[derive(Clone, Debug)]
pub struct About {
    /// The version of the program.
    pub version: &'static str,
    /// The schema of its database.
    pub schema: i64,
    /// The kind of its database.
    pub database: &'static str,
    /// Evenings that are stored.
    pub evenings: i64,
}

impl About {
    /// The answer.
    #[must_use]
    pub fn reply(&self, texts: &Catalogue) -> Reply {
        let facts = Facts::default()
            .with("version", texts.say("label-version", &[]), Text::plain(self.version))
            .with("schema", texts.say("label-schema", &[]), Cell::count(self.schema))
            .with("database", texts.say("label-database", &[]), Text::plain(self.database))
            .with("evenings", texts.say("label-evenings", &[]), Cell::count(self.evenings));
        Reply::new(texts.say("about-title", &[])).text(texts.say("about-what", &[])).facts(facts)
    }
}

/// How fast the database answers, and how fresh its data is.
#[derive(Clone, Debug)]
pub struct Ping {
    /// How long the database took, in milliseconds.
    pub milliseconds: i64,
    /// The instant of the question, seconds since 1970 UTC.
    pub now: i64,
    /// Of a hundred questions, how many were answered from the cache; `None` before the first.
    pub cache_hits: Option<f64>,
    /// The servers, by name.
    pub servers: Vec<FreshLine>,
}

/// How fresh a server's data is. Instants are seconds since 1970 UTC.
#[derive(Clone, Debug)]
pub struct FreshLine {
    /// The name of the server.
    pub server: String,
    /// End of its newest round.
    pub newest_round: Option<i64>,
    /// The last look at it that worked; none where nobody watches.
    pub last_look: Option<i64>,
    /// The last look that did not.
    pub last_error: Option<i64>,
}

impl Ping {
    /// The answer.
    #[must_use]
    pub fn reply(&self, texts: &Catalogue) -> Reply {
        let reply = Reply::new(texts.say("ping-title", &[]));
        let took = texts.say("ping-database", &[("milliseconds", self.milliseconds.into())]);
        let hits = Cell::number(self.cache_hits, Measure::Percent);
        let facts = Facts::default().with("cache_hits", texts.say("label-cache-hits", &[]), hits);
        let reply = reply.text(took).facts(facts);
        if self.servers.is_empty() {
            return reply.text(texts.say("ping-no-servers", &[]));
        }
        let table = Table::new("servers", Text::default())
            .column("server", texts.say("column-server", &[]))
            .column("age", texts.say("column-age", &[]))
            .column("newest", texts.say("column-newest", &[]))
            .column("last_look", texts.say("column-last-look", &[]))
            .column("last_error", texts.say("column-last-error", &[]));
        let instant = |at: Option<i64>| at.map_or(Cell::Unknown, |at| Cell::Text(Text::instant(at)));
        let table = self.servers.iter().fold(table, |table, one| {
            // A clock that runs behind makes nothing younger than now.
            let age = one.newest_round.map(|newest| seconds((self.now - newest).max(0)));
            table.row(vec![
                Cell::name(&one.server),
                Cell::number(age, Measure::Seconds),
                instant(one.newest_round),
                instant(one.last_look),
                instant(one.last_error),
            ])
        });
        reply.table(table)
    }
}
