//! A small, fixed pseudo-random generator (SplitMix64): the same seed gives the same evening on
//! every platform and in every release, which no library promises.

pub(crate) struct Random {
    state: u64,
}

impl Random {
    pub(crate) const fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Uniform in `from..=to`.
    pub(crate) fn between(&mut self, from: i32, to: i32) -> i32 {
        let span = u64::try_from(i64::from(to) - i64::from(from) + 1).unwrap_or(1).max(1);
        let offset = i64::try_from(self.next() % span).unwrap_or(0);
        i32::try_from(i64::from(from) + offset).unwrap_or(from)
    }

    /// An index below `count`; 0 for none.
    pub(crate) fn index(&mut self, count: usize) -> usize {
        let last = i32::try_from(count.saturating_sub(1)).unwrap_or(i32::MAX);
        usize::try_from(self.between(0, last)).unwrap_or(0)
    }

    /// True in so many of 1,000 cases.
    pub(crate) fn permille(&mut self, chance: u32) -> bool {
        self.next() % 1000 < u64::from(chance)
    }

    /// As [`Random::permille`], but what never happens costs no chance: old configurations keep their files.
    pub(crate) fn maybe(&mut self, chance: u32) -> bool {
        chance > 0 && self.permille(chance)
    }

    /// One of these.
    pub(crate) fn pick<T: Copy>(&mut self, from: &[T]) -> Option<T> {
        let index = self.index(from.len());
        from.get(index).copied()
    }

    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.index(last + 1));
        }
    }
}
