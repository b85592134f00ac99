//! The people of a situation, and their numbers.

use fullhold_charts::{Name, Team};

use super::Situation;

/// A made-up player.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) name: Name,
    pub(crate) team: Team,
    /// Which team's sheet: 0 is A.
    pub(crate) sheet: usize,
    pub(crate) rounds: u64,
    pub(crate) kills: Option<u64>,
    pub(crate) deaths: Option<u64>,
    pub(crate) given: Option<f64>,
    pub(crate) received: Option<f64>,
    pub(crate) accuracy: Option<f64>,
    pub(crate) head_hit: Option<f64>,
    pub(crate) revives: Option<u64>,
    pub(crate) played: Option<u64>,
    pub(crate) dead: Option<u64>,
    pub(crate) denied: Option<u64>,
}

impl Person {
    /// Kills per death.
    pub(crate) fn kd(&self) -> Option<f64> {
        let (kills, deaths) = (self.kills?, self.deaths?);
        (deaths > 0).then(|| kills as f64 / deaths as f64)
    }
}

/// Names that break pictures.
pub(crate) const ODD_NAMES: [&str; 20] = [
    "^1r^2a^3i^5n^6b^8o^ww",
    "^4navy^0black",
    "The_Very_Long_Name_Of_A_Man_From_Grosupl",
    "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW",
    "@everyone",
    "<@123456789> & \"friends\"",
    "`*_~||spoiler||",
    "Снегирь_77",
    "ΑΘΗΝΑ",
    "Zażółć gęślą",
    "שלום עולם",
    "^3مرحبا ^5بالعالم",
    "abc שלום 123!",
    "漢字カナ한글",
    "★ƒröst★ 🦀",
    "👨\u{200d}👩\u{200d}👧 🏳\u{fe0f}\u{200d}🌈",
    "e\u{301}\u{302}\u{303}te\u{301}",
    "Z\u{334}\u{301}a\u{335}\u{300}l\u{336}\u{302}g\u{337}o\u{338}",
    "\u{202e}evil\u{202c}\u{200b}",
    "^1 ^7",
];

/// Numbers by chance, the same on every machine and for ever.
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// From 0 to below `end`.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

const TYPICAL: [(&str, usize); 13] = [
    ("rustbelt", 0),
    ("^2Quent1n", 0),
    ("marmalade", 0),
    ("pix.el", 0),
    ("jaz@doma", 0),
    ("^4=VK=^7osip", 1),
    ("^4=VK=^7Lumen", 1),
    ("^4=VK=^7brandt", 1),
    ("mrak ^30din", 2),
    ("mrak ^3zvon", 2),
    ("mrak ^3tiho'", 2),
    ("mrak ^3øre", 2),
    ("mrak ^3vejn", 2),
];

/// Everybody of a situation, in the order of the sheets.
pub(crate) fn people(situation: Situation) -> Vec<Person> {
    let two_teams = |(name, sheet): (&str, usize)| (name.to_owned(), sheet.min(1));
    let names: Vec<(String, usize)> = match situation {
        Situation::Typical => TYPICAL.into_iter().map(two_teams).collect(),
        Situation::SeveralSeries => TYPICAL.into_iter().map(|(name, sheet)| (name.to_owned(), sheet)).collect(),
        Situation::OnePlayer => vec![("★ƒröst★".to_owned(), 0)],
        Situation::SixtyFour => (0..64).map(|index| (many(index), index % 2)).collect(),
        Situation::NoData => Vec::new(),
        Situation::Unknown => vec![("norr".to_owned(), 0), ("osip".to_owned(), 0), ("Tenpenny".to_owned(), 1)],
        Situation::Extreme => {
            ["max", "i", "nan", "zero", "l1I|l1I|", "neg"].iter().map(|n| ((*n).to_owned(), 0)).collect()
        }
        Situation::OddNames => {
            ODD_NAMES.iter().take(16).enumerate().map(|(index, name)| ((*name).to_owned(), index % 2)).collect()
        }
        Situation::Draw => TYPICAL.into_iter().take(10).map(two_teams).collect(),
        Situation::NoTeams => TYPICAL.into_iter().take(6).map(|(name, _)| (name.to_owned(), 0)).collect(),
    };
    let mut people: Vec<Person> =
        names.iter().enumerate().map(|(index, (name, sheet))| person(situation, index, (name, *sheet))).collect();
    people.sort_by_key(|person| person.sheet);
    people
}

