//! Any line at all: one that a command could take, with as much wrong in it as chance wants.

use fullhold_commands::{COMMANDS, names};

use crate::lines::{Known, fitting, one_of};

/// Texts that break what trusts them.
const HOSTILE: &[&str] = &[
    "'; DROP TABLE rounds; --",
    "\" OR 1=1",
    "%",
    "_",
    "\\",
    "\\\"",
    "$1",
    "?",
    "{0}",
    "\0",
    "\u{202e}\u{2066}",
    "\u{f8f0}\u{f8f5}99\u{f8f4}",
    "\u{301}\u{301}",
    "🏳️‍🌈👨‍👩‍👧",
    "^1^2^3",
    "@everyone",
    "<@!99999999999999999999>",
    "<@1",
    "-1",
    "+1",
    "0",
    "9223372036854775807",
    "9223372036854775808",
    "2147483648",
    "99999999999999999999999",
    "NaN",
    "1e9",
    "0000-00-00",
    "9999-12-31",
    "-9999-01-01",
    "2025-02-30",
    "2025-13",
    "9999999y",
    "0d",
    "9999-12-31..0001-01-01",
    "2025-10..2025-11",
    "guid:",
    "guid:ÄÖÜ",
    "player:",
    ":",
    "a:b:c",
    "„offen“",
    "«zu»",
    "ﬃ",
    "İI",
    "ß",
];

/// Any line at all.
pub(crate) fn any(known: &Known, random: &mut fastrand::Rng) -> String {
    let command = &COMMANDS[random.usize(..COMMANDS.len())];
    let mut line = fitting(command, known, random);
    if random.u8(..4) == 0 {
        let name = random.choice(names(command).collect::<Vec<_>>()).unwrap_or(command.name);
        line = line.replacen(command.name, name, 1);
    }
    for _ in 0..random.u8(..4) {
        line = spoiled(&line, random);
    }
    line
}

/// A line with something wrong in it.
fn spoiled(line: &str, random: &mut fastrand::Rng) -> String {
    let mut letters: Vec<char> = line.chars().collect();
    let at = random.usize(..=letters.len());
    match random.u8(..9) {
        0 => letters.insert(at, random.char(..)),
        1 if at < letters.len() => drop(letters.remove(at)),
        2 if at + 1 < letters.len() => letters.swap(at, at + 1),
        3 => letters
            .insert(at, one_of(random, &["\"", "„", ":", " ", "\u{a0}", "\n", "\\"]).chars().next().unwrap_or(' ')),
        4 => letters.truncate(at),
        5 => letters.extend(one_of(random, HOSTILE).chars()),
        6 => {
            let hostile: Vec<char> = format!(" {} ", one_of(random, HOSTILE)).chars().collect();
            letters.splice(at..at, hostile);
        }
        7 => letters.extend(line.chars()),
        _ => {
            let long: String = one_of(random, &["x", "é", "👩", "^1", "\" "]).repeat(random.usize(1..3000));
            letters.splice(at..at, long.chars());
        }
    }
    letters.into_iter().collect()
}
