//! A season: its days, its champions, those of seasons before.

use std::collections::BTreeMap;

use fullhold_analytics::formula_table as f;
use fullhold_analytics::{Board, Formula, Season, Totals};
use fullhold_charts::cards::{Season as Card, Standing};
use fullhold_charts::{Honour, Name, Picture, Team};
use fullhold_stats_file::Guid;
use time::Date;

use super::people::People;
use super::pictures::drawn_day;
use super::sheet;
use crate::catalogue::Catalogue;
use crate::reply::{Action, Button, Cell, Facts, Reply, Table, Text};

/// Who is first on a board.
#[derive(Clone, Copy, Debug)]
pub struct First {
    /// The board.
    pub board: &'static Board,
    /// Who, with which value; nobody passes the gates otherwise.
    pub of: Option<(Guid, Option<f64>)>,
}

/// A season as it is shown.
#[derive(Clone, Debug)]
pub struct SeasonAnswer<'a> {
    /// Which.
    pub season: Season,
    /// Today, in the server's zone.
    pub today: Date,
    /// Everybody's sums.
    pub sums: &'a BTreeMap<Guid, Totals>,
    /// The first of each board that has champions; none where nobody passes the gates.
    pub champions: Vec<First>,
    /// Champions of seasons before, newest first.
    pub past: Vec<(Season, First)>,
    /// The first of each of these boards over all seasons.
    pub all_time: Vec<First>,
    /// How everybody is shown.
    pub people: &'a People,
}

const STANDINGS: &[&Formula] = &[&f::KILLS, &f::KD, &f::DPM, &f::WIN_RATE, &f::ROUNDS];
/// Places of the standings.
const PLACES: usize = 10;

