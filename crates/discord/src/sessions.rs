//! Where each connection can be taken up again after a restart: kept beside the settings, under the number of no guild.

use fullhold_repository::{Db, Error};
use serde_json::{Value, json};
use twilight_gateway::ShardId;

use crate::gateway::Resumable;

/// The bot itself, among guilds.
const BOT: i64 = 0;

/// The key of a connection.
fn key(shard: ShardId) -> String {
    format!("gateway {} of {}", shard.number() + 1, shard.total())
}

/// Takes what was kept of a connection. It is forgotten with that: after a fall, what was answered meanwhile would be
/// answered again.
pub(crate) async fn take(db: &Db, shard: ShardId) -> Result<Option<Resumable>, Error> {
    let key = key(shard);
    let settings = db.guild_settings().await?;
    let Some(kept) = settings.get(&BOT).and_then(|own| own.get(&key)) else { return Ok(None) };
    keep(db, shard, None).await?;
    Ok(read(kept))
}

/// Keeps where a connection can be taken up again; nothing forgets it.
pub(crate) async fn keep(db: &Db, shard: ShardId, resumable: Option<&Resumable>) -> Result<(), Error> {
    let key = key(shard);
    let value = resumable.map(|of| json!({ "id": of.id, "sequence": of.sequence, "url": of.url }).to_string());
    let (key, value) = (key.as_str(), value.as_deref());
    db.write(|tx, _| Box::pin(tx.set_guild_setting(BOT, key, value))).await
}

fn read(kept: &str) -> Option<Resumable> {
    let value: Value = serde_json::from_str(kept).ok()?;
    let text = |name: &str| value.get(name)?.as_str().map(str::to_owned);
    Some(Resumable { id: text("id")?, sequence: value.get("sequence")?.as_u64()?, url: text("url")? })
}
