//! What can go wrong with watching a server as a whole; trouble of single files is a notice.

/// Why a look failed. The next look tries again.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The import, or the database.
    #[error(transparent)]
    Import(#[from] fullhold_ingest::Error),
    /// The game server, or the folder its files are kept in.
    #[error(transparent)]
    Remote(#[from] fullhold_ssh_sync::Error),
    /// A thread of ours ended before its work was done.
    #[error("{doing} stopped: {reason}")]
    Thread {
        /// What it was doing.
        doing: &'static str,
        /// Why.
        reason: String,
    },
}

impl Error {
    /// No time heals it: a person must see to keys, users or rights.
    #[must_use]
    pub fn needs_person(&self) -> bool {
        matches!(self, Self::Remote(error) if error.trouble() == fullhold_ssh_sync::Trouble::Access)
    }
}

impl From<fullhold_repository::Error> for Error {
    fn from(error: fullhold_repository::Error) -> Self {
        Self::Import(error.into())
    }
}

/// Does blocking work on a thread that may be blocked.
///
/// # Errors
/// The thread panicked.
pub(crate) async fn on_a_thread<T: Send + 'static>(
    doing: &'static str,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Error> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::Thread { doing, reason: error.to_string() })
}
