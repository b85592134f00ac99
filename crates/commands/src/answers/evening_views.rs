//! The views of an evening, each with and without teams, with one round and with 64 players.

use fullhold_analytics::Formula;
use fullhold_analytics::formula_table as f;

use super::evening::{EveningAnswer, seconds};
use super::round::Halves;
use super::sheet;
use super::weapons::best;
use crate::catalogue::Catalogue;
use crate::reply::{Action, Button, Cell, Reply, Table, Text};
use crate::table::VIEWS;

const TOP: &[&Formula] = &[&f::DPM, &f::DAMAGE, &f::HOURS, &f::ROUNDS];
const COMBAT: &[&Formula] = &[
    &f::KD,
    &f::KILLS,
    &f::DEATHS,
    &f::DPM,
    &f::DAMAGE,
    &f::DAMAGE_RECEIVED,
    &f::DAMAGE_EFFICIENCY,
    &f::GIBS,
    &f::HEADSHOT_KILLS,
    &f::ACCURACY,
];
const OBJECTIVES: &[&Formula] = &[
    &f::OBJECTIVES,
    &f::PLANTED,
    &f::DEFUSED,
    &f::CONSTRUCTIONS,
    &f::REVIVES,
    &f::TIMES_REVIVED,
    &f::DENIED,
    &f::BEST_SPREE,
];
const SUPPORT: &[&Formula] =
    &[&f::REVIVES, &f::TIMES_REVIVED, &f::CONSTRUCTIONS, &f::DYNAMITES, &f::TEAM_KILLS, &f::TEAM_DAMAGE];
const SPREES: &[&Formula] =
    &[&f::BEST_SPREE, &f::WORST_SPREE, &f::MULTIKILLS, &f::MULTIKILLS_6, &f::MULTIKILLS_5, &f::MULTIKILLS_4];
const PER_MATCH: &[&Formula] = &[&f::KILLS, &f::DEATHS, &f::DPM, &f::DAMAGE, &f::REVIVES];

/// Weapons per player that the view shows.
const WEAPONS: usize = 6;

impl EveningAnswer {
    /// A view by the name that the table of commands has for it; unknown ones are the overview.
    #[must_use]
    pub fn view(&self, view: &str, texts: &Catalogue) -> Reply {
        let reply = Reply::new(self.title(texts));
        let reply = match view {
            "top" => self.top_view(reply, texts),
            "combat" | "players" => self.ranked(reply, &f::KILLS, COMBAT, texts),
            "objectives" => self.ranked(reply, &f::OBJECTIVES, OBJECTIVES, texts),
            "support" => self.ranked(reply, &f::REVIVES, SUPPORT, texts),
            "sprees" => self.ranked(reply, &f::BEST_SPREE, SPREES, texts),
            "weapons" => self.weapon_view(reply, texts),
            "maps" => self.map_view(reply, texts),
            "rounds" => self.round_view(reply, texts),
            "awards" => self.award_view(reply, texts),
            "teams" => self.team_view(reply, texts),
            _ => self.overview(texts),
        };
        self.with_views(reply, view, texts)
    }

    fn ranked(&self, reply: Reply, order: &Formula, columns: &[&Formula], texts: &Catalogue) -> Reply {
        if self.sums.is_empty() {
            return reply.text(texts.say("evening-nobody", &[]));
        }
        let rows = sheet::by(order, &self.sums);
        reply.table(sheet::players("players", Text::default(), &rows, columns, &self.people, texts))
    }

    /// By DPM, with the best round of each beside it.
    fn top_view(&self, reply: Reply, texts: &Catalogue) -> Reply {
        if self.sums.is_empty() {
            return reply.text(texts.say("evening-nobody", &[]));
        }
        let rows = sheet::by(&f::DPM, &self.sums);
        let mut table = sheet::players("players", Text::default(), &rows, TOP, &self.people, texts)
            .column("best_round", texts.say("column-best-round", &[]));
        for ((guid, _), row) in rows.iter().zip(&mut table.rows) {
            let rounds = self.round_sums.iter().filter_map(|sums| f::DPM.of(sums.get(guid)?));
            row.push(Cell::number(rounds.reduce(f64::max), f::DPM.measure));
        }
        reply.table(table)
    }

    fn weapon_view(&self, mut reply: Reply, texts: &Catalogue) -> Reply {
        let mut table = Table::new("weapons", Text::default())
            .column("player", texts.say("column-player", &[]))
            .column("weapon", texts.say("column-weapon", &[]))
            .column("kills", texts.say("short-kills", &[]))
            .column("accuracy", texts.say("short-accuracy", &[]))
            .column("head_hit_percent", texts.say("short-head_hit_percent", &[]));
        for (guid, _) in sheet::by(&f::KILLS, &self.sums) {
            for sums in best(self.weapons.get(&guid).map_or(&[], Vec::as_slice), WEAPONS) {
                table = table.row(vec![
                    self.people.cell(guid),
                    Cell::name(sums.weapon.name()),
                    Cell::count(sums.kills),
                    Cell::number(sums.accuracy(), f::ACCURACY.measure),
                    Cell::number(sums.head_hit_percent(), f::HEAD_HIT_PERCENT.measure),
                ]);
            }
        }
        if table.rows.is_empty() {
            reply = reply.text(texts.say("player-no-weapons", &[]));
        }
        reply.table(table)
    }

