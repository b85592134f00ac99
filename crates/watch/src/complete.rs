//! Whether bytes are the whole of a file. Strict: a stats file has no end mark, and one cut off at the
//! end of a line parses.

use fullhold_stats_file::{Field, FileKind, FileName, StatsFile, WEAPON_COUNT};

/// What the bytes of a file tell of its being whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wholeness {
    /// The last line ends, everything parses, and what the players did to each other balances.
    Balanced,
    /// It may be whole, or lack players. A whole file may fail to balance, as one of 195 real ones did: that of a
    /// second round holds numbers of people who have left. Of end statistics nothing can be told.
    Unclear,
    /// It ends within a line, does not parse, or holds nobody.
    CancelSocket,
}

pub(crate) fn wholeness(name: &str, bytes: &[u8]) -> Wholeness {
    let FileKind::Stats(name) = FileKind::of(name) else { return Wholeness::Unclear };
    match parsed(&name, bytes) {
        Some(file) if balances(&file) => Wholeness::Balanced,
        Some(_) => Wholeness::Unclear,
        None => Wholeness::CancelSocket,
    }
}

fn parsed(name: &FileName, bytes: &[u8]) -> Option<StatsFile> {
    // Not to be read line by line if it has more lines than any stats file.
    fullhold_ingest::check_lines(name, bytes).ok()?;
    let file = fullhold_stats_file::parse(name, bytes).ok().filter(|_| bytes.ends_with(b"\n"))?;
    (file.rejected.is_empty() && !file.players.is_empty()).then_some(file)
}

/// Somebody's line is missing from a file whose kills have no deaths.
fn balances(file: &StatsFile) -> bool {
    let mut kills = [0_i64; WEAPON_COUNT];
    let mut deaths = [0_i64; WEAPON_COUNT];
    let stats = fullhold_differential::round_one(file);
    for player in &stats.players {
        for ((weapon, kills), deaths) in player.counters.weapons.iter().zip(&mut kills).zip(&mut deaths) {
            *kills += i64::from(weapon.kills);
            *deaths += i64::from(weapon.deaths);
        }
    }
    let sum = |field| stats.players.iter().map(|player| i64::from(player.counters.count(field))).sum::<i64>();
    let received = sum(Field::DamageReceived);
    // Where nobody was hit there is nothing to weigh.
    received > 0
        && received == sum(Field::DamageGiven)
        && sum(Field::TeamDamageReceived) == sum(Field::TeamDamageGiven)
        && kills == deaths
}

#[cfg(test)]
mod tests {
    use super::*;
    use fullhold_simulator::{Config, Disturbances, Simulation};

    #[test]
    fn a_whole_file_balances_and_none_of_its_cuts_does() {
        let evenings = Simulation::new(Config::community(3, 12, "UTC", Disturbances::none())).unwrap();
        for file in evenings.flat_map(|evening| evening.files).take(12) {
            assert_eq!(wholeness(&file.name, &file.bytes), Wholeness::Balanced, "{}", file.name);
            for cut in 0..file.bytes.len() {
                let found = wholeness(&file.name, &file.bytes[..cut]);
                assert_ne!(found, Wholeness::Balanced, "{} cut at {cut}", file.name);
                let within_a_line = cut > 0 && file.bytes[cut - 1] != b'\n';
                assert!(!within_a_line || found == Wholeness::CancelSocket, "{} cut at {cut}", file.name);
            }
        }
    }

    #[test]
    fn a_header_alone_is_cut_off() {
        let evenings = Simulation::new(Config::community(3, 2, "UTC", Disturbances::none())).unwrap();
        for file in evenings.flat_map(|evening| evening.files) {
            let end = file.bytes.iter().position(|byte| *byte == b'\n').unwrap();
            assert_eq!(wholeness(&file.name, &file.bytes[..=end]), Wholeness::CancelSocket);
        }
    }
}
