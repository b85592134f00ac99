//! A player line: `guid \ name \ rounds \ team \ mask (SP tuple)* SP TAB f0 TAB f1 …`.

use memchr::{memchr, memrchr};

use super::{At, column_of, number, shown, text};
use crate::{
    Era, FIELDS, Field, FieldSpec, Guid, PlayerLine, Problem, Semantics, Slot, Unit, WEAPON_COUNT, Weapon, WeaponCounts,
};

const MASK_ALLOWED: &str = "a number with bits 0 to 27";
const COUNT_ALLOWED: &str = "a whole number, 0 or more";

/// Reads a line into a blank one. On an error `out` is good for nothing.
pub(super) fn read(line: &[u8], out: &mut PlayerLine) -> At<()> {
    let front_end = memchr(b'\t', line).unwrap_or(line.len());
    let (front, tabs) = line.split_at_checked(front_end).unwrap_or((line, &[]));
    let Parts { guid, name, rounds, team, weapons } = split(front)?;
    let value = |field: &[u8], name: &'static str, allowed: &'static str| {
        (column_within(line, field), Problem::Value { name, found: shown(field), allowed })
    };
    out.rounds = number::whole(rounds).ok().flatten().ok_or_else(|| value(rounds, "rounds", "a whole number"))?;
    out.slot = number::whole(team)
        .ok()
        .flatten()
        .and_then(Slot::from_number)
        .ok_or_else(|| value(team, "team", "0 (free), 1 (Axis), 2 (Allies) or 3 (spectator)"))?;
    out.guid = std::str::from_utf8(guid)
        .ok()
        .and_then(Guid::new)
        .ok_or_else(|| value(guid, "guid", "at most 23 printable bytes of UTF-8"))?;
    out.weapon_mask = read_weapons(line, weapons, &mut out.weapons)?;
    read_tabs(line, tabs, out)?;
    out.name = text(name).into_owned();
    Ok(())
}

struct Parts<'a> {
    guid: &'a [u8],
    name: &'a [u8],
    rounds: &'a [u8],
    team: &'a [u8],
    weapons: &'a [u8],
}

/// guid up to the first `\`; the rest from the right on its last three, because a name may hold one.
fn split(front: &[u8]) -> At<Parts<'_>> {
    let parts = || {
        let at = memchr(b'\\', front)?;
        let (guid, rest) = (front.get(..at)?, front.get(at + 1..)?);
        let (rest, weapons) = split_last(rest)?;
        let (rest, team) = split_last(rest)?;
        let (name, rounds) = split_last(rest)?;
        Some(Parts { guid, name, rounds, team, weapons })
    };
    parts().ok_or_else(|| {
        let found = front.split(|&b| b == b'\\').count();
        (1, Problem::PlayerFields { found })
    })
}

fn split_last(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = memrchr(b'\\', bytes)?;
    Some((bytes.get(..at)?, bytes.get(at + 1..)?))
}

fn column_within(line: &[u8], part: &[u8]) -> u32 {
    column_of((part.as_ptr() as usize).saturating_sub(line.as_ptr() as usize))
}

fn read_weapons(line: &[u8], bytes: &[u8], weapons: &mut [WeaponCounts; WEAPON_COUNT]) -> At<u32> {
    let mut words = Words { rest: bytes };
    let first = words.next().unwrap_or(&[]);
    let mask = number::whole(first)
        .ok()
        .flatten()
        .and_then(|mask| u32::try_from(mask).ok())
        .filter(|mask| mask >> WEAPON_COUNT == 0)
        .ok_or_else(|| {
            let column = column_within(line, if first.is_empty() { bytes } else { first });
            (column, Problem::Value { name: "weapon mask", found: shown(first), allowed: MASK_ALLOWED })
        })?;
    let expected = mask.count_ones() as usize * 5;
    let short = |found| (column_within(line, bytes), Problem::TupleCount { mask, expected, found });
    let mut found = 0;
    for (weapon, counts) in Weapon::ALL.into_iter().zip(weapons) {
        if mask >> weapon.slot() & 1 == 0 {
            continue;
        }
        let WeaponCounts { hits, shots, kills, deaths, headshots } = counts;
        for (is_shots, target) in [(false, hits), (true, shots), (false, kills), (false, deaths), (false, headshots)] {
            found += 1;
            // Nearly every number is plain digits and one blank.
            if let Some((number, length)) = number::leading_digits(words.rest)
                && words.rest.get(length) == Some(&b' ')
            {
                *target = number;
                words.rest = words.rest.get(length + 1..).unwrap_or(&[]);
                continue;
            }
            let word = words.next().ok_or_else(|| short(found - 1))?;
            // The engine may take a stab back before it was ever counted.
            let below_zero_is_fine = is_shots && weapon.shots_may_decrease();
            *target =
                number::whole(word).ok().flatten().filter(|n| *n >= 0 || below_zero_is_fine).ok_or_else(|| {
                    let problem = Problem::Value { name: weapon.name(), found: shown(word), allowed: COUNT_ALLOWED };
                    (column_within(line, word), problem)
                })?;
        }
    }
    let extra = words.count();
    if extra > 0 { Err(short(found + extra)) } else { Ok(mask) }
}

