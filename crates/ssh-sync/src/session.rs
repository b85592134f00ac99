//! One connection to a server: stat, list, read. Every answer has a deadline; after an error of the
//! connection the session is good for nothing and says so.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use ssh2::{ErrorCode, FileStat, Sftp};

use crate::link::{Link, code};
use crate::name::{check_name, shown};
use crate::{Config, Cut, Error};

/// What tells one version of a file from another without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Mark {
    /// Bytes.
    pub size: u64,
    /// Modification time by the server's clock, seconds since 1970.
    pub mtime: i64,
    /// Type and permissions, as in Unix.
    pub mode: u32,
}

impl Mark {
    /// Whether it is a regular file: neither directory nor link nor anything else.
    #[must_use]
    pub const fn is_file(&self) -> bool {
        self.mode & 0o170_000 == 0o100_000
    }
}

/// A file of the directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name, good to be one here.
    pub name: String,
    /// Its size and time.
    pub mark: Mark,
}

/// A name that was not taken, and why.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Refused {
    /// The name, escaped.
    pub name: String,
    /// Why.
    pub reason: String,
}

/// What is in the directory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// Files that are wanted, by name.
    pub entries: Vec<Entry>,
    /// Files that may not be taken.
    pub refused: Vec<Refused>,
    /// Files that are not wanted.
    pub others: usize,
}

/// A connection that is logged in. Dropping it closes it.
pub struct Session {
    // Declared first: closed before the link they run over.
    closing: Mutex<VecDeque<(String, ssh2::File)>>,
    sftp: Sftp,
    link: Link,
    config: Config,
    broken: AtomicBool,
}

/// Answers to so many closed files may be outstanding.
const MOST_CLOSING: usize = 2;

const PERMISSION_DENIED: i32 = 3;
const NO_SUCH_FILE: i32 = 2;
const NO_CONNECTION: i32 = 6;
const CONNECTION_LOST: i32 = 7;

impl Session {
    /// Connects, verifies the host's key, logs in.
    ///
    /// # Errors
    /// Any of this failed; the message says which, and what helps.
    pub fn open(config: &Config, cut: &Cut) -> Result<Self, Error> {
        let link = Link::open(config, cut)?;
        Self::over(link, config)
    }

    pub(crate) fn over(link: Link, config: &Config) -> Result<Self, Error> {
        let sftp = match link.ssh.sftp() {
            Ok(sftp) => sftp,
            Err(source) => {
                return Err(match link.error("starting SFTP", config.timeouts.operation, source) {
                    Error::Lost { host, source, .. } => Error::NoSftp { host, user: config.user.clone(), source },
                    other => other,
                });
            }
        };
        Ok(Self { closing: Mutex::default(), sftp, link, config: config.clone(), broken: AtomicBool::new(false) })
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
        self.link.ssh.keepalive_send().map(drop).map_err(|e| self.link_error("keeping the connection alive", e))
    }

    /// The directory's modification time.
    ///
    /// # Errors
    /// The connection or the server failed, or it is no directory.
    pub fn stat_directory(&self) -> Result<i64, Error> {
        let stat = self.sftp.stat(self.directory()).map_err(|e| self.directory_error("looking at", e))?;
        if !stat.is_dir() {
            return Err(self.no_directory("is not a directory"));
        }
        Ok(mark(&stat).mtime)
    }

    /// Everything in the directory, in the order of the names.
    ///
    /// # Errors
    /// The connection or the server failed. Half a listing is none.
    pub fn list(&self, wanted: &dyn Fn(&str) -> bool) -> Result<Listing, Error> {
        let mut directory = self.sftp.opendir(self.directory()).map_err(|e| self.directory_error("opening", e))?;
        let mut listing = Listing::default();
        loop {
            match directory.readdir() {
                Ok((path, stat)) => listing.add(&path, &stat, wanted),
                Err(error) if error.code() == ErrorCode::Session(code::FILE) => break,
                Err(error) => return Err(self.directory_error("listing", error)),
            }
        }
        listing.entries.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(listing)
    }

    /// One file's size and time; `None` when it is not there.
    ///
    /// # Errors
    /// The connection or the server failed.
    pub fn stat(&self, name: &str) -> Result<Option<Mark>, Error> {
        match self.sftp.lstat(&self.path(name)) {
            Ok(stat) => Ok(Some(mark(&stat))),
            Err(error) if error.code() == ErrorCode::SFTP(NO_SUCH_FILE) => Ok(None),
            Err(error) => Err(self.file_error("looking at", name, error)),
        }
    }

    pub(crate) fn open_file(&self, name: &str) -> Result<ssh2::File, Error> {
        self.sftp.open(self.path(name)).map_err(|e| self.file_error("opening", name, e))
    }

