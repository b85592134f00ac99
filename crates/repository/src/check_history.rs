//! Ratings and the ledger against what follows from the stored rounds, from the first match on.

use crate::check::{decodable, merge};
use crate::conn::{Conn, on_backend};
use crate::dsl::*;
use crate::models::{AchievementRow, RatedMatchRow, RatingRow};
use crate::ratings::{BEGINNING, Replay, Strays};
use crate::schema::servers;
use crate::{Error, Mismatch, Result, ServerId, Transaction, ledger};

impl Transaction {
    /// Compares ratings and achievements with a replay of everything.
    ///
    /// # Errors
    /// The database failed.
    pub async fn compare_history(&mut self) -> Result<Vec<Mismatch>> {
        let mut found = Vec::new();
        // Whatever cannot be read is named by the comparison with the files; here it ends the replay.
        let ratings = ratings(&mut self.conn, &mut found).await;
        decodable(&mut found, "ratings", "replaying ratings", ratings)?;
        let earned = achievements(&mut self.conn, &mut found).await;
        decodable(&mut found, "achievements", "computing achievements", earned)?;
        Ok(found)
    }
}

async fn ratings(conn: &mut Conn, found: &mut Vec<Mismatch>) -> Result<()> {
    let all: Vec<ServerId> =
        on_backend!(&mut *conn, c => servers::table.select(servers::id).order(servers::id).load(c).await)
            .map_err(Error::query("listing servers"))?;
    for server in all {
        let strays = Strays::count(conn, server).await?;
        for (relation, rows) in [("rated_matches", strays.matches), ("ratings", strays.ratings)] {
            if rows > 0 {
                found.push(Mismatch {
                    relation,
                    key: format!("server {server}"),
                    column: "ended_at",
                    stored: format!("{rows} rows with an instant at which no match ended"),
                    expected: "none".to_owned(),
                });
            }
        }
        let mut replay = Replay::begin(conn, server, BEGINNING).await?;
        while let Some(expected) = replay.next(conn).await? {
            let stored = expected.stored(conn, server).await?;
            let of_match = |row: &RatedMatchRow| (row.ended_at, row.match_id.clone());
            merge(found, "rated_matches", Some(stored.matches), expected.matches, of_match, |row| {
                format!("server {server}, match {}", row.match_id)
            });
            let of_player = |row: &RatingRow| (row.ended_at, row.match_id.clone(), row.player_guid.clone());
            merge(found, "ratings", Some(stored.ratings), expected.ratings, of_player, |row| {
                format!("server {server}, match {}, player {}", row.match_id, row.player_guid)
            });
        }
    }
    Ok(())
}

async fn achievements(conn: &mut Conn, found: &mut Vec<Mismatch>) -> Result<()> {
    for part in ledger::everything(conn).await? {
        let (part, expected) = ledger::compute(conn, part).await?;
        let stored = ledger::stored(conn, &part).await?;
        let key = |row: &AchievementRow| (row.server_id, row.player_guid.clone(), row.badge.clone(), row.tier);
        merge(found, "achievements", Some(stored), expected, key, |row| {
            format!("server {}, player {}, {} {}", row.server_id, row.player_guid, row.badge, row.tier)
        });
    }
    Ok(())
}
