//! An evening: who won, who played, what each did. Its views are in `evening_views`.

use std::collections::BTreeMap;

use fullhold_analytics::formula_table as f;
use fullhold_analytics::{Confidence, Formula, Reason, Totals, Undecided, Won, team_mvp};
use fullhold_stats_file::Guid;
use time::{Date, Time};

use super::people::People;
use super::round::mvp_text;
use super::sheet;
use super::weapons::WeaponSums;
use crate::catalogue::Catalogue;
use crate::reply::{Cell, Facts, Reply, Table, Text};

/// An evening as it is shown.
#[derive(Clone, Debug, Default)]
pub struct EveningAnswer {
    /// Its key: the stamp of its first round.
    pub key: String,
    /// Its number among the evenings of its server, from 1; `None` when it is not known.
    pub number: Option<i64>,
    /// The day on which it began, in the server's zone.
    pub day: Option<Date>,
    /// Its beginning and end on the clock of the server.
    pub clock: Option<(Time, Time)>,
    /// From the beginning of the first to the end of the last round, in seconds.
    pub seconds: i64,
    /// Its matches, oldest first.
    pub matches: Vec<MatchLine>,
    /// Its rounds, oldest first.
    pub rounds: Vec<RoundLine>,
    /// Its series, oldest first; empty without teams.
    pub series: Vec<SeriesLine>,
    /// How sure the teams are that were found; `None` when people set them, or there are none.
    pub confidence: Option<Confidence>,
    /// Sums of everybody over the rounds that count.
    pub sums: BTreeMap<Guid, Totals>,
    /// Sums of each match, in the order of `matches`.
    pub match_sums: Vec<BTreeMap<Guid, Totals>>,
    /// Sums of R1 and R2 of each match, in the order of `matches`.
    pub halves: Vec<[BTreeMap<Guid, Totals>; 2]>,
    /// Sums of each round that counts, oldest first.
    pub round_sums: Vec<BTreeMap<Guid, Totals>>,
    /// Who came late, left or changed teams, and what is different from the evening before, a sentence each.
    pub lineup: Vec<Text>,
    /// Weapons of everybody.
    pub weapons: BTreeMap<Guid, Vec<WeaponSums>>,
    /// All awards.
    pub awards: Vec<Won>,
    /// Those that the overview shows, the rarest first.
    pub rare_awards: Vec<Won>,
    /// What is to be said of it before all numbers, a sentence each.
    pub recap: Vec<Text>,
    /// The most valuable player.
    pub mvp: Option<Guid>,
    /// How everybody is shown.
    pub people: People,
}

/// A match of an evening.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MatchLine {
    /// Map.
    pub map: String,
    /// Points of both teams; `None` where it gives none.
    pub points: Option<(i64, i64)>,
    /// The first and the second attack; `None` where one was not played, or its time is not known.
    pub attacks: [Option<AttackLine>; 2],
    /// The series that it belongs to: its position among the series.
    pub series: Option<usize>,
    /// Why it gives no points.
    pub undecided: Option<Undecided>,
    /// The number in answers of a round of it.
    pub round: Option<i64>,
}

/// An attack.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AttackLine {
    /// How long it took, in seconds.
    pub seconds: i64,
    /// The time it had: the limit, or the time to beat. In seconds.
    pub limit: i64,
    /// Whether its goal was reached; else it was held.
    pub is_done: bool,
    /// Whether team A attacked; `None` where the teams are not known.
    pub by_a: Option<bool>,
}

impl AttackLine {
    /// Its time, or that it was held.
    #[must_use]
    pub fn cell(attack: Option<Self>, texts: &Catalogue) -> Cell {
        match attack {
            Some(attack) if attack.is_done => {
                Cell::number(Some(seconds(attack.seconds)), fullhold_analytics::Measure::Seconds)
            }
            Some(_) => Cell::Text(texts.say("attack-held", &[])),
            None => Cell::Unknown,
        }
    }
}

/// A round of an evening.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RoundLine {
    /// Its number in answers.
    pub id: i64,
    /// Map.
    pub map: String,
    /// 1 or 2.
    pub number: u8,
    /// Its duration in seconds.
    pub seconds: Option<i64>,
    /// Why it does not count; empty when it does.
    pub excluded: Vec<Reason>,
    /// Its most valuable player.
    pub mvp: Option<Guid>,
    /// The number that made him so.
    pub mvp_value: Option<f64>,
}

