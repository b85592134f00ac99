//! Which map is played next.

use crate::random::Random;

/// So long after it went wrong a map is not played again: what is left of the old match can no
/// longer be taken for a part of the new one.
const APART: i64 = 65 * 60;

const MAPS: [(&str, i32); 14] = [
    ("supply", 15),
    ("etl_adlernest", 10),
    ("sw_goldrush_te", 15),
    ("te_escape2", 12),
    ("et_brewdog", 10),
    ("etl_frostbite", 12),
    ("erdenberg_t2", 15),
    ("braundorf_b4", 12),
    ("etl_sp_delivery", 12),
    ("karsiah_te2", 15),
    ("missile_b5", 12),
    ("radar-redux", 10),
    ("bremen_b3", 12),
    ("etl_ice", 12),
];

/// The maps of an evening.
pub(super) struct Maps {
    left: Vec<(&'static str, i32)>,
    played: Vec<(&'static str, i32)>,
    /// Maps of matches that were not completed, and when.
    wrong: Vec<(&'static str, i64)>,
}

impl Maps {
    pub(super) fn new(random: &mut Random) -> Self {
        let mut left = MAPS.to_vec();
        random.shuffle(&mut left);
        Self { left, played: Vec::new(), wrong: Vec::new() }
    }

    /// A new map, or in `again` of 1,000 cases one that was played before. Each map once keeps
    /// every disturbance unambiguous; a map comes back only when nothing of it is left open.
    pub(super) fn next(&mut self, random: &mut Random, again: u32, now: i64) -> Option<(&'static str, i32)> {
        if random.maybe(again) || self.left.is_empty() && again > 0 {
            let open = |map: &str| self.wrong.iter().any(|(wrong, at)| *wrong == map && now - at < APART);
            let fit: Vec<(&'static str, i32)> = self.played.iter().filter(|(map, _)| !open(map)).copied().collect();
            if let Some(chosen) = random.pick(&fit) {
                return Some(chosen);
            }
        }
        let next = self.left.pop()?;
        self.played.push(next);
        Some(next)
    }

    /// A match on this map was not completed.
    pub(super) fn went_wrong(&mut self, map: &'static str, at: i64) {
        self.wrong.push((map, at));
    }
}