    /// Everybody's sums, match by match.
    fn map_view(&self, mut reply: Reply, texts: &Catalogue) -> Reply {
        if self.matches.is_empty() {
            return reply.text(texts.say("evening-no-matches", &[]));
        }
        for (index, (one, sums)) in self.matches.iter().zip(&self.match_sums).enumerate() {
            let points = one.points.map_or_else(String::new, |(a, b)| format!(" {a} : {b}"));
            let title = Text::name(&one.map).then(&Text::plain(&points));
            let rows = sheet::by(&f::KILLS, sums);
            let id = format!("match_{}", index + 1);
            reply = reply.table(sheet::players(&id, title, &rows, PER_MATCH, &self.people, texts));
        }
        reply
    }

    /// Every round, and of each match R1, R2 and the sum side by side.
    fn round_view(&self, reply: Reply, texts: &Catalogue) -> Reply {
        let mut reply = self.round_list(reply, texts);
        for (index, (one, [first, second])) in self.matches.iter().zip(&self.halves).enumerate() {
            let table = Table::new(&format!("match_{}", index + 1), Text::name(&one.map));
            reply = reply.table(Halves { first, second }.table(table, &self.people, texts));
        }
        reply
    }

    /// The most valuable players of each round and of the evening, with the numbers that made them so.
    #[must_use]
    pub fn mvps(&self, texts: &Catalogue) -> Reply {
        let reply = self.round_list(Reply::new(self.title(texts)), texts).text(self.mvp_text(texts));
        self.with_views(reply, "mvp", texts)
    }

    fn round_list(&self, reply: Reply, texts: &Catalogue) -> Reply {
        let table = Table::new("rounds", Text::default())
            .column("map", texts.say("column-map", &[]))
            .column("round", texts.say("column-round", &[]))
            .column("time", texts.say("column-time", &[]))
            .column("id", Text::plain("#"))
            .column("mvp", texts.say("column-mvp", &[]))
            .column("mvp_value", texts.say("column-value", &[]));
        let table = self.rounds.iter().fold(table, |table, round| {
            table.row(vec![
                Cell::name(&round.map),
                Cell::count(i64::from(round.number)),
                Cell::number(round.seconds.map(seconds), f::HOURS.measure),
                Cell::count(round.id),
                round.mvp.map_or(Cell::Unknown, |mvp| self.people.cell(mvp)),
                Cell::number(round.mvp_value, f::MVP.measure),
            ])
        });
        let reply =
            if table.rows.is_empty() { reply.text(texts.say("evening-no-matches", &[])) } else { reply.table(table) };
        reply.footer(self.excluded(texts))
    }

    fn award_view(&self, reply: Reply, texts: &Catalogue) -> Reply {
        let all = self.award_text(&self.awards, texts);
        reply.text(if all.is_empty() { texts.say("evening-no-awards", &[]) } else { all }).text(self.mvp_text(texts))
    }

    fn team_view(&self, mut reply: Reply, texts: &Catalogue) -> Reply {
        if self.series.is_empty() {
            return reply.text(texts.say("evening-no-teams", &[]));
        }
        for (index, series) in self.series.iter().enumerate() {
            let teams = [(&series.team_a, &series.players_a, 'a'), (&series.team_b, &series.players_b, 'b')];
            for (team, players, letter) in teams {
                let (name, points) = team;
                let title = Text::name(name).then(&Text::plain(&format!(" {points}")));
                let sums = self.sums.iter().filter(|(guid, _)| players.contains(guid));
                let sums = sums.map(|(guid, totals)| (*guid, *totals)).collect();
                let rows = sheet::by(&f::KILLS, &sums);
                let id = format!("series_{}_{letter}", index + 1);
                reply = reply.table(sheet::players(&id, title, &rows, PER_MATCH, &self.people, texts));
            }
        }
        self.lineup.iter().cloned().fold(reply, Reply::text)
    }

    /// With a button per view.
    fn with_views(&self, reply: Reply, current: &str, texts: &Catalogue) -> Reply {
        let choices = VIEWS.iter().filter_map(|words| words.first()).map(|view| {
            let mut button =
                Button::new(texts.say(&format!("view-{view}"), &[]), format!("session {} view:{view}", self.key));
            button.is_current = *view == current;
            button
        });
        reply.action(Action::Select { label: texts.say("choose-view", &[]), choices: choices.collect() })
    }
}
