//! How long somebody waits before he asks again. Knows no clock: the caller says what time it is.

use std::collections::HashMap;
use std::time::Duration;

use crate::command::Cost;
use crate::words::UserId;

/// How long the same person waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CooldownConfig {
    /// After a question.
    pub query: Duration,
    /// After a picture.
    pub picture: Duration,
}

/// Who asked when.
#[derive(Debug)]
pub struct Cooldowns {
    config: CooldownConfig,
    free_at: HashMap<(UserId, Cost), Duration>,
}

/// Entries that are kept; more are looked through for those that are over.
const MANY: usize = 10_000;

impl Cooldowns {
    /// Nobody has asked yet.
    #[must_use]
    pub fn new(config: CooldownConfig) -> Self {
        Self { config, free_at: HashMap::new() }
    }

    /// Lets somebody ask, or says how long he has to wait. `now` is any steady clock since any beginning.
    ///
    /// # Errors
    /// The time that is left. Asking too early does not make it longer.
    pub fn ask(&mut self, user: UserId, cost: Cost, now: Duration) -> Result<(), Duration> {
        if let Some(left) =
            self.free_at.get(&(user, cost)).and_then(|free| free.checked_sub(now)).filter(|d| !d.is_zero())
        {
            return Err(left);
        }
        if self.free_at.len() >= MANY {
            self.free_at.retain(|_, free| *free > now);
        }
        let wait = match cost {
            Cost::Query => self.config.query,
            Cost::Picture => self.config.picture,
        };
        self.free_at.insert((user, cost), now.saturating_add(wait));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_person_waits_for_himself_and_for_each_cost() {
        let second = Duration::from_secs;
        let mut cooldowns = Cooldowns::new(CooldownConfig { query: second(2), picture: second(10) });
        let (one, other) = (UserId(1), UserId(2));
        assert_eq!(cooldowns.ask(one, Cost::Query, second(100)), Ok(()));
        assert_eq!(cooldowns.ask(one, Cost::Query, second(101)), Err(second(1)));
        assert_eq!(cooldowns.ask(one, Cost::Picture, second(101)), Ok(()));
        assert_eq!(cooldowns.ask(other, Cost::Query, second(101)), Ok(()));
        assert_eq!(cooldowns.ask(one, Cost::Query, second(102)), Ok(()));
        assert_eq!(cooldowns.ask(one, Cost::Picture, second(110)), Err(second(1)));
    }

    #[test]
    fn those_who_waited_are_forgotten() {
        let mut cooldowns = Cooldowns::new(CooldownConfig { query: Duration::from_secs(2), picture: Duration::ZERO });
        for user in 0..3 * MANY as u64 {
            cooldowns.ask(UserId(user), Cost::Query, Duration::from_secs(user)).unwrap();
        }
        assert!(cooldowns.free_at.len() <= MANY);
    }
}
