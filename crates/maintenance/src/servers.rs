//! What was said wrongly of a game server, put right: its zone, its name, or that it is there at all.

use std::time::Instant;

use fullhold_ingest::{Progress, Zone};
use fullhold_repository::{AuditEntry, ChangeKind, Changed, DerivedOf, FileId, ServerRow, Transaction};

use crate::Error;
use crate::maintenance::Maintenance;
use crate::rebuilt::Rebuilt;
use crate::selection::Selection;

/// What was removed with a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removed {
    /// The server.
    pub server: ServerRow,
    /// Files, in whatever state.
    pub files: usize,
}

impl Maintenance {
    /// Records another zone of a server's clock, and computes all of the server anew.
    ///
    /// # Errors
    /// There is no such server or zone, or the database failed. Nothing is changed then.
    pub async fn set_timezone(&self, server: &str, zone: &str, progress: &dyn Progress) -> Result<Rebuilt, Error> {
        Zone::new(zone)?;
        let started = Instant::now();
        let change = self.db.write(|tx, _| {
            Box::pin(async move {
                let old = named(tx, server).await?;
                let new = ServerRow { timezone: zone.to_owned(), ..old.clone() };
                tx.because(ChangeKind::Server);
                tx.note(ChangeKind::Server, Changed::server(new.id));
                tx.change_server(&new).await?;
                let mut done = Rebuilt::default();
                self.rebuild_in(tx, &Selection::Server(new), progress, &mut done).await?;
                let entry = AuditEntry {
                    by: &self.actor,
                    action: "servers set-timezone",
                    detail: &format!("{server}: {} -> {zone}", old.timezone),
                    result: &format!("{} evenings and {} rounds computed anew", done.evenings, done.rounds),
                };
                tx.audit(self.now(), entry).await?;
                Ok::<_, Error>(done)
            })
        });
        let done = change.await?;
        Ok(Rebuilt { elapsed: started.elapsed(), ..done })
    }

    /// Gives a server another name.
    ///
    /// # Errors
    /// There is no such server, the name is taken or empty, or the database failed.
    pub async fn rename_server(&self, server: &str, name: &str) -> Result<(), Error> {
        let change = self.db.write(|tx, _| {
            Box::pin(async move {
                let old = named(tx, server).await?;
                if name.trim().is_empty() || tx.servers().await?.iter().any(|one| one.name == name) {
                    return Err(Error::ServerName(name.to_owned()));
                }
                tx.note(ChangeKind::Server, Changed::server(old.id));
                tx.change_server(&ServerRow { name: name.to_owned(), ..old }).await?;
                let entry = AuditEntry {
                    by: &self.actor,
                    action: "servers rename",
                    detail: &format!("{server} -> {name}"),
                    result: "renamed",
                };
                Ok(tx.audit(self.now(), entry).await?)
            })
        });
        change.await
    }

    /// Removes a server with everything that is stored of it: files, rounds, evenings, verdicts,
    /// teams. Players who are left without a line go, too, unless people said something of them.
    ///
    /// # Errors
    /// There is no such server, or the database failed. Nothing is changed then.
    pub async fn remove_server(&self, server: &str) -> Result<Removed, Error> {
        let change = self.db.write(|tx, _| {
            Box::pin(async move {
                let row = named(tx, server).await?;
                tx.because(ChangeKind::ServerRemoved);
                tx.note(ChangeKind::ServerRemoved, Changed::server(row.id));
                let files: Vec<FileId> = tx.file_heads(row.id).await?.into_iter().map(|head| head.id).collect();
                let forgotten = tx.clear_derived(DerivedOf::Files(&files)).await?.with_players(tx, Vec::new()).await?;
                tx.restore_manual(forgotten).await?;
                tx.remove_server(row.id).await?;
                let entry = AuditEntry {
                    by: &self.actor,
                    action: "servers remove",
                    detail: server,
                    result: &format!("removed with {} files", files.len()),
                };
                tx.audit(self.now(), entry).await?;
                Ok(Removed { server: row, files: files.len() })
            })
        });
        change.await
    }
}

async fn named(tx: &mut Transaction, name: &str) -> Result<ServerRow, Error> {
    let servers = tx.servers().await?;
    let known: Vec<String> = servers.iter().map(|server| server.name.clone()).collect();
    servers
        .into_iter()
        .find(|server| server.name == name)
        .ok_or_else(|| Error::NoServer { name: name.to_owned(), known: known.join(", ") })
}
