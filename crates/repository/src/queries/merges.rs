//! Players who are one person: who is counted as whom, and what two of them share.

use std::collections::{BTreeMap, HashSet};

use crate::conn::{Conn, on_backend};
use crate::dsl::*;
use crate::schema::{player_comprehensive_stats as stats, players, rounds};
use crate::{Error, FileId, Result, RoundId, Transaction};

/// What two people have in common.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shared {
    /// Rounds in which both have a line.
    pub rounds: usize,
    /// Of them, on the same side.
    pub together: usize,
    /// Of them, on opposite sides.
    pub against: usize,
}

impl Transaction {
    /// Who is counted as whom: guid and the guid that it was merged into. A merge into somebody who is
    /// not there, or who was merged, too, does not count.
    ///
    /// # Errors
    /// The database failed.
    pub async fn merges(&mut self) -> Result<Vec<(String, String)>> {
        merges(&mut self.conn).await
    }

    /// Files of the rounds in which one of these guids has a line.
    ///
    /// # Errors
    /// The database failed.
    pub async fn files_of_players(&mut self, guids: &[String]) -> Result<Vec<FileId>> {
        on_backend!(&mut self.conn, c => stats::table
            .inner_join(rounds::table.on(rounds::id.eq(stats::round_id)))
            .filter(stats::player_guid.eq_any(guids))
            .select(rounds::file_id).distinct().load(c).await)
        .map_err(Error::query("looking for a player's rounds"))
    }

    /// Rounds and kills of some guids as of one person.
    ///
    /// # Errors
    /// The database failed.
    pub async fn rounds_and_kills(&mut self, guids: &[String]) -> Result<(usize, i64)> {
        let lines = self.sides(guids).await?;
        let rounds: HashSet<RoundId> = lines.iter().map(|(round, _, _)| *round).collect();
        Ok((rounds.len(), lines.iter().map(|(_, _, kills)| i64::from(*kills)).sum()))
    }

    /// The rounds in which both of two people have a line.
    ///
    /// # Errors
    /// The database failed.
    pub async fn shared_rounds(&mut self, one: &[String], other: &[String]) -> Result<Shared> {
        let mut sides: BTreeMap<RoundId, Vec<i32>> = BTreeMap::new();
        for (round, side, _) in self.sides(one).await? {
            sides.entry(round).or_default().push(side);
        }
        let mut shared: BTreeMap<RoundId, (bool, bool)> = BTreeMap::new();
        for (round, side, _) in self.sides(other).await? {
            let Some(theirs) = sides.get(&round) else { continue };
            let (together, against) = shared.entry(round).or_default();
            let plays = |side: i32| side == 1 || side == 2;
            *together |= plays(side) && theirs.contains(&side);
            *against |= plays(side) && theirs.contains(&(3 - side));
        }
        Ok(Shared {
            rounds: shared.len(),
            together: shared.values().filter(|(together, _)| *together).count(),
            against: shared.values().filter(|(_, against)| *against).count(),
        })
    }

    /// Round, side and kills of every line of these guids.
    async fn sides(&mut self, guids: &[String]) -> Result<Vec<(RoundId, i32, i32)>> {
        on_backend!(&mut self.conn, c => stats::table
            .filter(stats::player_guid.eq_any(guids))
            .select((stats::round_id, stats::team, stats::kills)).load(c).await)
        .map_err(Error::query("reading a player's lines"))
    }
}

/// As [`Transaction::merges`].
pub(crate) async fn merges(conn: &mut Conn) -> Result<Vec<(String, String)>> {
    let merged: Vec<(String, String)> = on_backend!(conn, c => players::table
        .filter(players::canonical_guid.ne(players::guid))
        .order(players::guid).select((players::guid, players::canonical_guid)).load(c).await)
    .map_err(Error::query("reading merged players"))?;
    if merged.is_empty() {
        return Ok(merged);
    }
    let mut wanted: Vec<&String> = merged.iter().map(|(_, into)| into).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let there: Vec<String> = on_backend!(conn, c => players::table
        .filter(players::guid.eq_any(wanted).and(players::canonical_guid.eq(players::guid)))
        .select(players::guid).load(c).await)
    .map_err(Error::query("reading merged players"))?;
    let there: HashSet<String> = there.into_iter().collect();
    Ok(merged.into_iter().filter(|(_, into)| there.contains(into)).collect())
}

/// Guids that somebody was merged into: they stay, even without a line.
pub(crate) async fn merge_targets(conn: &mut Conn) -> Result<HashSet<String>> {
    let targets: Vec<String> = on_backend!(conn, c => players::table
        .filter(players::canonical_guid.ne(players::guid))
        .select(players::canonical_guid).distinct().load(c).await)
    .map_err(Error::query("reading merged players"))?;
    Ok(targets.into_iter().collect())
}
