//! Answers as pictures: what `charts` draws of an evening and of players side by side.

use std::collections::BTreeMap;

use fullhold_analytics::{Formula, Totals, formula_table as f};
use fullhold_charts::cards::{EveningPlayers, PlayerLine, TeamSheet};
use fullhold_charts::charts::{
    Accuracy, AccuracyRow, Damage, DamageRow, OverRounds, Played, PlayedRow, Playstyle, Quantity, RoundsOfPlayer,
    ScoreChart, ScoreSeries, ScoreStep, Style, Tally, TallyRow,
};
use fullhold_charts::{Day, Name, Picture, Score, Team, TimeOfDay, When};
use fullhold_stats_file::Guid;
use time::{Date, Time};

use super::evening::{EveningAnswer, MatchLine, SeriesLine};
use super::people::People;
use super::sheet;
use crate::catalogue::Catalogue;

/// What the axes of the playstyle are: frags, accuracy, survival, support, objectives.
static STYLE: [&Formula; 5] = [&f::KPR, &f::ACCURACY, &f::SURVIVAL, &f::REVIVES_PER_ROUND, &f::OBJECTIVES_PER_ROUND];
/// Rounds that somebody has to be compared with others.
const POOL_ROUNDS: i64 = 20;

impl EveningAnswer {
    /// Everybody of the evening on a card, with their team, and awards.
    #[must_use]
    pub fn players_card(&self, texts: &Catalogue) -> Picture {
        let teams = match self.series.as_slice() {
            [only] => [(Team::A, &only.team_a.0, &only.players_a), (Team::B, &only.team_b.0, &only.players_b)]
                .into_iter()
                .map(|(team, name, players)| TeamSheet {
                    team,
                    name: Some(Name::plain(name)),
                    tag: None,
                    players: self.lines(|guid| players.contains(guid)),
                })
                .collect(),
            // Who is in which team changes from series to series.
            _ => vec![TeamSheet { team: Team::Unknown, name: None, tag: None, players: self.lines(|_| true) }],
        };
        let honour = |won: &fullhold_analytics::Won| fullhold_charts::Honour {
            title: texts.say(&format!("award-{}", won.award.id), &[]).to_plain(),
            name: self.drawn(won.guid),
            team: self.team(won.guid),
            value: won.award.value.measure.show(won.value),
            unit: texts.say(&format!("unit-{}", won.award.value.id), &[]).to_plain(),
        };
        let number = self.number.and_then(|number| u64::try_from(number).ok()).unwrap_or_default();
        let awards = self.rare_awards.iter().map(honour).collect();
        EveningPlayers { number, when: self.when(), rounds: self.rounds.len(), teams, awards }.draw(0)
    }

