//! Who may turn up: everybody known, or a server's regulars and whoever passes by.

use std::sync::Arc;

use fullhold_stats_file::Guid;

use crate::people::{Person, people};
use crate::random::Random;
use crate::truth::TruePerson;

/// A person who is there is a regular, in cases per 1,000.
const REGULARS: u32 = 800;
/// One of so many who live at a server is a regular there.
const ONE_IN: usize = 4;
/// So many regulars at least, as far as there are people.
const LEAST_REGULARS: usize = 14;

/// Everybody of a history.
pub(crate) struct Population {
    people: Vec<Resident>,
}

/// Somebody, with the guid they change to.
struct Resident {
    person: Person,
    /// Their second guid, and the instant from which they play under it.
    second: Option<(Guid, i64)>,
}

impl Population {
    /// So many people, of whom `two_guids` of 1,000 change their guid once, between the instants.
    pub(crate) fn new(random: &mut Random, count: usize, two_guids: u32, (from, to): (i64, i64)) -> Self {
        let others = people(&mut Random::new(0), count * 2);
        let mut residents = Vec::with_capacity(count);
        for (index, person) in people(random, count).into_iter().enumerate() {
            let second = if random.permille(two_guids) {
                let day = random.between(0, i32::try_from((to - from) / 86_400).unwrap_or(0).max(0));
                others.get(count + index).map(|other| (other.guid, from + i64::from(day) * 86_400))
            } else {
                None
            };
            residents.push(Resident { person, second });
        }
        Self { people: residents }
    }

    /// Who they are.
    pub(crate) fn truth(&self) -> Vec<TruePerson> {
        let told = |resident: &Resident| {
            let mut guids = vec![resident.person.guid.to_string()];
            guids.extend(resident.second.map(|(guid, _)| guid.to_string()));
            TruePerson { guids, name: resident.person.name.clone(), strength: resident.person.skill }
        };
        self.people.iter().map(told).collect()
    }

    /// As they are known at an instant.
    fn at(&self, index: usize, instant: i64) -> Option<Person> {
        let resident = self.people.get(index)?;
        let mut person = resident.person.clone();
        if let Some((guid, _)) = resident.second.filter(|(_, since)| *since <= instant) {
            person.guid = guid;
        }
        Some(person)
    }
}

/// Where the people of an evening come from.
pub(crate) enum Crowd {
    /// All of them may turn up.
    Everybody(Vec<Person>),
    /// A server of several.
    Community {
        /// Everybody of the history.
        population: Arc<Population>,
        /// Who is often here, as positions.
        regulars: Vec<usize>,
        /// Who may pass by.
        others: Vec<usize>,
    },
}

impl Crowd {
    /// The people of a server: those whose position says so live there, the first of them are regulars.
    pub(crate) fn of_server(population: Arc<Population>, server: usize, servers: usize) -> Self {
        let everybody = 0..population.people.len();
        let (mut regulars, mut others): (Vec<usize>, Vec<usize>) =
            everybody.partition(|index| index % servers.max(1) == server);
        let keep = (regulars.len() / ONE_IN).max(LEAST_REGULARS).min(regulars.len());
        others.extend(regulars.split_off(keep));
        Self::Community { population, regulars, others }
    }

    /// Those who may play in an evening that begins at this instant; a community sends so many.
    pub(crate) fn of_evening(&self, random: &mut Random, begin: i64, count: usize) -> Vec<Person> {
        let (population, regulars, others) = match self {
            Self::Everybody(people) => return people.clone(),
            Self::Community { population, regulars, others } => (population, regulars, others),
        };
        let mut chosen: Vec<usize> = Vec::with_capacity(count);
        for _ in 0..count * 4 {
            let from = if random.permille(REGULARS) { regulars } else { others };
            if let Some(index) = random.pick(from).filter(|index| !chosen.contains(index)) {
                chosen.push(index);
            }
            if chosen.len() == count {
                break;
            }
        }
        chosen.into_iter().filter_map(|index| population.at(index, begin)).collect()
    }
}
