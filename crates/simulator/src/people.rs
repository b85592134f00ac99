//! The people of the simulation: guids and names.

use fullhold_stats_file::{Guid, strip_colours};

use crate::random::Random;

const NAMES: [&str; 24] = [
    "^1Ka^7Bo0m",
    "^3sleepy^7fox",
    "nordwind",
    "^4Zw^5ei^4blum",
    "m!nt",
    "^2gras^7hopper",
    "tangent/",
    "^xOto^7kar",
    "laika*",
    "^6pix^^7el",
    "Brok&Roll",
    "^7(^1o^7)_(^1o^7)",
    "tiny:tim",
    "^8moss",
    "Quent1n",
    "^1rust^7belt",
    "jaz@doma",
    "^5aurora",
    "half|life",
    "^3k^7u^3m^7u",
    "st`ranger",
    "^ddrevo",
    "eleven?",
    "^yo^7livia",
];

/// Bytes of a name; a rename adds six more.
const LONGEST_NAME: usize = 29;

/// Somebody who plays.
#[derive(Clone, Debug)]
pub(crate) struct Person {
    pub(crate) guid: Guid,
    pub(crate) name: String,
    pub(crate) is_bot: bool,
    /// Chance of winning a duel, in relation to others'.
    pub(crate) skill: i32,
}

impl Person {
    /// The identity the product must give him.
    pub(crate) fn identity(&self) -> Guid {
        self.guid.identity(&strip_colours(&self.name))
    }

    /// Puts a tag before the name, as far as the game's 35 characters allow. Bots keep their names.
    pub(crate) fn wear(&mut self, tag: &str) {
        if !self.is_bot && tag.len() + self.name.len() <= LONGEST_NAME && !self.name.starts_with(tag) {
            self.name = format!("{tag}{}", self.name);
        }
    }
}

/// A pool of people with guids and names of their own.
pub(crate) fn people(random: &mut Random, count: usize) -> Vec<Person> {
    (0..count)
        .filter_map(|index| {
            // Distinct by construction: an odd factor permutes 32-bit numbers.
            let number = u32::try_from(index).unwrap_or(0).wrapping_add(1).wrapping_mul(0x9e37_79b1);
            let guid = Guid::new(&format!("{number:08X}"))?;
            let base = NAMES.get(index % NAMES.len()).copied().unwrap_or("player");
            let name = if index < NAMES.len() { base.to_owned() } else { format!("{base}{}", index / NAMES.len()) };
            Some(Person { guid, name, is_bot: false, skill: random.between(6, 14) })
        })
        .collect()
}

/// A bot: all share one guid.
pub(crate) fn bot(number: usize) -> Option<Person> {
    let guid = Guid::new("OMNIBOT0")?;
    Some(Person { guid, name: format!("[BOT]^{}unit{number}", number % 8), is_bot: true, skill: 5 })
}
