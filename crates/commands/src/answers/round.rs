//! One round, and one match: R1, R2 and their sum.

use std::collections::BTreeMap;

use fullhold_analytics::formula_table as f;
use fullhold_analytics::{Formula, Reason, Totals, formulas, mvp_of};
use fullhold_stats_file::Guid;

use super::evening::seconds;
use super::people::People;
use super::sheet;
use crate::catalogue::Catalogue;
use crate::reply::{Action, Button, Cell, Facts, Reply, Table, Text};

/// A round as it is shown.
#[derive(Clone, Debug, Default)]
pub struct RoundAnswer {
    /// Its number in answers.
    pub id: i64,
    /// The key of its evening.
    pub session_key: String,
    /// Map.
    pub map: String,
    /// 1 or 2.
    pub number: u8,
    /// Its end, seconds since 1970 UTC.
    pub ended_at: i64,
    /// Its duration, and the limit, in seconds.
    pub seconds: Option<i64>,
    /// The time to beat, in seconds.
    pub limit: Option<i64>,
    /// Which side won: 1 axis, 2 allies.
    pub winner: Option<u8>,
    /// Whether the attackers reached their goal.
    pub is_completed: bool,
    /// Why it does not count; empty when it does.
    pub excluded: Vec<Reason>,
    /// What is strange in its file.
    pub findings: Vec<String>,
    /// Everybody's sums and side: 1 axis, 2 allies.
    pub players: Vec<(Guid, u8, Totals)>,
    /// How everybody is shown.
    pub people: People,
}

const LINE: &[&Formula] = &[
    &f::KILLS,
    &f::DEATHS,
    &f::KD,
    &f::DPM,
    &f::DAMAGE,
    &f::DAMAGE_RECEIVED,
    &f::ACCURACY,
    &f::REVIVES,
    &f::GIBS,
    &f::BEST_SPREE,
    &f::HOURS,
];

impl RoundAnswer {
    /// The round: winner, time, MVP, players by side, what is strange.
    #[must_use]
    pub fn reply(&self, texts: &Catalogue) -> Reply {
        let number = i64::from(self.number);
        let title = texts.say("round-title", &[("map", Text::name(&self.map).into()), ("number", number.into())]);
        let mut reply = Reply::new(title).facts(self.facts(texts)).text(self.mvp(texts));
        for side in [1, 2] {
            let sums: BTreeMap<Guid, Totals> = self
                .players
                .iter()
                .filter(|(_, on, _)| *on == side)
                .map(|(guid, _, totals)| (*guid, *totals))
                .collect();
            let rows = sheet::by(&f::KILLS, &sums);
            let name = texts.say(&format!("side-{side}"), &[]);
            reply = reply.table(sheet::players(&format!("side_{side}"), name, &rows, LINE, &self.people, texts));
        }
        if self.players.is_empty() {
            reply = reply.text(texts.say("round-nobody", &[]));
        }
        for finding in &self.findings {
            reply = reply.text(texts.say("round-finding", &[("finding", Text::name(finding).into())]));
        }
        let evening = Button::new(texts.say("round-evening", &[]), format!("session {}", self.session_key));
        reply.action(Action::Button(evening))
    }

    fn facts(&self, texts: &Catalogue) -> Facts {
        let time = |time: Option<i64>| Cell::number(time.map(seconds), f::HOURS.measure);
        let winner = match self.winner {
            Some(side @ (1 | 2)) => texts.say(&format!("side-{side}"), &[]),
            _ => texts.say("round-no-winner", &[]),
        };
        let outcome = texts.say(if self.is_completed { "round-completed" } else { "round-held" }, &[]);
        let counts = if self.excluded.is_empty() {
            texts.say("round-counts", &[])
        } else {
            let why: Vec<String> = self
                .excluded
                .iter()
                .map(|reason| texts.say(&format!("reason-{}", reason.name()), &[]).to_plain())
                .collect();
            Text::plain(&why.join(", "))
        };
        Facts::default()
            .with("winner", texts.say("label-winner", &[]), winner)
            .with("outcome", texts.say("label-outcome", &[]), outcome)
            .with("time", texts.say("label-round-time", &[]), time(self.seconds))
            .with("limit", texts.say("label-limit", &[]), time(self.limit))
            .with("ended", texts.say("label-ended", &[]), Text::instant(self.ended_at))
            .with("counts", texts.say("label-counts", &[]), counts)
            .with("id", Text::plain("#"), Cell::count(self.id))
    }