/// Matches in a row between the same teams.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SeriesLine {
    /// Name and points of the first team.
    pub team_a: (String, i64),
    /// Name and points of the second team.
    pub team_b: (String, i64),
    /// Who played for the first.
    pub players_a: Vec<Guid>,
    /// Who played for the second.
    pub players_b: Vec<Guid>,
}

/// Awards that the overview shows; their view shows all.
pub const SHOWN_AWARDS: usize = 6;

const LINE: &[&Formula] = &[
    &f::KILLS,
    &f::DEATHS,
    &f::KD,
    &f::DPM,
    &f::DAMAGE,
    &f::DAMAGE_RECEIVED,
    &f::ACCURACY,
    &f::HITS,
    &f::SHOTS,
    &f::HEAD_HIT_PERCENT,
    &f::USEFUL_KILLS,
    &f::REVIVES,
    &f::TIMES_REVIVED,
    &f::HOURS,
    &f::TIME_DEAD,
    &f::DENIED,
    &f::MULTIKILLS,
];

impl EveningAnswer {
    /// Score, teams, everybody's line, awards, MVP.
    #[must_use]
    pub fn overview(&self, texts: &Catalogue) -> Reply {
        let recap = self.recap.iter().fold(Text::default(), |all, sentence| {
            if all.is_empty() { sentence.clone() } else { all.then(&Text::plain(" ")).then(sentence) }
        });
        let mut reply = Reply::new(self.title(texts)).text(recap).facts(self.facts(texts));
        for series in &self.series {
            reply = reply.text(self.series_text(series, texts));
        }
        if self.series.is_empty() {
            reply = reply.text(texts.say("evening-no-teams", &[]));
        }
        reply = reply.table(self.match_table(texts)).table(self.player_table(LINE, texts));
        reply = reply.text(self.award_text(&self.rare_awards, texts)).text(self.mvp_text(texts));
        reply.footer(self.excluded(texts))
    }

    /// The headline: number, day, times.
    #[must_use]
    pub fn title(&self, texts: &Catalogue) -> Text {
        let day = self.day.map_or_else(|| self.key.clone(), |day| day.to_string());
        let number = self.number.map_or_else(String::new, |number| format!("#{number} "));
        texts.say("evening-title", &[("number", number.as_str().into()), ("day", day.as_str().into())])
    }

    fn facts(&self, texts: &Catalogue) -> Facts {
        let mut facts = Facts::default();
        if let Some((from, to)) = self.clock {
            let shown = |time: Time| format!("{:02}:{:02}", time.hour(), time.minute());
            let times = format!("{}–{}", shown(from), shown(to));
            facts = facts.with("time", texts.say("label-time", &[]), Text::plain(&times));
        }
        let duration = Cell::number(Some(seconds(self.seconds)), fullhold_analytics::Measure::Seconds);
        let rounds = i64::try_from(self.rounds.len()).unwrap_or(i64::MAX);
        let players = i64::try_from(self.sums.len()).unwrap_or(i64::MAX);
        facts
            .with("duration", texts.say("label-duration", &[]), duration)
            .with("rounds", texts.say("label-rounds", &[]), Cell::count(rounds))
            .with("players", texts.say("label-players", &[]), Cell::count(players))
            .with("maps", texts.say("label-maps", &[]), self.maps())
    }

    /// Maps in the order of their first round, with how often.
    fn maps(&self) -> Text {
        let mut maps: Vec<(&str, usize)> = Vec::new();
        for one in &self.matches {
            match maps.iter_mut().find(|(map, _)| *map == one.map) {
                Some((_, times)) => *times += 1,
                None => maps.push((&one.map, 1)),
            }
        }
        let mut text = Text::default();
        for (index, (map, times)) in maps.iter().enumerate() {
            let times = if *times > 1 { format!(" × {times}") } else { String::new() };
            let separator = if index > 0 { ", " } else { "" };
            text = text.then(&Text::plain(separator)).then(&Text::name(map)).then(&Text::plain(&times));
        }
        text
    }

