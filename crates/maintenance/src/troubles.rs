//! Files that are not as they should be, of some servers: what a person is shown, and what they may mean.

use std::collections::{BTreeMap, BTreeSet};

use fullhold_repository::{
    AuditEntry, Db, FileInfo, FileState, LeftOutFileRow, LeftOutState, RemoteFileRow, RemoteFileState, ServerId,
    ServerRow,
};

use crate::Error;
use crate::file_retry::{AskedFile, FilesDone};
use crate::maintenance::Maintenance;

/// Everything that is known of files that are not as they should be, of the servers that are asked for.
#[derive(Clone, Debug, Default)]
pub struct Troubles {
    /// The servers.
    pub servers: Vec<ServerRow>,
    /// Files with their bytes.
    pub stored: Vec<FileInfo>,
    /// Files on disk that are left out.
    pub left_out: Vec<LeftOutFileRow>,
    /// Files on the game servers that the watcher has not stored.
    pub remote: Vec<RemoteFileRow>,
}

/// What is to be done with the files that are chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// They are tried again.
    Retry,
    /// They are set aside.
    Ignore,
}

/// What became of files that were tried again.
#[derive(Clone, Debug, Default)]
pub struct TriedAgain {
    /// Of files whose bytes are here.
    pub here: FilesDone,
    /// Names of files that a watcher fetches again.
    pub due: Vec<String>,
}

impl Troubles {
    /// Reads those of these servers; all files that are imported, too, if asked.
    ///
    /// # Errors
    /// The database failed.
    pub async fn read(db: &Db, servers: Vec<ServerRow>, imported: bool) -> Result<Self, fullhold_repository::Error> {
        let is_wanted = |id: ServerId| servers.iter().any(|one| one.id == id);
        let mut stored = if imported {
            db.all_files().await?
        } else {
            db.files_in(&[FileState::Failed, FileState::Ignored]).await?
        };
        stored.retain(|file| is_wanted(file.server_id));
        let mut left_out = db.left_out_files().await?;
        left_out.retain(|file| is_wanted(file.server_id));
        let mut remote = Vec::new();
        for one in &servers {
            remote.extend(db.remote_files(one.id).await?);
        }
        Ok(Self { servers, stored, left_out, remote })
    }

    /// What a server is called.
    #[must_use]
    pub fn server_of(&self, id: ServerId) -> &str {
        self.servers.iter().find(|one| one.id == id).map_or("", |one| one.name.as_str())
    }

    /// Keeps files whose names fit.
    pub fn retain(&mut self, fits: impl Fn(&str) -> bool) {
        self.stored.retain(|file| fits(&file.filename));
        self.left_out.retain(|file| fits(&file.filename));
        self.remote.retain(|file| fits(&file.filename));
    }

    /// Files that are meant where none is named, by server and name: what somebody set aside is not tried again unless
    /// it is named.
    #[must_use]
    pub fn in_trouble(&self, purpose: Purpose) -> Vec<(&ServerRow, String)> {
        let stored = self.stored.iter().filter(|file| file.state == FileState::Failed);
        let left_out = self.left_out.iter().filter(|file| file.state == LeftOutState::Open);
        // One that waits on its server comes by itself; one that differs from the stored one can be set aside alone.
        let remote = self.remote.iter().filter(|file| match file.state {
            RemoteFileState::Failed | RemoteFileState::Dead => true,
            RemoteFileState::Conflict => purpose == Purpose::Ignore,
            RemoteFileState::Waiting | RemoteFileState::Same | RemoteFileState::Ignored => false,
        });
        let mut names: BTreeSet<(ServerId, String)> = BTreeSet::new();
        names.extend(stored.map(|file| (file.server_id, file.filename.clone())));
        names.extend(left_out.map(|file| (file.server_id, file.filename.clone())));
        names.extend(remote.map(|file| (file.server_id, file.filename.clone())));
        let server = |id: ServerId| self.servers.iter().find(|one| one.id == id);
        names.into_iter().filter_map(|(id, name)| Some((server(id)?, name))).collect()
    }

    /// Servers that have a file of that name, and what it is there.
    ///
    /// # Errors
    /// The database failed.
    pub async fn having(&self, db: &Db, name: &str) -> Result<Vec<(ServerRow, String)>, fullhold_repository::Error> {
        let mut found: BTreeMap<ServerId, Vec<String>> = BTreeMap::new();
        for file in db.files_named(name).await? {
            found.entry(file.server_id).or_default().push(file.state.to_string());
        }
        for file in self.left_out.iter().filter(|file| file.filename == name) {
            found.entry(file.server_id).or_default().push(format!("left out ({})", file.kind));
        }
        for file in self.remote.iter().filter(|file| file.filename == name) {
            found.entry(file.server_id).or_default().push(format!("{} on the server", file.state));
        }
        let servers = self.servers.iter();
        Ok(servers.filter_map(|one| Some((one.clone(), found.get(&one.id)?.join(", ")))).collect())
    }
}

impl Maintenance {
    /// Tries files again: those that are here at once, those that could not be had from a server when a watcher looks
    /// next.
    ///
    /// # Errors
    /// The database failed.
    pub async fn retry_or_fetch(&self, files: &[AskedFile], actor: &str) -> Result<TriedAgain, Error> {
        let mut due: Vec<(ServerId, String)> = Vec::new();
        for file in files {
            let names = std::slice::from_ref(&file.name);
            let now_due = self.db.retry_remote_files(file.server.id, names, self.now()).await?;
            due.extend(now_due.into_iter().map(|name| (file.server.id, name)));
        }
        let is_here =
            |file: &&AskedFile| !due.iter().any(|(server, name)| *server == file.server.id && *name == file.name);
        let left: Vec<AskedFile> = files.iter().filter(is_here).cloned().collect();
        let here = self.retry(&left, actor).await?;
        let due: Vec<String> = due.into_iter().map(|(_, name)| name).collect();
        if !due.is_empty() {
            let detail = due.join(", ");
            let entry = AuditEntry { by: actor, action: "files retry", detail: &detail, result: "to be fetched again" };
            self.db.audit(self.now(), entry).await?;
        }
        Ok(TriedAgain { here, due })
    }
}
