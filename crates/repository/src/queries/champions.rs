//! Champions: the first by skill rating, DPM and kills, of a season, of seasons before and of all time.

use std::collections::{BTreeMap, BTreeSet};

use fullhold_analytics::{Board, Season, Totals, champions};
use fullhold_stats_file::Guid;

use crate::conn::on_backend;
use crate::dsl::*;
use crate::queries::counters::Counters;
use crate::queries::scope::{Period, Scope};
use crate::schema::player_season_totals;
use crate::{Db, Error, Result, ServerId};

/// Who is first on a board that has a champion.
#[derive(Clone, Debug)]
pub struct Champion {
    /// The board.
    pub board: &'static Board,
    /// As whom the player is counted.
    pub guid: Guid,
    /// The value, as the board shows it.
    pub value: Option<f64>,
    /// The player's sums in the period.
    pub totals: Totals,
}

impl Db {
    /// The champions of a period on some servers, by board; nobody where nobody passes a board's gates. Skill is as it
    /// stood at the end of the period, of those who played in it.
    ///
    /// # Errors
    /// The database failed.
    pub async fn champions(&self, servers: &[ServerId], period: Period) -> Result<Vec<Champion>> {
        let scope = Scope { servers: servers.to_vec(), period, ..Scope::default() };
        let counted = self.totals(&scope, &Counters::all()).await?;
        let sums: BTreeMap<Guid, Totals> =
            counted.into_iter().filter_map(|(guid, totals)| Some((Guid::new(&guid)?, totals))).collect();
        let rated = self.ratings(&scope).await?;
        let skills: BTreeMap<Guid, f64> = rated
            .into_iter()
            .filter(|one| !one.skill.is_provisional())
            .map(|one| (one.guid, one.skill.at_least()))
            .collect();
        let first = |(board, ranked): (&'static Board, Option<fullhold_analytics::Ranked<'_>>)| {
            let ranked = ranked?;
            Some(Champion { board, guid: ranked.guid, value: ranked.value, totals: *ranked.totals })
        };
        Ok(champions(&sums, &skills).into_iter().filter_map(first).collect())
    }

    /// The champions of the seasons before one, newest first: of at most so many that have evenings.
    ///
    /// # Errors
    /// The database failed.
    pub async fn past_champions(
        &self,
        servers: &[ServerId],
        before: Season,
        most: usize,
    ) -> Result<Vec<(Season, Vec<Champion>)>> {
        let mut found = Vec::new();
        for season in self.seasons(servers).await?.into_iter().rev().filter(|one| *one < before).take(most) {
            let period = Period { from: season.first_day(), to: season.last_day() };
            found.push((season, self.champions(servers, period).await?));
        }
        Ok(found)
    }

    /// The seasons in which something that counts was played, oldest first.
    ///
    /// # Errors
    /// The database failed.
    pub async fn seasons(&self, servers: &[ServerId]) -> Result<Vec<Season>> {
        use player_season_totals as t;
        let mut conn = self.conn().await?;
        let rows: Vec<(String, ServerId)> = on_backend!(&mut conn, c => t::table
            .select((t::season, t::server_id)).distinct().load(c).await)
        .map_err(Error::query("listing seasons"))?;
        let wanted = rows.into_iter().filter(|(_, server)| servers.is_empty() || servers.contains(server));
        let seasons: BTreeSet<Season> = wanted.filter_map(|(season, _)| season.parse().ok()).collect();
        Ok(seasons.into_iter().collect())
    }
}
