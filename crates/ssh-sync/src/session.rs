//! One connection to a server: stat, list, read. Every answer has a deadline; after an error of the
//! connection the session is good for nothing and says so.

use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::bulk::Download;
use crate::gate::Limited;
use crate::link::Link;
use crate::listing::{Lister, MOST_LISTING, MOST_NAME_BYTES, MOST_NAMES, MOST_WANTED, TooMany};
use crate::sftp::{Reply, Requests, reply, status};
use crate::wire::{NoGreeting, Trouble, Wire};
use crate::{CancelSocket, Config, Entry, Error, Fetch, Listing, Mark};

/// More than the answer to one question.
const MOST_ANSWER: u64 = 2 << 20;
/// A listing may take so many times as long as silence may.
const LISTING: u32 = 30;

/// A connection that is logged in. Dropping it closes it.
pub struct Session {
    // Declared first: closed before the link it runs over.
    wire: Mutex<Wire>,
    link: Link,
    config: Config,
    /// The directory, as the server is asked for it.
    directory: String,
    broken: AtomicBool,
    there: Mutex<Option<HashMap<String, String>>>,
}

impl Session {
    /// Connects, verifies the host's key, logs in.
    ///
    /// # Errors
    /// Any of this failed; the message says which, and what helps.
    pub fn open(config: &Config, cut: &CancelSocket) -> Result<Self, Error> {
        let link = Link::open(config, cut)?;
        Self::over(link, config)
    }

    pub(crate) fn over(link: Link, config: &Config) -> Result<Self, Error> {
        let limited = link.gate.limit(config.timeouts.operation.saturating_mul(2), MOST_ANSWER);
        let wire = Wire::open(&link).map_err(|trouble| match trouble {
            NoGreeting::Link(source) => link.error("starting SFTP", config.timeouts.operation, source),
            NoGreeting::Instead(reason) => Error::NoSftp { host: link.host.clone(), user: config.user.clone(), reason },
        })?;
        drop(limited);
        Ok(Self {
            wire: Mutex::new(wire),
            link,
            config: config.clone(),
            directory: from_login(&config.directory),
            broken: AtomicBool::new(false),
            there: Mutex::new(None),
        })
    }

