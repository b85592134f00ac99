//! What everybody did over many evenings, person by person, whatever guids they played under.

use std::collections::BTreeMap;

use fullhold_stats_file::{Semantics, Weapon};

use crate::truth::{TrueEvening, TruePerson, TruePlayer};

/// A person's sums over rounds that count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrueSums {
    /// Rounds.
    pub rounds: u32,
    /// Seconds played as the files can tell them.
    pub seconds: i64,
    /// Kills, by weapons.
    pub kills: i64,
    /// Deaths, by weapons.
    pub deaths: i64,
    /// Hits in the head.
    pub headshots: i64,
    /// Hits of weapons that are aimed.
    pub aimed_hits: i64,
    /// Shots of weapons that are aimed.
    pub aimed_shots: i64,
    /// By name of the field in the format's documentation: sums, and the maximum of what is one.
    /// What no file told is not among them.
    pub fields: BTreeMap<&'static str, i64>,
}

/// The sums of everybody, by first guid. Bots and others who are not among `people` have their own.
#[must_use]
pub fn sums<'a>(
    evenings: impl IntoIterator<Item = &'a TrueEvening>,
    people: &[TruePerson],
) -> BTreeMap<String, TrueSums> {
    let mut known: BTreeMap<&str, &str> = BTreeMap::new();
    for person in people {
        if let Some(first) = person.guids.first() {
            known.extend(person.guids.iter().map(|guid| (guid.as_str(), first.as_str())));
        }
    }
    let mut all: BTreeMap<String, TrueSums> = BTreeMap::new();
    for round in evenings.into_iter().flat_map(|evening| &evening.rounds).filter(|round| round.is_valid) {
        for player in &round.players {
            let guid = known.get(player.guid.as_str()).copied().unwrap_or(&player.guid);
            all.entry(guid.to_owned()).or_default().add(player);
        }
    }
    all
}

impl TrueSums {
    fn add(&mut self, player: &TruePlayer) {
        self.rounds += 1;
        self.seconds += i64::from(player.seconds);
        for (weapon, counts) in &player.weapons {
            self.kills += i64::from(counts.kills);
            self.deaths += i64::from(counts.deaths);
            self.headshots += i64::from(counts.headshots);
            if Weapon::is_aimed(*weapon) {
                self.aimed_hits += i64::from(counts.hits);
                self.aimed_shots += i64::from(counts.shots);
            }
        }
        for (field, value) in &player.values {
            let Some(value) = value.map(i64::from) else { continue };
            let sum = self.fields.entry(field.spec().name).or_default();
            *sum = if field.spec().semantics == Semantics::Maximum { value.max(*sum) } else { *sum + value };
        }
    }
}
