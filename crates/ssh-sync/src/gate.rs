//! What stands between a server's socket and libssh2: it counts what comes, and ends what comes for
//! too long or too much.
//!
//! libssh2 reads on for as long as there is something to read, and its time-outs begin anew with every
//! call: a server that never stops talking would keep it busy for ever. So libssh2 gets one end of a
//! local pair of sockets, and two threads carry the bytes. They also know who hung up first, which
//! libssh2's errors do not tell.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// Bytes that are carried at a time.
const CARRIED: usize = 32 * 1024;
/// The threads do nothing but carry.
const STACK: usize = 128 * 1024;
/// So much of the beginning is kept, to say why the two sides could not agree.
const BEGINNING: usize = 48 * 1024;

/// How a connection ended, if it did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// The other side hung up, or the line broke.
    Closed,
    /// It took longer than it may.
    Late(Duration),
    /// More came than may come.
    Flood(u64),
}

/// A socket's gate. Clones are the same.
#[derive(Clone, Debug)]
pub(crate) struct Gate(Arc<State>);

#[derive(Debug)]
struct State {
    received: AtomicU64,
    limit: Mutex<Option<Limit>>,
    ended: Mutex<Option<End>>,
    beginning: Mutex<Vec<u8>>,
}

#[derive(Clone, Copy, Debug)]
struct Limit {
    until: Instant,
    time: Duration,
    /// The count of received bytes that is too much.
    count: u64,
    bytes: u64,
}

/// As long as this lives, so much time and so many bytes are all there is.
pub(crate) struct Limited<'a>(&'a Gate);

impl Gate {
    /// Puts a gate before a socket; libssh2 talks to the other end.
    pub(crate) fn before(socket: &Arc<TcpStream>) -> io::Result<(Self, UnixStream)> {
        let (inner, outer) = UnixStream::pair()?;
        let state = State {
            received: AtomicU64::new(0),
            limit: Mutex::new(None),
            ended: Mutex::new(None),
            beginning: Mutex::new(Vec::new()),
        };
        let gate = Self(Arc::new(state));
        let (inward, outward) = (gate.clone(), inner.try_clone()?);
        let (from, to) = (Arc::clone(socket), Arc::clone(socket));
        start("ssh-in", move || inward.carry_in(&from, &inner))?;
        start("ssh-out", move || carry_out(&outward, &to))?;
        Ok((gate, outer))
    }

    /// Bytes that have come so far.
    pub(crate) fn received(&self) -> u64 {
        self.0.received.load(Ordering::SeqCst)
    }

    /// How the connection ended, if it did.
    pub(crate) fn ended(&self) -> Option<End> {
        *self.0.ended.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The first bytes that came; from now on none are kept.
    pub(crate) fn take_beginning(&self) -> Vec<u8> {
        std::mem::take(&mut self.0.beginning.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// From now on so much time and so many bytes are all there is.
    pub(crate) fn limit(&self, time: Duration, bytes: u64) -> Limited<'_> {
        let limit = Limit { until: Instant::now() + time, time, count: self.received().saturating_add(bytes), bytes };
        *self.0.limit.lock().unwrap_or_else(PoisonError::into_inner) = Some(limit);
        Limited(self)
    }

    fn carry_in(&self, mut from: &TcpStream, mut to: &UnixStream) {
        let mut buffer = vec![0; CARRIED];
        let end = loop {
            let bytes = match from.read(&mut buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Ok(count @ 1..) => buffer.get(..count).unwrap_or_default(),
                Ok(_) | Err(_) => break End::Closed,
            };
            if let Some(end) = self.count(bytes) {
                break end;
            }
            if to.write_all(bytes).is_err() {
                // We hung up ourselves.
                break End::Closed;
            }
        };
        // Known before libssh2 notices anything.
        self.0.ended.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(end);
        drop((to.shutdown(Shutdown::Both), from.shutdown(Shutdown::Both)));
    }

    fn count(&self, bytes: &[u8]) -> Option<End> {
        let before = self.0.received.fetch_add(bytes.len() as u64, Ordering::SeqCst);
        if usize::try_from(before).is_ok_and(|before| before < BEGINNING) {
            self.0.beginning.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        }
        let limit = (*self.0.limit.lock().unwrap_or_else(PoisonError::into_inner))?;
        if Instant::now() >= limit.until {
            return Some(End::Late(limit.time));
        }
        (before + bytes.len() as u64 > limit.count).then_some(End::Flood(limit.bytes))
    }
}

impl Drop for Limited<'_> {
    fn drop(&mut self) {
        *self.0.0.limit.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

fn carry_out(mut from: &UnixStream, mut to: &TcpStream) {
    let mut buffer = vec![0; CARRIED];
    loop {
        match from.read(&mut buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Ok(count @ 1..) => {
                if to.write_all(buffer.get(..count).unwrap_or_default()).is_err() {
                    break;
                }
            }
            Ok(_) | Err(_) => break,
        }
    }
    drop((to.shutdown(Shutdown::Both), from.shutdown(Shutdown::Both)));
}

fn start(name: &str, work: impl FnOnce() + Send + 'static) -> io::Result<()> {
    // Nobody waits for it: it ends with its sockets.
    thread::Builder::new().name(name.to_owned()).stack_size(STACK).spawn(work).map(drop)
}
