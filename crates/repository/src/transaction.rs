//! The one way to be in a transaction: begin it, do the work, end it, and try again when the
//! connection was lost on the way. Knows nothing of what the work is.

use std::marker::PhantomData;
use std::pin::Pin;
use std::time::Duration;

use crate::conn::Conn;
use crate::feed::Notes;
use crate::stale::Stale;
use crate::{Db, Error, Result, RetryBudget, writer_lock};

/// A transaction that is open. [`Db::write`] and [`Db::read`] make one and end it; what can be
/// done in it are its methods, each beside the table it is about.
///
/// ```text
/// db.write(|tx, _| Box::pin(async move { tx.audit(now, "somebody", entry).await })).await
/// ```
pub struct Transaction {
    pub(crate) conn: Conn,
    /// For the change feed, written before the commit.
    pub(crate) notes: Notes,
    /// What is computed before the commit.
    pub(crate) stale: Stale,
}

/// The work of a transaction, in a box: what runs it may be spawned. docs/DESIGN.md says why it is no
/// `async` closure.
pub type Work<'t, T, E> = Pin<Box<dyn Future<Output = std::result::Result<T, E>> + Send + 't>>;

/// Says that the work of a transaction (`'t`) may borrow from where it was made (`'env`).
#[derive(Clone, Copy, Debug)]
pub struct Within<'t, 'env>(PhantomData<&'t &'env ()>);

/// How the work of a transaction ends, if it does not fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End<T> {
    /// What was written stays.
    Commit(T),
    /// What was written is taken back: there was nothing to write, or it was only tried.
    Rollback(T),
}

impl<T> End<T> {
    /// Takes everything back if the work was only a trial.
    pub fn dry(dry_run: bool, value: T) -> Self {
        if dry_run { Self::Rollback(value) } else { Self::Commit(value) }
    }
}

/// An error of the work done in a transaction. It may be the database's.
pub trait WorkError: From<Error> + Send {
    /// The database's error if this is one, else itself.
    ///
    /// # Errors
    /// This is not an error of the database.
    fn into_database(self) -> std::result::Result<Error, Self>;
}

impl WorkError for Error {
    fn into_database(self) -> std::result::Result<Error, Self> {
        Ok(self)
    }
}

/// Why an attempt failed.
pub(crate) enum Failed<T, E> {
    /// Nothing was stored.
    Work(E),
    /// The commit failed after work that came to this.
    Commit(T, Error),
}

impl<T, E: WorkError> Failed<T, E> {
    /// The error alone.
    pub(crate) fn into_error(self) -> E {
        Failure::from(self).into_error()
    }
}

/// An error, sorted by what is to be done.
enum Failure<E> {
    /// The database's: worth another attempt if the connection was lost.
    Database(Error),
    /// Nothing that another attempt would mend.
    Final(E),
}

impl<E: WorkError> Failure<E> {
    fn into_error(self) -> E {
        match self {
            Self::Database(error) => error.into(),
            Self::Final(error) => error,
        }
    }
}

impl<T, E: WorkError> From<Failed<T, E>> for Failure<E> {
    fn from(failed: Failed<T, E>) -> Self {
        match failed {
            Failed::Work(error) => match error.into_database() {
                Ok(error) => Self::Database(error),
                Err(error) => Self::Final(error),
            },
            // Done again, it might be done twice.
            Failed::Commit(_, error) => Self::Final(error.into()),
        }
    }
}