    fn series_text(&self, series: &SeriesLine, texts: &Catalogue) -> Text {
        let ((a, points_a), (b, points_b)) = (&series.team_a, &series.team_b);
        let score = Text::name(a)
            .then(&Text::plain(" "))
            .then(&Text::strong(&format!("{points_a} : {points_b}")))
            .then(&Text::plain(" "))
            .then(&Text::name(b));
        let mut text = score;
        for (name, players) in [(a, &series.players_a), (b, &series.players_b)] {
            let line = texts.say(
                "evening-team",
                &[("team", Text::name(name).into()), ("players", self.people.list_with_badges(players).into())],
            );
            text = text.then(&Text::plain("\n")).then(&line);
            if let Some(mvp) = team_mvp(&self.sums, players) {
                text = text
                    .then(&Text::plain(" "))
                    .then(&texts.say("evening-team-mvp", &[("name", self.people.name(mvp).into())]));
            }
        }
        let Some(confidence) = self.confidence else { return text };
        text.then(&Text::plain("\n")).then(&texts.say(&format!("confidence-{}", confidence.name()), &[]))
    }

    /// Points and times of each match.
    #[must_use]
    pub fn match_table(&self, texts: &Catalogue) -> Table {
        let table = Table::new("matches", texts.say("evening-matches", &[]))
            .column("map", texts.say("column-map", &[]))
            .column("points", texts.say("column-points", &[]))
            .column("first_attack", texts.say("column-first-attack", &[]))
            .column("second_attack", texts.say("column-second-attack", &[]))
            .column("round", Text::plain("#"));
        self.matches.iter().fold(table, |table, one| {
            let points = one.points.map_or(Cell::Unknown, |(a, b)| Cell::Text(Text::plain(&format!("{a} : {b}"))));
            let [first, second] = one.attacks.map(|attack| AttackLine::cell(attack, texts));
            table.row(vec![Cell::name(&one.map), points, first, second, one.round.map_or(Cell::Unknown, Cell::count)])
        })
    }

    /// A line per player, most kills first.
    #[must_use]
    pub fn player_table(&self, columns: &[&Formula], texts: &Catalogue) -> Table {
        let rows = sheet::by(&f::KILLS, &self.sums);
        sheet::players("players", texts.say("evening-players", &[]), &rows, columns, &self.people, texts)
    }

    /// Awards with the number that won each.
    #[must_use]
    pub fn award_text(&self, awards: &[Won], texts: &Catalogue) -> Text {
        let mut text = Text::default();
        for won in awards {
            let title = texts.say(&format!("award-{}", won.award.id), &[]);
            let value = Cell::number(Some(won.value), won.award.value.measure).shown();
            let line = texts.say(
                "award-line",
                &[
                    ("title", title.into()),
                    ("name", self.people.name(won.guid).into()),
                    ("value", value.as_str().into()),
                    ("what", sheet::name(won.award.value, texts).into()),
                ],
            );
            text = if text.is_empty() { line } else { text.then(&Text::plain("\n")).then(&line) };
        }
        text
    }

    /// The MVP with the sum behind it.
    #[must_use]
    pub fn mvp_text(&self, texts: &Catalogue) -> Text {
        self.mvp.map_or_else(Text::default, |mvp| mvp_text(mvp, &self.sums, &self.people, texts))
    }

    /// Rounds that do not count, and why.
    #[must_use]
    pub fn excluded(&self, texts: &Catalogue) -> Text {
        let mut text = Text::default();
        for round in self.rounds.iter().filter(|round| !round.excluded.is_empty()) {
            let number = i64::from(round.number);
            let why: Vec<String> = round
                .excluded
                .iter()
                .map(|reason| texts.say(&format!("reason-{}", reason.name()), &[]).to_plain())
                .collect();
            let why = Text::plain(&why.join(", "));
            let line = texts.say(
                "round-excluded",
                &[("map", Text::name(&round.map).into()), ("number", number.into()), ("why", why.into())],
            );
            text = if text.is_empty() { line } else { text.then(&Text::plain(" · ")).then(&line) };
        }
        text
    }
}

/// Seconds as a number that is shown.
#[expect(clippy::cast_precision_loss, reason = "no evening has 2^53 seconds")]
pub(super) const fn seconds(seconds: i64) -> f64 {
    seconds as f64
}
