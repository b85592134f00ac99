//! One channel that speaks SFTP: requests go out, answers come in, each with a deadline that follows the
//! bytes. As long as bytes come, nobody is given up; silence is.

use std::io::{self, Read as _, Write as _};

use ssh2::ErrorCode;

use crate::link::{Link, code};
use crate::name::shown;
use crate::pace::Pace;
use crate::sftp::{Reply, Requests, length, reply};

/// Asked for at a time.
const BUFFER: usize = 65_536;
/// The version of SFTP that is spoken.
const VERSION: u32 = 3;

/// The channel, and what has come over it.
pub(crate) struct Wire {
    channel: ssh2::Channel,
    /// What is to be sent.
    pub(crate) requests: Requests,
    /// How many files it takes at once.
    pub(crate) pace: Pace,
    next_id: u32,
    buffer: Vec<u8>,
    received: Vec<u8>,
    /// Bytes of `received` that are worked off.
    read: usize,
}

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// What libssh2 said.
    Ssh(ssh2::Error),
    /// What came is no SFTP.
    Garbled(&'static str),
    /// The server ended SFTP and keeps the connection.
    Ended,
}

impl Trouble {
    /// As an error of the connection.
    pub(crate) fn into_ssh(self) -> ssh2::Error {
        let protocol = |what| ssh2::Error::new(ErrorCode::Session(code::SFTP_PROTOCOL), what);
        match self {
            Self::Ssh(error) => error,
            Self::Garbled(what) => protocol(what),
            Self::Ended => protocol("the server ended SFTP"),
        }
    }
}

/// Why a server gives no SFTP.
pub(crate) enum NoGreeting {
    /// The connection.
    Link(ssh2::Error),
    /// The server: what it did instead.
    Instead(String),
}

impl Wire {
    /// Opens a channel and greets.
    pub(crate) fn open(link: &Link) -> Result<Self, NoGreeting> {
        let open = |refused: ssh2::Error| match refused.code() {
            ErrorCode::Session(code::CHANNEL_FAILURE | code::CHANNEL_REQUEST_DENIED) => {
                NoGreeting::Instead("it is not allowed, or not set up there (Subsystem sftp in sshd_config)".to_owned())
            }
            _ => NoGreeting::Link(refused),
        };
        let mut channel = link.ssh.channel_session().map_err(open)?;
        channel.subsystem("sftp").map_err(open)?;
        let mut wire = Self {
            channel,
            requests: Requests::default(),
            pace: Pace::new(),
            next_id: 0,
            buffer: vec![0; BUFFER],
            received: Vec::new(),
            read: 0,
        };
        wire.requests.init();
        wire.greet(link)?;
        // What a program says beside SFTP is not kept until somebody reads it.
        drop(wire.channel.handle_extended_data(ssh2::ExtendedData::Ignore));
        Ok(wire)
    }

    fn greet(&mut self, link: &Link) -> Result<(), NoGreeting> {
        let sent = self.send(link);
        let answer = match sent {
            Ok(()) => self.answer(link),
            // It may have said why, and hung up.
            Err(_) => self.answer(link).map_err(|_ended| Trouble::Ended),
        };
        match answer.map(|body| reply(&body).map(|reply| matches!(reply, Reply::Version(VERSION..)))) {
            Ok(Ok(true)) => Ok(()),
            Err(Trouble::Ssh(error)) => Err(NoGreeting::Link(error)),
            Err(Trouble::Ended) if link.gate.ended().is_some() => {
                Err(NoGreeting::Link(ssh2::Error::from_errno(ErrorCode::Session(code::SOCKET_DISCONNECT))))
            }
            Err(Trouble::Ended | Trouble::Garbled(_)) | Ok(_) => Err(NoGreeting::Instead(self.instead())),
        }
    }

    /// What came in place of a greeting.
    fn instead(&self) -> String {
        let ended = self.channel.eof();
        let said = self.received.trim_ascii();
        let said = said.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let what = if ended { "the program for it ended" } else { "what answers is no SFTP" };
        let words = if said.is_empty() { String::new() } else { format!(" and said {}", shown(said)) };
        format!(
            "{what}{words}; a forced command, a login shell like nologin, or a shell that greets (.bashrc) \
             takes its place"
        )
    }

    /// The number of the next request.
    pub(crate) fn id(&mut self) -> u32 {
        let id = self.next_id;
        self.next_id = self.next_id.wrapping_add(1);
        id
    }

    /// Sends what is to be asked.
    pub(crate) fn send(&mut self, link: &Link) -> Result<(), Trouble> {
        let requests = self.requests.take();
        self.channel.write_all(&requests).map_err(|error| ssh(link, &error))
    }

    /// The next answer that is here already, without its head.
    pub(crate) fn next(&mut self) -> Result<Option<Vec<u8>>, Trouble> {
        let rest = self.received.get(self.read..).unwrap_or_default();
        let garbled = |_garbled| Trouble::Garbled("an answer longer than SFTP's are");
        let Some(end) = length(rest).map_err(garbled)? else { return Ok(None) };
        let Some(answer) = rest.get(..end) else { return Ok(None) };
        let body = answer.get(4..).unwrap_or_default().to_vec();
        self.read += end;
        Ok(Some(body))
    }

    /// Waits until more has come.
    pub(crate) fn wait(&mut self, link: &Link) -> Result<(), Trouble> {
        self.received.drain(..self.read);
        self.read = 0;
        let mut before = link.gate.received();
        loop {
            let error = match self.channel.read(&mut self.buffer) {
                Ok(0) => return Err(Trouble::Ended),
                Ok(count) => {
                    self.received.extend_from_slice(self.buffer.get(..count).unwrap_or_default());
                    return Ok(());
                }
                Err(error) => error,
            };
            let now = link.gate.received();
            // A part of a packet has come: the line is slow, not dead.
            if error.kind() != io::ErrorKind::TimedOut || now == before || link.gate.ended().is_some() {
                return Err(ssh(link, &error));
            }
            before = now;
        }
    }

    /// Waits for one answer.
    pub(crate) fn answer(&mut self, link: &Link) -> Result<Vec<u8>, Trouble> {
        loop {
            if let Some(body) = self.next()? {
                return Ok(body);
            }
            self.wait(link)?;
        }
    }
}

/// libssh2's error, of which `Read` and `Write` keep the words only.
fn ssh(link: &Link, error: &io::Error) -> Trouble {
    let timed_out = || ssh2::Error::from_errno(ErrorCode::Session(code::TIMEOUT));
    let lost = || ssh2::Error::from_errno(ErrorCode::Session(code::SOCKET_DISCONNECT));
    Trouble::Ssh(match error.kind() {
        io::ErrorKind::TimedOut => timed_out(),
        _ => ssh2::Error::last_session_error(&link.ssh).unwrap_or_else(lost),
    })
}