impl Db {
    /// Does work that writes, in one transaction that holds the writer's lock: all of it is stored
    /// or nothing. The work is done again from its beginning if the connection was lost before the
    /// commit, for as long as the configuration's patience.
    ///
    /// # Errors
    /// The work failed, another program held the writer's lock for too long ([`Error::Locked`]), or
    /// the database failed; nothing was stored then. If the connection was lost while it was being
    /// committed, nobody knows whether everything was stored or nothing.
    pub async fn write<'env, T: Send, E: WorkError>(
        &self,
        work: impl for<'t> Fn(&'t mut Transaction, Within<'t, 'env>) -> Work<'t, T, E> + Send + Sync,
    ) -> std::result::Result<T, E> {
        let mut budget = RetryBudget::new(self.patience());
        loop {
            let ended = match self.begin_writing().await {
                Ok(mut tx) => {
                    let result = work(&mut tx, Within(PhantomData)).await;
                    tx.end(result.map(End::Commit)).await
                }
                Err(error) => Err(Failed::Work(error.into())),
            };
            match ended.map_err(Failure::from) {
                Ok(value) => return Ok(value),
                Err(Failure::Database(error)) if budget.may_retry_after(&error).await => {}
                Err(failure) => return Err(failure.into_error()),
            }
        }
    }

    /// As [`Db::write`], for work that says itself whether anything is to be stored.
    ///
    /// # Errors
    /// As [`Db::write`].
    pub async fn write_or_roll_back<'env, T: Send, E: WorkError>(
        &self,
        work: impl for<'t> Fn(&'t mut Transaction, Within<'t, 'env>) -> Work<'t, End<T>, E> + Send + Sync,
    ) -> std::result::Result<T, E> {
        let mut budget = RetryBudget::new(self.patience());
        loop {
            let ended = match self.begin_writing().await {
                Ok(mut tx) => {
                    let result = work(&mut tx, Within(PhantomData)).await;
                    tx.end(result).await
                }
                Err(error) => Err(Failed::Work(error.into())),
            };
            match ended.map_err(Failure::from) {
                Ok(value) => return Ok(value),
                Err(Failure::Database(error)) if budget.may_retry_after(&error).await => {}
                Err(failure) => return Err(failure.into_error()),
            }
        }
    }

    /// As [`Db::write_or_roll_back`], for work that can tell whether an earlier attempt was stored:
    /// a lost commit is no end then. Each attempt is given what the attempts before it came to
    /// whose commit was lost, oldest first.
    ///
    /// # Errors
    /// As [`Db::write`].
    pub async fn write_until_confirmed<'env, T: Send + Sync, E: WorkError>(
        &self,
        patience: Duration,
        work: impl for<'t> Fn(&'t mut Transaction, &'t [T], Within<'t, 'env>) -> Work<'t, End<T>, E> + Send + Sync,
    ) -> std::result::Result<T, E> {
        let mut budget = RetryBudget::new(patience);
        let mut unconfirmed = Vec::new();
        loop {
            let ended = match self.begin_writing().await {
                Ok(mut tx) => {
                    let result = work(&mut tx, &unconfirmed, Within(PhantomData)).await;
                    tx.end(result).await
                }
                Err(error) => Err(Failed::Work(error.into())),
            };
            let failed = match ended {
                Ok(value) => return Ok(value),
                Err(Failed::Commit(value, error)) if error.is_lost_connection() => {
                    unconfirmed.push(value);
                    Failure::Database(error)
                }
                Err(failed) => Failure::from(failed),
            };
            match failed {
                Failure::Database(error) if budget.may_retry_after(&error).await => {}
                failure => return Err(failure.into_error()),
            }
        }
    }

    /// Whether this program may write: takes the writer's lock and gives it back.
    ///
    /// # Errors
    /// It may not, another program held the lock for too long, or there is no connection.
    pub async fn check_writable(&self) -> Result<()> {
        self.write_or_roll_back(|_tx, _| Box::pin(async { Ok(End::Rollback(())) })).await
    }

    /// Reads in one snapshot: every query of the work sees the same state. The work is done again
    /// if the connection was lost on the way.
    ///
    /// # Errors
    /// The work failed, or the database did.
    pub async fn read<'env, T: Send, E: WorkError>(
        &self,
        work: impl for<'t> Fn(&'t mut Transaction, Within<'t, 'env>) -> Work<'t, T, E> + Send + Sync,
    ) -> std::result::Result<T, E> {
        let mut budget = RetryBudget::new(self.patience());
        loop {
            let result = match self.begin_reading().await {
                Ok(mut tx) => {
                    let result = work(&mut tx, Within(PhantomData)).await;
                    tx.end_reading(result).await
                }
                Err(error) => Err(error.into()),
            };
            match result.map_err(|error| Failure::from(Failed::<T, E>::Work(error))) {
                Ok(value) => return Ok(value),
                Err(Failure::Database(error)) if budget.may_retry_after(&error).await => {}
                Err(failure) => return Err(failure.into_error()),
            }
        }
    }

    /// For work that cannot be done twice. To be ended by [`Transaction::end`].
    pub(crate) async fn begin_writing(&self) -> Result<Transaction> {
        if self.is_read_only() {
            return Err(Error::ReadOnly);
        }
        let mut conn = self.conn().await?;
        match writer_lock::begin_writing(&mut conn, self.lock_wait()).await {
            Ok(()) => Ok(Transaction::on(conn)),
            Err(error) => Err(conn.diagnose(error).await),
        }
    }

    /// For work that cannot be done twice. To be ended by [`Transaction::end_reading`].
    pub(crate) async fn begin_reading(&self) -> Result<Transaction> {
        let mut conn = self.reading_conn().await?;
        conn.begin_reading().await.map_err(Error::query("beginning to read"))?;
        Ok(Transaction::on(conn))
    }
}

