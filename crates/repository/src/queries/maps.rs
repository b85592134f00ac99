//! Maps over a scope: how often they were played, how often attackers reach their goal, and in what time.

use fullhold_differential::Outcome;
use std::collections::BTreeMap;

use diesel::sql_types::{BigInt, Integer, Nullable, Text};

use crate::conn::load_blocking;
use crate::queries::scope::{Period, Scope};
use crate::statement::Statement;
use crate::{Db, Error, Result};

/// What the valid rounds of complete matches on a map came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MapSums {
    /// Rounds in which the attackers reached their goal.
    pub completed: i64,
    /// Rounds that were held.
    pub held: i64,
    /// Rounds of which neither is known.
    pub unknown: i64,
    /// Rounds 1 among them: matches whose R1 counts.
    pub first_rounds: i64,
    /// How long the attackers took, in seconds, and how often; shortest first.
    pub times: Vec<(i32, i64)>,
}

impl MapSums {
    /// The shortest time, in seconds.
    #[must_use]
    pub fn best_time(&self) -> Option<i32> {
        self.times.first().map(|(seconds, _)| *seconds)
    }

    /// The time in the middle, in seconds: of an even number the shorter one.
    #[must_use]
    pub fn median_time(&self) -> Option<i32> {
        let all: i64 = self.times.iter().map(|(_, count)| count).sum();
        let mut before = 0;
        let in_middle = |(_, count): &&(i32, i64)| {
            before += count;
            2 * before >= all
        };
        self.times.iter().find(in_middle).map(|(seconds, _)| *seconds)
    }
}

type MapSql = (Text, Text, Integer, Nullable<Integer>, BigInt);
type MapRow = (String, Outcome, i32, Option<i32>, i64);

impl Db {
    /// The maps of a scope. Its players are no matter.
    ///
    /// # Errors
    /// The database failed.
    pub async fn map_sums(&self, scope: &Scope) -> Result<BTreeMap<String, MapSums>> {
        let mut conn = self.reading_conn().await?;
        let statement = maps(scope);
        let rows: Vec<MapRow> = load_blocking!(&mut conn, statement).map_err(Error::query("adding up maps"))?;
        let mut sums: BTreeMap<String, MapSums> = BTreeMap::new();
        for (map, outcome, number, seconds, count) in rows {
            let sum = sums.entry(map).or_default();
            match outcome {
                Outcome::Completed => sum.completed += count,
                Outcome::FullHold => sum.held += count,
                Outcome::Unknown => sum.unknown += count,
            }
            if number == 1 {
                sum.first_rounds += count;
            }
            if let Some(seconds) = seconds.filter(|_| outcome == Outcome::Completed) {
                sum.times.push((seconds, count));
            }
        }
        for sum in sums.values_mut() {
            sum.times.sort_unstable();
            sum.times.dedup_by(|more, sum| {
                let same = more.0 == sum.0;
                if same {
                    sum.1 += more.1;
                }
                same
            });
        }
        Ok(sums)
    }
}

pub(crate) fn maps(scope: &Scope) -> Statement<MapSql> {
    let mut statement =
        Statement::new("SELECT r.map_name, r.round_outcome, r.round_number, r.actual_time_seconds, count(*) FROM ");
    // Without a condition on sessions an index over rounds has it all.
    let by_session = scope.period != Period::default() || !scope.sessions.is_empty();
    if by_session {
        // CROSS JOIN: SQLite then begins with the sessions, where it else walks all rounds in the order of its groups.
        statement.sql("gaming_sessions s CROSS JOIN rounds r WHERE r.gaming_session_id = s.id AND ");
    } else {
        statement.sql("rounds r WHERE ");
    }
    statement.sql("r.is_valid AND r.match_state = 'complete'");
    if by_session {
        scope.of_sessions(&mut statement);
    } else {
        statement.and_integer_in("r.server_id", &scope.servers);
    }
    scope.of_maps(&mut statement, "r.map_name");
    statement.sql(" GROUP BY r.map_name, r.round_outcome, r.round_number, r.actual_time_seconds");
    statement
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_time_in_the_middle() {
        let sums = |times: &[(i32, i64)]| MapSums { times: times.to_vec(), ..MapSums::default() };
        assert_eq!(sums(&[]).median_time(), None);
        assert_eq!(sums(&[(100, 1)]).median_time(), Some(100));
        assert_eq!(sums(&[(100, 1), (200, 1)]).median_time(), Some(100));
        assert_eq!(sums(&[(100, 1), (200, 2)]).median_time(), Some(200));
        assert_eq!(sums(&[(100, 2), (200, 1), (900, 2)]).median_time(), Some(200));
        assert_eq!(sums(&[(100, 2), (200, 1)]).best_time(), Some(100));
    }
}