    /// The charts of the evening, each with a name for its file.
    #[must_use]
    pub fn charts(&self, texts: &Catalogue) -> Vec<(&'static str, Picture)> {
        let title = self.title(texts).to_plain();
        let tally = |of: &Formula, second: &Formula| {
            let row = |(guid, totals): (&Guid, &Totals)| TallyRow {
                name: self.drawn(*guid),
                team: self.team(*guid),
                value: of.of(totals),
                second: second.of(totals),
            };
            let name = |of: &Formula| sheet::name(of, texts).to_plain();
            let (parts, rows) = (vec![title.clone()], self.sums.iter().map(row).collect());
            Tally { title: name(of), unit: name(of), second: name(second), parts, rows }.draw(0)
        };
        let damage = self.sums.iter().map(|(guid, totals)| DamageRow {
            name: self.drawn(*guid),
            team: self.team(*guid),
            given: f::DPM.of(totals),
            received: per_minute(totals.damage_received, totals.seconds),
        });
        let accuracy = self.sums.iter().map(|(guid, totals)| AccuracyRow {
            name: self.drawn(*guid),
            team: self.team(*guid),
            accuracy: f::ACCURACY.of(totals),
            head_hit: f::HEAD_HIT_PERCENT.of(totals),
        });
        let count = |seconds: Option<f64>| seconds.filter(|seconds| *seconds >= 0.0).map(whole);
        let played = self.sums.iter().map(|(guid, totals)| PlayedRow {
            name: self.drawn(*guid),
            team: self.team(*guid),
            played: count(f::HOURS.of(totals)),
            dead: count(f::TIME_DEAD.of(totals)),
            denied: count(f::DENIED.of(totals)),
        });
        let parts = vec![title.clone()];
        let mut pictures = vec![
            ("kills", tally(&f::KILLS, &f::KD)),
            ("dpm", tally(&f::DPM, &f::DAMAGE_EFFICIENCY)),
            ("damage", Damage { parts: parts.clone(), rows: damage.collect() }.draw(0)),
            ("accuracy", Accuracy { parts: parts.clone(), rows: accuracy.collect() }.draw(0)),
            ("time", Played { parts: parts.clone(), rows: played.collect() }.draw(0)),
        ];
        // Of one round there is no way.
        if self.round_sums.len() > 1 {
            pictures.push(("kd_by_round", self.by_round(Quantity::Kd, &f::KD, parts.clone())));
            pictures.push(("dpm_by_round", self.by_round(Quantity::Dpm, &f::DPM, parts.clone())));
        }
        if !self.series.is_empty() {
            pictures.push(("score", self.score_chart(parts)));
        }
        pictures
    }

    /// A number of everybody, round by round.
    fn by_round(&self, quantity: Quantity, of: &Formula, parts: Vec<String>) -> Picture {
        let row = |(guid, totals): (&Guid, &Totals)| RoundsOfPlayer {
            name: self.drawn(*guid),
            team: self.team(*guid),
            overall: of.of(totals),
            rounds: self.round_sums.iter().map(|sums| of.of(sums.get(guid)?)).collect(),
        };
        OverRounds { quantity, parts, rows: self.sums.iter().map(row).collect() }.draw(0)
    }

    /// The score map by map, a way for each series.
    fn score_chart(&self, parts: Vec<String>) -> Picture {
        let step = |one: &MatchLine| ScoreStep {
            map: one.map.clone(),
            points: one.points.map(|(a, b)| {
                let points = |points: i64| u64::try_from(points).unwrap_or_default();
                Score { a: points(a), b: points(b) }
            }),
        };
        let series = |(index, one): (usize, &SeriesLine)| ScoreSeries {
            names: Some([Name::plain(&one.team_a.0), Name::plain(&one.team_b.0)]),
            steps: self.matches.iter().filter(|one| one.series == Some(index)).map(step).collect(),
        };
        ScoreChart { parts, series: self.series.iter().enumerate().map(series).collect() }.draw()
    }

    pub(super) fn drawn(&self, guid: Guid) -> Name {
        Name::plain(&self.people.name(guid).to_plain())
    }

    /// The team of a player; unknown where it changed.
    pub(super) fn team(&self, guid: Guid) -> Team {
        match self.series.as_slice() {
            [only] if only.players_a.contains(&guid) => Team::A,
            [only] if only.players_b.contains(&guid) => Team::B,
            _ => Team::Unknown,
        }
    }

    /// Lines of some players, the most kills first.
    fn lines(&self, is_meant: impl Fn(&Guid) -> bool) -> Vec<PlayerLine> {
        let players = sheet::by(&f::KILLS, &self.sums).into_iter().filter(|(guid, _)| is_meant(guid));
        players.map(|(guid, totals)| self.line(guid, totals)).collect()
    }

    fn line(&self, guid: Guid, totals: &Totals) -> PlayerLine {
        let count = |count: i64| u64::try_from(count).ok();
        PlayerLine {
            name: self.drawn(guid),
            rounds: count(totals.rounds).unwrap_or_default(),
            kills: count(totals.kills),
            deaths: count(totals.deaths),
            kd: f::KD.of(totals),
            dpm: f::DPM.of(totals),
            accuracy: f::ACCURACY.of(totals),
            head_hit: f::HEAD_HIT_PERCENT.of(totals),
            revives: totals.revives_given.and_then(count),
        }
    }

