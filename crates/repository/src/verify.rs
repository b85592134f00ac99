//! Verification inside the transaction: what the database returns equals what was sent.

use std::collections::HashMap;

use diesel::dsl::{count_star, sum};
use fullhold_stats_file::Weapon;

use crate::conn::{Conn, load_blocking};
use crate::dsl::*;
use crate::import::PARAMETERS;
use crate::schema::{player_comprehensive_stats, validation_findings, weapon_stats};
use crate::{Changes, Error, Result, RoundId};

/// Names of the numbers compared per round, in the order of [`Sums`].
const PLAYER_NUMBERS: [&str; 6] = ["players", "kills", "deaths", "damage given", "damage received", "seconds played"];
const WEAPON_NUMBERS: [&str; 6] = ["players", "kills", "deaths", "headshots", "hits", "shots"];

type Numbers = [i64; 6];
/// Round, count, and the five sums as SQL returns them.
type SumRow = (RoundId, i64, Option<i64>, Option<i64>, Option<i64>, Option<i64>, Option<i64>);
type WeaponSumRow = (RoundId, String, i64, Option<i64>, Option<i64>, Option<i64>, Option<i64>, Option<i64>);

/// Reads the counts and sums of the rounds that a filter on `round_id` names.
macro_rules! read_groups {
    ($conn:expr, $found:expr, $filter:ident($($argument:expr),+)) => {{
        let lines = {
            use player_comprehensive_stats as t;
            t::table.filter(t::round_id.$filter($($argument),+)).group_by(t::round_id).select((
                t::round_id,
                count_star(),
                sum(t::kills),
                sum(t::deaths),
                sum(t::damage_given),
                sum(t::damage_received),
                sum(t::time_played_seconds),
            ))
        };
        $found.players.append(&mut load_blocking!(&mut *$conn, lines).map_err(Error::query("verifying players"))?);
        let weapons = {
            use weapon_stats as t;
            t::table.filter(t::round_id.$filter($($argument),+)).group_by((t::round_id, t::weapon_name)).select((
                t::round_id,
                t::weapon_name,
                count_star(),
                sum(t::kills),
                sum(t::deaths),
                sum(t::headshots),
                sum(t::hits),
                sum(t::shots),
            ))
        };
        $found.weapons.append(&mut load_blocking!(&mut *$conn, weapons).map_err(Error::query("verifying weapons"))?);
        let findings = {
            use validation_findings as t;
            let rows = t::table.filter(t::round_id.$filter($($argument),+));
            rows.group_by(t::round_id).select((t::round_id, count_star()))
        };
        $found.findings.append(&mut load_blocking!(&mut *$conn, findings).map_err(Error::query("verifying findings"))?);
    }};
}

/// What the database returns.
#[derive(Default)]
struct Found {
    players: Vec<SumRow>,
    weapons: Vec<WeaponSumRow>,
    findings: Vec<(RoundId, i64)>,
}

