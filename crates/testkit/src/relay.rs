//! A TCP relay on loopback: a link that is slow, breaks or falls silent on demand.
#![expect(clippy::expect_used, reason = "test support: a machine without loopback cannot run the tests")]

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

/// Forwards connections to a port of 127.0.0.1. Dropping it closes them all.
#[derive(Debug)]
pub struct Relay {
    port: u16,
    state: Arc<State>,
}

#[derive(Debug)]
struct State {
    target: u16,
    /// Microseconds each way.
    delay: AtomicU64,
    /// Bytes that may still come from the server before everything is cut; negative: any number.
    left: AtomicI64,
    silent: AtomicBool,
    /// Bytes a second that come from the server; 0: any number.
    rate: AtomicU64,
    closed: AtomicBool,
    accepted: AtomicUsize,
    sockets: Mutex<Vec<TcpStream>>,
}

impl Relay {
    /// A relay to that port, without any trouble yet.
    ///
    /// # Panics
    /// Loopback does not work.
    #[must_use]
    pub fn to(target: u16) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a socket on loopback");
        let port = listener.local_addr().expect("a bound socket has an address").port();
        let state = Arc::new(State {
            target,
            delay: AtomicU64::new(0),
            left: AtomicI64::new(-1),
            silent: AtomicBool::new(false),
            rate: AtomicU64::new(0),
            closed: AtomicBool::new(false),
            accepted: AtomicUsize::new(0),
            sockets: Mutex::new(Vec::new()),
        });
        let shared = Arc::clone(&state);
        thread::spawn(move || accept(&listener, &shared));
        Self { port, state }
    }

    /// The port to connect to.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Delays every byte by so much, each way: half the round trip.
    pub fn delay(&self, each_way: Duration) {
        let micros = u64::try_from(each_way.as_micros()).unwrap_or(u64::MAX);
        self.state.delay.store(micros, Ordering::SeqCst);
    }

    /// Lets so many bytes a second come from the server, each connection on its own; 0 is any number.
    pub fn throttle(&self, bytes_a_second: u32) {
        self.state.rate.store(u64::from(bytes_a_second), Ordering::SeqCst);
    }

    /// Cuts all connections once so many more bytes have come from the server; later connections
    /// are not touched.
    pub fn cut_after(&self, bytes: u32) {
        self.state.left.store(i64::from(bytes), Ordering::SeqCst);
    }

    /// Whether the cut asked for by [`Relay::cut_after`] is still to come.
    #[must_use]
    pub fn is_cut_pending(&self) -> bool {
        self.state.left.load(Ordering::SeqCst) >= 0
    }

    /// Cuts all connections now.
    pub fn cut(&self) {
        self.state.cut();
    }

    /// Accepts, takes what comes, and says nothing; or speaks again. What was swallowed stays so.
    pub fn silent(&self, silent: bool) {
        self.state.silent.store(silent, Ordering::SeqCst);
    }

    /// Connections so far.
    #[must_use]
    pub fn accepted(&self) -> usize {
        self.state.accepted.load(Ordering::SeqCst)
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.state.closed.store(true, Ordering::SeqCst);
        self.state.cut();
        // Wakes the thread that accepts.
        drop(TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)));
    }
}

impl State {
    fn cut(&self) {
        let mut sockets = self.sockets.lock().unwrap_or_else(PoisonError::into_inner);
        for socket in sockets.drain(..) {
            drop(socket.shutdown(Shutdown::Both));
        }
    }

    /// How many of these bytes of the server may pass.
    fn allowed(&self, bytes: usize) -> usize {
        let left = self.left.load(Ordering::SeqCst);
        usize::try_from(left).map_or(bytes, |left| left.min(bytes))
    }

    fn passed(&self, bytes: usize) {
        let left = self.left.load(Ordering::SeqCst);
        if left < 0 {
            return;
        }
        let left = left - i64::try_from(bytes).unwrap_or(i64::MAX);
        self.left.store(left, Ordering::SeqCst);
        if left <= 0 {
            self.left.store(-1, Ordering::SeqCst);
            self.cut();
        }
    }
}

fn accept(listener: &TcpListener, state: &Arc<State>) {
    for client in listener.incoming().flatten() {
        if state.closed.load(Ordering::SeqCst) {
            return;
        }
        state.accepted.fetch_add(1, Ordering::SeqCst);
        // A server that is down: the client sees its connection closed.
        let Ok(server) = TcpStream::connect((Ipv4Addr::LOCALHOST, state.target)) else { continue };
        let (Ok(client_too), Ok(server_too)) = (client.try_clone(), server.try_clone()) else { continue };
        drop(client.set_nodelay(true));
        drop(server.set_nodelay(true));
        let mut sockets = state.sockets.lock().unwrap_or_else(PoisonError::into_inner);
        // Those that are closed go, so that a long run holds no descriptors.
        sockets.retain(|socket| socket.peer_addr().is_ok());
        sockets.extend([client.try_clone(), server.try_clone()].into_iter().flatten());
        drop(sockets);
        forward(client, server_too, state, false);
        forward(server, client_too, state, true);
    }
}

/// One direction: a thread that reads and one that writes what is due.
fn forward(mut from: TcpStream, mut to: TcpStream, state: &Arc<State>, from_server: bool) {
    let (sender, due) = mpsc::channel::<(Instant, Vec<u8>)>();
    let reading = Arc::clone(state);
    thread::spawn(move || {
        let mut buffer = [0; 32 * 1024];
        while let Ok(count) = from.read(&mut buffer) {
            let Some(bytes) = buffer.get(..count).filter(|bytes| !bytes.is_empty()) else { break };
            let delay = Duration::from_micros(reading.delay.load(Ordering::SeqCst));
            if !reading.silent.load(Ordering::SeqCst) && sender.send((Instant::now() + delay, bytes.to_vec())).is_err()
            {
                break;
            }
        }
    });
    let writing = Arc::clone(state);
    thread::spawn(move || {
        for (at, bytes) in due {
            thread::sleep(at.saturating_duration_since(Instant::now()));
            let allowed = if from_server { writing.allowed(bytes.len()) } else { bytes.len() };
            let rate = if from_server { writing.rate.load(Ordering::SeqCst) } else { 0 };
            if write_slowly(&mut to, bytes.get(..allowed).unwrap_or_default(), rate).is_err() {
                break;
            }
            if from_server {
                writing.passed(allowed);
            }
        }
        drop(to.shutdown(Shutdown::Both));
    });
}

/// Writes, at most so many bytes a second; 0 is any number.
fn write_slowly(to: &mut TcpStream, bytes: &[u8], rate: u64) -> std::io::Result<()> {
    /// Pieces a second.
    const PIECES: u64 = 20;
    if rate == 0 {
        return to.write_all(bytes);
    }
    for piece in bytes.chunks(usize::try_from(rate / PIECES).unwrap_or(1).max(1)) {
        to.write_all(piece)?;
        thread::sleep(Duration::from_millis(1_000 / PIECES));
    }
    Ok(())
}
