//! What is played, and by which rules it may be computed. It knows no database.

use fullhold_analytics::{DayStart, TimelineConfig};
use fullhold_ingest::Config;
use fullhold_simulator::{World, WorldFile};
use fullhold_stats_file::Seconds;

/// How much is played.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Servers.
    pub servers: usize,
    /// Files of each, at least.
    pub rounds: usize,
    /// Steps before the last files come.
    pub steps: usize,
}

/// Rules that people may set.
pub const RULES: usize = 3;

/// The rules of this number; 0 are the product's own.
pub fn rules(number: usize) -> Config {
    let (gap, window, day_start, excluded) = match number {
        0 => (60, 60, Some(DayStart::SIX), ""),
        1 => (20, 25, None, "supply"),
        _ => (150, 60, Some(DayStart { hour: 20, minute: 30 }), "te_escape2"),
    };
    Config {
        match_window: Seconds(window * 60),
        timeline: TimelineConfig {
            session_gap: Seconds(gap * 60),
            day_start,
            excluded_maps: Some(excluded.to_owned()).filter(|map| !map.is_empty()).into_iter().collect(),
            ..TimelineConfig::default()
        },
        ..Config::default()
    }
}

/// The generator `SplitMix64`: the same seed plays the same history.
pub struct Chance(pub u64);

impl Chance {
    /// Uniform below `end`; 0 if that is 0.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % (end.max(1) as u64)).unwrap()
    }

    /// One of these.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(from.len()))
    }

    pub fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }
}

/// The name of the file on every server that only has the name of one.
pub const JUNK: &str = "2025-03-05-120000-junk-round-1.txt";

/// A rough history, with junk on every server.
pub fn world(seed: u64, size: Size) -> World {
    let mut world = World::rough(seed, size.servers, size.rounds).unwrap();
    let junk = (0..size.servers).map(|server| WorldFile {
        server,
        name: JUNK.to_owned(),
        bytes: b"hello\n".to_vec(),
        written_at: None,
        at: 0,
        is_whole: true,
    });
    let deliveries = std::mem::take(&mut world.deliveries);
    world.deliveries = junk.chain(deliveries).collect();
    world
}