/// Counts and sums of what was sent.
pub(crate) struct Sums {
    /// Ids of the new and replaced rounds, in order.
    written: Vec<RoundId>,
    rounds: HashMap<RoundId, Numbers>,
    weapons: HashMap<(RoundId, &'static str), Numbers>,
    findings: HashMap<RoundId, i64>,
}

impl Sums {
    /// Of a batch, before it is given away.
    pub(crate) fn of(changes: &Changes) -> Self {
        let new_ids = changes.new_rounds.iter().map(|r| r.id);
        let mut written: Vec<RoundId> = new_ids.chain(changes.replaced.iter().copied()).collect();
        written.sort_unstable();
        written.dedup();
        let mut rounds: HashMap<RoundId, Numbers> = written.iter().map(|id| (*id, Numbers::default())).collect();
        for p in &changes.players {
            let numbers =
                [1, p.kills, p.deaths, p.damage_given, p.damage_received, p.time_played_seconds].map(i64::from);
            add(rounds.entry(p.round_id).or_default(), numbers);
        }
        let mut weapons: HashMap<(RoundId, &'static str), Numbers> = HashMap::new();
        // Rows of a weapon in a round mostly follow one another: one look-up for all of them.
        for group in changes.weapons.chunk_by(|a, b| (a.round_id, a.weapon_name) == (b.round_id, b.weapon_name)) {
            let Some(first) = group.first() else { continue };
            let sum = weapons.entry((first.round_id, first.weapon_name)).or_default();
            for w in group {
                add(sum, [1, w.kills, w.deaths, w.headshots, w.hits, w.shots].map(i64::from));
            }
        }
        let mut findings = HashMap::new();
        for f in &changes.findings {
            *findings.entry(f.round_id).or_default() += 1;
        }
        Self { written, rounds, weapons, findings }
    }

    /// Compares with what the database returns.
    pub(crate) async fn verify(self, conn: &mut Conn) -> Result<()> {
        let mut found = Found::default();
        match whole_range(&self.written) {
            // A range is read in the order of the key, without sorting.
            Some((first, last)) => read_groups!(conn, found, between(first, last)),
            // Rounds of other servers and evenings lie in between, and nothing was sent for them.
            None => {
                for ids in self.written.chunks(PARAMETERS) {
                    read_groups!(conn, found, eq_any(ids.to_vec()));
                }
            }
        }
        self.compare_players(found.players)?;
        self.compare_weapons(found.weapons)?;
        self.compare_findings(found.findings)
    }

    fn compare_players(&self, found: Vec<SumRow>) -> Result<()> {
        let mut left = self.rounds.clone();
        for (round_id, n, a, b, c, d, e) in found {
            let sent = left.remove(&round_id).unwrap_or_default();
            compare(round_id, "", &PLAYER_NUMBERS, sent, numbers(n, [a, b, c, d, e]))?;
        }
        left.into_iter().try_for_each(|(id, sent)| compare(id, "", &PLAYER_NUMBERS, sent, Numbers::default()))
    }

    fn compare_weapons(&self, found: Vec<WeaponSumRow>) -> Result<()> {
        let count = found.len();
        for (round_id, weapon, n, a, b, c, d, e) in found {
            let key = Weapon::from_name(&weapon).map(|known| (round_id, known.name()));
            let sent = key.and_then(|key| self.weapons.get(&key)).copied().unwrap_or_default();
            compare(round_id, &weapon, &WEAPON_NUMBERS, sent, numbers(n, [a, b, c, d, e]))?;
        }
        // Every group that came back was sent; as many as were sent means all came back.
        let Some((round_id, _)) = self.weapons.keys().next() else { return Ok(()) };
        difference(*round_id, "weapon groups of the batch", self.weapons.len(), count)
    }

    fn compare_findings(&self, found: Vec<(RoundId, i64)>) -> Result<()> {
        let found: HashMap<RoundId, i64> = found.into_iter().collect();
        for id in self.rounds.keys() {
            let count = |map: &HashMap<RoundId, i64>| map.get(id).copied().unwrap_or_default();
            difference(*id, "findings", count(&self.findings), count(&found))?;
        }
        Ok(())
    }
}

/// First and last of sorted ids that leave none out in between. The rounds of an import are such;
/// those that are computed again keep the ids they once got, wherever these are.
fn whole_range(ids: &[RoundId]) -> Option<(RoundId, RoundId)> {
    let (first, last) = (*ids.first()?, *ids.last()?);
    let span = usize::try_from(i64::from(last.0) - i64::from(first.0) + 1).ok()?;
    (span == ids.len()).then_some((first, last))
}

fn add(sum: &mut Numbers, more: Numbers) {
    for (a, b) in sum.iter_mut().zip(more) {
        *a += b;
    }
}

fn numbers(count: i64, sums: [Option<i64>; 5]) -> Numbers {
    let [a, b, c, d, e] = sums.map(Option::unwrap_or_default);
    [count, a, b, c, d, e]
}

fn compare(round_id: RoundId, weapon: &str, names: &[&str; 6], sent: Numbers, found: Numbers) -> Result<()> {
    for ((name, sent), found) in names.iter().zip(sent).zip(found) {
        if sent != found {
            let what = if weapon.is_empty() { (*name).to_owned() } else { format!("{weapon} {name}") };
            return difference(round_id, &what, sent, found);
        }
    }
    Ok(())
}

fn difference<T: Copy + PartialEq + ToString>(round_id: RoundId, what: &str, sent: T, found: T) -> Result<()> {
    if sent == found {
        return Ok(());
    }
    Err(Error::Verification { round_id, what: what.to_owned(), sent: sent.to_string(), found: found.to_string() })
}
