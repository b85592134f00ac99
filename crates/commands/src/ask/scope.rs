//! What a question is about: its period and map, and how that is read.

use fullhold_repository::{EveningList, Period as DaysOf, Scope, ServerId};

use super::Context;
use super::evening_data::day_of;
use super::failure::Failure;
use crate::option::Value;
use crate::reply::Text;
use crate::words::{Days, Period, YearMonth};

/// The scope of a question with the words that say it.
pub(super) struct Asked {
    /// For queries.
    pub(super) scope: Scope,
    /// The period, as it is read; empty for all time.
    pub(super) period: Text,
    /// The map; empty for all.
    pub(super) map: String,
}

impl Asked {
    /// Period and map, as they are read; empty for everything.
    pub(super) fn words(&self) -> Text {
        match (self.map.is_empty(), self.period.is_empty()) {
            (true, _) => self.period.clone(),
            (false, true) => Text::name(&self.map),
            (false, false) => Text::name(&self.map).then(&Text::plain(" · ")).then(&self.period),
        }
    }

    /// A title, and what is asked about where that is not everything.
    pub(super) fn titled(&self, title: Text) -> Text {
        let words = self.words();
        if words.is_empty() { title } else { title.then(&Text::plain(" · ")).then(&words) }
    }
}

impl Context<'_> {
    /// Whether a server is one of those that are shown.
    pub(super) fn shows(&self, server: ServerId) -> bool {
        self.servers.is_empty() || self.servers.contains(&server)
    }

    /// Whether all servers of the database are shown.
    pub(super) async fn shows_all(&self) -> Result<bool, Failure> {
        Ok(self.servers.is_empty() || self.db.servers().await?.iter().all(|server| self.shows(server.id)))
    }

    /// The servers, the period and the map that were asked for; all time when no period was.
    pub(super) async fn asked(&self) -> Result<Asked, Failure> {
        self.asked_or(Period::All).await
    }

    /// As [`Context::asked`], with the period that is meant when none was asked for.
    pub(super) async fn asked_or(&self, usual: Period) -> Result<Asked, Failure> {
        let map = match self.arguments.get("map") {
            Some(Value::Map(map)) => map.clone(),
            _ => String::new(),
        };
        let period = match self.arguments.get("period") {
            Some(Value::Period(period)) => *period,
            _ => usual,
        };
        let days = self.days(period).await?;
        let period = period_words(period, days);
        let scope = Scope {
            servers: self.servers.to_vec(),
            period: DaysOf { from: days.first, to: days.last },
            maps: if map.is_empty() { Vec::new() } else { vec![map.clone()] },
            ..Scope::default()
        };
        Ok(Asked { scope, period, map })
    }

    /// Everything on the servers that are shown.
    pub(super) fn everything(&self) -> Scope {
        Scope { servers: self.servers.to_vec(), ..Scope::default() }
    }

    /// The days of a period. A month without year needs to know which months have evenings.
    pub(super) async fn days(&self, period: Period) -> Result<Days, Failure> {
        let months = if matches!(period, Period::MonthName(_)) { self.months().await? } else { Vec::new() };
        Ok(period.days(self.question.today, &months))
    }

    /// Months that have evenings. Evenings are few: a year has some hundred.
    pub(super) async fn months(&self) -> Result<Vec<YearMonth>, Failure> {
        let all = EveningList { servers: self.servers.to_vec(), limit: i64::MAX, ..EveningList::default() };
        let entries = self.db.evenings(&all).await?;
        Ok(entries.iter().filter_map(|entry| day_of(&entry.session.session_key)).map(YearMonth::of).collect())
    }
}

/// The word of a period with the days that it means.
fn period_words(period: Period, days: Days) -> Text {
    match (days.first, days.last) {
        (Some(first), Some(last)) if first == last => Text::plain(&first.to_string()),
        (Some(first), Some(last)) => Text::plain(&format!("{period} ({first} – {last})")),
        _ if period == Period::All => Text::default(),
        _ => Text::plain(&period.to_string()),
    }
}
