//! Files that a person names: tried again, from the file on disk where there is one, or set aside.

use std::collections::BTreeMap;
use std::path::PathBuf;

use fullhold_ingest::recompute::{
    LeftOut, NO_PARSER, Version, blocking, canonical_name, is_hash_of, of_stored, read_file,
};
use fullhold_ingest::{Prepared, Rejected};
use fullhold_repository::{
    AuditEntry, FileState, KnownFile, LeftOutFileRow, LeftOutState, ServerId, ServerRow, StoredFile, Transaction,
};
use fullhold_stats_file::{FileKind, FileName};

use crate::Error;
use crate::maintenance::Maintenance;
use crate::rebuilt::Rebuilt;
use crate::selection::Selection;

/// A file that a person names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedFile {
    /// Whose file it is.
    pub server: ServerRow,
    /// Its name, without directory.
    pub name: String,
    /// Where it is on this disk, if it is there at all.
    pub path: Option<PathBuf>,
}

/// What became of files a person dealt with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FilesDone {
    /// Now imported (retry), or now set aside (ignore).
    pub done: Vec<String>,
    /// As before, with reasons.
    pub not_done: Vec<Rejected>,
}

/// A file that a person names, and what is on disk.
struct Asked<'a> {
    file: &'a AskedFile,
    on_disk: Option<Result<Prepared, Rejected>>,
}

/// What is to be done with a file that is to be tried again.
enum Try {
    /// Its stored bytes are read again.
    Stored,
    /// The file on disk is stored, in the place of what there is.
    Disk(Prepared),
    /// Nothing, and why.
    No(String),
}

impl Maintenance {
    /// Tries files again that failed, were left out or set aside; the file on disk heals stored bytes that are damaged
    /// or cut.
    ///
    /// # Errors
    /// The database failed.
    pub async fn retry(&self, files: &[AskedFile], actor: &str) -> Result<FilesDone, Error> {
        let paths: Vec<Option<PathBuf>> = files.iter().map(|file| file.path.clone()).collect();
        let read = blocking(move || paths.into_iter().map(on_disk).collect::<Vec<_>>()).await?;
        let asked: Vec<Asked<'_>> = files.iter().zip(read).map(|(file, on_disk)| Asked { file, on_disk }).collect();
        let asked = &asked;
        self.db.write(|tx, _| Box::pin(self.retry_in(tx, asked, actor))).await
    }

