//! TCP, handshake, host key, login: everything before the first file operation, each step with a
//! deadline. The socket can be shut down from outside ([`CancelSocket`]).

use std::io;
use std::net::{Shutdown, TcpStream, ToSocketAddrs as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ssh2::{ErrorCode, MethodType};

use crate::agreement::disagreement;
use crate::gate::{End, Gate};
use crate::{CancelSocket, Config, Error, HostKey, Identity, Timeouts, host_keys, known_hosts};

/// No server has more to say before somebody is logged in.
const MOST_GREETING: u64 = 256 * 1024;

/// libssh2's error numbers that mean something to us.
pub(crate) mod code {
    pub(crate) const SOCKET_NONE: i32 = -1;
    pub(crate) const TIMEOUT: i32 = -9;
    pub(crate) const SOCKET_DISCONNECT: i32 = -13;
    pub(crate) const FILE: i32 = -16;
    pub(crate) const CHANNEL_FAILURE: i32 = -21;
    pub(crate) const CHANNEL_REQUEST_DENIED: i32 = -22;
    pub(crate) const SOCKET_TIMEOUT: i32 = -30;
    pub(crate) const SFTP_PROTOCOL: i32 = -31;
}

/// A connection on its way to a session.
pub(crate) struct Link {
    pub(crate) ssh: ssh2::Session,
    socket: Arc<TcpStream>,
    pub(crate) gate: Gate,
    /// Host and port, for messages.
    pub(crate) host: String,
    timeouts: Timeouts,
    cut: CancelSocket,
}

impl Link {
    /// The TCP connection.
    pub(crate) fn connect(host: &str, port: u16, timeouts: Timeouts, cut: &CancelSocket) -> Result<Self, Error> {
        let shown = format!("{host}:{port}");
        if cut.is_cancelled() {
            return Err(Error::Stopped);
        }
        let socket = Arc::new(dial(host, port, &shown, timeouts.connect)?);
        cut.register(&socket);
        let failed = |source| Error::Connect { host: shown.clone(), source };
        let setup = |source: ssh2::Error| failed(io::Error::other(source.to_string()));
        // Requests are small and wait for answers: sent at once.
        socket.set_nodelay(true).map_err(failed)?;
        let mut ssh = ssh2::Session::new().map_err(setup)?;
        let (gate, inner) = Gate::before(&socket).map_err(failed)?;
        ssh.set_tcp_stream(inner);
        let link = Self { ssh, socket, gate, host: shown, timeouts, cut: cut.clone() };
        link.wait_at_most(timeouts.handshake);
        Ok(link)
    }

    /// The SSH handshake; asks for host keys of these kinds first.
    pub(crate) fn handshake(&mut self, kinds: &[String]) -> Result<HostKey, Error> {
        if let Some(methods) = host_keys::preference(kinds) {
            let supported = self.ssh.supported_algs(MethodType::HostKey).unwrap_or_default();
            let rest = supported.iter().filter(|method| !methods.split(',').any(|known| known == **method));
            let all: Vec<&str> =
                methods.split(',').filter(|method| supported.contains(method)).chain(rest.copied()).collect();
            // Where this fails the host may show another key than the known one, and is refused.
            drop(self.ssh.method_pref(MethodType::HostKey, &all.join(",")));
        }
        let gate = self.gate.clone();
        let limited = gate.limit(self.timeouts.handshake, MOST_GREETING);
        let shaken = self.ssh.handshake();
        drop(limited);
        let beginning = gate.take_beginning();
        shaken.map_err(|source| self.not_shaken(&beginning, source))?;
        let blob = self.ssh.host_key().map(|(blob, _)| blob);
        blob.and_then(HostKey::from_blob).ok_or_else(|| Error::Handshake {
            host: self.host.clone(),
            source: ssh2::Error::new(ErrorCode::Session(code::SOCKET_NONE), "the host showed no key we can read"),
        })
    }

    fn not_shaken(&self, beginning: &[u8], source: ssh2::Error) -> Error {
        let ours = |kind| self.ssh.supported_algs(kind).unwrap_or_default();
        let known = [MethodType::Kex, MethodType::HostKey, MethodType::CryptCs].map(ours);
        if let Some(disagreement) = disagreement(beginning, known).filter(|_| !self.cut.is_cancelled()) {
            return Error::NothingInCommon {
                host: self.host.clone(),
                what: disagreement.what,
                offered: disagreement.offered,
                known: disagreement.known,
            };
        }
        match self.error("shaking hands", self.timeouts.handshake, source) {
            Error::Lost { host, source, .. } if self.gate.ended().is_none() => Error::Handshake { host, source },
            other => other,
        }
    }

    /// Connects, verifies the host's key and logs in.
    pub(crate) fn open(config: &Config, cut: &CancelSocket) -> Result<Self, Error> {
        let known = known_hosts::lookup(&config.known_hosts, &config.host, config.port)?;
        let mut link = Self::connect(&config.host, config.port, config.timeouts, cut)?;
        let key = link.handshake(&known.kinds())?;
        known.verify(&key).map_err(Box::new)?;
        link.log_in(&config.user, &config.identity)?;
        link.wait_at_most(config.timeouts.operation);
        Ok(link)
    }

    pub(crate) fn log_in(&self, user: &str, identity: &Identity) -> Result<(), Error> {
        // An agent may ask a person, and may have several keys to try.
        let _limited = self.gate.limit(self.timeouts.handshake.saturating_mul(4), MOST_GREETING);
        match identity {
            Identity::Key { path, passphrase } => self.with_key(user, path, passphrase.as_deref()),
            Identity::Agent => self.with_agent(user),
        }
    }

    fn with_key(&self, user: &str, path: &Path, passphrase: Option<&str>) -> Result<(), Error> {
        // libssh2 cannot tell why it does not read a file.
        let opened = std::fs::File::open(path).and_then(|file| file.metadata());
        let meta = opened.map_err(|source| Error::Key { path: path.to_path_buf(), source })?;
        if let Some(mode) = exposed(&meta) {
            return Err(Error::KeyMode { path: path.to_path_buf(), mode });
        }
        self.ssh.userauth_pubkey_file(user, None, path, passphrase).map_err(|source| {
            if source.code() == ErrorCode::Session(code::FILE) {
                return Error::Passphrase { path: path.to_path_buf(), source };
            }
            self.refused(user, format!("key {}", path.display()), source)
        })
    }

    fn with_agent(&self, user: &str) -> Result<(), Error> {
        let unusable = |error: ssh2::Error| Error::Agent { reason: error.message().to_owned() };
        let mut agent = self.ssh.agent().map_err(unusable)?;
        agent.connect().map_err(unusable)?;
        agent.list_identities().map_err(unusable)?;
        let mut last = Error::Agent { reason: "it holds no keys (ssh-add adds one)".to_owned() };
        for key in agent.identities().map_err(unusable)? {
            match agent.userauth(user, &key) {
                Ok(()) => return Ok(()),
                Err(error) => last = self.refused(user, format!("the agent's key {}", key.comment()), error),
            }
        }
        Err(last)
    }

    fn refused(&self, user: &str, with: String, source: ssh2::Error) -> Error {
        let timed_out = source.code() == ErrorCode::Session(code::TIMEOUT);
        if self.cut.is_cancelled() || self.gate.ended().is_some() || timed_out {
            return self.error("logging in", self.timeouts.handshake, source);
        }
        Error::Refused { host: self.host.clone(), user: user.to_owned(), with, source }
    }

    pub(crate) fn wait_at_most(&self, wait: Duration) {
        self.ssh.set_timeout(u32::try_from(wait.as_millis()).unwrap_or(u32::MAX));
    }

    /// An error of the connection, in our words.
    pub(crate) fn error(&self, doing: &str, after: Duration, source: ssh2::Error) -> Error {
        if self.cut.is_cancelled() {
            return Error::Stopped;
        }
        let host = self.host.clone();
        let doing = doing.to_owned();
        match self.gate.ended() {
            Some(End::Late(after)) => return Error::Silent { host, doing, after },
            Some(End::Flood(bytes)) => return Error::Flood { host, doing, bytes },
            Some(End::Closed) => {
                // What libssh2 makes of it depends on the step: a refused key, no SFTP, …
                let closed = ErrorCode::Session(code::SOCKET_DISCONNECT);
                return Error::Lost { host, doing, source: ssh2::Error::new(closed, "the other side hung up") };
            }
            None => {}
        }
        match source.code() {
            ErrorCode::Session(code::TIMEOUT | code::SOCKET_TIMEOUT) => Error::Silent { host, doing, after },
            _ => Error::Lost { host, doing, source },
        }
    }

    /// Closes without a word, so that nothing waits for an answer any more.
    pub(crate) fn hang_up(&self) {
        // It may be closed already.
        drop(self.socket.shutdown(Shutdown::Both));
    }
}

/// The permissions of a private key that others than its owner have a part in; as OpenSSH does, we ask
/// this of our own files only.
fn exposed(key: &std::fs::Metadata) -> Option<u32> {
    const OTHERS: u32 = 0o077;
    // Without /proc every key is taken for our own.
    let foreign = std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() != key.uid());
    let mode = key.mode() & 0o7777;
    (!foreign && mode & OTHERS != 0).then_some(mode)
}

/// Tries the addresses of a name one after the other, all within the time.
fn dial(host: &str, port: u16, shown: &str, wait: Duration) -> Result<TcpStream, Error> {
    let resolve = |source| Error::Resolve { host: host.to_owned(), source };
    let addresses = (host, port).to_socket_addrs().map_err(resolve)?;
    let began = Instant::now();
    let mut last = io::Error::from(io::ErrorKind::AddrNotAvailable);
    for address in addresses {
        let left = wait.saturating_sub(began.elapsed());
        if left.is_zero() {
            break;
        }
        match TcpStream::connect_timeout(&address, left) {
            Ok(socket) => return Ok(socket),
            Err(error) => last = error,
        }
    }
    if last.kind() == io::ErrorKind::TimedOut || began.elapsed() >= wait {
        return Err(Error::Silent { host: shown.to_owned(), doing: "connecting".to_owned(), after: wait });
    }
    Err(Error::Connect { host: shown.to_owned(), source: last })
}
