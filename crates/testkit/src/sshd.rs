//! A real OpenSSH server on loopback, with keys and a directory of its own.
//!
//! It runs in the foreground from an ad-hoc configuration with `internal-sftp`. As root we run it as an
//! unprivileged user, so that permissions mean something; else as ourselves. A guard process stops it
//! and removes its directory however we end, as for PostgreSQL.

mod account;
mod hostile;
mod process;

use std::fs;
use std::io;
use std::net::{Ipv4Addr, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use account::Account;
pub use hostile::{Hostile, Lie};

use crate::free_port;

const START: Duration = Duration::from_secs(20);
const STARTS: u32 = 5;

/// What can go wrong with a throw-away SSH server.
#[derive(Debug, thiserror::Error)]
pub enum SshdError {
    /// A program is missing.
    #[error("{program} is not installed (on Debian and Ubuntu: apt-get install {package})")]
    NotInstalled {
        /// The program.
        program: &'static str,
        /// The package that has it.
        package: &'static str,
    },
    /// Files, processes.
    #[error("{doing} {}: {source}", path.display())]
    Files {
        /// What was being done.
        doing: &'static str,
        /// To what.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A program said no.
    #[error("{program} failed: {output}")]
    Program {
        /// The program.
        program: &'static str,
        /// What it printed.
        output: String,
    },
}

/// Kinds of keys, as `ssh-keygen -t` names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// Ed25519.
    Ed25519,
    /// ECDSA on P-256.
    Ecdsa,
    /// RSA, 2048 bits.
    Rsa,
}

/// A running throw-away server. Dropping it stops it and removes everything.
#[derive(Debug)]
pub struct Sshd {
    directory: PathBuf,
    port: u16,
    account: Account,
    listener: Option<Child>,
    guard: process::Guard,
    subsystem: String,
    /// More lines of its configuration.
    lines: String,
    /// Channels a connection may have, as OpenSSH's own default.
    channels: u32,
}

impl Sshd {
    /// Where `sshd` is, if it is installed with what belongs to it.
    ///
    /// # Errors
    /// A program is missing; the message names its package.
    pub fn find() -> Result<PathBuf, SshdError> {
        let path = process::program("ssh-keygen");
        path.ok_or(SshdError::NotInstalled { program: "ssh-keygen", package: "openssh-client" })?;
        process::program("sshd").ok_or(SshdError::NotInstalled { program: "sshd", package: "openssh-server" })
    }

    /// Starts a server that knows one Ed25519 key and serves an empty directory.
    ///
    /// # Errors
    /// It is not installed, or does not come up.
    pub fn start() -> Result<Self, SshdError> {
        Self::find()?;
        let directory = account::temporary_directory().map_err(|e| files("creating", Path::new("sshd"), e))?;
        let guard = process::Guard::watch(&directory).map_err(|e| files("guarding", &directory, e))?;
        let account = Account::of_directory(&directory).map_err(|e| files("giving away", &directory, e))?;
        let subsystem = "internal-sftp".to_owned();
        let mut server =
            Self { directory, port: 0, account, listener: None, guard, subsystem, lines: String::new(), channels: 10 };
        let files_folder = server.files();
        fs::create_dir(&files_folder).map_err(|e| files("creating", &files_folder, e))?;
        server.open_to_all(&files_folder)?;
        server.make_host_key(KeyKind::Ed25519)?;
        server.make_user_key("id_ed25519", KeyKind::Ed25519, "")?;
        let mut tries = 1;
        loop {
            server.port = free_port();
            match server.restart() {
                Ok(()) => break,
                Err(_) if tries < STARTS => tries += 1,
                Err(error) => return Err(error),
            }
        }
        server.trust()?;
        Ok(server)
    }

    /// The port it listens on, on 127.0.0.1.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The user one can log in as.
    #[must_use]
    pub fn user(&self) -> &str {
        &self.account.name
    }

    /// The directory it serves. We may write there, and so may the server.
    #[must_use]
    pub fn files(&self) -> PathBuf {
        self.directory.join("files")
    }

    /// The private key it lets in, without passphrase.
    #[must_use]
    pub fn key(&self) -> PathBuf {
        self.directory.join("id_ed25519")
    }

    /// A file of known hosts with its host key under 127.0.0.1 and its port.
    #[must_use]
    pub fn known_hosts(&self) -> PathBuf {
        self.directory.join("known_hosts")
    }

    /// Its host key, as in `known_hosts`: kind and bytes.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn host_key(&self) -> Result<String, SshdError> {
        let path = self.directory.join("host_key.pub");
        let text = fs::read_to_string(&path).map_err(|e| files("reading", &path, e))?;
        Ok(text.split_whitespace().take(2).collect::<Vec<_>>().join(" "))
    }

    /// What it logged.
    #[must_use]
    pub fn log(&self) -> String {
        fs::read_to_string(self.directory.join("sshd.log")).unwrap_or_default()
    }

    /// Writes [`Sshd::known_hosts`] anew: for its port, and for others behind which it can be reached.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn trust_behind(&self, ports: &[u16]) -> Result<(), SshdError> {
        let key = self.host_key()?;
        let line = |port: &u16| format!("[127.0.0.1]:{port} {key}\n");
        let text: String = std::iter::once(&self.port).chain(ports).map(line).collect();
        let path = self.known_hosts();
        fs::write(&path, text).map_err(|e| files("writing", &path, e))
    }

    /// Writes [`Sshd::known_hosts`] anew.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn trust(&self) -> Result<(), SshdError> {
        self.trust_behind(&[])
    }

    /// Makes a new host key, and a start to show it; [`Sshd::known_hosts`] stays as it was.
    ///
    /// # Errors
    /// `ssh-keygen` or `sshd` failed.
    pub fn change_host_key(&mut self, kind: KeyKind) -> Result<(), SshdError> {
        self.make_host_key(kind)?;
        self.restart()
    }

    /// Makes another key that it lets in, with a passphrase if one is given.
    ///
    /// # Errors
    /// `ssh-keygen` failed.
    pub fn make_user_key(&self, name: &str, kind: KeyKind, passphrase: &str) -> Result<PathBuf, SshdError> {
        let path = self.make_stranger_key(name, kind, passphrase)?;
        let public = path.with_extension("pub");
        let line = fs::read_to_string(&public).map_err(|e| files("reading", &public, e))?;
        let authorized = self.directory.join("authorized_keys");
        let mut text = fs::read_to_string(&authorized).unwrap_or_default();
        text.push_str(&line);
        fs::write(&authorized, text).map_err(|e| files("writing", &authorized, e))?;
        self.mode(&authorized, 0o644)?;
        Ok(path)
    }

    /// Makes a key that it does not let in.
    ///
    /// # Errors
    /// `ssh-keygen` failed.
    pub fn make_stranger_key(&self, name: &str, kind: KeyKind, passphrase: &str) -> Result<PathBuf, SshdError> {
        let path = self.directory.join(name);
        keygen(&path, kind, passphrase)?;
        Ok(path)
    }

    /// Lets nobody in, or those with [`Sshd::key`].
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn let_in(&self, anybody: bool) -> Result<(), SshdError> {
        let authorized = self.directory.join("authorized_keys");
        let public = self.key().with_extension("pub");
        let text = if anybody { fs::read(&public).map_err(|e| files("reading", &public, e))? } else { Vec::new() };
        fs::write(&authorized, text).map_err(|e| files("writing", &authorized, e))
    }

    /// Answers SFTP with a program of ours that lies, from the next connection on.
    ///
    /// # Errors
    /// It cannot be written, or `sshd` does not start again.
    pub fn serve(&mut self, hostile: &Hostile) -> Result<(), SshdError> {
        let path = self.directory.join("hostile.pl");
        fs::write(&path, hostile.script()).map_err(|e| files("writing", &path, e))?;
        self.mode(&path, 0o755)?;
        self.subsystem = format!("/usr/bin/perl {}", path.display());
        self.restart()
    }

    /// Allows so many channels in a connection, from the next connection on.
    ///
    /// # Errors
    /// `sshd` does not start again.
    pub fn allow_channels(&mut self, most: u32) -> Result<(), SshdError> {
        self.channels = most;
        self.restart()
    }

    /// Adds lines to its configuration, from the next connection on.
    ///
    /// # Errors
    /// `sshd` does not start with them.
    pub fn configure(&mut self, lines: &str) -> Result<(), SshdError> {
        self.lines.push_str(lines);
        self.lines.push('\n');
        self.restart()
    }

    /// Stops listening and drops all connections.
    pub fn stop(&mut self) {
        if let Some(mut listener) = self.listener.take() {
            let family = process::descendants(listener.id());
            drop(listener.kill());
            drop(listener.wait());
            process::kill(&family);
        }
    }

    /// Drops all connections and goes on listening.
    pub fn drop_connections(&self) {
        if let Some(listener) = &self.listener {
            process::kill(&process::descendants(listener.id()));
        }
    }

    /// Processes that serve connections.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.listener.as_ref().map_or(0, |listener| process::descendants(listener.id()).len())
    }

    /// Starts, or stops and starts, on the same port with the same keys.
    ///
    /// # Errors
    /// It does not come up.
    pub fn restart(&mut self) -> Result<(), SshdError> {
        self.stop();
        let config = self.write_config()?;
        let log_path = self.directory.join("sshd.log");
        let log = fs::File::options().create(true).append(true).open(&log_path);
        let log = log.map_err(|e| files("opening", &log_path, e))?;
        let mut command = Command::new(Self::find()?);
        // In the foreground, and its log on standard error.
        command.args(["-D", "-e", "-f"]).arg(&config).current_dir("/");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        self.account.apply(&mut command);
        let listener = command.spawn().map_err(|e| files("starting", Path::new("sshd"), e))?;
        self.listener = Some(listener);
        self.wait_until_it_listens()
    }

    fn wait_until_it_listens(&mut self) -> Result<(), SshdError> {
        let began = Instant::now();
        loop {
            let ended = self.listener.as_mut().is_none_or(|listener| !matches!(listener.try_wait(), Ok(None)));
            if ended || began.elapsed() > START {
                self.stop();
                return Err(SshdError::Program { program: "sshd", output: self.log() });
            }
            if TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_ok() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn write_config(&self) -> Result<PathBuf, SshdError> {
        let at = |name: &str| self.directory.join(name).display().to_string();
        let mut text = format!(
            "ListenAddress 127.0.0.1:{}\nHostKey {}\nAuthorizedKeysFile {}\nPidFile {}\nSubsystem sftp {}\n\
             StrictModes no\nUsePAM no\nPasswordAuthentication no\nKbdInteractiveAuthentication no\n\
             MaxSessions {}\nMaxStartups 100\nUseDNS no\nPrintMotd no\nLogLevel INFO\n{}",
            self.port,
            at("host_key"),
            at("authorized_keys"),
            at("sshd.pid"),
            self.subsystem,
            self.channels,
            self.lines
        );
        let path = self.directory.join("sshd_config");
        let write = |text: &str| fs::write(&path, text).map_err(|e| files("writing", &path, e));
        // From OpenSSH 9.8 on, whoever fails to log in is punished; tests fail on purpose.
        write(&format!("{text}PerSourcePenalties no\n"))?;
        let mut check = Command::new(Self::find()?);
        check.args(["-t", "-f"]).arg(&path).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        self.account.apply(&mut check);
        if !check.status().is_ok_and(|status| status.success()) {
            text.push('\n');
            write(&text)?;
        }
        Ok(path)
    }

    fn make_host_key(&self, kind: KeyKind) -> Result<(), SshdError> {
        let path = self.directory.join("host_key");
        drop(fs::remove_file(&path));
        drop(fs::remove_file(path.with_extension("pub")));
        keygen(&path, kind, "")?;
        self.account.own(&path).map_err(|e| files("giving away", &path, e))
    }

    fn open_to_all(&self, path: &Path) -> Result<(), SshdError> {
        self.account.own(path).map_err(|e| files("giving away", path, e))?;
        self.mode(path, 0o777)
    }

    fn mode(&self, path: &Path, mode: u32) -> Result<(), SshdError> {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).map_err(|e| files("opening", path, e))
    }
}

impl Drop for Sshd {
    fn drop(&mut self) {
        self.stop();
        self.guard.release();
    }
}

fn keygen(path: &Path, kind: KeyKind, passphrase: &str) -> Result<(), SshdError> {
    let (name, bits) = match kind {
        KeyKind::Ed25519 => ("ed25519", "256"),
        KeyKind::Ecdsa => ("ecdsa", "256"),
        KeyKind::Rsa => ("rsa", "2048"),
    };
    let mut command = Command::new("ssh-keygen");
    command.args(["-q", "-t", name, "-b", bits, "-C", "test", "-N", passphrase, "-f"]).arg(path);
    let output = command.stdin(Stdio::null()).output().map_err(|e| files("running", Path::new("ssh-keygen"), e))?;
    if output.status.success() {
        return Ok(());
    }
    Err(SshdError::Program { program: "ssh-keygen", output: String::from_utf8_lossy(&output.stderr).into_owned() })
}

fn files(doing: &'static str, path: &Path, source: io::Error) -> SshdError {
    SshdError::Files { doing, path: path.to_path_buf(), source }
}
