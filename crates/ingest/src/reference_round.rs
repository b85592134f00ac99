//! A round taken over from the reference bot, whose raw file is gone: kept in the place of raw
//! bytes as JSON, so that it is recomputed and validated like every other.

use std::collections::BTreeMap;

use fullhold_repository::{Class, PlayerRow, RoundId, WeaponLine};
use fullhold_stats_file::{FileName, Header, RoundNumber, Seconds, Side, StatsFile};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Version of the parser of rounds taken over: no raw file was read.
pub const NO_PARSER: i32 = 0;

/// What is known of the round.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReferenceRound {
    /// Tells these bytes from a stats file, whose first line is a header.
    pub fullhold_reference: u32,
    /// Side that defends: 1 Axis, 2 Allies.
    pub defender: u8,
    /// Side that won; 0 if it is not known.
    pub winner: u8,
    /// Limit of the round; 0 if it is not known.
    pub time_limit_seconds: i32,
    /// Stopwatch target behind it.
    pub next_time_limit_seconds: i32,
    /// Its length, if it is known.
    pub actual_time_seconds: Option<i32>,
    /// Which R1 the reference bot paired an R2 with; not there in rounds taken over by older versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_half: Option<FirstHalf>,
    /// Column by column, as they were found.
    pub players: Vec<BTreeMap<String, Value>>,
}

/// What the reference bot knew of the R1 of an R2.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FirstHalf {
    /// The name of its file.
    File(String),
    /// There was one, and we cannot tell which: any that fits.
    Unnamed,
    /// There was none, so the lines are sums over both rounds.
    None,
}

/// What derivation needs of a round taken over, beside its header.
#[derive(Clone, Debug, PartialEq)]
pub struct LinesWithoutFile {
    /// The lines of its players.
    pub lines: Vec<PlayerRow>,
    /// The weapon lines, where they are kept; the reference bot's are not taken over.
    pub weapons: Vec<WeaponLine>,
    /// Which R1 it continues, if it is an R2.
    pub first_half: Option<FirstHalf>,
    /// The limit is known, so that the limit chain can tell the pair.
    pub has_limit: bool,
    /// The attackers reached their goal.
    pub is_completed: bool,
}

impl LinesWithoutFile {
    /// A round of ours whose file cannot be read any more, with the lines that are stored: its
    /// limits are kept, and its lines are those of the round alone.
    pub fn kept(lines: Vec<PlayerRow>, weapons: Vec<WeaponLine>) -> Self {
        Self { lines, weapons, first_half: None, has_limit: true, is_completed: false }
    }
}

impl ReferenceRound {
    /// Reads what [`ReferenceRound::bytes`] wrote; none for the bytes of a stats file.
    pub fn of(bytes: &[u8]) -> Option<Result<Self, String>> {
        if !bytes.starts_with(b"{\"fullhold_reference\":") {
            return None;
        }
        Some(serde_json::from_slice(bytes).map_err(|e| format!("a round taken over cannot be read: {e}")))
    }

