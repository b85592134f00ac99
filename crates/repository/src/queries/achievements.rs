//! What players have earned, and which of it is still to be announced.

use std::collections::BTreeSet;

use time::PrimitiveDateTime;

use crate::bulk::insert;
use crate::conn::{load_blocking, on_backend};
use crate::dsl::*;
use crate::models::{AchievementRow, AnnouncedRow};
use crate::schema::{achievements, announced_achievements, players};
use crate::{Db, Error, Result, ServerId, Transaction};

impl Db {
    /// What a player has earned on some servers (all, if none is named), oldest first. `guid` is as whom the player is
    /// counted.
    ///
    /// # Errors
    /// The database failed.
    pub async fn achievements(&self, guid: &str, servers: &[ServerId]) -> Result<Vec<AchievementRow>> {
        let mut conn = self.conn().await?;
        let mut rows: Vec<AchievementRow> = on_backend!(&mut conn, c => achievements::table
            .filter(achievements::player_guid.eq(guid))
            .select(AchievementRow::as_select()).load(c).await)
        .map_err(Error::query("reading a player's achievements"))?;
        rows.retain(|row| servers.is_empty() || servers.contains(&row.server_id));
        in_order(&mut rows);
        Ok(rows)
    }

    /// What was earned in a session, oldest first.
    ///
    /// # Errors
    /// The database failed.
    pub async fn achievements_of_session(&self, server_id: ServerId, session_key: &str) -> Result<Vec<AchievementRow>> {
        self.read(|tx, _| Box::pin(tx.achievements_of(server_id, session_key))).await
    }

    /// What was earned in a session and was never announced, oldest first; from now on it is. Ask for it when the post
    /// that announces it is written: nothing is given out twice, whatever is computed anew.
    ///
    /// # Errors
    /// The database failed.
    pub async fn announce_achievements(
        &self,
        server_id: ServerId,
        session_key: &str,
        at: PrimitiveDateTime,
    ) -> Result<Vec<AchievementRow>> {
        self.write(|tx, _| Box::pin(tx.announce(server_id, session_key, at))).await
    }
}

impl Transaction {
    async fn achievements_of(&mut self, server_id: ServerId, session_key: &str) -> Result<Vec<AchievementRow>> {
        let mut rows: Vec<AchievementRow> = on_backend!(&mut self.conn, c => achievements::table
            .filter(achievements::server_id.eq(server_id).and(achievements::session_key.eq(session_key)))
            .select(AchievementRow::as_select()).load(c).await)
        .map_err(Error::query("reading a session's achievements"))?;
        in_order(&mut rows);
        Ok(rows)
    }

    /// As [`Db::announce_achievements`], within the transaction that stores the post.
    ///
    /// # Errors
    /// The database failed.
    pub async fn announce(
        &mut self,
        server_id: ServerId,
        session_key: &str,
        at: PrimitiveDateTime,
    ) -> Result<Vec<AchievementRow>> {
        let mut earned = self.achievements_of(server_id, session_key).await?;
        let guids: Vec<String> = earned.iter().map(|row| row.player_guid.clone()).collect();
        // Who was merged since, was announced under another guid.
        let merged: Vec<(String, String)> = on_backend!(&mut self.conn, c => players::table
            .filter(players::canonical_guid.eq_any(&guids))
            .select((players::guid, players::canonical_guid)).load(c).await)
        .map_err(Error::query("reading who is one person"))?;
        let all: Vec<String> = merged.iter().map(|(guid, _)| guid.clone()).chain(guids).collect();
        let announced: Vec<AnnouncedRow> = load_blocking!(
            &mut self.conn,
            announced_achievements::table
                .filter(announced_achievements::server_id.eq(server_id))
                .filter(announced_achievements::player_guid.eq_any(all.clone()))
                .select(AnnouncedRow::as_select())
        )
        .map_err(Error::query("reading what was announced"))?;
        let person =
            |guid: &String| merged.iter().find(|(one, _)| one == guid).map_or(guid.clone(), |(_, of)| of.clone());
        let known: BTreeSet<(String, String, i32)> =
            announced.iter().map(|row| (person(&row.player_guid), row.badge.clone(), row.tier)).collect();
        earned.retain(|row| !known.contains(&(row.player_guid.clone(), row.badge.clone(), row.tier)));
        let rows = earned.iter().map(|row| AnnouncedRow {
            server_id,
            player_guid: row.player_guid.clone(),
            badge: row.badge.clone(),
            tier: row.tier,
            announced_at: at,
        });
        insert(&mut self.conn, rows.collect()).await.map_err(Error::query("noting what is announced"))?;
        Ok(earned)
    }
}

fn in_order(rows: &mut [AchievementRow]) {
    rows.sort_by(|a, b| {
        (a.earned_at, &a.player_guid, &a.badge, a.tier).cmp(&(b.earned_at, &b.player_guid, &b.badge, b.tier))
    });
}