    pub(super) fn when(&self) -> When {
        When {
            day: self.day.and_then(drawn_day),
            start: self.clock.and_then(|(start, _)| drawn_time(start)),
            end: self.clock.and_then(|(_, end)| drawn_time(end)),
        }
    }
}

/// A day as pictures have it.
pub(super) fn drawn_day(day: Date) -> Option<Day> {
    Day::new(day.year(), u8::from(day.month()), day.day())
}

/// A time of day as pictures have it.
pub(super) fn drawn_time(at: Time) -> Option<TimeOfDay> {
    TimeOfDay::new(at.hour(), at.minute())
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "seconds of an evening, not negative")]
fn whole(seconds: f64) -> u64 {
    seconds.round() as u64
}

/// Players' styles among everybody with enough rounds.
#[must_use]
pub fn playstyle(players: &[(Guid, Totals)], pool: &BTreeMap<Guid, Totals>, people: &People, gate: String) -> Picture {
    let everybody: Vec<&Totals> = pool.values().collect();
    let pool = in_pool(&everybody);
    let style = |(guid, totals): &(Guid, Totals)| Style {
        name: Name::plain(&people.name(*guid).to_plain()),
        percentiles: style_of(totals, &pool),
        values: STYLE.map(|formula| formula.of(totals)),
    };
    let many = u64::try_from(pool.len()).unwrap_or(u64::MAX);
    Playstyle { players: players.iter().map(style).collect(), pool: many, gate }.draw()
}

/// Those who have enough rounds to be compared with.
pub(super) fn in_pool<'a>(everybody: &[&'a Totals]) -> Vec<&'a Totals> {
    everybody.iter().copied().filter(|totals| totals.rounds >= POOL_ROUNDS).collect()
}

/// Where somebody stands in the pool by each axis of the playstyle.
pub(super) fn style_of(totals: &Totals, pool: &[&Totals]) -> [Option<f64>; 5] {
    STYLE.map(|formula| percentile(formula, totals, pool))
}

/// The share of the pool that is worse, in per cent; equals count half. Unknown without value or pool.
pub(super) fn percentile(formula: &Formula, totals: &Totals, pool: &[&Totals]) -> Option<f64> {
    let own = formula.of(totals)?;
    let others: Vec<f64> = pool.iter().filter_map(|other| formula.of(other)).collect();
    let count = |is_meant: fn(f64, f64) -> bool| {
        u32::try_from(others.iter().filter(|other| is_meant(**other, own)).count()).map_or(0.0, f64::from)
    };
    let all = u32::try_from(others.len()).map_or(0.0, f64::from);
    let worse = count(|other, own| other < own);
    let equal = count(|other, own| other.total_cmp(&own).is_eq());
    (all > 0.0).then(|| 100.0 * (worse + equal / 2.0) / all)
}

#[expect(clippy::cast_precision_loss, reason = "sums of one community are far below 2^53")]
fn per_minute(sum: i64, seconds: i64) -> Option<f64> {
    (seconds > 0).then(|| 60.0 * sum as f64 / seconds as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_the_share_that_is_worse() {
        let with = |kills: i64| Totals { kills, rounds: 20, ..Totals::default() };
        let pool = [with(10), with(20), with(20), with(40)];
        let pool: Vec<&Totals> = pool.iter().collect();
        let cases = [(5, 0.0), (10, 12.5), (20, 50.0), (40, 87.5), (50, 100.0)];
        for (kills, expected) in cases {
            assert_eq!(percentile(&f::KPR, &with(kills), &pool), Some(expected), "{kills}");
        }
        assert_eq!(percentile(&f::KPR, &with(5), &[]), None);
        assert_eq!(percentile(&f::KPR, &Totals::default(), &pool), None);
    }
}
