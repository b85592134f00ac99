//! The writer: a [`StatsFile`] as the Lua writes it. For the simulator and for round trips.

use std::fmt::Write as _;

use crate::{FIELDS, PlayerLine, StatsFile, Tenths};

/// The bytes of a file: LF line ends, an extra blank before the first TAB, as the Lua writes them.
///
/// Reading the result with [`parse`](crate::parse) gives an equal [`StatsFile`], as long as names
/// are such as the game allows (no line ends, no `\` in the texts of the header).
#[must_use]
pub fn write(file: &StatsFile) -> Vec<u8> {
    let mut out = String::with_capacity(128 + file.players.len() * 512);
    let h = &file.header;
    let winner = h.winner.map_or(0, |side| side.number());
    // Writing to a String cannot fail.
    let _ = write!(
        out,
        "{}\\{}\\{}\\{}\\{}\\{winner}\\{}\\{}",
        h.server_name,
        h.map,
        h.config,
        h.round.number(),
        h.defender.number(),
        h.time_limit,
        h.next_time_limit
    );
    if h.has_play_time {
        let _ = write!(out, "\\{}", h.play_time.map_or(0, |s| play_time(s.0)));
    }
    out.push('\n');
    for player in &file.players {
        write_player(&mut out, player);
    }
    out.into_bytes()
}

/// Milliseconds, except for what would read as seconds then.
fn play_time(seconds: i32) -> i64 {
    let milliseconds = i64::from(seconds) * 1000;
    if milliseconds > 10_000 { milliseconds } else { i64::from(seconds) }
}

fn write_player(out: &mut String, player: &PlayerLine) {
    let PlayerLine { guid, name, rounds, slot, weapon_mask, .. } = player;
    let _ = write!(out, "{guid}\\{name}\\{rounds}\\{}\\{weapon_mask} ", slot.number());
    for (_, w) in player.listed_weapons() {
        let _ = write!(out, "{} {} {} {} {} ", w.hits, w.shots, w.kills, w.deaths, w.headshots);
    }
    for field in player.era.fields() {
        let value = player.count(field);
        let _ = match FIELDS.get(field.position()) {
            Some(spec) if spec.unit.is_tenths() => write!(out, "\t{}", Tenths(value)),
            _ => write!(out, "\t{value}"),
        };
    }
    out.push('\n');
}