impl Transaction {
    fn on(conn: Conn) -> Self {
        Self { conn, notes: Notes::default(), stale: Stale::default() }
    }

    /// Sets a savepoint: what follows can be taken back alone.
    ///
    /// # Errors
    /// The database failed.
    pub async fn savepoint(&mut self) -> Result<()> {
        self.conn.begin_nested().await.map_err(Error::query("setting a savepoint"))?;
        self.notes.savepoint();
        Ok(())
    }

    /// Releases the last savepoint: what followed it is kept, as far as the whole is kept.
    ///
    /// # Errors
    /// The database failed.
    pub async fn release(&mut self) -> Result<()> {
        self.notes.release();
        self.conn.commit().await.map_err(Error::query("releasing a savepoint"))
    }

    /// Takes back what followed the last savepoint, and the savepoint.
    ///
    /// # Errors
    /// The database failed.
    pub async fn rollback_to_savepoint(&mut self) -> Result<()> {
        self.notes.roll_back();
        self.conn.rollback().await.map_err(Error::query("going back to a savepoint"))
    }

    /// Ends the transaction as the work came out.
    pub(crate) async fn end<T, E: WorkError>(
        mut self,
        result: std::result::Result<End<T>, E>,
    ) -> std::result::Result<T, Failed<T, E>> {
        match result {
            Ok(End::Commit(value)) => {
                if let Err(error) = self.complete().await {
                    return Err(Failed::Work(self.take_back(error.into()).await));
                }
                let doing = "committing, so nobody knows whether it is stored";
                match self.conn.commit().await.map_err(Error::query(doing)) {
                    Ok(()) => Ok(value),
                    Err(error) => Err(Failed::Commit(value, self.conn.diagnose(error).await)),
                }
            }
            Ok(End::Rollback(value)) => {
                self.roll_back().await;
                Ok(value)
            }
            Err(error) => Err(Failed::Work(self.take_back(error).await)),
        }
    }

    /// Writes what follows from all that was done: sums of seasons, ratings, the ledger, and the feed.
    async fn complete(&mut self) -> Result<()> {
        std::mem::take(&mut self.stale).refresh(&mut self.conn).await?;
        std::mem::take(&mut self.notes).flush(&mut self.conn).await
    }

    /// Ends a transaction in which nothing was written.
    pub(crate) async fn end_reading<T, E: WorkError>(
        mut self,
        result: std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        match result {
            Ok(value) => {
                self.conn.commit().await.map_err(Error::query("ending to read"))?;
                Ok(value)
            }
            Err(error) => Err(self.take_back(error).await),
        }
    }

    /// Takes everything back because of an error, and returns it; it becomes [`Error::Lost`] if the
    /// connection is gone.
    async fn take_back<E: WorkError>(mut self, error: E) -> E {
        let error = match error.into_database() {
            Ok(error) => self.conn.diagnose(error).await.into(),
            Err(error) => error,
        };
        self.roll_back().await;
        error
    }

    async fn roll_back(mut self) {
        if let Err(error) = self.conn.rollback().await {
            tracing::debug!(%error, "rollback failed: the connection is gone, and the transaction with it");
        }
    }
}
