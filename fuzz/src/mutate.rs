//! A fuzzer in plain Rust: changes seeds by chance and counts panics. It knows no coverage, but it
//! knows the format's words, and it runs where libFuzzer cannot be built.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::fuzz_bodies::{parse, roundtrip};

/// Words at which a parser of this format may stumble.
const WORDS: [&[u8]; 28] = [
    b"\\",
    b" ",
    b"\t",
    b"\n",
    b"\r\n",
    b"\0",
    b"^",
    b"^^",
    b"-",
    b"-1",
    b"+",
    b".",
    b":",
    b"0",
    b"nan",
    b"-inf",
    b"1e9",
    b"1.#IND",
    b"2147483647",
    b"-2147483648",
    b"4294967295",
    b"268435456",
    b"999999999999",
    b"9.95",
    b"OMNIBOT0",
    b"[BOT]",
    b"\xff\xfe",
    b"\xe2\x82",
];

/// What a run came to.
pub(crate) struct Report {
    /// Inputs tried; each went through both bodies.
    pub(crate) executions: u64,
    /// Inputs that the parser took as a file: the rest were errors.
    pub(crate) accepted: u64,
    /// Inputs that panicked, the first few of them.
    pub(crate) panics: Vec<Vec<u8>>,
}

/// Tries so many changed seeds. The same seeds and number give the same inputs.
pub(crate) fn mutate_run(seeds: &[Vec<u8>], executions: u64, seed: u64) -> Report {
    let mut chance = Chance(seed);
    let mut report = Report { executions: 0, accepted: 0, panics: Vec::new() };
    let mut input = Vec::new();
    while report.executions < executions && report.panics.len() < 10 {
        take(&mut chance, seeds, &mut input);
        for _ in 0..=chance.below(6) {
            change(&mut chance, seeds, &mut input);
        }
        report.executions += 1;
        match catch_unwind(AssertUnwindSafe(|| try_one(&input))) {
            Ok(accepted) => report.accepted += u64::from(accepted),
            Err(_) => report.panics.push(input.clone()),
        }
    }
    report
}

fn try_one(input: &[u8]) -> bool {
    parse(input);
    roundtrip(input)
}

/// The header and a few lines of a seed: a whole file is slow and shows no more.
fn take(chance: &mut Chance, seeds: &[Vec<u8>], input: &mut Vec<u8>) {
    input.clear();
    let Some(seed) = seeds.get(chance.below(seeds.len())) else { return };
    let most = chance.below(4);
    let count = seed.split(|b| *b == b'\n').count();
    let skipped = chance.below(count);
    let lines = seed.split_inclusive(|b| *b == b'\n');
    for (_, line) in lines.enumerate().filter(|(i, _)| *i == 0 || (skipped..=skipped + most).contains(i)) {
        input.extend_from_slice(line);
    }
}

/// One change.
fn change(chance: &mut Chance, seeds: &[Vec<u8>], input: &mut Vec<u8>) {
    let at = chance.below(input.len() + 1);
    let to = (at + chance.below(8)).min(input.len());
    let word = WORDS.get(chance.below(WORDS.len())).copied().unwrap_or_default();
    match chance.below(10) {
        0 => {
            if let Some(byte) = input.get_mut(at) {
                *byte ^= 1 << chance.below(8);
            }
        }
        1 => {
            if let Some(byte) = input.get_mut(at) {
                *byte = u8::try_from(chance.below(256)).unwrap_or(0);
            }
        }
        2 => input.truncate(at),
        3 => drop(input.drain(at..to)),
        4 => drop(input.splice(at..at, word.iter().copied())),
        5 => drop(input.splice(at..to, word.iter().copied())),
        // A number or name replaced, its neighbours kept.
        6 | 7 => {
            let is_end = |b: &u8| b"\\ \t\n".contains(b);
            let rest = input.get(at..).unwrap_or_default();
            let end = at + rest.iter().position(is_end).unwrap_or(rest.len());
            let front = input.get(..at).unwrap_or_default();
            let begin = front.iter().rposition(is_end).map_or(0, |i| i + 1);
            drop(input.splice(begin..end, word.iter().copied()));
        }
        // A stretch twice.
        8 => {
            let end = (at + chance.below(200)).min(input.len());
            let copy = input.get(at..end).unwrap_or_default().to_vec();
            drop(input.splice(at..at, copy));
        }
        // The end of another file.
        _ => {
            let other = seeds.get(chance.below(seeds.len())).map_or(&[][..], Vec::as_slice);
            let from = other.len().saturating_sub(chance.below(600));
            input.truncate(at);
            input.extend_from_slice(other.get(from..).unwrap_or_default());
        }
    }
}

/// The generator `SplitMix64`.
struct Chance(u64);

impl Chance {
    /// Uniform below `end`; 0 if that is 0.
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let end = u64::try_from(end).unwrap_or(u64::MAX).max(1);
        usize::try_from((z ^ (z >> 31)) % end).unwrap_or(0)
    }
}