    async fn retry_in(&self, tx: &mut Transaction, asked: &[Asked<'_>], actor: &str) -> Result<FilesDone, Error> {
        let mut done = FilesDone::default();
        let mut servers: BTreeMap<ServerId, Vec<&Asked<'_>>> = BTreeMap::new();
        for one in asked {
            servers.entry(one.file.server.id).or_default().push(one);
        }
        for files in servers.values() {
            self.retry_of_server(tx, files, &mut done).await?;
        }
        if !asked.is_empty() {
            let names: Vec<&str> = asked.iter().map(|one| one.file.name.as_str()).collect();
            let result = format!("{} imported, {} not", done.done.len(), done.not_done.len());
            let detail = shortened(&names);
            let entry = AuditEntry { by: actor, action: "files retry", detail: &detail, result: &result };
            let server = asked.first().map(|one| one.file.server.id);
            let only = server.filter(|id| asked.iter().all(|one| one.file.server.id == *id));
            tx.audit_of(only, self.now(), entry).await?;
        }
        Ok(done)
    }

    async fn retry_of_server(
        &self,
        tx: &mut Transaction,
        files: &[&Asked<'_>],
        done: &mut FilesDone,
    ) -> Result<(), Error> {
        let Some(server) = files.first().map(|one| &one.file.server) else { return Ok(()) };
        let now = self.now();
        let mut left_out = LeftOut::read(tx, server.id, now).await?;
        let mut from_disk = Vec::new();
        let mut tried = Vec::new();
        for one in files {
            let known = tx.known_files(server.id, std::slice::from_ref(&one.file.name)).await?.pop();
            let stored = match &known {
                Some(known) => tx.contents(&[known.id]).await?.remove(&known.id),
                None => None,
            };
            match what_to_try(one, known.as_ref(), stored.as_ref()) {
                Try::No(reason) => {
                    done.not_done.push(Rejected { file: one.file.name.clone(), reason });
                    continue;
                }
                Try::Stored => {}
                Try::Disk(file) => from_disk.push(file),
            }
            if let Some(known) = known.filter(|known| known.state != FileState::Imported) {
                let reason = known.error_message.unwrap_or_default();
                tx.set_file_state(known.id, FileState::Failed, Some(&reason), now).await?;
            }
            tried.push(one.file.name.clone());
        }
        if tried.is_empty() {
            return Ok(());
        }
        let mut rebuilt = Rebuilt::default();
        self.store(tx, from_disk, server, &mut left_out, &mut rebuilt).await?;
        let ids = tx.known_files(server.id, &tried).await?.into_iter().map(|known| known.id).collect();
        self.rebuild_in(tx, &Selection::Files(ids), &(), &mut rebuilt).await?;
        // What is stored is not left out any more, whether it can be read or not.
        tx.forget_left_out(server.id, &tried).await?;
        for name in tried {
            match rebuilt.failed.iter().chain(&rebuilt.unreadable).find(|one| one.file == name) {
                Some(one) => done.not_done.push(one.clone()),
                None => done.done.push(name),
            }
        }
        Ok(())
    }

    /// Sets files aside that failed, wait, are left out, or could not be had from their server, so that nobody is told
    /// of them any more.
    ///
    /// # Errors
    /// The database failed.
    pub async fn ignore(&self, files: &[AskedFile], reason: &str, actor: &str) -> Result<FilesDone, Error> {
        self.db
            .write(|tx, _| {
                Box::pin(async move {
                    let mut done = FilesDone::default();
                    for file in files {
                        match self.ignore_in(tx, file, reason).await? {
                            Ok(()) => {
                                let name = format!("{} of {}", file.name, file.server.name);
                                let entry =
                                    AuditEntry { by: actor, action: "files ignore", detail: &name, result: reason };
                                tx.audit_of(Some(file.server.id), self.now(), entry).await?;
                                done.done.push(file.name.clone());
                            }
                            Err(why) => done.not_done.push(Rejected { file: file.name.clone(), reason: why }),
                        }
                    }
                    Ok(done)
                })
            })
            .await
    }

    /// Sets a file aside; what stands in the way.
    async fn ignore_in(
        &self,
        tx: &mut Transaction,
        file: &AskedFile,
        reason: &str,
    ) -> Result<Result<(), String>, Error> {
        let left_out = tx.left_out_of(file.server.id).await?.into_iter().find(|row| row.filename == file.name);
        let is_left_out = left_out.is_some();
        if let Some(row) = left_out {
            let row = LeftOutFileRow { state: LeftOutState::Ignored, ignored_reason: Some(reason.to_owned()), ..row };
            tx.note_left_out(vec![row]).await?;
        }
        let is_remote = tx.ignore_remote_file(file.server.id, &file.name, reason, self.now()).await?;
        let known = tx.known_files(file.server.id, std::slice::from_ref(&file.name)).await?.pop();
        match known {
            Some(known) if known.state != FileState::Imported => {
                tx.set_file_state(known.id, FileState::Ignored, Some(reason), self.now()).await?;
            }
            _ if is_left_out || is_remote => {}
            Some(_) => {
                let round = file.name.strip_suffix(".txt").unwrap_or(&file.name);
                return Ok(Err(format!(
                    "it is imported; `round-status {round} ignore --reason …` takes its round out of every statistic"
                )));
            }
            None => return Ok(Err(UNKNOWN.to_owned())),
        }
        Ok(Ok(()))
    }
}

const UNKNOWN: &str = "there is no such file in the database";

fn on_disk(path: Option<PathBuf>) -> Option<Result<Prepared, Rejected>> {
    let path = path?;
    let name: FileName = match FileKind::of(&canonical_name(&path)) {
        FileKind::Stats(name) => name,
        _ => return None,
    };
    Some(read_file(&path, &name))
}

/// Names in the audit log: a few are told.
fn shortened(names: &[&str]) -> String {
    let shown: Vec<&str> = names.iter().take(5).copied().collect();
    match names.len() - shown.len() {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

fn what_to_try(asked: &Asked<'_>, known: Option<&KnownFile>, stored: Option<&StoredFile>) -> Try {
    let Some(known) = known else {
        return match &asked.on_disk {
            Some(Ok(file)) => Try::Disk(file.clone()),
            Some(Err(rejected)) => Try::No(rejected.reason.clone()),
            None => Try::No(UNKNOWN.to_owned()),
        };
    };
    let on_disk = match &asked.on_disk {
        Some(Ok(file)) => Some(file),
        _ => None,
    };
    match known.state {
        FileState::Imported => match (on_disk, stored) {
            (Some(file), Some(stored)) => again(file, known, stored),
            _ => without_disk(known, stored, asked),
        },
        FileState::Failed | FileState::Ignored => match on_disk {
            // Bytes that cannot be read are no better than those that are there.
            Some(file) if file.sha256 != known.sha256 && file.parsed.is_ok() => Try::Disk(file.clone()),
            _ => Try::Stored,
        },
    }
}

/// An imported file, and one of its name on disk.
fn again(file: &Prepared, known: &KnownFile, stored: &StoredFile) -> Try {
    if known.parser_version == NO_PARSER && known.sha256 != file.sha256 && file.parsed.is_ok() {
        return Try::Disk(file.clone());
    }
    match of_stored(stored, file) {
        Version::Completed | Version::Healed => Try::Disk(file.clone()),
        Version::Same => Try::No("it is imported, with the bytes that are on disk".to_owned()),
        Version::OlderCopy => Try::No("it is imported; the file on disk is the beginning of what is stored".to_owned()),
        Version::NotTheDamaged => Try::No(
            "its stored bytes are damaged, and the file on disk is not the one that was imported; `rebuild --from-files` \
             with the right one heals it"
                .to_owned(),
        ),
        Version::Other => Try::No(format!(
            "it was imported with other bytes than are on disk ({}); the stored ones stay. `rebuild --from-files` takes \
             those on disk, `files ignore` sets the file on disk aside",
            file.shown
        )),
    }
}

/// An imported file of which there is none on disk.
fn without_disk(known: &KnownFile, stored: Option<&StoredFile>, asked: &Asked<'_>) -> Try {
    let good = stored.is_some_and(|stored| stored.unpack().is_ok_and(|bytes| is_hash_of(&stored.sha256, &bytes)));
    let on_disk = match &asked.on_disk {
        Some(Err(rejected)) => format!("; the file on disk {}", rejected.reason),
        _ => String::new(),
    };
    Try::No(if good || known.parser_version == NO_PARSER {
        format!("it is imported; `fix-range` computes it anew{on_disk}")
    } else {
        format!("its stored bytes are damaged: name the good file, `files retry PATH`{on_disk}")
    })
}
