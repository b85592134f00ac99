//! A season: its days, its champions, those of seasons before.

use fullhold_analytics::{Board, Ranked, Season};
use fullhold_stats_file::Guid;
use time::Date;

use super::people::People;
use crate::catalogue::Catalogue;
use crate::reply::{Action, Button, Cell, Facts, Reply, Table, Text};

/// A season as it is shown.
#[derive(Clone, Debug)]
pub struct SeasonAnswer<'a> {
    /// Which.
    pub season: Season,
    /// Today, in the server's zone.
    pub today: Date,
    /// The first of each board that has champions; none where nobody passes the gates.
    pub champions: Vec<(&'static Board, Option<Ranked<'a>>)>,
    /// Champions of seasons before, newest first: season, board, player.
    pub past: Vec<(Season, &'static Board, Guid)>,
    /// How everybody is shown.
    pub people: &'a People,
}

impl SeasonAnswer<'_> {
    /// The season.
    #[must_use]
    pub fn reply(&self, texts: &Catalogue) -> Reply {
        let season = self.season.to_string();
        let mut reply =
            Reply::new(texts.say("season-title", &[("season", season.as_str().into())])).text(self.days(texts));
        let mut champions = Facts::new(texts.say("season-champions", &[]));
        for (board, first) in &self.champions {
            let label = texts.say(&format!("board-{}", board.id), &[]);
            let champion = first.map_or_else(
                || Cell::Text(texts.say("season-nobody", &[])),
                |first| {
                    let value = Cell::number(first.value, board.measure()).shown();
                    Cell::Text(self.people.name(first.guid).then(&Text::plain(&format!(" ({value})"))))
                },
            );
            champions = champions.with(board.id, label, champion);
        }
        reply = reply.facts(champions);
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
