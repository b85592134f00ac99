//! A leaderboard: ten a page, the gate below, and where the asker stands.

use std::collections::BTreeMap;

use fullhold_analytics::{Board, Place, Ranked, Totals, Value, place, rank};
use fullhold_stats_file::Guid;

use super::people::People;
use super::sheet;
use crate::catalogue::Catalogue;
use crate::reply::{Cell, Reply, Table, Text};

/// What a leaderboard is made of.
#[derive(Clone, Copy, Debug)]
pub struct BoardAnswer<'a> {
    /// Which.
    pub board: &'static Board,
    /// The sums of everybody who played in what was asked for.
    pub sums: &'a BTreeMap<Guid, Totals>,
    /// Values of a board that is not computed of sums.
    pub given: &'a BTreeMap<Guid, f64>,
    /// How everybody is shown.
    pub people: &'a People,
    /// Who asks.
    pub asker: Option<Guid>,
    /// The period, as it is read; empty for all time.
    pub period: &'a Text,
    /// The map; empty for all.
    pub map: &'a str,
    /// The page, from 0. A page behind the last is the last.
    pub page: usize,
}

/// Places on a page.
pub const PLACES: usize = 10;

const MEDALS: [&str; 3] = ["🥇", "🥈", "🥉"];

impl BoardAnswer<'_> {
    /// Pages, at least one.
    #[must_use]
    pub fn pages(&self) -> usize {
        rank(self.board, self.sums, self.given).len().div_ceil(PLACES).max(1)
    }

    /// The page that was asked for.
    #[must_use]
    pub fn reply(&self, texts: &Catalogue) -> Reply {
        let ranking = rank(self.board, self.sums, self.given);
        let pages = ranking.len().div_ceil(PLACES).max(1);
        let page = self.page.min(pages - 1);
        let reply = Reply::new(self.title(texts));
        let reply = if ranking.is_empty() {
            reply.text(texts.say("board-empty", &[]))
        } else {
            reply.table(self.table(ranking.iter().skip(page * PLACES).take(PLACES), texts))
        };
        reply.text(self.own_place(&ranking, texts)).footer(self.footer(page, pages, texts)).page(page, pages)
    }

    fn title(&self, texts: &Catalogue) -> Text {
        let board = texts.say(&format!("board-{}", self.board.id), &[]);
        let mut title = texts.say("board-title", &[("board", board.into())]);
        if !self.map.is_empty() {
            title = title.then(&Text::plain(" · ")).then(&Text::name(self.map));
        }
        if !self.period.is_empty() {
            title = title.then(&Text::plain(" · ")).then(self.period);
        }
        title
    }

    fn table<'r>(&self, rows: impl Iterator<Item = &'r Ranked<'r>>, texts: &Catalogue) -> Table {
        let mut table = Table::new("board", Text::default())
            .column("player", texts.say("column-player", &[]))
            .column("place", Text::plain("#"))
            .column("value", self.value_label(texts));
        for formula in self.board.second_line {
            table = table.column(formula.id, sheet::short(formula, texts));
        }
        for ranked in rows {
            let place =
                MEDALS.get(ranked.place - 1).map_or_else(|| ranked.place.to_string(), |medal| (*medal).to_owned());
            let mut row = vec![
                self.people.cell(ranked.guid),
                Cell::Text(Text::plain(&place)),
                Cell::number(ranked.value, self.board.measure()),
            ];
            row.extend(self.board.second_line.iter().map(|formula| Cell::of(formula, ranked.totals)));
            table = table.row(row);
        }
        table
    }

    fn value_label(&self, texts: &Catalogue) -> Text {
        match self.board.value {
            Value::Of(formula) => sheet::short(formula, texts),
            Value::Given(_) => texts.say(&format!("board-{}", self.board.id), &[]),
        }
    }

    /// Where the asker stands, however far down, or what he lacks to be listed.
    fn own_place(&self, ranking: &[Ranked<'_>], texts: &Catalogue) -> Text {
        let Some(asker) = self.asker else { return Text::default() };
        match place(self.board, ranking, self.sums, asker) {
            Place::Listed(ranked) => {
                let value = Cell::number(ranked.value, self.board.measure()).shown();
                let place = i64::try_from(ranked.place).unwrap_or(i64::MAX);
                texts.say("board-you-are", &[("place", place.into()), ("value", value.as_str().into())])
            }
            Place::Below(missing) => {
                let mut text = texts.say("board-you-need", &[]);
                for (index, missing) in missing.iter().enumerate() {
                    let what = sheet::name(missing.gate.of, texts);
                    let separator = if index == 0 { " " } else { ", " };
                    text = text
                        .then(&Text::plain(separator))
                        .then(&texts.say("board-to-go", &[("count", missing.to_go.into()), ("what", what.into())]));
                }
                text
            }
            Place::Unknown => texts.say("board-you-have-none", &[]),
            Place::Absent => texts.say("board-you-are-absent", &[]),
        }
    }

    fn footer(&self, page: usize, pages: usize, texts: &Catalogue) -> Text {
        let mut parts = Vec::new();
        for gate in self.board.gates {
            let what = sheet::name(gate.of, texts);
            let count = Cell::count(gate.more_than).shown();
            parts.push(texts.say("board-gate", &[("count", count.as_str().into()), ("what", what.into())]).to_plain());
        }
        if pages > 1 {
            let (page, pages) = (i64::try_from(page + 1), i64::try_from(pages));
            let page = texts.say(
                "page-of",
                &[("page", page.unwrap_or(i64::MAX).into()), ("pages", pages.unwrap_or(i64::MAX).into())],
            );
            parts.push(page.to_plain());
        }
        Text::plain(&parts.join(" · "))
    }
}
