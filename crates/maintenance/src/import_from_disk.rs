//! Files on disk taken into the database before a rebuild: the disk's bytes win, unless they are a
//! part of what is stored, or no stats file.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use fullhold_ingest::recompute::{LeftOut, LookedAt, Version, canonical_name, of_stored, read_file};
use fullhold_ingest::{Found, Prepared, Rejected, find, utc};
use fullhold_repository::{
    Changes, FileId, FileRow, FileState, KnownFile, ServerRow, StoredFile, StoredKind, Transaction,
};
use fullhold_stats_file::{FileKind, FileName, PARSER_VERSION};

use crate::Error;
use crate::maintenance::Maintenance;
use crate::rebuilt::Rebuilt;

/// Files looked at in one go.
const CHUNK: usize = 256;

impl Maintenance {
    /// Stores what is new or differs. Whether a file holds a round is found when it is read back.
    pub(crate) async fn import_from_disk(
        &self,
        tx: &mut Transaction,
        paths: Vec<PathBuf>,
        server: &ServerRow,
        done: &mut Rebuilt,
    ) -> Result<(), Error> {
        let joined = |e: tokio::task::JoinError| Error::Thread(e.to_string());
        let roots = paths.clone();
        let Found { files, unreadable, .. } =
            tokio::task::spawn_blocking(move || find(&paths)).await.map_err(joined)?;
        done.unreadable.extend(unreadable);
        let mut left_out = LeftOut::read(tx, server.id, self.now()).await?;
        for chunk in files.chunks(CHUNK) {
            let chunk = chunk.to_vec();
            let read = tokio::task::spawn_blocking(move || read_all(&chunk)).await.map_err(joined)?;
            let mut prepared: Vec<Prepared> = Vec::with_capacity(read.len());
            for one in read {
                match one {
                    Ok(file) => prepared.push(file),
                    Err(Rejected { file, reason }) => {
                        let path = PathBuf::from(file);
                        let looked_at = LookedAt { name: canonical_name(&path), path, sha256: None };
                        left_out.refuse(looked_at, reason, &mut done.unreadable);
                    }
                }
            }
            self.store(tx, prepared, server, &mut left_out, done).await?;
        }
        Ok(left_out.changes(&roots).write(tx).await?)
    }

    /// Stores files, each unless the stored bytes are the better ones.
    pub(crate) async fn store(
        &self,
        tx: &mut Transaction,
        files: Vec<Prepared>,
        server: &ServerRow,
        left_out: &mut LeftOut,
        done: &mut Rebuilt,
    ) -> Result<(), Error> {
        let names: Vec<String> = files.iter().map(|file| file.filename.clone()).collect();
        let known = tx.known_files(server.id, &names).await?;
        let mut known: HashMap<String, KnownFile> =
            known.into_iter().map(|file| (file.filename.clone(), file)).collect();
        let ids: Vec<FileId> = known.values().map(|file| file.id).collect();
        let stored = tx.contents(&ids).await?;
        let mut next = tx.next_ids().await?.file;
        let mut changes = Changes::default();
        let now = utc((self.clock)());
        let mut seen: HashMap<String, String> = HashMap::new();
        for file in files {
            // The same name twice under the paths: the first one counts, as in an import.
            let looked_at = LookedAt::from(&file);
            if let Some(hash) = seen.get(&file.filename) {
                if *hash != file.sha256 {
                    let reason = "another file of this name, with other bytes, was found first".to_owned();
                    left_out.refuse(looked_at, reason, &mut done.unreadable);
                }
                continue;
            }
            seen.insert(file.filename.clone(), file.sha256.clone());
            let old = known.remove(&file.filename);
            match old.as_ref().map_or(Taking::Take, |old| taking(&file, old, stored.get(&old.id))) {
                Taking::Take => left_out.fine(&looked_at),
                Taking::Leave => {
                    left_out.fine(&looked_at);
                    continue;
                }
                Taking::Older => {
                    left_out.fine(&looked_at);
                    done.older_copies.push(file.shown);
                    continue;
                }
                Taking::Keep(reason) => {
                    left_out.refuse(looked_at, reason.to_owned(), &mut done.unreadable);
                    continue;
                }
            }
            let row = FileRow {
                id: old.as_ref().map_or(next, |old| old.id),
                server_id: server.id,
                filename: file.filename,
                kind: StoredKind::Stats,
                sha256: file.sha256,
                size_bytes: file.size_bytes,
                mtime: file.mtime,
                content: Some(file.content),
                state: FileState::Imported,
                attempts: old.as_ref().map_or(1, |old| old.attempts),
                success: true,
                error_message: None,
                parser_version: PARSER_VERSION,
                first_seen_at: old.as_ref().map_or(now, |old| old.first_seen_at),
                processed_at: Some(now),
            };
            if old.is_some() {
                done.changed_files.push(row.filename.clone());
                changes.updated_files.push(row);
            } else {
                next = next.next();
                done.new_files += 1;
                changes.new_files.push(row);
            }
        }
        tx.write(changes).await?;
        Ok(())
    }
}

/// What is to be done with a file on disk of whose name one is stored.
enum Taking {
    Take,
    /// It is stored as it is, or was set aside.
    Leave,
    /// It is a copy made before the file was complete.
    Older,
    /// The stored bytes are better, or nobody can tell.
    Keep(&'static str),
}

/// Good bytes on disk win over others that are stored, but never a part over the whole.
fn taking(file: &Prepared, old: &KnownFile, stored: Option<&StoredFile>) -> Taking {
    if old.state == FileState::Ignored {
        return Taking::Leave;
    }
    let Some(stored) = stored.filter(|_| old.state == FileState::Imported) else {
        return if old.sha256 == file.sha256 { Taking::Leave } else { Taking::Take };
    };
    match of_stored(stored, file) {
        Version::Same => Taking::Leave,
        Version::OlderCopy => Taking::Older,
        Version::Completed | Version::Healed => Taking::Take,
        Version::NotTheDamaged => {
            Taking::Keep("the stored bytes are damaged, but this is not the file that was imported; nothing is changed")
        }
        Version::Other if file.parsed.is_ok() => Taking::Take,
        Version::Other => Taking::Keep("it cannot be parsed; the stored file, which can, is kept"),
    }
}

fn read_all(paths: &[PathBuf]) -> Vec<Result<Prepared, Rejected>> {
    let name_of = |path: &Path| -> Option<FileName> {
        match FileKind::of(&canonical_name(path)) {
            FileKind::Stats(name) => Some(name),
            _ => None,
        }
    };
    paths.iter().filter_map(|path| Some(read_file(path, &name_of(path)?))).collect()
}
