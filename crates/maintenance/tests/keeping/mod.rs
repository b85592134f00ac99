//! Test support: what keeps a database right, and whole worlds in it.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::allow_attributes,
    clippy::unwrap_used,
    reason = "each test file uses its own part"
)]

use fullhold_maintenance::{AskedFile, Maintenance};
use fullhold_repository::Db;
use fullhold_simulator::{World, WorldFile};
use time::OffsetDateTime;

use crate::support::{config, import_arriving, open, world_importers};

/// The files of these names, of each server that has one.
pub async fn asked(db: &Db, names: &[String]) -> Vec<AskedFile> {
    let servers = db.servers().await.unwrap();
    let mut asked = Vec::new();
    for name in names {
        for file in db.files_named(name).await.unwrap() {
            let server = servers.iter().find(|one| one.id == file.server_id).unwrap().clone();
            asked.push(AskedFile { server, name: name.clone(), path: None });
        }
    }
    asked
}

/// Fills a database with all that arrives from a world: late files and growing ones among it.
pub async fn fill(url: &str, world: &World) -> Maintenance {
    let db = open(url).await;
    let arriving: Vec<&WorldFile> = world.deliveries.iter().collect();
    import_arriving(&world_importers(&db, world, &config()).await, &arriving).await;
    Maintenance::new(db, config(), OffsetDateTime::now_utc)
}
