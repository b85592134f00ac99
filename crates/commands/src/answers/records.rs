//! Records: the best rounds and matches, of everybody or of one player, with who, where, when and a link.

use fullhold_analytics::{Held, Record};
use fullhold_charts::cards::{Record as CardRecord, Records as Card};
use fullhold_charts::{Day, Name, Picture};
use time::OffsetDateTime;

use super::people::People;
use super::pictures::drawn_day;
use super::sheet;
use crate::catalogue::Catalogue;
use crate::reply::{Action, Button, Cell, Reply, Table, Text};

/// Choices of one menu.
const MENU: usize = 25;

/// A record with where it was set.
#[derive(Clone, Debug)]
pub struct RecordLine {
    /// What is measured.
    pub record: &'static Record,
    /// Who holds it.
    pub held: Held,
    /// Who held it before, with what; none for the first.
    pub before: Option<Held>,
    /// Map.
    pub map: String,
    /// The number of the round, or of the match's second round, in answers.
    pub round: i64,
}

/// The best rounds and the best matches, each in the order of the measures.
#[derive(Clone, Debug, Default)]
pub struct RecordLines {
    /// Single rounds.
    pub rounds: Vec<RecordLine>,
    /// Matches: both rounds added.
    pub matches: Vec<RecordLine>,
}

impl RecordLines {
    /// Nobody set any.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.rounds.is_empty() && self.matches.is_empty()
    }

    /// Records of everybody: with who holds each, and who held it before.
    #[must_use]
    pub fn reply(&self, title: Text, people: &People, texts: &Catalogue) -> Reply {
        if self.is_empty() {
            return Reply::new(title).text(texts.say("records-none", &[]));
        }
        let rounds = Table::new("records", texts.say("records-rounds", &[]));
        let matches = Table::new("match_records", texts.say("records-matches", &[]));
        let reply = Reply::new(title).table(everybodys(rounds, &self.rounds, people, texts)).table(everybodys(
            matches,
            &self.matches,
            people,
            texts,
        ));
        self.with_menus(reply, texts).footer(texts.say("records-what", &[]))
    }

    /// The bests of one player, as tables of his profile.
    pub(super) fn own(&self, reply: Reply, texts: &Catalogue) -> Reply {
        let rounds = Table::new("best", texts.say("profile-best-rounds", &[]));
        let matches = Table::new("best_matches", texts.say("profile-best-matches", &[]));
        let reply = reply.table(owns(rounds, &self.rounds, texts)).table(owns(matches, &self.matches, texts));
        self.with_menus(reply, texts)
    }

    fn with_menus(&self, reply: Reply, texts: &Catalogue) -> Reply {
        let menus = [("records-open", "round", &self.rounds), ("records-open-match", "match", &self.matches)];
        menus.into_iter().fold(reply, |reply, (label, command, lines)| {
            let open = |line: &RecordLine| {
                let label = sheet::name(line.record.value, texts).then(&Text::plain(&format!(" · #{}", line.round)));
                Button::new(label, format!("{command} {}", line.round))
            };
            let choices: Vec<Button> = lines.iter().take(MENU).map(open).collect();
            if choices.is_empty() {
                return reply;
            }
            reply.action(Action::Select { label: texts.say(label, &[]), choices })
        })
    }

    /// The records as a card. `parts` is what they are of.
    #[must_use]
    pub fn card(&self, parts: Vec<String>, people: &People, texts: &Catalogue) -> Picture {
        let record = |line: &RecordLine| CardRecord {
            metric: sheet::name(line.record.value, texts).to_plain(),
            value: Some(line.record.value.measure.show(line.held.value)),
            name: Name::plain(&people.name(line.held.guid).to_plain()),
            map: line.map.clone(),
            day: day_of(line.held.at.ended_at),
        };
        Card {
            parts,
            rounds: self.rounds.iter().map(record).collect(),
            matches: self.matches.iter().map(record).collect(),
        }
        .draw()
    }
}

fn everybodys(table: Table, lines: &[RecordLine], people: &People, texts: &Catalogue) -> Table {
    let table = table
        .column("what", texts.say("column-what", &[]))
        .column("value", texts.say("column-record", &[]))
        .column("player", texts.say("column-player", &[]))
        .column("map", texts.say("column-map", &[]))
        .column("when", texts.say("column-when", &[]))
        .column("round", Text::plain("#"))
        .column("before", texts.say("column-before", &[]));
    lines.iter().fold(table, |table, line| {
        let before = line.before.map_or(Cell::Unknown, |before| {
            let value = line.record.value.measure.show(before.value);
            Cell::Text(Text::plain(&format!("{value} ")).then(&people.name(before.guid)))
        });
        table.row(vec![
            Cell::Text(sheet::name(line.record.value, texts)),
            Cell::number(Some(line.held.value), line.record.value.measure),
            people.cell(line.held.guid),
            Cell::name(&line.map),
            Cell::Text(Text::instant(line.held.at.ended_at)),
            Cell::count(line.round),
            before,
        ])
    })
}

fn owns(table: Table, lines: &[RecordLine], texts: &Catalogue) -> Table {
    let table = table
        .column("what", texts.say("column-what", &[]))
        .column("value", texts.say("column-best", &[]))
        .column("map", texts.say("column-map", &[]))
        .column("when", texts.say("column-when", &[]))
        .column("round", Text::plain("#"));
    lines.iter().fold(table, |table, line| {
        table.row(vec![
            Cell::Text(sheet::name(line.record.value, texts)),
            Cell::number(Some(line.held.value), line.record.value.measure),
            Cell::name(&line.map),
            Cell::Text(Text::instant(line.held.at.ended_at)),
            Cell::count(line.round),
        ])
    })
}

fn day_of(instant: i64) -> Option<Day> {
    drawn_day(OffsetDateTime::from_unix_timestamp(instant).ok()?.date())
}
