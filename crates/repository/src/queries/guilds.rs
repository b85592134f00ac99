//! Settings of Discord servers, as people made them there. What a key means is known above.

use std::collections::BTreeMap;

use crate::bulk;
use crate::conn::on_backend;
use crate::dsl::*;
use crate::models::SettingRow;
use crate::schema::guild_settings;
use crate::{Db, Error, Result, Transaction};

/// Values by their keys, by the Discord server that they hold for.
pub type GuildSettings = BTreeMap<i64, BTreeMap<String, String>>;

impl Db {
    /// All settings.
    ///
    /// # Errors
    /// The database failed.
    pub async fn guild_settings(&self) -> Result<GuildSettings> {
        let rows: Vec<SettingRow> = self
            .read(|tx, _| {
                Box::pin(async move {
                    on_backend!(&mut tx.conn, c => guild_settings::table
                        .select(SettingRow::as_select()).load(c).await)
                    .map_err(Error::query("reading settings of Discord servers"))
                })
            })
            .await?;
        let mut settings = GuildSettings::new();
        for row in rows {
            settings.entry(row.guild_id).or_default().insert(row.key, row.value);
        }
        Ok(settings)
    }
}

impl Transaction {
    /// Stores a setting of a Discord server; no value takes it back.
    ///
    /// # Errors
    /// The database failed.
    pub async fn set_guild_setting(&mut self, guild_id: i64, key: &str, value: Option<&str>) -> Result<()> {
        let failed = || Error::query("storing a setting of a Discord server");
        let target = guild_settings::table.find((guild_id, key));
        on_backend!(&mut self.conn, c => diesel::delete(target).execute(c).await.map(drop)).map_err(failed())?;
        let Some(value) = value else { return Ok(()) };
        let row = SettingRow { guild_id, key: key.to_owned(), value: value.to_owned() };
        bulk::insert(&mut self.conn, vec![row]).await.map_err(failed())
    }
}