impl SeasonAnswer<'_> {
    /// The season.
    #[must_use]
    pub fn reply(&self, texts: &Catalogue) -> Reply {
        let season = self.season.to_string();
        let mut reply =
            Reply::new(texts.say("season-title", &[("season", season.as_str().into())])).text(self.days(texts));
        if self.sums.is_empty() {
            reply = reply.text(texts.say("season-empty", &[]));
        }
        let mut rows = sheet::by(&f::KILLS, self.sums);
        rows.truncate(PLACES);
        let title = texts.say("season-standings", &[]);
        reply = reply
            .facts(self.firsts("", texts.say("season-champions", &[]), &self.champions, texts))
            .table(sheet::players("standings", title, &rows, STANDINGS, self.people, texts))
            .facts(self.firsts("all_time_", texts.say("season-all-time", &[]), &self.all_time, texts));
        let mut past = Table::new("past", texts.say("season-past", &[]))
            .column("season", texts.say("column-season", &[]))
            .column("board", texts.say("column-what", &[]))
            .column("player", texts.say("column-player", &[]))
            .column("value", texts.say("column-value", &[]));
        for (season, First { board, of }) in &self.past {
            let Some((guid, value)) = of else { continue };
            past = past.row(vec![
                Cell::Text(Text::plain(&season.to_string())),
                Cell::Text(texts.say(&format!("board-{}", board.id), &[])),
                self.people.cell(*guid),
                Cell::number(*value, board.measure()),
            ]);
        }
        reply = reply.table(past);
        self.champions.iter().fold(reply, |reply, First { board, .. }| {
            let label = texts.say(&format!("board-{}", board.id), &[]);
            reply.action(Action::Button(Button::new(label, format!("leaderboard {} period:{season}", board.id))))
        })
    }

    /// The first of each board.
    fn firsts(&self, prefix: &str, title: Text, boards: &[First], texts: &Catalogue) -> Facts {
        boards.iter().fold(Facts::new(title), |facts, First { board, of }| {
            let label = texts.say(&format!("board-{}", board.id), &[]);
            let champion = of.map_or_else(
                || Cell::Text(texts.say("season-nobody", &[])),
                |(guid, value)| {
                    let value = Cell::number(value, board.measure()).shown();
                    Cell::Text(self.people.name(guid).then(&Text::plain(&format!(" ({value})"))))
                },
            );
            facts.with(&format!("{prefix}{}", board.id), label, champion)
        })
    }

    /// The season as a card. `skills` is what everybody is at least whose rating is no guess.
    #[must_use]
    pub fn card(&self, skills: &BTreeMap<Guid, f64>, texts: &Catalogue) -> Picture {
        let honour = |prefix: &str, first: &First| {
            let (guid, value) = first.of?;
            let board = texts.say(&format!("board-{}", first.board.id), &[]).to_plain();
            Some(Honour {
                title: if prefix.is_empty() { board } else { format!("{prefix} · {board}") },
                name: self.drawn(guid),
                team: Team::Unknown,
                value: value.map_or_else(String::new, |value| first.board.measure().show(value)),
                unit: String::new(),
            })
        };
        let past = self.past.iter().filter_map(|(season, first)| honour(&season.to_string(), first));
        let all_time = texts.say("season-all-time-short", &[]).to_plain();
        let all_time = self.all_time.iter().filter_map(|first| honour(&all_time, first));
        let days = self.season.first_day().and_then(drawn_day).zip(self.season.last_day().and_then(drawn_day));
        Card {
            name: self.season.to_string(),
            days: days.map(|(first, last)| [first, last]),
            days_left: self.season.days_left(self.today).and_then(|days| u64::try_from(days).ok()),
            passed: self.passed(),
            champions: self.champions.iter().filter_map(|first| honour("", first)).collect(),
            standings: self.standings(skills),
            players: self.sums.len(),
            gate: texts.say("season-gate", &[]).to_plain(),
            past: past.chain(all_time).collect(),
        }
        .draw()
    }

    /// By skill; behind those who have none that is no guess, the others by kills.
    fn standings(&self, skills: &BTreeMap<Guid, f64>) -> Vec<Standing> {
        let mut rows = sheet::by(&f::KILLS, self.sums);
        let skill = |guid: &Guid| skills.get(guid).copied();
        rows.sort_by(|(a, _), (b, _)| {
            let value = |guid: &Guid| skill(guid).unwrap_or(f64::NEG_INFINITY);
            value(b).total_cmp(&value(a))
        });
        let standing = |(guid, totals): (Guid, &Totals)| Standing {
            name: self.drawn(guid),
            skill: skill(&guid),
            dpm: f::DPM.of(totals),
            kills: u64::try_from(totals.kills).ok(),
            kd: f::KD.of(totals),
            match_win: f::WIN_RATE.of(totals),
            rounds: u64::try_from(totals.rounds).unwrap_or_default(),
        };
        rows.into_iter().map(standing).collect()
    }

    fn drawn(&self, guid: Guid) -> Name {
        Name::plain(&self.people.name(guid).to_plain())
    }

    /// The part of the season that has passed, 0 to 1.
    #[expect(clippy::cast_precision_loss, reason = "a quarter has some ninety days")]
    fn passed(&self) -> Option<f64> {
        let (first, last) = (self.season.first_day()?, self.season.last_day()?);
        let all = (last - first).whole_days() + 1;
        let passed = (self.today - first).whole_days() + 1;
        Some((passed as f64 / all as f64).clamp(0.0, 1.0))
    }

    fn days(&self, texts: &Catalogue) -> Text {
        let (Some(first), Some(last)) = (self.season.first_day(), self.season.last_day()) else {
            return Text::default();
        };
        let (first, last) = (first.to_string(), last.to_string());
        let days = texts.say("season-days", &[("first", first.as_str().into()), ("last", last.as_str().into())]);
        match self.season.days_left(self.today) {
            Some(left) => days.then(&Text::plain(" ")).then(&texts.say("season-left", &[("days", left.into())])),
            None => days,
        }
    }
}
