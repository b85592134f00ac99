//! A season: its days, its champions, those of seasons before.

use std::collections::BTreeMap;

use fullhold_analytics::formula_table as f;
use fullhold_analytics::{Board, Formula, Ranked, Season, Totals};
use fullhold_stats_file::Guid;
use time::Date;

use super::people::People;
use super::sheet;
use crate::catalogue::Catalogue;
use crate::reply::{Action, Button, Cell, Facts, Reply, Table, Text};

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
    pub champions: Vec<(&'static Board, Option<Ranked<'a>>)>,
    /// Champions of seasons before, newest first: season, board, player.
    pub past: Vec<(Season, &'static Board, Guid)>,
    /// The first of each of these boards over all seasons.
    pub all_time: Vec<(&'static Board, Option<Ranked<'a>>)>,
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
            .column("player", texts.say("column-player", &[]));
        for (season, board, guid) in &self.past {
            past = past.row(vec![
                Cell::Text(Text::plain(&season.to_string())),
                Cell::Text(texts.say(&format!("board-{}", board.id), &[])),
                self.people.cell(*guid),
            ]);
        }
        reply = reply.table(past);
        self.champions.iter().fold(reply, |reply, (board, _)| {
            let label = texts.say(&format!("board-{}", board.id), &[]);
            reply.action(Action::Button(Button::new(label, format!("leaderboard {} period:{season}", board.id))))
        })
    }

    /// The first of each board.
    fn firsts(
        &self,
        prefix: &str,
        title: Text,
        boards: &[(&'static Board, Option<Ranked<'_>>)],
        texts: &Catalogue,
    ) -> Facts {
        boards.iter().fold(Facts::new(title), |facts, (board, first)| {
            let label = texts.say(&format!("board-{}", board.id), &[]);
            let champion = first.map_or_else(
                || Cell::Text(texts.say("season-nobody", &[])),
                |first| {
                    let value = Cell::number(first.value, board.measure()).shown();
                    Cell::Text(self.people.name(first.guid).then(&Text::plain(&format!(" ({value})"))))
                },
            );
            facts.with(&format!("{prefix}{}", board.id), label, champion)
        })
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