/// Blank-separated words.
struct Words<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Words<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let start = self.rest.iter().position(|&b| b != b' ')?;
        let rest = self.rest.get(start..)?;
        let end = rest.iter().position(|&b| b == b' ').unwrap_or(rest.len());
        let (word, rest) = rest.split_at_checked(end)?;
        self.rest = rest;
        Some(word)
    }
}

fn read_tabs(line: &[u8], tabs: &[u8], out: &mut PlayerLine) -> At<()> {
    // `tabs` starts with a TAB, so each TAB opens a field.
    let count = memchr::memchr_iter(b'\t', tabs).count();
    let era =
        Era::of_field_count(count).ok_or((column_of(line.len() - tabs.len()), Problem::TabFields { found: count }))?;
    out.era = era;
    let mut present = 0_u64;
    let mut rest = tabs.get(1..).unwrap_or(&[]);
    for index in 0..era.field_count() {
        let position = era.canonical(index);
        let (Some(spec), Some(slot)) = (FIELDS.get(position), out.values.get_mut(position)) else { continue };
        // Nearly every value is plain digits, with one decimal where the unit has one.
        if let Some((number, length)) = plain(rest, spec.unit.is_tenths()) {
            *slot = number;
            present |= 1 << position;
            rest = rest.get(length + 1..).unwrap_or(&[]);
            continue;
        }
        let end = memchr_short(b'\t', rest);
        let (word, behind) = rest.split_at_checked(end).unwrap_or((rest, &[]));
        rest = behind.get(1..).unwrap_or(&[]);
        let word = word.trim_ascii();
        let read = if spec.unit.is_tenths() { number::tenths(word) } else { number::whole(word) };
        match read {
            Ok(Some(number)) if number >= 0 || may_be_negative(spec) => {
                *slot = number;
                present |= 1 << position;
            }
            Ok(None) => {}
            // Nothing is computed from these: garbage in them costs only themselves.
            _ if is_ignored(spec) => {}
            Ok(Some(_)) | Err(()) => {
                let allowed = if spec.unit.is_tenths() { "a number, 0 or more" } else { COUNT_ALLOWED };
                let problem = Problem::Value { name: spec.name, found: shown(word), allowed };
                return Err((column_within(line, word), problem));
            }
        }
    }
    out.present = present;
    Ok(())
}

/// A value in its usual form at the front of `bytes`, up to a TAB or the end: its number (in tenths
/// with a decimal) and its length.
#[inline]
fn plain(bytes: &[u8], decimal: bool) -> Option<(i32, usize)> {
    let (number, length) = number::leading_digits(bytes)?;
    let (number, length) = match bytes.get(length..) {
        Some([b'.', tenth @ b'0'..=b'9', ..]) if decimal => {
            (number.checked_mul(10)?.checked_add(i32::from(tenth - b'0'))?, length + 2)
        }
        _ if decimal => return None,
        _ => (number, length),
    };
    matches!(bytes.get(length), None | Some(b'\t')).then_some((number, length))
}

/// Fields are a few bytes long: a plain loop beats setting up a vector search.
fn memchr_short(needle: u8, bytes: &[u8]) -> usize {
    bytes.iter().position(|&b| b == needle).unwrap_or(bytes.len())
}

fn may_be_negative(spec: &FieldSpec) -> bool {
    spec.unit == Unit::Points || is_ignored(spec)
}

/// Derived by the writer and recomputed by us. Only the alive percentage is an input of ours.
fn is_ignored(spec: &FieldSpec) -> bool {
    spec.semantics == Semantics::Derived && spec.field != Field::TimePlayedPercent
}