    /// The round as the bytes that are kept.
    pub fn bytes(&self) -> Vec<u8> {
        // Numbers, texts and maps with text keys always serialise.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// The round as a file without player lines.
    pub(crate) fn file(&self, name: &FileName) -> StatsFile {
        let side = |number: u8| match number {
            1 => Some(Side::Axis),
            2 => Some(Side::Allies),
            _ => None,
        };
        let header = Header {
            server_name: String::new(),
            map: name.map.clone(),
            config: String::new(),
            round: name.round,
            defender: side(self.defender).unwrap_or(Side::Axis),
            winner: side(self.winner),
            time_limit: Seconds(self.time_limit_seconds.max(0)),
            next_time_limit: Seconds(self.next_time_limit_seconds.max(0)),
            play_time: self.actual_time_seconds.map(Seconds),
            has_play_time: self.actual_time_seconds.is_some(),
        };
        StatsFile { name: name.clone(), header, players: Vec::new(), rejected: Vec::new() }
    }

    /// What derivation needs of it, as the round of this number.
    pub(crate) fn round(&self, round: RoundNumber) -> LinesWithoutFile {
        LinesWithoutFile {
            lines: self.rows(round),
            weapons: Vec::new(),
            first_half: self.first_half.clone(),
            has_limit: self.time_limit_seconds > 0,
            is_completed: self.winner != 0 && self.winner != self.defender,
        }
    }

    /// The lines of its players. Numbers outside of what a column may hold are brought to its ends.
    fn rows(&self, round: RoundNumber) -> Vec<PlayerRow> {
        let class = match (round, &self.first_half) {
            (RoundNumber::One, _) => Class::Round1,
            (RoundNumber::Two, Some(FirstHalf::None)) => Class::Orphan,
            (RoundNumber::Two, _) => Class::Ok,
        };
        let mut rows: Vec<PlayerRow> = self.players.iter().filter_map(|values| row(values, class)).collect();
        rows.sort_by(|a, b| a.player_guid.cmp(&b.player_guid));
        rows.dedup_by(|a, b| a.player_guid == b.player_guid);
        rows
    }
}

/// A text that is a number is one, too: the reference's tables are of several ages.
fn real(value: Option<&Value>) -> Option<f64> {
    match value? {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
    .filter(|number: &f64| number.is_finite())
}

#[expect(clippy::cast_possible_truncation, reason = "brought into range before")]
fn row(values: &BTreeMap<String, Value>, class: Class) -> Option<PlayerRow> {
    let text = |name: &str| values.get(name).and_then(Value::as_str).map(str::to_owned);
    let opt = |name: &str| real(values.get(name)).map(|n| n.round().clamp(0.0, f64::from(i32::MAX)) as i32);
    let int = |name: &str| opt(name).unwrap_or(0);
    let percent = |name: &str| real(values.get(name)).unwrap_or(0.0).clamp(0.0, 100.0);
    let positive = |name: &str| real(values.get(name)).map(|n| n.max(0.0));
    let guid = text("player_guid").filter(|guid| !guid.is_empty())?;
    let name = text("player_name").unwrap_or_default();
    let clean = text("clean_name").unwrap_or_else(|| fullhold_stats_file::strip_colours(&name).into_owned());
    let known = fullhold_stats_file::Guid::new(&guid)?;
    let seconds = int("time_played_seconds");
    Some(PlayerRow {
        round_id: RoundId(0),
        is_bot: known.is_bot(),
        player_guid: guid,
        player_name: name,
        clean_name: clean,
        team: int("team").min(3),
        differential_class: class,
        kills: int("kills"),
        deaths: int("deaths"),
        headshots: int("headshots"),
        headshot_kills: opt("headshot_kills"),
        shots: int("shots").max(int("bullets_fired")),
        hits: int("hits"),
        accuracy: percent("accuracy"),
        kd_ratio: positive("kd_ratio").unwrap_or(0.0),
        efficiency: percent("efficiency"),
        dpm: positive("dpm").unwrap_or(0.0),
        damage_given: int("damage_given"),
        damage_received: int("damage_received"),
        team_damage_given: int("team_damage_given"),
        team_damage_received: int("team_damage_received"),
        gibs: int("gibs"),
        self_kills: int("self_kills"),
        team_kills: int("team_kills"),
        team_gibs: int("team_gibs"),
        time_played_seconds: seconds,
        time_played_minutes: positive("time_played_minutes").unwrap_or(f64::from(seconds) / 60.0),
        alive_seconds: positive("alive_seconds"),
        time_dead_seconds: positive("time_dead_seconds"),
        time_dead_ratio: positive("time_dead_ratio").map(|n| n.min(100.0)),
        time_dead_minutes: positive("time_dead_minutes"),
        xp: opt("xp"),
        killing_spree_best: opt("killing_spree_best"),
        death_spree_worst: opt("death_spree_worst"),
        kill_assists: opt("kill_assists"),
        kill_steals: opt("kill_steals"),
        objectives_stolen: opt("objectives_stolen"),
        objectives_returned: opt("objectives_returned"),
        dynamites_planted: opt("dynamites_planted"),
        dynamites_defused: opt("dynamites_defused"),
        times_revived: opt("times_revived"),
        revives_given: opt("revives_given"),
        bullets_fired: int("bullets_fired"),
        tank_meatshield: positive("tank_meatshield").unwrap_or(0.0),
        most_useful_kills: opt("most_useful_kills"),
        useless_kills: opt("useless_kills"),
        denied_playtime: opt("denied_playtime"),
        double_kills: opt("double_kills"),
        triple_kills: opt("triple_kills"),
        quad_kills: opt("quad_kills"),
        multi_kills: opt("multi_kills"),
        mega_kills: opt("mega_kills"),
        full_selfkills: opt("full_selfkills"),
        constructions: opt("constructions"),
        // The bot has only the ratio.
        aimed_hits: None,
        aimed_shots: None,
        aimed_head_hits: None,
    })
}