    /// What the session was made from.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Whether it is of no use any more.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        self.broken.load(Ordering::Relaxed)
    }

    /// Says that we are still there; waits for nothing.
    ///
    /// # Errors
    /// The connection is gone.
    pub fn keep_alive(&self) -> Result<(), Error> {
        self.link.ssh.set_keepalive(true, 1);
        let sent = self.link.ssh.keepalive_send();
        // With an interval set, libssh2 waits no longer than it for any answer.
        self.link.ssh.set_keepalive(false, 0);
        sent.map(drop).map_err(|e| self.link_error("keeping the connection alive", e))
    }

    /// The directory's modification time.
    ///
    /// # Errors
    /// The connection or the server failed, or it is no directory.
    pub fn stat_directory(&self) -> Result<i64, Error> {
        let _limited = self.one_answer();
        let body = self.ask("looking at", |requests, id| requests.stat(id, self.directory.as_bytes()))?;
        let mark = match reply(&body) {
            Ok(Reply::Attributes { attributes, .. }) => Mark::of(&attributes),
            Ok(Reply::Status { code, .. }) => return Err(self.directory_error("looking at", code)),
            _ => return Err(self.no_answer("looking at")),
        };
        if !mark.is_directory() {
            return Err(self.no_directory("is not a directory"));
        }
        Ok(mark.mtime)
    }

    /// Everything in the directory, in the order of the names.
    ///
    /// # Errors
    /// The connection or the server failed, or there is no end to the names. Half a listing is none.
    pub fn list(&self, wanted: &dyn Fn(&str) -> bool) -> Result<Listing, Error> {
        let (time, handle) = (self.config.timeouts.operation.saturating_mul(LISTING), self.open_directory()?);
        let _limited = self.link.gate.limit(time, MOST_LISTING);
        let mut lister = Lister::new();
        loop {
            let body = self.ask("listing", |requests, id| requests.read_directory(id, &handle))?;
            let names = match reply(&body) {
                Ok(Reply::Names { names, .. }) => names,
                Ok(Reply::Status { code: status::EOF, .. }) => break,
                Ok(Reply::Status { code, .. }) => return Err(self.directory_error("listing", code)),
                _ => return Err(self.no_answer("listing")),
            };
            for name in names {
                let (name, attributes) = name.map_err(|_garbled| self.no_answer("listing"))?;
                let added = lister.add(name, &attributes, wanted);
                added.map_err(|TooMany| {
                    // What it still has to say is not worth waiting for.
                    self.give_up();
                    let most = MOST_NAME_BYTES >> 20;
                    self.no_directory(&format!(
                        "holds more than {MOST_NAMES} names, or more than {MOST_WANTED} files to fetch or {most} MiB of \
                         their names; old ones may be moved to a folder of their own"
                    ))
                })?;
            }
        }
        self.ask("closing", |requests, id| requests.close(id, &handle))?;
        let (listing, there) = lister.finish();
        *self.there.lock().unwrap_or_else(PoisonError::into_inner) = Some(there);
        Ok(listing)
    }

    fn open_directory(&self) -> Result<Vec<u8>, Error> {
        let _limited = self.one_answer();
        let body = self.ask("opening", |requests, id| requests.open_directory(id, self.directory.as_bytes()))?;
        match reply(&body) {
            Ok(Reply::Handle { handle, .. }) => Ok(handle.to_vec()),
            Ok(Reply::Status { code, .. }) => Err(self.directory_error("opening", code)),
            _ => Err(self.no_answer("opening")),
        }
    }

    /// One file's size and time; `None` when it is not there.
    ///
    /// # Errors
    /// The connection or the server failed.
    pub fn stat(&self, name: &str) -> Result<Option<Mark>, Error> {
        let doing = format!("looking at {name} in");
        let look = || {
            let _limited = self.one_answer();
            let path = self.path(name);
            let body = self.ask(&doing, |requests, id| requests.lstat(id, path.as_bytes()))?;
            match reply(&body) {
                Ok(Reply::Attributes { attributes, .. }) => Ok(Some(Mark::of(&attributes))),
                Ok(Reply::Status { code: status::NO_SUCH_FILE, .. }) => Ok(None),
                Ok(Reply::Status { code, .. }) => Err(self.file_error("looking at", name, code)),
                _ => Err(self.no_answer(&doing)),
            }
        };
        match look()? {
            None if self.learn_names()? => look(),
            mark => Ok(mark),
        }
    }

    /// Downloads files and hands each to `sink` as it arrives, in any order. Files that cannot be had
    /// are handed over with the reason; the others go on. When the connection, the access or the
    /// local disk fails, everything ends with that error: what was not handed over is still to do. So is
    /// what a slow line did not bring within a few minutes.
    ///
    /// # Errors
    /// Not one file's trouble.
    pub fn fetch_all(&self, files: Vec<Entry>, folder: &Path, sink: &mut dyn FnMut(Fetch)) -> Result<(), Error> {
        let mut missing = Vec::new();
        let knows = self.there.lock().unwrap_or_else(PoisonError::into_inner).is_some();
        let mut first = |fetch: Fetch| match fetch {
            (entry, Err(Error::File { status: Some(status::NO_SUCH_FILE), .. })) if !knows => missing.push(entry),
            fetch => sink(fetch),
        };
        Download::run(self, files, folder, &mut first)?;
        if missing.is_empty() {
            return Ok(());
        }
        self.learn_names()?;
        Download::run(self, missing, folder, sink)
    }

    /// Names here and there are known from a listing; whether one had to be made for it.
    fn learn_names(&self) -> Result<bool, Error> {
        if self.there.lock().unwrap_or_else(PoisonError::into_inner).is_some() {
            return Ok(false);
        }
        self.list(&|_| true).map(|_| true)
    }

    /// The path of a file, there.
    pub(crate) fn path(&self, name: &str) -> String {
        let there = self.there.lock().unwrap_or_else(PoisonError::into_inner);
        let name = there.as_ref().and_then(|there| there.get(name)).map_or(name, String::as_str);
        format!("{}/{name}", self.directory.trim_end_matches('/'))
    }

    /// The connection, and what runs over it.
    pub(crate) fn parts(&self) -> (&Link, MutexGuard<'_, Wire>) {
        (&self.link, self.wire.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn one_answer(&self) -> Limited<'_> {
        self.link.gate.limit(self.config.timeouts.operation.saturating_mul(4), MOST_ANSWER)
    }

    /// Asks one question and waits for its answer.
    fn ask(&self, doing: &str, question: impl FnOnce(&mut Requests, u32)) -> Result<Vec<u8>, Error> {
        let (link, mut wire) = self.parts();
        let id = wire.id();
        question(&mut wire.requests, id);
        let answer = wire.send(link).and_then(|()| wire.answer(link));
        let body = answer.map_err(|trouble| self.trouble(&format!("{doing} {}", self.config.directory), trouble))?;
        match reply(&body) {
            Ok(
                Reply::Status { id: of, .. }
                | Reply::Handle { id: of, .. }
                | Reply::Names { id: of, .. }
                | Reply::Attributes { id: of, .. },
            ) if of == id => Ok(body),
            _ => Err(self.no_answer(doing)),
        }
    }

    pub(crate) fn trouble(&self, doing: &str, trouble: Trouble) -> Error {
        self.link_error(doing, trouble.into_ssh())
    }

    fn no_answer(&self, doing: &str) -> Error {
        let doing = format!("{doing} {}", self.config.directory);
        self.trouble(&doing, Trouble::Garbled("an answer to nothing that was asked"))
    }

    pub(crate) fn link_error(&self, doing: &str, source: ssh2::Error) -> Error {
        // Told before we hang up ourselves.
        let error = self.link.error(doing, self.config.timeouts.operation, source);
        self.give_up();
        error
    }

    /// Out of step with the server from here on: what it still sends would be taken for answers to later
    /// questions.
    pub(crate) fn give_up(&self) {
        self.broken.store(true, Ordering::Relaxed);
        // Nothing that is closed on the way out may wait for an answer.
        self.link.hang_up();
    }

    /// An error about the directory, or the connection.
    fn directory_error(&self, doing: &str, code: u32) -> Error {
        if is_about_the_link(code) {
            return self.no_answer(doing);
        }
        self.no_directory(&status::words(code))
    }

    fn no_directory(&self, reason: &str) -> Error {
        Error::Directory {
            host: self.link.host.clone(),
            path: self.config.directory.clone(),
            reason: reason.to_owned(),
        }
    }

    /// An error about a file, or the connection.
    pub(crate) fn file_error(&self, doing: &str, name: &str, code: u32) -> Error {
        if is_about_the_link(code) {
            return self.no_answer(&format!("{doing} {name} in"));
        }
        let (host, name) = (self.link.host.clone(), name.to_owned());
        Error::File { host, name, reason: status::words(code), status: Some(code) }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // Closing waits at most 2 s for the server's close message.
        self.link.wait_at_most(self.config.timeouts.operation.min(Duration::from_secs(2)));
    }
}

/// A server that says that it has no connection has none.
fn is_about_the_link(code: u32) -> bool {
    matches!(code, status::NO_CONNECTION | status::CONNECTION_LOST)
}

/// A directory as SFTP has it: what is not absolute begins where one logs in, and `~` is that place.
fn from_login(directory: &str) -> String {
    match directory.strip_prefix('~') {
        Some("" | "/") => ".".to_owned(),
        Some(rest) if rest.starts_with('/') => rest.trim_start_matches('/').to_owned(),
        _ => directory.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tilde_is_where_one_logs_in() {
        let cases = [
            ("/home/et/stats", "/home/et/stats"),
            ("stats", "stats"),
            ("~", "."),
            ("~/", "."),
            ("~/.etlegacy/gamestats", ".etlegacy/gamestats"),
            ("~//gamestats/", "gamestats/"),
            ("~other/x", "~other/x"),
        ];
        for (directory, expected) in cases {
            assert_eq!(from_login(directory), expected, "{directory}");
        }
    }
}
