//! What was heard already: after a resume, Discord may tell things twice.

use std::collections::{HashSet, VecDeque};

/// So much is remembered; Discord repeats no more than some minutes.
const MOST: usize = 4_096;

/// Ids that were heard, the newest of them.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    ids: HashSet<u64>,
    order: VecDeque<u64>,
}

impl Seen {
    /// Whether an id is heard for the first time.
    pub(crate) fn is_new(&mut self, id: u64) -> bool {
        if !self.ids.insert(id) {
            return false;
        }
        self.order.push_back(id);
        if self.order.len() > MOST
            && let Some(oldest) = self.order.pop_front()
        {
            self.ids.remove(&oldest);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_heard_twice_is_heard_once_and_memory_has_an_end() {
        let mut seen = Seen::default();
        assert!(seen.is_new(7) && !seen.is_new(7));
        let many = u64::try_from(2 * MOST).unwrap();
        assert!((100..100 + many).all(|id| seen.is_new(id)));
        assert_eq!((seen.ids.len(), seen.order.len()), (MOST, MOST));
        assert!(!seen.is_new(99 + many));
    }
}
