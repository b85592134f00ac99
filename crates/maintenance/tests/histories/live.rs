//! A database at work: an importer per server, and maintenance.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use fullhold_ingest::{Config, Importer, prepare};
use fullhold_maintenance::Maintenance;
use fullhold_repository::{Config as DatabaseConfig, Db, ServerId};
use fullhold_simulator::{World, WorldFile};
use time::{OffsetDateTime, PrimitiveDateTime};
use tokio::task::JoinSet;

use super::Kept;
use crate::support::{database_config, open, query};

/// A database and everything that works on it.
pub struct Live {
    pub kept: Kept,
    pub url: String,
    pub db: Db,
    importers: Vec<Arc<Importer>>,
    pub maintenance: Maintenance,
}

impl Live {
    /// Opens a database, which may be empty, with the rules that each server has now.
    pub async fn open(kept: Kept, world: &World, rules: &[Config]) -> Self {
        let url = kept.url();
        let db = open(&url).await;
        let mut importers = Vec::new();
        for (server, rules) in world.servers.iter().zip(rules) {
            let zone = Some(server.timezone.as_str());
            let importer =
                Importer::new(db.clone(), &server.name, zone, "UTC", rules.clone(), OffsetDateTime::now_utc).await;
            importers.push(Arc::new(importer.unwrap()));
        }
        let maintenance = Maintenance::new(db.clone(), rules[0].clone(), OffsetDateTime::now_utc);
        Self { kept, url, db, importers, maintenance }
    }

    /// Opens it once more: the program was started again.
    pub async fn reopen(self, world: &World, rules: &[Config]) -> Self {
        drop((self.importers, self.maintenance, self.db));
        Self::open(self.kept, world, rules).await
    }

    pub fn config(&self) -> DatabaseConfig {
        database_config(&self.url)
    }

    pub async fn server_id(&self, name: &str) -> ServerId {
        let rows = self.query(&format!("SELECT id FROM servers WHERE name = '{name}'")).await;
        rows[0][0].parse().unwrap()
    }

    /// Imports what came, in batches of this size; the servers at the same time.
    pub async fn import(&self, files: &[&WorldFile], batch: usize) -> Result<(), String> {
        let mut tasks: JoinSet<Result<(), String>> = JoinSet::new();
        for (number, importer) in self.importers.iter().enumerate() {
            let of_server: Vec<&WorldFile> = files.iter().filter(|file| file.server == number).copied().collect();
            let batches: Vec<Vec<_>> =
                of_server.chunks(batch).map(|some| some.iter().map(|file| prepared(file)).collect()).collect();
            let importer = Arc::clone(importer);
            tasks.spawn(async move {
                for batch in batches {
                    importer.import(batch).await.map_err(|error| format!("import: {error:?}"))?;
                }
                Ok(())
            });
        }
        while let Some(done) = tasks.join_next().await {
            done.map_err(|error| format!("import: {error}"))??;
        }
        Ok(())
    }

    /// Fails with the first things that are wrong.
    pub async fn validate(&self) -> Result<(), String> {
        let found = self.maintenance.validate(&()).await.map_err(|error| format!("validate: {error:?}"))?;
        if found.total_problems == 0 {
            return Ok(());
        }
        let some: Vec<String> = found.problems.iter().take(8).map(|problem| format!("  {problem:?}")).collect();
        Err(format!("validate finds {} values wrong:\n{}", found.total_problems, some.join("\n")))
    }

    pub async fn query(&self, sql: &str) -> Vec<Vec<String>> {
        let text = |value: Option<String>| value.unwrap_or_default();
        query(&self.url, sql).await.into_iter().map(|row| row.into_iter().map(text).collect()).collect()
    }

    pub async fn backup(&self, file: &Path) -> Result<(), String> {
        let (config, file) = (self.config(), file.to_owned());
        blocking(move || fullhold_repository::backup(&config, &file, true)).await.map_err(|e| format!("backup: {e}"))
    }

    /// Replaces the content by a backup's.
    pub async fn restore(self, file: PathBuf, world: &World, rules: &[Config]) -> Result<Self, String> {
        let (config, kept) = (self.config(), self.kept);
        drop((self.importers, self.maintenance, self.db));
        let ready = fullhold_repository::Replacement::from_backup(&config, &file).await;
        let ready = ready.map_err(|e| format!("restore: {e:?}"))?;
        ready.install(None).await.map_err(|e| format!("restore: {e:?}"))?;
        Ok(Self::open(kept, world, rules).await)
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> fullhold_repository::Result<T> + Send + 'static,
) -> Result<T, String> {
    let done = tokio::task::spawn_blocking(work).await.map_err(|error| error.to_string())?;
    done.map_err(|error| format!("{error:?}"))
}

fn prepared(file: &WorldFile) -> fullhold_ingest::Prepared {
    let written = file.written_at.map(|at| {
        let at = OffsetDateTime::from_unix_timestamp(at).unwrap();
        PrimitiveDateTime::new(at.date(), at.time())
    });
    prepare(&file.name.parse().unwrap(), file.name.clone(), &file.bytes, written).unwrap()
}