    fn mvp(&self, texts: &Catalogue) -> Text {
        let sums: BTreeMap<Guid, Totals> = self.players.iter().map(|(guid, _, totals)| (*guid, *totals)).collect();
        mvp_of(&sums).map_or_else(Text::default, |mvp| mvp_text(mvp, &sums, &self.people, texts))
    }
}

/// The MVP with the number and how it comes about; nothing when he is not among the sums.
#[must_use]
pub fn mvp_text(mvp: Guid, sums: &BTreeMap<Guid, Totals>, people: &People, texts: &Catalogue) -> Text {
    let Some(totals) = sums.get(&mvp) else { return Text::default() };
    let value = formulas::evening_mvp(totals.kills, totals.deaths, totals.damage_given, totals.rounds);
    let value = Cell::number(Some(value), f::MVP.measure).shown();
    texts.say(
        "evening-mvp",
        &[
            ("name", people.name(mvp).into()),
            ("value", value.as_str().into()),
            ("formula", Text::plain(&f::MVP.explain(totals)).into()),
        ],
    )
}

/// A match: what everybody did in R1, in R2 and in both.
#[derive(Clone, Debug, Default)]
pub struct MatchAnswer {
    /// Map.
    pub map: String,
    /// The key of its evening.
    pub session_key: String,
    /// Points of both teams with their names; `None` where it gives none.
    pub points: Option<((String, i64), (String, i64))>,
    /// Times of both attacks in seconds.
    pub attacks: (Option<i64>, Option<i64>),
    /// Numbers of its rounds in answers.
    pub rounds: Vec<i64>,
    /// Sums of R1.
    pub first: BTreeMap<Guid, Totals>,
    /// Sums of R2.
    pub second: BTreeMap<Guid, Totals>,
    /// How everybody is shown.
    pub people: People,
}

const HALVES: &[&Formula] = &[&f::KILLS, &f::DEATHS, &f::DPM, &f::DAMAGE];

impl MatchAnswer {
    /// Everybody's sums of both rounds.
    #[must_use]
    pub fn both(&self) -> BTreeMap<Guid, Totals> {
        let mut both = self.first.clone();
        for (guid, totals) in &self.second {
            let sum = both.entry(*guid).or_default();
            *sum = *sum + *totals;
        }
        both
    }

    /// The match.
    #[must_use]
    pub fn reply(&self, texts: &Catalogue) -> Reply {
        let mut reply = Reply::new(texts.say("match-title", &[("map", Text::name(&self.map).into())]));
        if let Some(((a, points_a), (b, points_b))) = &self.points {
            let score = Text::name(a).then(&Text::strong(&format!(" {points_a} : {points_b} "))).then(&Text::name(b));
            reply = reply.text(score);
        }
        let time = |attack: Option<i64>| Cell::number(attack.map(seconds), f::HOURS.measure);
        let both = self.both();
        reply =
            reply
                .facts(
                    Facts::default()
                        .with("first_attack", texts.say("label-first-attack", &[]), time(self.attacks.0))
                        .with("second_attack", texts.say("label-second-attack", &[]), time(self.attacks.1)),
                )
                .table(self.halves(&both, texts))
                .text(mvp_of(&both).map_or_else(Text::default, |mvp| mvp_text(mvp, &both, &self.people, texts)));
        for (index, round) in self.rounds.iter().enumerate() {
            let number = i64::try_from(index + 1).unwrap_or(i64::MAX);
            let label = texts.say("match-round", &[("number", number.into())]);
            reply = reply.action(Action::Button(Button::new(label, format!("round {round}"))));
        }
        let evening = Button::new(texts.say("round-evening", &[]), format!("session {}", self.session_key));
        reply.action(Action::Button(evening))
    }

    /// R1, R2 and the sum of each number, side by side.
    fn halves(&self, both: &BTreeMap<Guid, Totals>, texts: &Catalogue) -> Table {
        let mut table = Table::new("match", Text::default()).column("player", texts.say("column-player", &[]));
        for formula in HALVES {
            let label = sheet::short(formula, texts).to_plain();
            for (half, shown) in [("r1", "1"), ("r2", "2"), ("sum", "Σ")] {
                table = table.column(&format!("{}_{half}", formula.id), Text::plain(&format!("{label}{shown}")));
            }
        }
        for (guid, totals) in sheet::by(&f::KILLS, both) {
            let mut row = vec![self.people.cell(guid)];
            for formula in HALVES {
                let of = |half: &BTreeMap<Guid, Totals>| {
                    half.get(&guid).map_or(Cell::Unknown, |totals| Cell::of(formula, totals))
                };
                row.extend([of(&self.first), of(&self.second), Cell::of(formula, totals)]);
            }
            table = table.row(row);
        }
        table
    }
}