fn many(index: usize) -> String {
    const SYLLABLES: [&str; 16] =
        ["sha", "gor", "tar", "dusk", "ju", "vil", "ban", "ebalu", "fen", "ko", "daxo", "ro", "st", "wam", "ker", "ri"];
    if index % 8 == 5 {
        return ODD_NAMES[(index / 8 * 3) % ODD_NAMES.len()].to_owned();
    }
    let mut chance = Chance::new(index as u64 + 11);
    let mut name = String::new();
    for _ in 0..2 + chance.below(3) {
        name += SYLLABLES[chance.below(16) as usize];
    }
    if index.is_multiple_of(5) { format!("{name}_{}", 10 + index) } else { name }
}

fn person(situation: Situation, index: usize, (name, sheet): (&str, usize)) -> Person {
    let mut chance = Chance::new(index as u64 + 1);
    let team = match (situation, sheet) {
        (Situation::NoTeams | Situation::Extreme, _) => Team::Unknown,
        (_, 0) => Team::A,
        _ => Team::B,
    };
    let rounds = 6 + chance.below(9);
    let mut person = Person {
        name: Name::new(name),
        team,
        sheet,
        rounds,
        kills: Some(rounds * (6 + chance.below(9))),
        deaths: Some(rounds * (7 + chance.below(7))),
        given: Some(140.0 + chance.below(1900) as f64 / 10.0),
        received: Some(180.0 + chance.below(1200) as f64 / 10.0),
        accuracy: Some(27.0 + chance.below(150) as f64 / 10.0),
        head_hit: Some(8.0 + chance.below(80) as f64 / 10.0),
        revives: Some(chance.below(44)),
        played: Some(rounds * (420 + chance.below(200))),
        dead: Some(rounds * (60 + chance.below(80))),
        denied: Some(rounds * chance.below(150)),
    };
    match situation {
        Situation::Unknown => forget(&mut person),
        Situation::Extreme => exaggerate(&mut person, index),
        Situation::Draw => {
            person.kills = Some(120);
            person.deaths = Some(120);
            person.given = Some(250.0);
            person.received = Some(250.0);
            person.accuracy = Some(35.5);
            person.head_hit = Some(12.0);
            person.played = Some(7200);
            person.dead = Some(1800);
            person.denied = Some(600);
        }
        _ => {}
    }
    person
}

fn forget(person: &mut Person) {
    person.kills = None;
    person.deaths = None;
    person.given = None;
    person.received = None;
    person.accuracy = None;
    person.head_hit = None;
    person.revives = None;
    person.played = None;
    person.dead = None;
    person.denied = None;
}

fn exaggerate(person: &mut Person, index: usize) {
    let (count, value) = match index {
        0 => (u64::MAX, f64::MAX),
        1 => (1, f64::MIN_POSITIVE),
        2 => (u64::MAX / 2, f64::NAN),
        3 => (0, 0.0),
        4 => (999_999_999, 123_456_789.0),
        _ => (7, -1e300),
    };
    person.rounds = count;
    person.kills = Some(count);
    person.deaths = Some(count / 3);
    person.given = Some(value);
    person.received = Some(value / 2.0);
    person.accuracy = Some(value);
    person.head_hit = Some(value);
    person.revives = Some(count);
    person.played = Some(count);
    person.dead = Some(count);
    person.denied = Some(count);
}
