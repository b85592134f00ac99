//! Lists: evenings, players, names, badges.

use fullhold_analytics::{BADGES, Measure};
use fullhold_stats_file::Guid;
use time::Date;

use super::evening::seconds;
use super::people::People;
use super::sheet;
use crate::catalogue::Catalogue;
use crate::reply::{Action, Button, Cell, Reply, Table, Text};

/// An evening in the list of evenings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EveningLine {
    /// Its key.
    pub key: String,
    /// Its number, from 1.
    pub number: i64,
    /// The day on which it began.
    pub day: Date,
    /// Points of both teams; `None` without teams.
    pub score: Option<(i64, i64)>,
    /// Maps, in order.
    pub maps: Vec<String>,
    /// Rounds, valid or not.
    pub rounds: i64,
    /// Players.
    pub players: i64,
    /// Duration in seconds.
    pub seconds: i64,
}

/// Choices of one menu.
const MENU: usize = 25;

/// Evenings, newest first, each to be opened.
#[must_use]
pub fn evenings(scope: &Text, evenings: &[EveningLine], texts: &Catalogue) -> Reply {
    let mut title = texts.say("evenings-title", &[]);
    if !scope.is_empty() {
        title = title.then(&Text::plain(" · ")).then(scope);
    }
    if evenings.is_empty() {
        return Reply::new(title).text(texts.say("evenings-none", &[]));
    }
    let table = Table::new("evenings", Text::default())
        .column("day", texts.say("column-day", &[]))
        .column("number", Text::plain("#"))
        .column("score", texts.say("column-score", &[]))
        .column("maps", texts.say("column-maps", &[]))
        .column("rounds", texts.say("short-rounds", &[]))
        .column("players", texts.say("column-players", &[]))
        .column("time", texts.say("column-time", &[]));
    let table = evenings.iter().fold(table, |table, evening| {
        let score = evening.score.map_or(Cell::Unknown, |(a, b)| Cell::Text(Text::plain(&format!("{a} : {b}"))));
        table.row(vec![
            Cell::Text(Text::plain(&evening.day.to_string())),
            Cell::count(evening.number),
            score,
            Cell::count(i64::try_from(evening.maps.len()).unwrap_or(i64::MAX)),
            Cell::count(evening.rounds),
            Cell::count(evening.players),
            Cell::number(Some(seconds(evening.seconds)), Measure::Seconds),
        ])
    });
    let choice = |evening: &EveningLine| {
        let score = evening.score.map_or_else(String::new, |(a, b)| format!(" {a} : {b}"));
        let label = format!("#{} {}{score}", evening.number, evening.day);
        Button::new(Text::plain(&label), format!("session {}", evening.key))
    };
    let choices = evenings.iter().take(MENU).map(choice).collect();
    Reply::new(title).table(table).action(Action::Select { label: texts.say("evenings-open", &[]), choices })
}

/// A player in a list.
#[derive(Clone, Debug, PartialEq)]
pub struct PlayerLine {
    /// The player.
    pub guid: Guid,
    /// Other names, the most worn first.
    pub other_names: Vec<String>,
    /// Rounds that count.
    pub rounds: i64,
    /// Kills per death; `None` when he never played.
    pub kd: Option<f64>,
    /// End of his last round, seconds since 1970 UTC.
    pub last_seen: Option<i64>,
    /// Whether somebody has linked him.
    pub is_linked: bool,
}

/// Other names that a list shows.
const OTHER_NAMES: usize = 3;

/// Players, in the order given.
#[must_use]
pub fn players(title: Text, players: &[PlayerLine], people: &People, texts: &Catalogue) -> Reply {
    if players.is_empty() {
        return Reply::new(title).text(texts.say("players-none", &[]));
    }
    let table = Table::new("players", Text::default())
        .column("player", texts.say("column-player", &[]))
        .column("guid", Text::plain("GUID"))
        .column("rounds", texts.say("short-rounds", &[]))
        .column("kd", texts.say("short-kd", &[]))
        .column("last_seen", texts.say("column-seen", &[]))
        .column("linked", texts.say("column-linked", &[]))
        .column("other_names", texts.say("column-also", &[]));
    let table = players.iter().fold(table, |table, player| {
        let mut others = Text::default();
        for (index, name) in player.other_names.iter().take(OTHER_NAMES).enumerate() {
            others = others.then(&Text::plain(if index == 0 { "" } else { ", " })).then(&Text::name(name));
        }
        table.row(vec![
            people.cell(player.guid),
            people.guid_cell(player.guid),
            Cell::count(player.rounds),
            Cell::number(player.kd, Measure::Ratio),
            player.last_seen.map_or(Cell::Unknown, |seen| Cell::Text(Text::instant(seen))),
            Cell::Text(texts.say(if player.is_linked { "yes" } else { "no" }, &[])),
            Cell::Text(others),
        ])
    });
    let open =
        |player: &PlayerLine| Button::new(people.name(player.guid), format!("stats {}", people.word(player.guid)));
    let choices = players.iter().take(MENU).map(open).collect();
    Reply::new(title).table(table).action(Action::Select { label: texts.say("players-open", &[]), choices })
}

/// A name that a player has worn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameLine {
    /// The name.
    pub name: String,
    /// Rounds in which he wore it.
    pub times: i64,
    /// The day on which he wore it first and last.
    pub days: (Date, Date),
}

/// All names of a player.
#[must_use]
pub fn aliases(guid: Guid, names: &[NameLine], people: &People, texts: &Catalogue) -> Reply {
    let title = texts.say("aliases-title", &[("name", people.name(guid).into())]);
    if names.is_empty() {
        return Reply::new(title).text(texts.say("aliases-none", &[]));
    }
    let table = Table::new("names", Text::default())
        .column("name", texts.say("column-name", &[]))
        .column("times", texts.say("short-rounds", &[]))
        .column("first", texts.say("column-first-day", &[]))
        .column("last", texts.say("column-last-day", &[]));
    let table = names.iter().fold(table, |table, name| {
        let day = |day: Date| Cell::Text(Text::plain(&day.to_string()));
        table.row(vec![Cell::name(&name.name), Cell::count(name.times), day(name.days.0), day(name.days.1)])
    });
    Reply::new(title).table(table)
}

/// What the signs behind a name mean.
#[must_use]
pub fn badges(texts: &Catalogue) -> Reply {
    let mut table = Table::new("badges", Text::default())
        .column("badge", texts.say("column-badge", &[]))
        .column("what", texts.say("column-what", &[]))
        .column("from", texts.say("column-from", &[]));
    for badge in BADGES {
        for tier in badge.tiers {
            table = table.row(vec![
                Cell::Text(Text::plain(&format!("{} {}", tier.emoji, tier.title))),
                Cell::Text(sheet::name(badge.value, texts)),
                Cell::number(Some(tier.from), badge.value.measure),
            ]);
        }
    }
    Reply::new(texts.say("badges-title", &[])).text(texts.say("badges-lead", &[])).table(table)
}
