//! Builders of stats files, as small as a test's sentence. They know the format's defaults, no rules.
#![expect(clippy::unwrap_used, reason = "test support")]

use fullhold_differential::Counters;
use fullhold_stats_file::{
    Era, Field, FileName, Guid, Header, PlayerLine, RoundNumber, Seconds, Side, Slot, Stamp, StatsFile, Weapon,
    WeaponCounts,
};

/// A round on supply that Axis defends and Allies win: 10:00 to play, done after 4:00.
pub(crate) fn file(round: RoundNumber, players: Vec<PlayerLine>) -> StatsFile {
    let stamp = Stamp { year: 2025, month: 10, day: 2, hour: 21, minute: 0, second: 0 };
    let name = FileName { stamp, map: "supply".to_owned(), round };
    let header = Header {
        server_name: "server".to_owned(),
        map: name.map.clone(),
        config: "legacy3".to_owned(),
        round,
        defender: Side::Axis,
        winner: Some(Side::Allies),
        time_limit: Seconds(600),
        next_time_limit: Seconds(240),
        play_time: None,
        has_play_time: false,
    };
    StatsFile { name, header, players, rejected: Vec::new() }
}

/// An Allied player with a name of his own; `rounds` as in the file.
pub(crate) fn player(guid: &str, rounds: i32) -> PlayerLine {
    named(guid, &format!("^1{guid}"), rounds)
}

/// An Allied player under a name.
pub(crate) fn named(guid: &str, name: &str, rounds: i32) -> PlayerLine {
    PlayerLine::new(Guid::new(guid).unwrap(), name, rounds, Slot::Playing(Side::Allies), Era::Fields38)
}

/// The line with these fields set.
pub(crate) fn with(mut line: PlayerLine, fields: &[(Field, i32)]) -> PlayerLine {
    for &(field, value) in fields {
        line.set(field, value);
    }
    line
}

/// The line with a weapon: hits, shots, kills, deaths, headshots.
pub(crate) fn armed(mut line: PlayerLine, weapon: Weapon, counts: [i32; 5]) -> PlayerLine {
    line.set_weapon(weapon, tuple(counts));
    line
}

/// Hits, shots, kills, deaths, headshots.
pub(crate) fn tuple([hits, shots, kills, deaths, headshots]: [i32; 5]) -> WeaponCounts {
    WeaponCounts { hits, shots, kills, deaths, headshots }
}

/// Some fields of the numbers, in the order asked for.
pub(crate) fn values<const N: usize>(counters: &Counters, fields: [Field; N]) -> [Option<i32>; N] {
    fields.map(|field| counters.get(field))
}
