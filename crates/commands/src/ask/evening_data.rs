//! Rows of an evening as the answer needs them: sums, series, names, awards.

use std::collections::{BTreeMap, BTreeSet};

use fullhold_analytics::{MatchTeams, Reason, Series, TeamNames, Totals, awards, mvp_of, series_of};
use fullhold_repository::{
    Evening, EveningPlayer, EveningWeapon, MatchRow, Outcome, RoundId, RoundRow, Team, TeamSource,
};
use fullhold_stats_file::{Guid, Weapon};
use time::{Date, Time};

use crate::answers::{EveningAnswer, MatchLine, People, RoundLine, SeriesLine, Shown, WeaponSums};
use crate::option::stamp_of;

/// Sums of everybody over some lines. Lines of bots and spectators do not count.
pub(super) fn sums<'a>(
    lines: impl Iterator<Item = &'a EveningPlayer>,
    weapons: &[EveningWeapon],
) -> BTreeMap<Guid, Totals> {
    let grenades: BTreeMap<(RoundId, &str), &EveningWeapon> = weapons
        .iter()
        .filter(|weapon| weapon.weapon() == Some(Weapon::Grenade))
        .map(|weapon| ((weapon.line.round_id, weapon.line.player_guid.as_str()), weapon))
        .collect();
    let mut sums: BTreeMap<Guid, Totals> = BTreeMap::new();
    let mut played: BTreeSet<(&str, RoundId)> = BTreeSet::new();
    for one in lines.filter(|one| one.line.counts()) {
        let Some(guid) = Guid::new(&one.person_guid) else { continue };
        let grenade = grenades.get(&(one.line.round_id, one.line.player_guid.as_str())).map(|weapon| &weapon.line);
        let mut line = one.line.totals(grenade);
        // Nobody is in a round twice, whatever number of guids they wear there.
        if !played.insert((&one.person_guid, one.line.round_id)) {
            line.rounds = 0;
        }
        let sum = sums.entry(guid).or_default();
        *sum = *sum + line;
    }
    sums
}

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
    let sums = sums(rows.lines.iter(), &rows.weapons);
    let teams: Vec<(usize, MatchTeams)> =
        rows.matches.iter().enumerate().filter_map(|(index, one)| Some((index, match_teams(one, rows)?))).collect();
    let series = series_of(&teams).iter().map(|series| series_line(series, rows)).collect();
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
    sums(rows.lines.iter().filter(|line| is_in(one, line.line.round_id)), &rows.weapons)
}

/// Who stood where in a match with points. Who changed teams between its rounds belongs to that of R1.
fn match_teams(one: &MatchRow, rows: &Evening) -> Option<MatchTeams> {
    let a_side = one.team_a_r1_side?;
    let points = |points: Option<i32>| usize::try_from(points?).ok();
    let (points_a, points_b) = (points(one.points_a)?, points(one.points_b)?);
    let mut teams = MatchTeams { points_a, points_b, ..MatchTeams::default() };
    for (round, is_first) in [(one.r1_round_id, true), (one.r2_round_id, false)] {
        let lines = rows.lines.iter().filter(|line| Some(line.line.round_id) == round && line.line.counts());
        for line in lines {
            let Some(guid) = Guid::new(&line.person_guid) else { continue };
            if teams.team_a.contains(&guid) || teams.team_b.contains(&guid) {
                continue;
            }
            let is_a = (line.line.team == a_side) == is_first;
            let team = if is_a { &mut teams.team_a } else { &mut teams.team_b };
            team.insert(guid);
        }
    }
    Some(teams)
}

fn series_line(series: &Series, rows: &Evening) -> SeriesLine {
    let set_by_people =
        |team: Team| rows.teams.iter().filter(|row| row.team == team).find_map(|row| row.team_name.clone());
    let names = TeamNames::of(
        TeamNames { team_a: set_by_people(Team::A), team_b: set_by_people(Team::B) },
        &worn(&series.team_a, series, rows),
        &worn(&series.team_b, series, rows),
    );
    let (a, b) = names.shown();
    let points = |points: usize| i64::try_from(points).unwrap_or(i64::MAX);
    SeriesLine {
        team_a: (a.to_owned(), points(series.points_a)),
        team_b: (b.to_owned(), points(series.points_b)),
        players_a: series.team_a.clone(),
        players_b: series.team_b.clone(),
    }
}

/// The newest clean name of each player in a series.
fn worn<'a>(team: &[Guid], series: &Series, rows: &'a Evening) -> Vec<&'a str> {
    let rounds: Vec<RoundId> = series
        .matches
        .iter()
        .filter_map(|index| rows.matches.get(*index))
        .flat_map(|one| [one.r1_round_id, one.r2_round_id])
        .flatten()
        .collect();
    // Rounds of an evening are read in their order, so the last line has the newest name.
    let order: BTreeMap<RoundId, usize> =
        rows.rounds.iter().enumerate().map(|(index, round)| (round.id, index)).collect();
    let newest = |guid: &Guid| {
        rows.lines
            .iter()
            .filter(|one| one.person_guid == guid.as_str() && rounds.contains(&one.line.round_id))
            .max_by_key(|one| order.get(&one.line.round_id))
            .map(|one| one.line.clean_name.as_str())
    };
    team.iter().filter_map(newest).collect()
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
