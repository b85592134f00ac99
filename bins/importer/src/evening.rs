//! The evening as people want it: score by maps, teams, a line per player, MVP.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use fullhold_analytics::formulas;
use fullhold_repository::{
    Confidence, Evening, MatchRow, MatchState, Outcome, RoundId, RoundRow, RoundStatus, Team, Undecided,
};
use fullhold_stats_file::Weapon;
use serde::{Serialize, Serializer};

/// What `show last-session` prints, and the shape of its JSON.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    pub(crate) server: String,
    pub(crate) timezone: String,
    pub(crate) number: i64,
    pub(crate) session_key: String,
    pub(crate) first_round: String,
    pub(crate) last_round: String,
    pub(crate) rounds: i32,
    pub(crate) valid_rounds: i32,
    pub(crate) score_a: i32,
    pub(crate) score_b: i32,
    #[serde(serialize_with = "word")]
    pub(crate) team_confidence: Confidence,
    pub(crate) maps: Vec<MapLine>,
    pub(crate) round_names: Vec<NamedRound>,
    pub(crate) teams: Vec<TeamLine>,
    pub(crate) players: Vec<PlayerLine>,
    pub(crate) mvp: Option<Mvp>,
}

/// A match.
#[derive(Debug, Serialize)]
pub(crate) struct MapLine {
    pub(crate) match_id: String,
    pub(crate) map: String,
    #[serde(serialize_with = "word")]
    pub(crate) state: MatchState,
    pub(crate) r1: Option<RoundLine>,
    pub(crate) r2: Option<RoundLine>,
    pub(crate) points_a: Option<i32>,
    pub(crate) points_b: Option<i32>,
    #[serde(serialize_with = "word_or_null")]
    pub(crate) undecided_reason: Option<Undecided>,
}

/// A round of the evening, in a match or not.
#[derive(Debug, Serialize)]
pub(crate) struct NamedRound {
    /// Its name, as every command takes it.
    pub(crate) round: String,
    pub(crate) counts: bool,
    /// Why it does not count.
    pub(crate) reasons: String,
}

/// A round of a match.
#[derive(Debug, Serialize)]
pub(crate) struct RoundLine {
    /// Its name, as every command takes it.
    pub(crate) round: String,
    /// When it ended, by the server's clock: `HH:MM`.
    pub(crate) at: String,
    #[serde(serialize_with = "word")]
    pub(crate) outcome: Outcome,
    #[serde(serialize_with = "word")]
    pub(crate) status: RoundStatus,
    pub(crate) seconds: Option<i32>,
    pub(crate) attackers: &'static str,
}

/// A team.
#[derive(Debug, Serialize)]
pub(crate) struct TeamLine {
    #[serde(serialize_with = "word")]
    pub(crate) team: Team,
    pub(crate) name: Option<String>,
    pub(crate) players: Vec<String>,
}

/// A player over the valid rounds of the evening. Ratios are of sums.
#[derive(Debug, Default, Serialize)]
pub(crate) struct PlayerLine {
    pub(crate) guid: String,
    pub(crate) name: String,
    /// `-` for nobody's.
    #[serde(serialize_with = "word_or_dash")]
    pub(crate) team: Option<Team>,
    pub(crate) rounds: i64,
    pub(crate) seconds: i64,
    pub(crate) kills: i64,
    pub(crate) deaths: i64,
    pub(crate) kd: f64,
    pub(crate) efficiency: f64,
    pub(crate) dpm: f64,
    pub(crate) accuracy: f64,
    pub(crate) damage_given: i64,
    pub(crate) damage_received: i64,
    pub(crate) headshots: i64,
    pub(crate) gibs: i64,
    pub(crate) self_kills: i64,
    pub(crate) times_revived: i64,
    pub(crate) revives: i64,
    pub(crate) xp: i64,
}

/// The most valuable player, and how the number comes about.
#[derive(Debug, Serialize)]
pub(crate) struct Mvp {
    pub(crate) guid: String,
    pub(crate) name: String,
    pub(crate) kd: f64,
    pub(crate) efficiency: f64,
    pub(crate) damage_per_round: f64,
    pub(crate) value: f64,
}

fn word<S: Serializer>(word: &impl fmt::Display, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(word)
}

fn word_or_null<S: Serializer>(word: &Option<Undecided>, to: S) -> Result<S::Ok, S::Error> {
    word.map(Undecided::name).serialize(to)
}

fn word_or_dash<S: Serializer>(word: &Option<Team>, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(word.map_or("-", Team::name))
}

impl Report {
    pub(crate) fn new(evening: &Evening) -> Self {
        let local = |round: &RoundRow| format!("{} {}", round.round_date, round.round_time);
        let teams = teams(evening);
        let players = players(evening);
        let mvp = evening.session.mvp_guid.as_ref().and_then(|guid| players.iter().find(|p| p.guid == *guid)).map(mvp);
        let session = &evening.session;
        Self {
            server: evening.server.clone(),
            timezone: evening.timezone.clone(),
            number: evening.number,
            session_key: session.session_key.clone(),
            first_round: evening.rounds.first().map(local).unwrap_or_default(),
            last_round: evening.rounds.last().map(local).unwrap_or_default(),
            rounds: session.rounds,
            valid_rounds: session.valid_rounds,
            score_a: session.score_a,
            score_b: session.score_b,
            team_confidence: session.team_confidence,
            maps: evening.matches.iter().map(|m| map_line(m, evening)).collect(),
            round_names: evening.rounds.iter().map(named).collect(),
            teams,
            players,
            mvp,
        }
    }
}

