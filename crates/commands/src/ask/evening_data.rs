//! Rows of an evening as the answer needs them: sums, series, names, awards.

use std::collections::BTreeMap;

use fullhold_analytics::{Reason, Totals, awards, formula_table as f, mvp_of};
use fullhold_repository::{
    Evening, EveningPlayer, EveningWeapon, MatchRow, NamedSeries, Outcome, RoundId, RoundRow, TeamSource,
};
use fullhold_stats_file::Guid;
use time::{Date, Time};

use crate::answers::{
    AttackLine, EveningAnswer, MatchLine, People, RoundLine, SHOWN_AWARDS, SeriesLine, Shown, WeaponSums,
};
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
    let series = rows.series();
    let series_of = |index: usize| series.iter().position(|one| one.series.matches.contains(&index));
    let matches = rows.matches.iter().enumerate();
    let matches = matches.map(|(index, one)| MatchLine { series: series_of(index), ..match_line(one, rows) }).collect();
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
        matches,
        rounds: rows.rounds.iter().map(|round| round_line(round, rows)).collect(),
        series: series.iter().map(series_line).collect(),
        confidence: (!is_manual && !rows.teams.is_empty()).then_some(rows.session.team_confidence),
        match_sums: rows.matches.iter().map(|one| match_sums(one, rows)).collect(),
        halves: rows.matches.iter().map(|one| halves(one, rows)).collect(),
        round_sums: rows.rounds.iter().filter(|round| round.is_valid).map(|round| sums_of(round.id, rows)).collect(),
        lineup: Vec::new(),
        weapons: weapons(&rows.weapons),
        rare_awards: awards(&sums).into_iter().take(SHOWN_AWARDS).collect(),
        recap: Vec::new(),
        awards: awards(&sums),
        mvp: mvp_of(&sums),
        people: people(&rows.lines),
        sums,
    }
}

/// Hour and minute of a time of a row, `203015` or `20:30:15`.
pub(super) fn clock(time: &str) -> Option<Time> {
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

/// Sums of R1 and of R2, where they count.
pub(super) fn halves(one: &MatchRow, rows: &Evening) -> [BTreeMap<Guid, Totals>; 2] {
    [one.r1_round_id, one.r2_round_id].map(|round| round.map_or_else(BTreeMap::new, |round| sums_of(round, rows)))
}

fn sums_of(round: RoundId, rows: &Evening) -> BTreeMap<Guid, Totals> {
    rows.sums(|id| id == round)
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
    let attack = |id: Option<RoundId>| attack(rows.rounds.iter().find(|round| Some(round.id) == id)?, one);
    MatchLine {
        map: one.map_name.clone(),
        points: one.points_a.zip(one.points_b).map(|(a, b)| (a.into(), b.into())),
        attacks: [attack(one.r1_round_id), attack(one.r2_round_id)],
        series: None,
        undecided: one.undecided_reason,
        round: one.r1_round_id.or(one.r2_round_id).map(|round| round.0.into()),
    }
}

/// The attack of a round; none when its time or how it ended is not known.
pub(super) fn attack(round: &RoundRow, one: &MatchRow) -> Option<AttackLine> {
    let seconds = i64::from(round.actual_time_seconds?);
    let limit = i64::from(round.time_limit_seconds);
    Some(AttackLine {
        seconds,
        limit: if limit > 0 { limit } else { seconds },
        is_done: match round.round_outcome {
            Outcome::Completed => true,
            Outcome::FullHold => false,
            Outcome::Unknown => return None,
        },
        by_a: side_of_a(round, one).map(|side| side != round.defender_team),
    })
}

/// The side of team A in a round of a match: 1 axis, 2 allies.
pub(super) fn side_of_a(round: &RoundRow, one: &MatchRow) -> Option<i32> {
    let first = one.team_a_r1_side?;
    Some(if round.round_number == 2 { 3 - first } else { first })
}

fn round_line(round: &RoundRow, rows: &Evening) -> RoundLine {
    // Stored is the guid that was worn; shown is as whom it is counted.
    let person = |guid: &str| {
        let line = rows.lines.iter().find(|one| one.line.player_guid == guid);
        Guid::new(line.map_or(guid, |one| one.person_guid.as_str()))
    };
    let mvp = round.mvp_guid.as_deref().and_then(person);
    let sums = sums_of(round.id, rows);
    RoundLine {
        id: round.id.0.into(),
        map: round.map_name.clone(),
        number: u8::try_from(round.round_number).unwrap_or_default(),
        seconds: round.actual_time_seconds.map(i64::from),
        excluded: excluded(round),
        mvp,
        mvp_value: mvp.and_then(|mvp| f::MVP.of(sums.get(&mvp)?)),
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
