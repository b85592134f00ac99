//! The rules that a server's rounds were computed with, beside those that are set. They are recorded
//! with the first round: other settings never change some evenings and leave others as they were.
//! `dbadmin rebuild` computes a server with those that are set, and records them.

use std::fmt;

use fullhold_analytics::{DayStart, TimelineConfig};
use fullhold_repository::{RulesRow, ServerId, ServerRow, Transaction};
use fullhold_stats_file::Seconds;
use time::PrimitiveDateTime;

use crate::batch::Config;
use crate::zone::Zone;
use crate::{Error, Importer};

/// Rules that are set are not those that a server's rounds were computed with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherRules {
    /// Name of the server.
    pub server: String,
    /// What differs; empty where nothing is recorded.
    pub differences: Vec<RuleDifference>,
}

/// A rule of which another value is set than is recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleDifference {
    /// The key of the configuration that sets it; none can set the time of a restart.
    pub key: &'static str,
    /// What the stored rounds were computed with.
    pub recorded: String,
    /// What is set.
    pub set: String,
}

impl fmt::Display for RuleDifference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} was {} and is {} now", self.key, self.recorded, self.set)
    }
}

impl fmt::Display for OtherRules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let server = &self.server;
        if self.differences.is_empty() {
            return write!(
                f,
                "server {server}: it is not recorded with which rules its evenings were computed; `dbadmin rebuild` \
                 computes them with those that are set, and records these"
            );
        }
        let differences: Vec<String> = self.differences.iter().map(ToString::to_string).collect();
        write!(
            f,
            "server {server} was computed with other rules than are set: {}. The old ones go on to count; `dbadmin \
             rebuild` computes everything with those that are set",
            differences.join("; ")
        )
    }
}

/// With which rules a server's rounds are computed.
pub enum Standing {
    /// With those that are set: they are recorded.
    Recorded,
    /// With those that are set: there is no round yet.
    New,
    /// With those that are set: nobody knows with which the stored ones were.
    Unknown(OtherRules),
    /// With others, which are recorded.
    Other(Box<Config>, OtherRules),
}

impl Standing {
    /// Of a server that has these rules recorded.
    ///
    /// # Errors
    /// The database failed.
    pub async fn of(
        tx: &mut Transaction,
        server: &ServerRow,
        recorded: Option<&RulesRow>,
        set: &Config,
    ) -> Result<Self, Error> {
        let Some(recorded) = recorded else {
            let is_new = !tx.has_rounds(server.id).await?;
            let unknown = OtherRules { server: server.name.clone(), differences: Vec::new() };
            return Ok(if is_new { Self::New } else { Self::Unknown(unknown) });
        };
        let differences = differences(recorded, &row(server.id, set, recorded.recorded_at));
        if differences.is_empty() {
            return Ok(Self::Recorded);
        }
        let config = Config { patience: set.patience, ..config(recorded) };
        Ok(Self::Other(Box::new(config), OtherRules { server: server.name.clone(), differences }))
    }

    /// What is to be said about it, if anything.
    pub fn notice(&self) -> Option<&OtherRules> {
        match self {
            Self::Recorded | Self::New => None,
            Self::Unknown(other) | Self::Other(_, other) => Some(other),
        }
    }

    /// What counts.
    pub fn config<'a>(&'a self, set: &'a Config) -> &'a Config {
        match self {
            Self::Other(config, _) => config,
            _ => set,
        }
    }
}

/// The rules as they are recorded.
pub fn row(server_id: ServerId, config: &Config, recorded_at: PrimitiveDateTime) -> RulesRow {
    let TimelineConfig { session_gap, day_start, restart_window, excluded_maps } = &config.timeline;
    let mut maps: Vec<String> = excluded_maps.iter().map(|map| map.to_ascii_lowercase()).collect();
    maps.sort_unstable();
    maps.dedup();
    RulesRow {
        server_id,
        match_window_seconds: config.match_window.0,
        session_gap_seconds: session_gap.0,
        restart_window_seconds: restart_window.0,
        day_start: day_start.map(|start| format!("{:02}:{:02}", start.hour, start.minute)),
        excluded_maps: maps.join(","),
        recorded_at,
    }
}

/// Recorded rules, to compute with.
fn config(row: &RulesRow) -> Config {
    let day_start = row.day_start.as_deref().and_then(|text| {
        let (hour, minute) = text.split_once(':')?;
        Some(DayStart { hour: hour.parse().ok()?, minute: minute.parse().ok()? })
    });
    Config {
        match_window: Seconds(row.match_window_seconds),
        timeline: TimelineConfig {
            session_gap: Seconds(row.session_gap_seconds),
            day_start,
            restart_window: Seconds(row.restart_window_seconds),
            excluded_maps: row.excluded_maps.split(',').filter(|map| !map.is_empty()).map(str::to_owned).collect(),
        },
        patience: std::time::Duration::ZERO,
    }
}

