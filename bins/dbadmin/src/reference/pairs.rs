//! Which rounds of the reference bot are two halves of a match.
//!
//! Its tables keep no limits (its importer writes 0), so the limit chain says nothing. For each pair
//! that it made it kept the sums over both halves as a round 0, with the right winner: an R2 that has
//! such sums was paired, and its lines are differences. An R2 without them, where others have some,
//! was paired with nothing, and its lines are sums over both rounds.

use std::collections::{BTreeMap, HashMap, HashSet};

use fullhold_ingest::Zone;
use fullhold_ingest::recompute::{FirstHalf, ReferenceRound};
use fullhold_stats_file::{FileName, RoundNumber, Seconds};

/// A round of the reference bot, as the file it stands for.
pub(crate) struct Half {
    pub(crate) name: FileName,
    /// What the bot calls the match.
    pub(crate) match_id: Option<String>,
    pub(crate) taken: ReferenceRound,
}

/// The sums that the bot kept of a match.
pub(crate) struct Sums {
    /// Name of the file that the bot made them with, numbered as its R2.
    pub(crate) name: FileName,
    pub(crate) match_id: Option<String>,
    /// Side that won R2; 0 if it is not known.
    pub(crate) winner: u8,
}

/// What the sums say, by the two ways in which they name their match.
struct Index<'a> {
    by_name: HashMap<(String, &'a str), &'a Sums>,
    by_match: HashMap<(&'a str, &'a str), &'a Sums>,
}

impl<'a> Index<'a> {
    fn new(sums: &'a [Sums]) -> Self {
        let by_name = sums.iter().map(|one| ((one.name.stamp.to_string(), &*one.name.map), one)).collect();
        let by_match = sums.iter().filter_map(|one| Some(((one.match_id.as_deref()?, &*one.name.map), one))).collect();
        Self { by_name, by_match }
    }

    fn of(&self, half: &Half) -> Option<&'a Sums> {
        let by_name = self.by_name.get(&(half.name.stamp.to_string(), &*half.name.map));
        let by_match = half.match_id.as_deref().and_then(|id| self.by_match.get(&(id, &*half.name.map)));
        by_name.or(by_match).copied()
    }
}

/// Says of each R2 which R1 it continues, and gives it what only the match knows: the winner of the
/// sums, and R1's defender.
pub(crate) fn join(halves: &mut BTreeMap<String, Half>, sums: &[Sums], zone: &Zone, window: Seconds) {
    let index = Index::new(sums);
    let firsts: Vec<First<'_>> = halves.values().filter_map(|half| First::of(half, &index, zone)).collect();
    let mut used: HashSet<String> = HashSet::new();
    let mut targets: HashMap<String, i32> = HashMap::new();
    let mut seconds: Vec<&mut Half> = halves.values_mut().filter(|half| half.name.round == RoundNumber::Two).collect();
    seconds.sort_by_key(|half| (ended_at(&half.name, zone), half.name.map.clone()));
    for second in seconds {
        let first = first_of(second, &firsts, &used, zone, window);
        let of_match = index.of(second).or_else(|| first.and_then(|first| first.sums));
        if of_match.is_none() && !sums.is_empty() {
            second.taken.first_half = Some(FirstHalf::None);
            continue;
        }
        let of_same_match = first.is_some_and(|first| first.match_id.is_some() && first.match_id == second.match_id);
        if let Some(of_match) = of_match.filter(|one| one.winner != 0) {
            second.taken.winner = of_match.winner;
        }
        second.taken.first_half = match first {
            Some(first) if of_match.is_some() || of_same_match => {
                used.insert(first.file.clone());
                second.taken.defender = first.defender;
                if second.taken.time_limit_seconds == 0 {
                    second.taken.time_limit_seconds = first.target;
                }
                targets.insert(first.file.clone(), second.taken.time_limit_seconds);
                Some(FirstHalf::File(first.file.clone()))
            }
            _ if of_match.is_some() => Some(FirstHalf::Unnamed),
            // No sums at all: a database of another age. The limit chain tells, or any R1 that fits.
            _ => None,
        };
    }
    for (file, target) in targets {
        if let Some(first) = halves.get_mut(&file) {
            first.taken.next_time_limit_seconds = target;
        }
    }
}

/// An R1, as far as pairs need it.
struct First<'a> {
    file: String,
    map: String,
    match_id: Option<String>,
    ended_at: i64,
    defender: u8,
    target: i32,
    /// Sums that were kept under this round's own name.
    sums: Option<&'a Sums>,
}

impl<'a> First<'a> {
    fn of(half: &Half, index: &Index<'a>, zone: &Zone) -> Option<Self> {
        (half.name.round == RoundNumber::One).then(|| Self {
            file: half.name.to_string(),
            map: half.name.map.clone(),
            match_id: half.match_id.clone(),
            ended_at: ended_at(&half.name, zone),
            defender: half.taken.defender,
            target: half.taken.next_time_limit_seconds,
            sums: index.by_name.get(&(half.name.stamp.to_string(), &*half.name.map)).copied(),
        })
    }
}

/// The R1 of the same match, or else the latest of the map that leaves R2 the time it took.
fn first_of<'f, 'a>(
    second: &Half,
    firsts: &'f [First<'a>],
    used: &HashSet<String>,
    zone: &Zone,
    window: Seconds,
) -> Option<&'f First<'a>> {
    let end = ended_at(&second.name, zone);
    // The bot keeps the limit as the time of a round that was held, though it may have ended early.
    let is_held = second.taken.winner == second.taken.defender;
    let lasted = if is_held { 0 } else { i64::from(second.taken.actual_time_seconds.unwrap_or(0)) };
    let near = firsts.iter().filter(|first| {
        let gap = end - first.ended_at;
        first.map == second.name.map && gap > 0 && gap <= i64::from(window.0) && !used.contains(&first.file)
    });
    let of_match = near.clone().filter(|first| first.match_id.is_some() && first.match_id == second.match_id);
    of_match
        .max_by_key(|first| first.ended_at)
        .or_else(|| near.filter(|first| end - first.ended_at >= lasted).max_by_key(|first| first.ended_at))
}

fn ended_at(name: &FileName, zone: &Zone) -> i64 {
    zone.instants(name.stamp).early
}
