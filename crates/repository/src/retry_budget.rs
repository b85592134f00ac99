//! Waiting for a lost database: growing pauses, and an end. Knows nothing of what is being tried.

use std::hash::{BuildHasher as _, RandomState};
use std::time::{Duration, Instant};

use crate::Error;

/// The pause after the first failure, at most; each following one may be twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
/// The longest pause: a server that is back is noticed after so long.
const LONGEST_PAUSE: Duration = Duration::from_secs(4);

/// How long a lost database is waited for, counted from the first failure.
///
/// ```text
/// let mut budget = RetryBudget::new(limit);
/// loop {
///     match attempt().await {
///         Err(error) if budget.may_retry_after(&error).await => {}
///         result => return result,
///     }
/// }
/// ```
#[derive(Debug)]
pub struct RetryBudget {
    limit: Duration,
    lost_at: Option<Instant>,
    failures: u32,
}

impl RetryBudget {
    /// With an end; zero waits for nothing.
    #[must_use]
    pub fn new(limit: Duration) -> Self {
        Self { limit, lost_at: None, failures: 0 }
    }

    /// Whether to try again after this error: `false` at once if the database was not lost or time
    /// is up, else `true` after a pause.
    pub async fn may_retry_after(&mut self, error: &Error) -> bool {
        if !error.is_lost_connection() {
            return false;
        }
        let lost_at = *self.lost_at.get_or_insert_with(Instant::now);
        let left = self.limit.saturating_sub(lost_at.elapsed());
        if left.is_zero() {
            return false;
        }
        // The last try is made at the very end, not before.
        let pause = self.pause().min(left);
        self.failures = self.failures.saturating_add(1);
        tracing::warn!(
            "lost the database, trying again in {pause:.1?} (for {left:.0?} more at most): {}",
            crate::error::chain(error)
        );
        tokio::time::sleep(pause).await;
        true
    }

    /// Between a half and the whole of the step, so that programs that lost their database at the
    /// same moment do not come back at the same moment.
    fn pause(&self) -> Duration {
        let step = FIRST_PAUSE.saturating_mul(1 << self.failures.min(16)).min(LONGEST_PAUSE);
        // Each `RandomState` has keys of its own: randomness enough for this.
        let random = u32::try_from(RandomState::new().hash_one(self.failures) % 1000).unwrap_or_default();
        step / 2 + step * random / 2000
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lost() -> Error {
        Error::Connect { url: String::new(), reason: "refused".to_owned(), may_pass: true }
    }

    #[test]
    fn pauses_grow_with_jitter_up_to_the_longest() {
        for failures in 0..40 {
            let step = LONGEST_PAUSE.min(FIRST_PAUSE * (1 << failures.min(10)));
            let patience = RetryBudget { limit: Duration::from_secs(60), lost_at: None, failures };
            for _ in 0..20 {
                let pause = patience.pause();
                assert!(pause >= step / 2 && pause <= step, "{failures}: {pause:?} of {step:?}");
            }
        }
    }

    #[tokio::test]
    async fn patience_ends_and_is_only_for_lost_connections() {
        let mut budget = RetryBudget::new(Duration::from_millis(300));
        let started = Instant::now();
        while budget.may_retry_after(&lost()).await {}
        assert!(started.elapsed() >= Duration::from_millis(300));
        assert!(!RetryBudget::new(Duration::from_secs(60)).may_retry_after(&Error::Url { url: String::new() }).await);
        assert!(!RetryBudget::new(Duration::ZERO).may_retry_after(&lost()).await);
    }
}
