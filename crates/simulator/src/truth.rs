//! The truth: what the product must find in the files.

use fullhold_stats_file::{FIELDS, Field, Semantics, Weapon, WeaponCounts};
use serde_json::{Value, json};

/// An evening as it was.
#[derive(Clone, Debug, Default)]
pub struct TrueEvening {
    /// Its files' rounds, in order of play. Lost files are not among them.
    pub rounds: Vec<TrueRound>,
    /// Its complete matches.
    pub matches: Vec<TrueMatch>,
    /// Guids of the team that was Axis in the first round 1, sorted; `None` if no file of a round 1
    /// with players shows it.
    pub team_a: Option<Vec<String>>,
    /// Points of that team and of the other, over matches of which both rounds count.
    pub score: Option<(u32, u32)>,
    /// An evening with guests: the series against each of them, in order of play.
    pub series: Vec<TrueSeries>,
}

/// Matches in a row against the same opponents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrueSeries {
    /// Guids of the home team, sorted.
    pub home: Vec<String>,
    /// Guids of the guests, sorted.
    pub guests: Vec<String>,
    /// Tags before the names of home and guests, with colour codes; empty for none.
    pub tags: [String; 2],
    /// Its complete matches.
    pub matches: Vec<String>,
    /// Points of home and guests, over matches of which both rounds count.
    pub score: (u32, u32),
}

/// Somebody, whatever guids they play under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TruePerson {
    /// Their guids, in order of use; two are to be merged.
    pub guids: Vec<String>,
    /// Name without tags.
    pub name: String,
    /// Chance of winning a duel, in relation to others'; 6 to 14.
    pub strength: i32,
}

/// A complete match.
#[derive(Clone, Debug)]
pub struct TrueMatch {
    /// Stamp of the R1 and map.
    pub match_id: String,
    /// Points of those who attacked in R1, and of those who attacked in R2.
    pub points: (u8, u8),
    /// Where strength decides: the chance in 1,000 that those who attacked in R1 win, draws aside.
    pub chance: Option<u32>,
}

/// A file's round.
#[derive(Clone, Debug)]
pub struct TrueRound {
    /// File name.
    pub file: String,
    /// End of the round, seconds since 1970 UTC.
    pub ended_at: i64,
    /// Stamp of the R1 and map.
    pub match_id: String,
    /// `complete`, `abandoned_r1` or `orphan_r2`.
    pub match_state: &'static str,
    /// `completed`, `cancelled`, `substitution`, `aborted` or `orphan_r2`.
    pub status: &'static str,
    /// Counts for statistics.
    pub is_valid: bool,
    /// `completed`, `fullhold` or `unknown`.
    pub outcome: &'static str,
    /// Length in seconds as the files can tell it; `None` when they cannot.
    pub duration: Option<i32>,
    /// Length in seconds as it was.
    pub true_duration: i32,
    /// Who took part.
    pub players: Vec<TruePlayer>,
}

/// A player's true numbers of a round.
#[derive(Clone, Debug)]
pub struct TruePlayer {
    /// Identity.
    pub guid: String,
    /// Name as worn.
    pub name: String,
    /// `round1`, `ok`, `joined`, `reset` or `orphan`.
    pub class: &'static str,
    /// Side at the end, 0–3.
    pub team: u8,
    /// Values by field; `None` where the era's files have none. Derived fields are not compared.
    pub values: Vec<(Field, Option<i32>)>,
    /// Weapons with any number that is not zero.
    pub weapons: Vec<(Weapon, WeaponCounts)>,
    /// Seconds played as the files can tell them.
    pub seconds: i32,
    /// Seconds really played; the files tell them in tenths of minutes.
    pub true_seconds: i32,
}

impl TrueEvening {
    /// One JSON object, with the names of the format's documentation.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut told = json!({
            "team_a": self.team_a,
            "score": self.score,
            "matches": self.matches.iter().map(TrueMatch::to_json).collect::<Vec<_>>(),
            "rounds": self.rounds.iter().map(TrueRound::to_json).collect::<Vec<_>>(),
        });
        if let (false, Value::Object(fields)) = (self.series.is_empty(), &mut told) {
            fields.insert("series".to_owned(), self.series.iter().map(TrueSeries::to_json).collect());
        }
        told
    }
}

impl TrueSeries {
    fn to_json(&self) -> Value {
        json!({
            "home": self.home,
            "guests": self.guests,
            "tags": self.tags,
            "matches": self.matches,
            "score": self.score,
        })
    }
}

impl TrueMatch {
    fn to_json(&self) -> Value {
        let mut told = json!({ "match_id": self.match_id, "points": self.points });
        if let (Some(chance), Value::Object(fields)) = (self.chance, &mut told) {
            fields.insert("chance".to_owned(), json!(chance));
        }
        told
    }
}

impl TruePerson {
    /// One JSON object.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({ "guids": self.guids, "name": self.name, "strength": self.strength })
    }
}

impl TrueRound {
    fn to_json(&self) -> Value {
        json!({
            "file": self.file,
            "ended_at": self.ended_at,
            "match_id": self.match_id,
            "match_state": self.match_state,
            "status": self.status,
            "is_valid": self.is_valid,
            "outcome": self.outcome,
            "duration": self.duration,
            "true_duration": self.true_duration,
            "players": self.players.iter().map(TruePlayer::to_json).collect::<Vec<_>>(),
        })
    }
}

impl TruePlayer {
    fn to_json(&self) -> Value {
        let weapons: serde_json::Map<String, Value> = self
            .weapons
            .iter()
            .map(|(weapon, w)| (weapon.name().to_owned(), json!([w.hits, w.shots, w.kills, w.deaths, w.headshots])))
            .collect();
        let mut player = serde_json::Map::new();
        player.insert("guid".to_owned(), json!(self.guid));
        player.insert("name".to_owned(), json!(self.name));
        player.insert("class".to_owned(), json!(self.class));
        player.insert("team".to_owned(), json!(self.team));
        player.insert("seconds".to_owned(), json!(self.seconds));
        player.insert("true_seconds".to_owned(), json!(self.true_seconds));
        player.insert("weapons".to_owned(), Value::Object(weapons));
        for (field, value) in &self.values {
            player.insert(field.spec().name.to_owned(), json!(value));
        }
        Value::Object(player)
    }
}

/// The fields whose true values are known: all that the product does not recompute.
pub(crate) fn told_fields() -> impl Iterator<Item = Field> {
    FIELDS.iter().filter(|spec| spec.semantics != Semantics::Derived).map(|spec| spec.field)
}