    /// One more channel for SFTP; `None` where the server allows only one.
    pub(crate) fn open_channel(&self) -> Result<Option<ssh2::Channel>, Error> {
        let opened = self.link.ssh.channel_session().and_then(|mut channel| {
            channel.subsystem("sftp")?;
            Ok(channel)
        });
        match opened {
            Ok(channel) => Ok(Some(channel)),
            Err(error) if is_refusal(&error) => Ok(None),
            Err(error) => Err(self.link_error("starting SFTP", error)),
        }
    }

    /// Closes a file without waiting for the answer: that comes while the next file is read, which
    /// saves a third of the time over a long line.
    pub(crate) fn close(&self, name: &str, mut file: ssh2::File) -> Result<(), Error> {
        self.link.ssh.set_blocking(false);
        let asked = file.close();
        self.link.ssh.set_blocking(true);
        let mut closing = self.closing.lock().unwrap_or_else(PoisonError::into_inner);
        match asked {
            Ok(()) => {}
            Err(error) if error.code() == ErrorCode::Session(code::AGAIN) => {
                closing.push_back((name.to_owned(), file));
            }
            Err(error) => return Err(self.file_error("closing", name, error)),
        }
        while closing.len() > MOST_CLOSING {
            let Some((name, mut file)) = closing.pop_front() else { break };
            file.close().map_err(|error| self.file_error("closing", &name, error))?;
        }
        Ok(())
    }

    fn directory(&self) -> &Path {
        Path::new(&self.config.directory)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory().join(name)
    }

    pub(crate) fn link_error(&self, doing: &str, source: ssh2::Error) -> Error {
        // Out of step with the server from here on: what it still sends would be taken for answers
        // to later questions.
        self.broken.store(true, Ordering::Relaxed);
        // Nothing that is closed on the way out may wait for an answer.
        self.link.hang_up();
        self.link.error(doing, self.config.timeouts.operation, source)
    }

    /// An error about the directory, or the connection.
    fn directory_error(&self, doing: &str, error: ssh2::Error) -> Error {
        match reason(&error) {
            Some(reason) => self.no_directory(&reason),
            None => self.link_error(&format!("{doing} {}", self.config.directory), error),
        }
    }

    fn no_directory(&self, reason: &str) -> Error {
        Error::Directory {
            host: self.link.host.clone(),
            path: self.config.directory.clone(),
            reason: reason.to_owned(),
        }
    }

    /// An error about a file, or the connection.
    pub(crate) fn file_error(&self, doing: &str, name: &str, error: ssh2::Error) -> Error {
        match reason(&error) {
            Some(reason) => Error::File { host: self.link.host.clone(), name: name.to_owned(), reason },
            None => self.link_error(&format!("{doing} {name}"), error),
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // Whoever closes does not wait long for the other side's good-bye.
        self.link.wait_at_most(self.config.timeouts.operation.min(std::time::Duration::from_secs(2)));
    }
}

impl Listing {
    fn add(&mut self, path: &Path, stat: &FileStat, wanted: &dyn Fn(&str) -> bool) {
        let bytes = path.as_os_str().as_encoded_bytes();
        if bytes == b"." || bytes == b".." || stat.is_dir() {
            return;
        }
        let refused = |reason: String| Refused { name: shown(bytes), reason };
        match check_name(bytes) {
            Err(problem) => self.refused.push(refused(problem.to_string())),
            Ok(name) if !wanted(name) => self.others += 1,
            Ok(_) if !stat.is_file() => self.refused.push(refused("it is not a regular file".to_owned())),
            Ok(name) => self.entries.push(Entry { name: name.to_owned(), mark: mark(stat) }),
        }
    }
}

fn is_refusal(error: &ssh2::Error) -> bool {
    matches!(error.code(), ErrorCode::Session(code::CHANNEL_FAILURE | code::CHANNEL_REQUEST_DENIED))
}

fn mark(stat: &FileStat) -> Mark {
    Mark {
        size: stat.size.unwrap_or(0),
        mtime: stat.mtime.and_then(|at| i64::try_from(at).ok()).unwrap_or(0),
        mode: stat.perm.unwrap_or(0),
    }
}

/// The server's answer in words, if it is about what was asked and not about the connection.
fn reason(error: &ssh2::Error) -> Option<String> {
    match error.code() {
        ErrorCode::SFTP(NO_SUCH_FILE) => Some("does not exist".to_owned()),
        ErrorCode::SFTP(PERMISSION_DENIED) => Some("permission denied".to_owned()),
        ErrorCode::SFTP(NO_CONNECTION | CONNECTION_LOST) | ErrorCode::Session(_) => None,
        ErrorCode::SFTP(number) => Some(format!("the server answers {} (SFTP status {number})", error.message())),
    }
}
