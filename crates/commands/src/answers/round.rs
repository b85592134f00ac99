//! One round, and one match: R1, R2 and their sum.

use std::collections::BTreeMap;

use fullhold_analytics::formula_table as f;
use fullhold_analytics::{Formula, Reason, Totals, Undecided, formulas, mvp_of};
use fullhold_stats_file::Guid;
use time::{Date, Time};

use super::evening::{AttackLine, seconds};
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
    /// Its attack; none when its time or how it ended is not known.
    pub attack: Option<AttackLine>,
    /// Who played with whom; none where that is not known.
    pub teams: Option<RoundTeams>,
    /// The number of its evening.
    pub evening: Option<i64>,
    /// When it ended, on the clock of the server.
    pub clock: Option<(Date, Time)>,
    /// Why it does not count; empty when it does.
    pub excluded: Vec<Reason>,
    /// What is strange in its file.
    pub findings: Vec<Text>,
    /// Everybody's sums and side: 1 axis, 2 allies.
    pub players: Vec<(Guid, u8, Totals)>,
    /// How everybody is shown.
    pub people: People,
}

/// Who played with whom in a round.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RoundTeams {
    /// The names of team A and team B.
    pub names: [String; 2],
    /// The side of team A: 1 axis, 2 allies.
    pub side_of_a: u8,
    /// The score of the series after this round.
    pub score: Option<(i64, i64)>,
}

impl RoundTeams {
    /// The team on a side.
    #[must_use]
    pub fn on(&self, side: u8) -> &str {
        let [a, b] = &self.names;
        if side == self.side_of_a { a } else { b }
    }
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
            let mut name = texts.say(&format!("side-{side}"), &[]);
            if let Some(teams) = &self.teams {
                name = name.then(&Text::plain(" · ")).then(&Text::name(teams.on(side)));
            }
            reply = reply.table(sheet::players(&format!("side_{side}"), name, &rows, LINE, &self.people, texts));
        }
        if self.players.is_empty() {
            reply = reply.text(texts.say("round-nobody", &[]));
        }
        for finding in self.findings.iter().take(FINDINGS) {
            reply = reply.text(texts.say("round-finding", &[("finding", finding.clone().into())]));
        }
        let evening = Button::new(texts.say("round-evening", &[]), format!("session {}", self.session_key));
        let whole = Button::new(texts.say("round-match", &[]), format!("match {}", self.id));
        reply.action(Action::Button(whole)).action(Action::Button(evening))
    }

    fn facts(&self, texts: &Catalogue) -> Facts {
        let time = |time: Option<i64>| Cell::number(time.map(seconds), f::HOURS.measure);
        let winner = match self.winner {
            Some(side @ (1 | 2)) => {
                let side_name = texts.say(&format!("side-{side}"), &[]);
                let team = self.teams.as_ref().map(|teams| Text::plain(" · ").then(&Text::name(teams.on(side))));
                team.map_or(side_name.clone(), |team| side_name.then(&team))
            }
            _ => texts.say("round-no-winner", &[]),
        };
        let checks = match self.findings.len() {
            0 => texts.say("round-checks-fine", &[]),
            found => texts.say("round-checks-found", &[("found", found.into())]),
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
            .with("checks", texts.say("label-checks", &[]), checks)
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
    /// Both attacks.
    pub attacks: [Option<AttackLine>; 2],
    /// Who played for team A and team B; none where that is not known.
    pub teams: Option<[Vec<Guid>; 2]>,
    /// The number of its evening.
    pub evening: Option<i64>,
    /// Its place among the matches of the evening, from 1, and how many these are.
    pub place: (usize, usize),
    /// Why it gives no points.
    pub undecided: Option<Undecided>,
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
/// Findings that are shown of a round.
const FINDINGS: usize = 5;

/// R1 and R2 of a match.
#[derive(Clone, Copy, Debug)]
pub struct Halves<'a> {
    /// Sums of R1.
    pub first: &'a BTreeMap<Guid, Totals>,
    /// Sums of R2.
    pub second: &'a BTreeMap<Guid, Totals>,
}

impl Halves<'_> {
    /// Everybody's sums of both rounds.
    #[must_use]
    pub fn both(&self) -> BTreeMap<Guid, Totals> {
        let mut both = self.first.clone();
        for (guid, totals) in self.second {
            let sum = both.entry(*guid).or_default();
            *sum = *sum + *totals;
        }
        both
    }

    /// R1, R2 and the sum of each number, side by side.
    pub(super) fn table(&self, table: Table, people: &People, texts: &Catalogue) -> Table {
        let both = self.both();
        let mut table = table.column("player", texts.say("column-player", &[]));
        for formula in HALVES {
            let label = sheet::short(formula, texts).to_plain();
            for (half, shown) in [("r1", "1"), ("r2", "2"), ("sum", "Σ")] {
                table = table.column(&format!("{}_{half}", formula.id), Text::plain(&format!("{label}{shown}")));
            }
        }
        for (guid, totals) in sheet::by(&f::KILLS, &both) {
            let mut row = vec![people.cell(guid)];
            for formula in HALVES {
                let of = |half: &BTreeMap<Guid, Totals>| {
                    half.get(&guid).map_or(Cell::Unknown, |totals| Cell::of(formula, totals))
                };
                row.extend([of(self.first), of(self.second), Cell::of(formula, totals)]);
            }
            table = table.row(row);
        }
        table
    }
}

impl MatchAnswer {
    /// Its rounds.
    #[must_use]
    pub const fn halves(&self) -> Halves<'_> {
        Halves { first: &self.first, second: &self.second }
    }

    /// Everybody's sums of both rounds.
    #[must_use]
    pub fn both(&self) -> BTreeMap<Guid, Totals> {
        self.halves().both()
    }

    /// The match.
    #[must_use]
    pub fn reply(&self, texts: &Catalogue) -> Reply {
        let mut reply = Reply::new(texts.say("match-title", &[("map", Text::name(&self.map).into())]));
        if let Some(((a, points_a), (b, points_b))) = &self.points {
            let score = Text::name(a).then(&Text::strong(&format!(" {points_a} : {points_b} "))).then(&Text::name(b));
            reply = reply.text(score);
        }
        if let Some(undecided) = self.undecided {
            reply = reply.text(texts.say(&format!("undecided-{}", undecided.name()), &[]));
        }
        let [first, second] = self.attacks.map(|attack| AttackLine::cell(attack, texts));
        let both = self.both();
        reply = reply
            .facts(Facts::default().with("first_attack", texts.say("label-first-attack", &[]), first).with(
                "second_attack",
                texts.say("label-second-attack", &[]),
                second,
            ))
            .table(self.halves().table(Table::new("match", Text::default()), &self.people, texts))
            .text(mvp_of(&both).map_or_else(Text::default, |mvp| mvp_text(mvp, &both, &self.people, texts)));
        for (index, round) in self.rounds.iter().enumerate() {
            let number = i64::try_from(index + 1).unwrap_or(i64::MAX);
            let label = texts.say("match-round", &[("number", number.into())]);
            reply = reply.action(Action::Button(Button::new(label, format!("round {round}"))));
        }
        let evening = Button::new(texts.say("round-evening", &[]), format!("session {}", self.session_key));
        reply.action(Action::Button(evening))
    }
}
