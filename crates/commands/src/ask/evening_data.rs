//! Rows of an evening as the answer needs them: sums, series, names, awards.

use std::collections::BTreeMap;

use fullhold_analytics::{Reason, Totals, awards, mvp_of};
use fullhold_repository::{
    Evening, EveningPlayer, EveningWeapon, MatchRow, NamedSeries, Outcome, RoundId, RoundRow, TeamSource,
};
use fullhold_stats_file::Guid;
use time::{Date, Time};

use crate::answers::{EveningAnswer, MatchLine, People, RoundLine, SeriesLine, Shown, WeaponSums};
use crate::option::stamp_of;

/// Names of everybody who has a line.
pub(super) fn people(lines: &[EveningPlayer]) -> People {
    let shown = lines.iter().filter_map(|one| {
        let shown = Shown { name: one.display_name.clone(), badges: Vec::new() };
        Some((Guid::new(&one.person_guid)?, shown))
    });
    People::new(shown.collect())
}

/// The weapons of everybody.
pub(super) fn weapons(lines: &[EveningWeapon]) -> BTreeMap<Guid, Vec<WeaponSums>> {
    let mut sums: BTreeMap<(Guid, &'static str), WeaponSums> = BTreeMap::new();
    for one in lines {
        let (Some(guid), Some(weapon)) = (Guid::new(&one.person_guid), one.weapon()) else { continue };
        let none = WeaponSums { weapon, kills: 0, deaths: 0, hits: 0, shots: 0, head_hits: 0 };
        let sum = sums.entry((guid, weapon.name())).or_insert(none);
        sum.kills += i64::from(one.line.kills);
        sum.deaths += i64::from(one.line.deaths);
        sum.hits += i64::from(one.line.hits);
        sum.shots += i64::from(one.line.shots);
        sum.head_hits += i64::from(one.line.headshots);
    }
    let mut weapons: BTreeMap<Guid, Vec<WeaponSums>> = BTreeMap::new();
    for ((guid, _), sum) in sums {
        weapons.entry(guid).or_default().push(sum);
    }
    weapons
}

/// The whole evening.
pub(super) fn evening(rows: &Evening) -> EveningAnswer {
    let sums = rows.sums(|_| true);
    let series = rows.series().iter().map(series_line).collect();
    let is_manual = rows.teams.iter().any(|team| team.source != TeamSource::Detected);
    let local = |round: &RoundRow| clock(&round.round_time);
    EveningAnswer {
        key: short_key(&rows.session.session_key).to_owned(),
        number: Some(rows.number),
        day: day_of(&rows.session.session_key),
        clock: rows
            .rounds
            .first()
            .zip(rows.rounds.last())
            .and_then(|(first, last)| Some((local(first)?, local(last)?))),
        seconds: (rows.session.ended_at - rows.session.started_at).whole_seconds(),
        matches: rows.matches.iter().map(|one| match_line(one, rows)).collect(),
        rounds: rows.rounds.iter().map(round_line).collect(),
        series,
        confidence: (!is_manual && !rows.teams.is_empty()).then_some(rows.session.team_confidence),
        match_sums: rows.matches.iter().map(|one| match_sums(one, rows)).collect(),
        weapons: weapons(&rows.weapons),
        awards: awards(&sums),
        mvp: mvp_of(&sums),
        people: people(&rows.lines),
        sums,
    }
}

/// Hour and minute of a time of a row, `203015` or `20:30:15`.
fn clock(time: &str) -> Option<Time> {
    let digits: String = time.chars().filter(char::is_ascii_digit).collect();
    let part = |at: std::ops::Range<usize>| digits.get(at)?.parse().ok();
    Time::from_hms(part(0..2)?, part(2..4)?, 0).ok()
}

/// The key as lines of buttons carry it: short enough for any map.
pub(super) fn short_key(key: &str) -> &str {
    stamp_of(key).unwrap_or(key)
}

/// The day that a key begins with.
pub(super) fn day_of(key: &str) -> Option<Date> {
    key.get(..10).and_then(crate::words::day)
}

fn is_in(one: &MatchRow, round: RoundId) -> bool {
    one.r1_round_id == Some(round) || one.r2_round_id == Some(round)
}

/// Sums of a match over its rounds that count.
pub(super) fn match_sums(one: &MatchRow, rows: &Evening) -> BTreeMap<Guid, Totals> {
    rows.sums(|round| is_in(one, round))
}

fn series_line(one: &NamedSeries) -> SeriesLine {
    let (a, b) = one.names.shown();
    let points = |points: usize| i64::try_from(points).unwrap_or(i64::MAX);
    SeriesLine {
        team_a: (a.to_owned(), points(one.series.points_a)),
        team_b: (b.to_owned(), points(one.series.points_b)),
        players_a: one.series.team_a.clone(),
        players_b: one.series.team_b.clone(),
    }
}

fn match_line(one: &MatchRow, rows: &Evening) -> MatchLine {
    let attack = |id: Option<RoundId>| rows.rounds.iter().find(|round| Some(round.id) == id).and_then(completed_in);
    MatchLine {
        map: one.map_name.clone(),
        points: one.points_a.zip(one.points_b).map(|(a, b)| (a.into(), b.into())),
        attacks: (attack(one.r1_round_id), attack(one.r2_round_id)),
    }
}

/// The time of an attack that reached its goal, in seconds.
pub(super) fn completed_in(round: &RoundRow) -> Option<i64> {
    round.actual_time_seconds.filter(|_| round.round_outcome == Outcome::Completed).map(i64::from)
}

fn round_line(round: &RoundRow) -> RoundLine {
    RoundLine {
        id: round.id.0.into(),
        map: round.map_name.clone(),
        number: u8::try_from(round.round_number).unwrap_or_default(),
        seconds: round.actual_time_seconds.map(i64::from),
        excluded: excluded(round),
        mvp: round.mvp_guid.as_deref().and_then(Guid::new),
    }
}

/// Why a round does not count.
pub(super) fn excluded(round: &RoundRow) -> Vec<Reason> {
    reasons(&round.invalid_reasons)
}

/// The reasons of a column of them.
pub(super) fn reasons(words: &str) -> Vec<Reason> {
    let is_given = |reason: &&Reason| words.split([',', ' ']).any(|word| word == reason.name());
    Reason::ALL.iter().filter(is_given).copied().collect()
}
