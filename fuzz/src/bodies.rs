//! The bodies of the fuzz targets: plain functions over bytes that panic when a promise is broken.

use fullhold_stats_file::{Field, FileKind, FileName, PlayerLine, StatsFile, strip_colours, write};

/// Parses the bytes and looks at everything that comes out.
pub(crate) fn parse(bytes: &[u8]) {
    let name = name_of(bytes);
    let lines = bytes.split(|b| *b == b'\n').count();
    let within = |line: u32| usize::try_from(line).is_ok_and(|line| (1..=lines).contains(&line));
    match fullhold_stats_file::parse(&name, bytes) {
        Err(error) => {
            assert!(within(error.line) && error.column > 0, "the error points nowhere: {error}");
        }
        Ok(file) => {
            assert!(file.players.len() + file.rejected.len() < lines, "more players than lines");
            for error in &file.rejected {
                assert!(within(error.line) && error.column > 0, "the error points nowhere: {error}");
            }
            file.players.iter().for_each(look_at);
        }
    }
    let text = String::from_utf8_lossy(bytes);
    let first = text.lines().next().unwrap_or_default();
    if let FileKind::Stats(name) = FileKind::of(first) {
        assert_eq!(name.to_string().parse(), Ok(name), "a file name prints as another");
    }
    assert!(strip_colours(&text).len() <= text.len(), "cleaning made a text longer");
}

/// What every usable line promises.
fn look_at(player: &PlayerLine) {
    assert_eq!(player.weapon_mask >> fullhold_stats_file::WEAPON_COUNT, 0, "a weapon that does not exist");
    for (weapon, w) in player.listed_weapons() {
        let fine = w.shots >= 0 || weapon.shots_may_decrease();
        assert!(fine && w.hits >= 0 && w.kills >= 0 && w.deaths >= 0 && w.headshots >= 0, "a count below zero");
    }
    assert!(player.count(Field::DamageGiven) >= 0 && player.count(Field::TimePlayedMinutes) >= 0, "a count below zero");
    assert!(player.weapon_sum(|w| w.kills) >= 0, "a sum below zero");
    let shared = player.guid.is_bot() || player.guid.as_str().is_empty();
    assert_eq!(shared, player.identity() != player.guid, "an identity that tells nobody apart");
    let _ = (player.is_bot(), player.clean_name(), player.tenths(Field::TimePlayedMinutes).minutes_to_seconds());
}

/// Parses, writes, parses: nothing may change after the first time. Whether the bytes were a file at all.
pub(crate) fn roundtrip(bytes: &[u8]) -> bool {
    let name = name_of(bytes);
    let Ok(first) = fullhold_stats_file::parse(&name, bytes) else { return false };
    let written = write(&first);
    let again = fullhold_stats_file::parse(&name, &written);
    assert_eq!(again.as_ref().err(), None, "what was written is not read");
    let Ok(second) = again else { return false };
    assert_eq!(second.rejected, [], "what was written is rejected");
    assert_eq!(second.header, first.header, "another header");
    assert_eq!(content(&second), content(&first), "other players");
    assert_eq!(write(&second), written, "other bytes");
    true
}

/// All that must survive: everything but line numbers, and values that were not finite, which are
/// written as zero.
fn content(file: &StatsFile) -> Vec<PlayerLine> {
    let player = |p: &PlayerLine| {
        let mut same = PlayerLine::new(p.guid, &p.name, p.rounds, p.slot, p.era);
        p.listed_weapons().for_each(|(weapon, counts)| same.set_weapon(weapon, counts));
        p.era.fields().for_each(|field| same.set(field, p.count(field)));
        same
    };
    file.players.iter().map(player).collect()
}

/// The name under which the bytes may be a file: map and round of their own header, so that a
/// changed header still gets past the comparison with the name.
fn name_of(bytes: &[u8]) -> FileName {
    let text = String::from_utf8_lossy(bytes);
    let mut fields = text.lines().next().unwrap_or_default().split('\\');
    let map = fields.nth(1).unwrap_or("supply");
    let round = fields.nth(1).unwrap_or("1");
    let name = format!("2025-10-02-211808-{map}-round-{round}.txt").parse();
    let fallback = || FileName {
        stamp: fullhold_stats_file::Stamp::EPOCH,
        map: "supply".to_owned(),
        round: fullhold_stats_file::RoundNumber::One,
    };
    name.unwrap_or_else(|_no_file_name| fallback())
}
