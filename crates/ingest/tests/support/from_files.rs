//! Sums computed from raw files: only which rounds count, who their partners are and who is whom is asked of the database.

use std::collections::{BTreeMap, BTreeSet};

use fullhold_analytics::{RoundMark, Totals};
use fullhold_differential::{PlayerRound, round_one, subtract};
use fullhold_stats_file::{StatsFile, Weapon, parse};

use super::query;

/// Key of a sum: session, person, and map or weapon.
pub type Key = (String, String, String);

/// What a weapon came to: rounds, kills, deaths, head hits, hits, shots.
pub type WeaponSum = [i32; 6];

/// Sums computed here, from raw files: only which rounds count, who their partners are and who is whom is asked.
#[derive(Default, Debug, PartialEq)]
pub struct FromFiles {
    pub sessions: BTreeMap<Key, Totals>,
    pub maps: BTreeMap<Key, Totals>,
    pub weapons: BTreeMap<Key, WeaponSum>,
}

pub async fn from_files(url: &str, files: &[(String, Vec<u8>)]) -> FromFiles {
    let parsed: BTreeMap<&str, StatsFile> = files
        .iter()
        .filter_map(|(name, bytes)| Some((name.as_str(), parse(&name.parse().unwrap(), bytes).ok()?.clone())))
        .collect();
    let rounds = query(
        url,
        "SELECT f.filename, o.server_stamp, o.map_name, s.session_key, r.map_name, r.match_state
         FROM rounds r JOIN processed_files f ON f.id = r.file_id JOIN gaming_sessions s ON s.id = r.gaming_session_id
         LEFT JOIN rounds o ON o.match_id = r.match_id AND o.server_id = r.server_id AND o.round_number = 1
            AND r.round_number = 2
         WHERE r.is_valid ORDER BY r.ended_at",
    )
    .await;
    let ends: BTreeMap<String, i64> = ends(url).await;
    let merges: BTreeMap<String, String> = query(url, "SELECT guid, canonical_guid FROM players")
        .await
        .into_iter()
        .map(|row| (row[0].clone().unwrap(), row[1].clone().unwrap()))
        .collect();
    let mut found = FromFiles::default();
    for row in rounds {
        let get = |i: usize| row[i].clone();
        let (name, session, map) = (get(0).unwrap(), get(3).unwrap(), get(4).unwrap());
        let file = &parsed[name.as_str()];
        let stats = match get(1) {
            Some(stamp) => {
                subtract(&parsed[format!("{stamp}-{}-round-1.txt", get(2).unwrap()).as_str()], file).unwrap()
            }
            None => round_one(file),
        };
        let mark = RoundMark { ended_at: ends[&name], number: 0 };
        let mut seen = BTreeSet::new();
        for player in stats.players.iter().filter(|player| !player.is_bot && player.side().is_some()) {
            let person = merges.get(player.guid.as_str()).cloned().unwrap_or_else(|| player.guid.to_string());
            found.add((&session, &person, &map), player, mark, &mut seen);
        }
    }
    found
}

impl FromFiles {
    fn add(
        &mut self,
        (session, person, map): (&String, &String, &String),
        player: &PlayerRound,
        mark: RoundMark,
        seen: &mut BTreeSet<(String, Option<Weapon>)>,
    ) {
        // Nobody is in a round twice, whatever number of guids they wear there, nor with a weapon.
        let mut is_first = |weapon| seen.insert((person.clone(), weapon));
        let mut line = Totals::of(player).in_round(mark);
        line.rounds = i64::from(is_first(None));
        let key = |third: &str| (session.clone(), person.clone(), third.to_owned());
        let sum = self.sessions.entry(key("")).or_default();
        *sum = *sum + line;
        let sum = self.maps.entry(key(map)).or_default();
        *sum = *sum + line;
        for weapon in Weapon::ALL {
            let w = player.counters.weapon(weapon);
            if !w.is_zero() {
                let sum = self.weapons.entry(key(weapon.name())).or_default();
                let rounds = i32::from(is_first(Some(weapon)));
                for (sum, more) in sum.iter_mut().zip([rounds, w.kills, w.deaths, w.headshots, w.hits, w.shots]) {
                    *sum += more;
                }
            }
        }
    }
}

/// When rounds ended, by file, as seconds since 1970.
async fn ends(url: &str) -> BTreeMap<String, i64> {
    let seconds = if url.starts_with("sqlite") {
        "strftime('%s', r.ended_at)"
    } else {
        "CAST(extract(epoch FROM r.ended_at) AS BIGINT)"
    };
    let sql = format!("SELECT f.filename, {seconds} FROM rounds r JOIN processed_files f ON f.id = r.file_id");
    let rows = query(url, &sql).await;
    rows.into_iter().map(|row| (row[0].clone().unwrap(), row[1].clone().unwrap().parse().unwrap())).collect()
}
