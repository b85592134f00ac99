//! Waiting for a condition instead of for a time.
#![expect(clippy::panic, reason = "test support: a condition that never comes must fail loudly")]

use std::thread;
use std::time::{Duration, Instant};

/// Asks until the answer is yes.
///
/// # Panics
/// When it does not come within the time: `what` says what was waited for.
pub fn wait_until(what: &str, at_most: Duration, mut condition: impl FnMut() -> bool) {
    let began = Instant::now();
    while !condition() {
        assert!(began.elapsed() < at_most, "waited {} s in vain: {what}", at_most.as_secs());
        thread::sleep(Duration::from_millis(5));
    }
}

/// Asks until there is an answer.
///
/// # Panics
/// As [`wait_until`].
pub fn wait_for<T>(what: &str, at_most: Duration, mut question: impl FnMut() -> Option<T>) -> T {
    let mut answer = None;
    wait_until(what, at_most, || {
        answer = question();
        answer.is_some()
    });
    let Some(answer) = answer else { panic!("{what}") };
    answer
}