fn differences(recorded: &RulesRow, set: &RulesRow) -> Vec<RuleDifference> {
    let none = |text: &str| if text.is_empty() { "none".to_owned() } else { text.to_owned() };
    let time = |row: &RulesRow| row.day_start.clone().unwrap_or_else(|| "none".to_owned());
    let values = |row: &RulesRow| {
        [
            ("ROUND_MATCH_WINDOW_MINUTES", minutes(row.match_window_seconds)),
            ("SESSION_GAP_MINUTES", minutes(row.session_gap_seconds)),
            ("the time within which a round was restarted", minutes(row.restart_window_seconds)),
            ("SESSION_DAY_START", time(row)),
            ("EXCLUDED_MAPS", none(&row.excluded_maps)),
        ]
    };
    let both = values(recorded).into_iter().zip(values(set));
    both.filter(|((_, recorded), (_, set))| recorded != set)
        .map(|((key, recorded), (_, set))| RuleDifference { key, recorded, set })
        .collect()
}

/// Whole minutes as they are set; else seconds.
fn minutes(seconds: i32) -> String {
    if seconds % 60 == 0 { format!("{}", seconds / 60) } else { format!("{seconds} s") }
}

impl Importer {
    /// What is to be said because the rules that are set are not those that count for this server.
    /// [`Importer::new`] logs it.
    #[must_use]
    pub fn other_rules(&self) -> Option<&OtherRules> {
        self.other_rules.as_ref()
    }

    /// The zone and the rules that count for the server now: people may have corrected its zone, or
    /// computed it with other rules, since this importer was made. With the first round, the rules
    /// that are set are recorded.
    pub(crate) async fn zone_and_rules(&self, tx: &mut Transaction) -> Result<(Zone, Config), Error> {
        let found = tx.server_and_rules(self.server.id).await?;
        let Some((server, recorded)) = found else {
            return Err(Error::ServerChanged(self.server.name.clone()));
        };
        let zone =
            if server.timezone == self.server.timezone { self.zone.clone() } else { Zone::new(&server.timezone)? };
        let standing = Standing::of(tx, &server, recorded.as_ref(), &self.config).await?;
        if matches!(standing, Standing::New) {
            tx.record_rules(row(server.id, &self.config, self.now())).await?;
        }
        Ok((zone, standing.config(&self.config).clone()))
    }
}

#[cfg(test)]
mod tests {
    use time::{Date, Month, Time};

    use super::*;

    fn set() -> Config {
        Config {
            match_window: Seconds(3600),
            timeline: TimelineConfig {
                session_gap: Seconds(5400),
                day_start: Some(DayStart { hour: 6, minute: 30 }),
                restart_window: Seconds(900),
                excluded_maps: vec!["Trainer".to_owned(), "abc".to_owned()],
            },
            patience: std::time::Duration::ZERO,
        }
    }

    fn now() -> PrimitiveDateTime {
        PrimitiveDateTime::new(Date::from_calendar_date(2025, Month::November, 4).unwrap(), Time::MIDNIGHT)
    }

    #[test]
    fn recorded_rules_come_back_as_they_were() {
        let recorded = row(ServerId(1), &set(), now());
        assert_eq!(recorded, row(ServerId(1), &config(&recorded), now()));
        let mut none = set();
        none.timeline.day_start = None;
        none.timeline.excluded_maps.clear();
        let recorded = row(ServerId(1), &none, now());
        assert_eq!(recorded, row(ServerId(1), &config(&recorded), now()));
    }

    #[test]
    fn a_notice_says_what_was_and_what_is_and_what_to_run() {
        let mut old = set();
        old.timeline.session_gap = Seconds(3601);
        old.timeline.day_start = None;
        old.timeline.excluded_maps = vec!["ABC".to_owned(), "trainer".to_owned()];
        let differences = differences(&row(ServerId(1), &old, now()), &row(ServerId(1), &set(), now()));
        let notice = OtherRules { server: "etl".to_owned(), differences }.to_string();
        assert!(
            notice
                .contains("SESSION_GAP_MINUTES was 3601 s and is 90 now; SESSION_DAY_START was none and is 06:30 now"),
            "{notice}"
        );
        assert!(!notice.contains("EXCLUDED_MAPS") && notice.contains("`dbadmin rebuild`"), "{notice}");
    }
}
