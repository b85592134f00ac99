//! What people say about players and teams, as deriving takes it: who is counted as whom, whose names are not written,
//! and which rosters were set. It is read from the database once per neighbourhood and changes no number.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use fullhold_analytics::{ManualRoster, RosterEntry};
use fullhold_repository::{ManualTeamRow, PlayerRow, ServerId, Team, Transaction};
use fullhold_stats_file::{FileName, Guid};

use crate::Error;

/// Merges, erased names, and the rosters of one server.
#[derive(Clone, Debug, Default)]
pub struct People {
    merges: HashMap<Guid, Guid>,
    /// What is written in place of the names of those who had themselves erased, by guid.
    erased: HashMap<String, String>,
    /// In the order in which they were decided.
    pub(crate) rosters: Vec<ManualRoster>,
    /// Names that people gave to teams: by roster and player.
    team_names: Vec<HashMap<Guid, String>>,
}

impl People {
    /// Reads what concerns a server's rounds whose stamps lie in a span, both ends included.
    ///
    /// # Errors
    /// The database failed.
    pub async fn read(tx: &mut Transaction, server_id: ServerId, from: &str, to: &str) -> Result<Self, Error> {
        let merges = tx.merges().await?;
        let rows = tx.manual_teams(server_id, from, to).await?;
        let erased = tx.erased().await?;
        Ok(Self { erased, ..Self::new(&merges, rows) })
    }

    fn new(merges: &[(String, String)], rows: Vec<ManualTeamRow>) -> Self {
        let merges: HashMap<Guid, Guid> =
            merges.iter().filter_map(|(guid, into)| Some((Guid::new(guid)?, Guid::new(into)?))).collect();
        let mut people = Self { merges, ..Self::default() };
        let mut decided: BTreeMap<_, Vec<ManualTeamRow>> = BTreeMap::new();
        for row in rows {
            // Decided at the same instant: the later round's roster counts, in whatever order they are read.
            let key = (row.server_stamp.clone(), row.map_name.clone(), row.round_number);
            decided.entry(key).or_default().push(row);
        }
        let mut rosters: Vec<Vec<ManualTeamRow>> = decided.into_values().collect();
        rosters.sort_by_key(|rows| rows.iter().map(|row| row.decided_at).max());
        for rows in rosters {
            people.add(&rows);
        }
        people
    }

    fn add(&mut self, rows: &[ManualTeamRow]) {
        let Some(first) = rows.first() else { return };
        let name = format!("{}-{}-round-{}.txt", first.server_stamp, first.map_name, first.round_number);
        let Ok(name) = name.parse::<FileName>() else { return };
        let in_team = |team: Team| -> BTreeSet<Guid> {
            rows.iter().filter(|row| row.team == team).filter_map(|row| self.counted_as(&row.player_guid)).collect()
        };
        let (team_a, team_b) = (in_team(Team::A), in_team(Team::B));
        // Two guids of one person, one in each team: the roster does not say where they belong.
        let both: BTreeSet<Guid> = team_a.intersection(&team_b).copied().collect();
        let names =
            rows.iter().filter_map(|row| Some((self.counted_as(&row.player_guid)?, row.team_name.clone()?))).collect();
        self.rosters.push(ManualRoster {
            stamp: name.stamp,
            map: name.map,
            round: name.round,
            team_a: team_a.difference(&both).copied().collect(),
            team_b: team_b.difference(&both).copied().collect(),
        });
        self.team_names.push(names);
    }

    /// A line as it is stored: without the name of who had it erased.
    pub(crate) fn veiled(&self, line: PlayerRow) -> PlayerRow {
        match self.erased.get(&line.player_guid) {
            Some(pseudonym) => PlayerRow { player_name: pseudonym.clone(), clean_name: pseudonym.clone(), ..line },
            None => line,
        }
    }

    fn counted_as(&self, guid: &str) -> Option<Guid> {
        Guid::new(guid).map(|guid| self.person(guid))
    }

    /// Whom a guid is counted as.
    pub(crate) fn person(&self, guid: Guid) -> Guid {
        self.merges.get(&guid).copied().unwrap_or(guid)
    }

    /// The name that people gave to a player's team, in one of the rosters.
    pub(crate) fn team_name(&self, roster: usize, guid: Guid) -> Option<&str> {
        self.team_names.get(roster)?.get(&guid).map(String::as_str)
    }

    /// Who took part in a round: each person once. Who is on both sides stands on none.
    pub(crate) fn roster(&self, lines: impl Iterator<Item = RosterEntry>) -> Vec<RosterEntry> {
        let mut roster: Vec<RosterEntry> = Vec::new();
        for line in lines {
            let guid = self.person(line.guid);
            match roster.iter_mut().find(|known| !self.merges.is_empty() && known.guid == guid) {
                None => roster.push(RosterEntry { guid, ..line }),
                Some(known) => {
                    known.is_bot &= line.is_bot;
                    known.side = match (known.side, line.side) {
                        (Some(a), Some(b)) if a != b => None,
                        (a, b) => a.or(b),
                    };
                }
            }
        }
        roster
    }
}

#[cfg(test)]
mod tests {
    use fullhold_stats_file::Side;
    use time::{Date, Month, PrimitiveDateTime, Time};

    use super::*;

    fn guid(text: &str) -> Guid {
        Guid::new(text).unwrap()
    }

    fn set(stamp: &str, guid: &str, team: Team) -> ManualTeamRow {
        ManualTeamRow {
            server_id: ServerId(1),
            server_stamp: stamp.to_owned(),
            map_name: "supply".to_owned(),
            round_number: 1,
            player_guid: guid.to_owned(),
            team,
            team_name: Some(format!("{team}s")),
            decided_by: "me".to_owned(),
            decided_at: PrimitiveDateTime::new(
                Date::from_calendar_date(2025, Month::November, 4).unwrap(),
                Time::MIDNIGHT,
            ),
        }
    }

    #[test]
    fn a_merged_pair_is_one_person_in_a_round() {
        let people = People::new(&[("B".to_owned(), "A".to_owned())], Vec::new());
        let line = |text: &str, side| RosterEntry { guid: guid(text), side: Some(side), is_bot: false };
        let same = people.roster([line("B", Side::Axis), line("A", Side::Axis), line("C", Side::Allies)].into_iter());
        assert_eq!(same, [line("A", Side::Axis), line("C", Side::Allies)]);
        let torn = people.roster([line("A", Side::Axis), line("B", Side::Allies)].into_iter());
        assert_eq!(torn, [RosterEntry { side: None, ..line("A", Side::Axis) }]);
    }

    #[test]
    fn rosters_follow_merges_and_have_one_order() {
        let merges = [("B".to_owned(), "A".to_owned()), ("D".to_owned(), "C".to_owned())];
        let (early, late) = ("2025-11-03-201500", "2025-11-03-221500");
        let mut rows = vec![
            set(late, "B", Team::A),
            set(late, "C", Team::A),
            set(late, "D", Team::B),
            set(late, "E", Team::B),
            set(early, "F", Team::A),
        ];
        for _ in 0..rows.len() {
            rows.rotate_left(1);
            let people = People::new(&merges, rows.clone());
            assert_eq!(people.rosters.len(), 2);
            let last = people.rosters.last().unwrap();
            assert_eq!((last.stamp.to_string().as_str(), &*last.map), (late, "supply"));
            assert_eq!(last.team_a, BTreeSet::from([guid("A")]), "C is in both teams");
            assert_eq!(last.team_b, BTreeSet::from([guid("E")]));
            assert_eq!(people.team_name(1, guid("A")), Some("As"));
        }
    }
}
