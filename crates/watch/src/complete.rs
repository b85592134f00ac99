//! Whether bytes are the whole of a stats file. Strict: a stats file has no end mark, and one cut off
//! at the end of a line parses.

use fullhold_stats_file::{Field, FileName, StatsFile, WEAPON_COUNT};

/// The last line ends, everything parses, and what the players did to each other balances: somebody's
/// line is missing from a file whose kills have no deaths. A whole file may fail this (the file of a
/// second round holds numbers of people who have left); then it must come to rest first.
pub(crate) fn is_complete(name: &FileName, bytes: &[u8]) -> bool {
    bytes.ends_with(b"\n")
        && fullhold_stats_file::parse(name, bytes).is_ok_and(|file| file.rejected.is_empty() && balances(&file))
}

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
    fn a_whole_file_is_complete_and_none_of_its_cuts_is() {
        let evenings = Simulation::new(Config::community(3, 12, "UTC", Disturbances::none())).unwrap();
        for file in evenings.flat_map(|evening| evening.files).take(12) {
            let name: FileName = file.name.parse().unwrap();
            assert!(is_complete(&name, &file.bytes), "{}", file.name);
            for cut in 0..file.bytes.len() {
                assert!(!is_complete(&name, &file.bytes[..cut]), "{} cut at {cut}", file.name);
            }
        }
    }

    #[test]
    fn a_header_alone_is_not_complete() {
        let evenings = Simulation::new(Config::community(3, 2, "UTC", Disturbances::none())).unwrap();
        for file in evenings.flat_map(|evening| evening.files) {
            let name: FileName = file.name.parse().unwrap();
            let end = file.bytes.iter().position(|byte| *byte == b'\n').unwrap();
            assert!(!is_complete(&name, &file.bytes[..=end]));
        }
    }
}
