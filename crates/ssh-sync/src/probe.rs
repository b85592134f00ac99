//! How far a connection gets: for a person who sets up a server.

use crate::link::Link;
use crate::{CancelSocket, Config, Error, HostKey, Session, known_hosts};

/// A step of setting up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Name resolved, TCP connection made, SSH spoken.
    Connect,
    /// The host's key is the known one.
    HostKey,
    /// Logged in.
    LogIn,
    /// The directory is there and may be listed.
    Directory,
}

/// How far it got.
#[derive(Debug)]
pub struct Probe {
    /// The steps that worked, in order.
    pub done: Vec<Step>,
    /// The key the host showed.
    pub host_key: Option<HostKey>,
    /// Wanted files in the directory.
    pub files: usize,
    /// The step that failed, and why.
    pub failed: Option<(Step, Error)>,
}

/// Tries everything in order, up to the first failure.
#[must_use]
pub fn probe(config: &Config, wanted: &dyn Fn(&str) -> bool) -> Probe {
    let mut probe = Probe { done: Vec::new(), host_key: None, files: 0, failed: None };
    if let Err(failed) = steps(config, wanted, &mut probe) {
        probe.failed = Some(failed);
    }
    probe
}

fn steps(config: &Config, wanted: &dyn Fn(&str) -> bool, probe: &mut Probe) -> Result<(), (Step, Error)> {
    let at = |step: Step| move |error: Error| (step, error);
    let known = known_hosts::lookup(&config.known_hosts, &config.host, config.port).map_err(at(Step::HostKey))?;
    let cut = CancelSocket::default();
    let mut link = Link::connect(&config.host, config.port, config.timeouts, &cut).map_err(at(Step::Connect))?;
    let key = link.handshake(&known.kinds()).map_err(at(Step::Connect))?;
    probe.done.push(Step::Connect);
    probe.host_key = Some(key.clone());
    known.verify(&key).map_err(|refusal| (Step::HostKey, Box::new(refusal).into()))?;
    probe.done.push(Step::HostKey);
    link.log_in(&config.user, &config.identity).map_err(at(Step::LogIn))?;
    probe.done.push(Step::LogIn);
    link.wait_at_most(config.timeouts.operation);
    let session = Session::over(link, config).map_err(at(Step::Directory))?;
    session.stat_directory().map_err(at(Step::Directory))?;
    probe.files = session.list(wanted).map_err(at(Step::Directory))?.entries.len();
    probe.done.push(Step::Directory);
    Ok(())
}