fn name(round: &RoundRow) -> String {
    format!("{}-{}-round-{}", round.server_stamp, round.map_name, round.round_number)
}

fn named(round: &RoundRow) -> NamedRound {
    NamedRound { round: name(round), counts: round.is_valid, reasons: round.invalid_reasons.clone() }
}

fn map_line(m: &MatchRow, evening: &Evening) -> MapLine {
    let round = |id: Option<RoundId>| {
        let round = evening.rounds.iter().find(|r| Some(r.id) == id)?;
        Some(RoundLine {
            round: name(round),
            at: round.round_time.get(..5).unwrap_or_default().to_owned(),
            outcome: round.round_outcome,
            status: round.round_status,
            seconds: round.actual_time_seconds,
            attackers: if round.defender_team == 1 { "allies" } else { "axis" },
        })
    };
    MapLine {
        match_id: m.match_id.clone(),
        map: m.map_name.clone(),
        state: m.match_state,
        r1: round(m.r1_round_id),
        r2: round(m.r2_round_id),
        points_a: m.points_a,
        points_b: m.points_b,
        undecided_reason: m.undecided_reason,
    }
}

fn teams(evening: &Evening) -> Vec<TeamLine> {
    let names: BTreeMap<&str, &str> =
        evening.lines.iter().map(|p| (p.person_guid.as_str(), p.display_name.as_str())).collect();
    let mut teams: BTreeMap<Team, TeamLine> = BTreeMap::new();
    for row in &evening.teams {
        let team =
            teams.entry(row.team).or_insert_with(|| TeamLine { team: row.team, name: None, players: Vec::new() });
        // The name is on the lines of those whom people placed.
        if team.name.is_none() {
            team.name.clone_from(&row.team_name);
        }
        // Players of invalid rounds only have no line: their guid has to do.
        let name = names.get(row.player_guid.as_str()).copied().unwrap_or(&row.player_guid);
        team.players.push(name.to_owned());
    }
    teams.into_values().collect()
}

fn players(evening: &Evening) -> Vec<PlayerLine> {
    let team_of: BTreeMap<&str, Team> = evening.teams.iter().map(|row| (row.player_guid.as_str(), row.team)).collect();
    let mut players: BTreeMap<&str, PlayerLine> = BTreeMap::new();
    let mut played: BTreeSet<(&str, RoundId)> = BTreeSet::new();
    for p in &evening.lines {
        let (line, person) = (&p.line, p.person_guid.as_str());
        let sum = players.entry(person).or_insert_with(|| PlayerLine {
            guid: person.to_owned(),
            name: p.display_name.clone(),
            team: team_of.get(person).copied(),
            ..PlayerLine::default()
        });
        // Nobody is in a round twice, whatever number of guids they wear there.
        sum.rounds += i64::from(played.insert((person, line.round_id)));
        sum.seconds += i64::from(line.time_played_seconds);
        sum.kills += i64::from(line.kills);
        sum.deaths += i64::from(line.deaths);
        sum.damage_given += i64::from(line.damage_given);
        sum.damage_received += i64::from(line.damage_received);
        sum.headshots += i64::from(line.headshots);
        sum.gibs += i64::from(line.gibs);
        sum.self_kills += i64::from(line.self_kills);
        sum.times_revived += i64::from(line.times_revived.unwrap_or(0));
        sum.xp += i64::from(line.xp.unwrap_or(0));
    }
    for (guid, sum) in &mut players {
        let weapons = evening.weapons.iter().filter(|w| w.person_guid == *guid);
        let (mut hits, mut shots) = (0, 0);
        for w in weapons {
            let weapon = w.weapon();
            if weapon.is_some_and(Weapon::is_aimed) {
                hits += i64::from(w.line.hits);
                shots += i64::from(w.line.shots);
            }
            if weapon == Some(Weapon::Syringe) {
                sum.revives += i64::from(w.line.hits);
            }
        }
        sum.kd = formulas::kd(sum.kills, sum.deaths);
        sum.efficiency = formulas::efficiency(sum.kills, sum.deaths);
        sum.dpm = formulas::dpm(sum.damage_given, sum.seconds);
        sum.accuracy = formulas::accuracy(hits, shots);
    }
    let mut players: Vec<PlayerLine> = players.into_values().collect();
    // Total order: DPM, then more rounds, then guid.
    players.sort_by(|a, b| b.dpm.total_cmp(&a.dpm).then(b.rounds.cmp(&a.rounds)).then_with(|| a.guid.cmp(&b.guid)));
    players
}

fn mvp(p: &PlayerLine) -> Mvp {
    Mvp {
        guid: p.guid.clone(),
        name: p.name.clone(),
        kd: p.kd,
        efficiency: p.efficiency,
        damage_per_round: formulas::adr(p.damage_given, p.rounds),
        value: formulas::evening_mvp(p.kills, p.deaths, p.damage_given, p.rounds),
    }
}
