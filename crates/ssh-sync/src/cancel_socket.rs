//! The end of everything that waits: a blocked call comes back when its socket is shut down.

use std::net::{Shutdown, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

/// Cuts the connections made with it, and refuses new ones. Clones are the same.
#[derive(Clone, Debug, Default)]
pub struct CancelSocket(Arc<State>);

#[derive(Debug, Default)]
struct State {
    cut: AtomicBool,
    sockets: Mutex<Vec<Weak<TcpStream>>>,
}

impl CancelSocket {
    /// Shuts all connections down. Calls that are blocked in one come back with an error at once.
    pub fn cancel(&self) {
        self.0.cut.store(true, Ordering::SeqCst);
        let sockets = self.0.sockets.lock().unwrap_or_else(PoisonError::into_inner);
        for socket in sockets.iter().filter_map(Weak::upgrade) {
            // It may be closed already.
            drop(socket.shutdown(Shutdown::Both));
        }
    }

    /// Whether [`CancelSocket::cancel`] was called.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.cut.load(Ordering::SeqCst)
    }

    pub(crate) fn register(&self, socket: &Arc<TcpStream>) {
        let mut sockets = self.0.sockets.lock().unwrap_or_else(PoisonError::into_inner);
        sockets.retain(|one| one.strong_count() > 0);
        sockets.push(Arc::downgrade(socket));
        drop(sockets);
        if self.is_cancelled() {
            self.cancel();
        }
    }
}
