//! Sums computed from raw files: only which rounds count, who their partners are and who is whom is asked of the database.

use std::collections::{BTreeMap, BTreeSet};

use fullhold_analytics::{RoundMark, Totals};
use fullhold_differential::{PlayerRound, round_one, subtract};
use fullhold_stats_file::{StatsFile, Weapon, parse};

use crate::support::query;

pub(crate) type Files = Vec<(String, Vec<u8>)>;

/// Files by server.
pub(crate) type Played = BTreeMap<String, Files>;

/// Key of a sum: server, session, person, and map or weapon.
pub(crate) type Key = (String, String, String, String);

/// What a weapon came to: rounds, kills, deaths, head hits, hits, shots.
pub(crate) type WeaponSum = [i32; 6];

/// Sums computed here, from raw files: only which rounds count, who their partners are and who is whom is asked.
#[derive(Default, Debug, PartialEq)]
pub(crate) struct FromFiles {
    pub(crate) sessions: BTreeMap<Key, Totals>,
    pub(crate) maps: BTreeMap<Key, Totals>,
    pub(crate) weapons: BTreeMap<Key, WeaponSum>,
}

pub(crate) async fn from_files(url: &str, played: &Played) -> FromFiles {
    let mut parsed: BTreeMap<(String, String), StatsFile> = BTreeMap::new();
    for (server, files) in played {
        let read = files.iter().filter_map(|(name, bytes)| Some((name, parse(&name.parse().unwrap(), bytes).ok()?)));
        parsed.extend(read.map(|(name, file)| ((server.clone(), name.clone()), file)));
    }
    let rounds = query(
        url,
        "SELECT f.filename, o.server_stamp, o.map_name, s.session_key, r.map_name, v.name
         FROM rounds r JOIN processed_files f ON f.id = r.file_id JOIN gaming_sessions s ON s.id = r.gaming_session_id
         JOIN servers v ON v.id = r.server_id
         LEFT JOIN rounds o ON o.match_id = r.match_id AND o.server_id = r.server_id AND o.round_number = 1
            AND r.round_number = 2
         WHERE r.is_valid ORDER BY r.ended_at",
    )
    .await;
    let ends = ends(url).await;
    let merges: BTreeMap<String, String> = query(url, "SELECT guid, canonical_guid FROM players")
        .await
        .into_iter()
        .map(|row| (row[0].clone().unwrap(), row[1].clone().unwrap()))
        .collect();
    let mut found = FromFiles::default();
    for row in rounds {
        let get = |i: usize| row[i].clone();
        let (name, session, map, server) = (get(0).unwrap(), get(3).unwrap(), get(4).unwrap(), get(5).unwrap());
        let file = &parsed[&(server.clone(), name.clone())];
        let stats = match get(1) {
            Some(stamp) => {
                let first = format!("{stamp}-{}-round-1.txt", get(2).unwrap());
                subtract(&parsed[&(server.clone(), first)], file).unwrap()
            }
            None => round_one(file),
        };
        let mark = RoundMark { ended_at: ends[&(server.clone(), name)], number: 0 };
        let mut seen = BTreeSet::new();
        for player in stats.players.iter().filter(|player| !player.is_bot && player.side().is_some()) {
            let person = merges.get(player.guid.as_str()).cloned().unwrap_or_else(|| player.guid.to_string());
            found.add(Of { server: &server, session: &session, person: &person, map: &map }, player, mark, &mut seen);
        }
    }
    found
}

/// Whose line it is.
#[derive(Clone, Copy)]
struct Of<'a> {
    server: &'a str,
    session: &'a str,
    person: &'a str,
    map: &'a str,
}

impl FromFiles {
    fn add(
        &mut self,
        of: Of<'_>,
        player: &PlayerRound,
        mark: RoundMark,
        seen: &mut BTreeSet<(String, Option<Weapon>)>,
    ) {
        // Nobody is in a round twice, whatever number of guids they wear there, nor with a weapon.
        let mut is_first = |weapon| seen.insert((of.person.to_owned(), weapon));
        let mut line = Totals::of(player).in_round(mark);
        line.rounds = i64::from(is_first(None));
        let key = |last: &str| (of.server.to_owned(), of.session.to_owned(), of.person.to_owned(), last.to_owned());
        let sum = self.sessions.entry(key("")).or_default();
        *sum = *sum + line;
        let sum = self.maps.entry(key(of.map)).or_default();
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

/// When rounds ended, by server and file, as seconds since 1970.
async fn ends(url: &str) -> BTreeMap<(String, String), i64> {
    let seconds = if url.starts_with("sqlite") {
        "strftime('%s', r.ended_at)"
    } else {
        "CAST(extract(epoch FROM r.ended_at) AS BIGINT)"
    };
    let sql = format!(
        "SELECT v.name, f.filename, {seconds} FROM rounds r JOIN processed_files f ON f.id = r.file_id \
         JOIN servers v ON v.id = r.server_id"
    );
    let rows = query(url, &sql).await;
    let get = |row: &[Option<String>], column: usize| row[column].clone().unwrap();
    rows.iter().map(|row| ((get(row, 0), get(row, 1)), get(row, 2).parse().unwrap())).collect()
}
