//! A limit on how many pictures are drawn at once.

use std::sync::{Condvar, Mutex, PoisonError};

/// Lets so many in at once; the others wait their turn. For threads that may block, never for asynchronous ones.
///
/// ```
/// use fullhold_charts::Gate;
/// static GATE: Gate = Gate::new(2);
/// let three = GATE.run(|| 1 + 2);
/// assert_eq!(three, 3);
/// ```
#[derive(Debug)]
pub struct Gate {
    free: Mutex<usize>,
    left: Condvar,
}

/// Gives the place back, also when the work panics.
struct Place<'a>(&'a Gate);

impl Gate {
    /// A gate for `places` at once. With 0 there is one place, because nothing could ever be done with none.
    #[must_use]
    pub const fn new(places: usize) -> Self {
        let places = if places == 0 { 1 } else { places };
        Self { free: Mutex::new(places), left: Condvar::new() }
    }

    /// Waits for a place, works, and gives it back.
    pub fn run<T>(&self, work: impl FnOnce() -> T) -> T {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        while *free == 0 {
            free = self.left.wait(free).unwrap_or_else(PoisonError::into_inner);
        }
        *free -= 1;
        drop(free);
        let _place = Place(self);
        work()
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        *self.0.free.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.0.left.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn no_more_than_allowed_are_in_at_once() {
        let gate = Gate::new(2);
        let (inside, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..200 {
                        gate.run(|| {
                            most.fetch_max(inside.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                            std::thread::yield_now();
                            inside.fetch_sub(1, Ordering::SeqCst);
                        });
                    }
                });
            }
        });
        assert!(most.load(Ordering::SeqCst) <= 2);
    }

    #[test]
    fn a_panic_gives_its_place_back() {
        let gate = Gate::new(1);
        let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| gate.run(|| panic!("inside"))));
        assert!(caught.is_err());
        assert_eq!(gate.run(|| 1), 1);
    }
}
