//! What can go wrong with a server, and whose trouble it is.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use thiserror::Error;

use crate::known_hosts::Refusal;

/// What was being done to what, and why it failed.
#[derive(Debug, Error)]
pub enum Error {
    /// The host's name.
    #[error("host name {host} cannot be resolved")]
    Resolve {
        /// The name.
        host: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// No TCP connection.
    #[error("no connection to {host}")]
    Connect {
        /// Host and port.
        host: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// No answer in time.
    #[error("{host} did not answer within {} s while {doing}", after.as_secs())]
    Silent {
        /// Host and port.
        host: String,
        /// What was asked.
        doing: String,
        /// The time-out.
        after: Duration,
    },
    /// More came than anything we asked for is worth.
    #[error("{host} sent more than {bytes} bytes while {doing}, and was cut off")]
    Flood {
        /// Host and port.
        host: String,
        /// What was asked.
        doing: String,
        /// Bytes that are allowed.
        bytes: u64,
    },
    /// The connection broke.
    #[error("the connection to {host} was lost while {doing}")]
    Lost {
        /// Host and port.
        host: String,
        /// What was being done.
        doing: String,
        /// What libssh2 said.
        #[source]
        source: ssh2::Error,
    },
    /// Both sides could not agree.
    #[error("no SSH session with {host}: handshake failed")]
    Handshake {
        /// Host and port.
        host: String,
        /// What libssh2 said.
        #[source]
        source: ssh2::Error,
    },
    /// The server knows no method that we know.
    #[error("no SSH session with {host}: of {what} it offers only {offered}; known here are {known}")]
    NothingInCommon {
        /// Host and port.
        host: String,
        /// The kind of method.
        what: &'static str,
        /// The server's, separated by commas.
        offered: String,
        /// Ours.
        known: String,
    },
    /// The host's key is not the known one. Nothing was sent.
    #[error(transparent)]
    HostKey(#[from] Box<Refusal>),
    /// The file of known hosts.
    #[error("known hosts {}: cannot be {doing}", path.display())]
    KnownHosts {
        /// `read` or `written`.
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The private key file.
    #[error("private key {}: cannot be read", path.display())]
    Key {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The private key can be read by others.
    #[error("private key {}: its permissions are {mode:04o}, others can read it: chmod 600 {}", path.display(), path.display())]
    KeyMode {
        /// The file.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// The private key does not open.
    #[error("private key {}: wrong passphrase, or not a private key (OpenSSH or PEM: ed25519, ecdsa, RSA)", path.display())]
    Passphrase {
        /// The file.
        path: PathBuf,
        /// What libssh2 said.
        #[source]
        source: ssh2::Error,
    },
    /// No agent, or none of its keys.
    #[error("the SSH agent cannot be used: {reason}")]
    Agent {
        /// Why.
        reason: String,
    },
    /// The server does not let us in.
    #[error("{host} refuses user {user} with {with}: is its public half in the server's authorized_keys?")]
    Refused {
        /// Host and port.
        host: String,
        /// The user.
        user: String,
        /// The key.
        with: String,
        /// What libssh2 said.
        #[source]
        source: ssh2::Error,
    },
    /// The server has no SFTP.
    #[error("{host} gives no SFTP to user {user}: {reason}")]
    NoSftp {
        /// Host and port.
        host: String,
        /// The user.
        user: String,
        /// What came instead.
        reason: String,
    },
    /// The server refused something about the directory.
    #[error("directory {path} on {host}: {reason}")]
    Directory {
        /// Host and port.
        host: String,
        /// The directory.
        path: String,
        /// `does not exist`, `permission denied`, …
        reason: String,
    },
    /// The server refused something about a file.
    #[error("file {name} on {host}: {reason}")]
    File {
        /// Host and port.
        host: String,
        /// The file.
        name: String,
        /// `does not exist`, `permission denied`, …
        reason: String,
        /// The status that SFTP gives it.
        status: Option<u32>,
    },
    /// What arrived is not what was announced.
    #[error("file {name}: {found} bytes arrived, {announced} were announced: it is being written")]
    Size {
        /// The file.
        name: String,
        /// Size in the listing.
        announced: u64,
        /// Bytes that came.
        found: u64,
    },
    /// Too large to be a stats file.
    #[error("file {name} has {size} bytes, allowed are {most}")]
    Large {
        /// The file.
        name: String,
        /// Its size.
        size: u64,
        /// The limit.
        most: u64,
    },
    /// The local disk.
    #[error("{}: {doing}", path.display())]
    Local {
        /// What was being done.
        doing: &'static str,
        /// To what.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Something else has the file's name here.
    #[error("{}: a file of this name cannot be kept here", path.display())]
    InTheWay {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// We are to end.
    #[error("stopped")]
    Stopped,
}

/// Whose trouble an error is, and so what helps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The connection: make a new one, later.
    Link,
    /// Keys, users, rights: a person must act.
    Access,
    /// This one file.
    File,
    /// Our own disk.
    Local,
    /// None: we were asked to end.
    Stopped,
}

impl Error {
    /// Whose trouble it is.
    #[must_use]
    pub const fn trouble(&self) -> Trouble {
        match self {
            Self::Resolve { .. }
            | Self::Connect { .. }
            | Self::Silent { .. }
            | Self::Flood { .. }
            | Self::Lost { .. }
            | Self::Handshake { .. } => Trouble::Link,
            Self::NothingInCommon { .. }
            | Self::HostKey(_)
            | Self::KnownHosts { .. }
            | Self::Key { .. }
            | Self::KeyMode { .. }
            | Self::Passphrase { .. }
            | Self::Agent { .. }
            | Self::Refused { .. }
            | Self::NoSftp { .. }
            | Self::Directory { .. } => Trouble::Access,
            Self::File { .. } | Self::Size { .. } | Self::Large { .. } | Self::InTheWay { .. } => Trouble::File,
            Self::Local { .. } => Trouble::Local,
            Self::Stopped => Trouble::Stopped,
        }
    }

    /// The error with its causes, in one line.
    #[must_use]
    pub fn chain(&self) -> String {
        let mut text = self.to_string();
        let mut source = std::error::Error::source(self);
        while let Some(cause) = source {
            text.push_str(": ");
            text.push_str(&cause.to_string());
            source = cause.source();
        }
        text
    }
}
