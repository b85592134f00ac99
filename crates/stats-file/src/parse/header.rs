//! The header line.

use super::{At, column_of, number, shown, text};
use crate::{FileName, Header, Problem, RoundNumber, Seconds, Side};

/// Reads the header and checks it against the file name. Errors carry the column.
pub(super) fn parse(name: &FileName, line: &[u8]) -> At<Header> {
    let mut fields: [&[u8]; 9] = [line.get(..0).unwrap_or(line); 9];
    let mut count = 0;
    for field in line.split(|&b| b == b'\\') {
        if let Some(slot) = fields.get_mut(count) {
            *slot = field;
        }
        count += 1;
    }
    if !(8..=9).contains(&count) {
        return Err((1, Problem::HeaderFields { found: count }));
    }
    let [server_name, map, config, round, defender, winner, limit, next, play_time] = fields;
    let at = |field: &[u8]| column_of(field.as_ptr() as usize - line.as_ptr() as usize);
    let value = |field: &[u8], name: &'static str, allowed: &'static str| {
        (at(field), Problem::Value { name, found: shown(field), allowed })
    };

    let limits =
        |field, name| number::limit(field).ok_or_else(|| value(field, name, "M:SS, H:MM:SS or decimal minutes"));
    let round_number = number::whole(round)
        .ok()
        .flatten()
        .and_then(RoundNumber::from_number)
        .ok_or_else(|| value(round, "round", "1 or 2"))?;
    let header = Header {
        server_name: text(server_name).into_owned(),
        map: text(map).into_owned(),
        config: text(config).into_owned(),
        round: round_number,
        defender: side(defender).ok().flatten().ok_or_else(|| value(defender, "defender", "1 (Axis) or 2 (Allies)"))?,
        winner: side(winner).map_err(|()| value(winner, "winner", "0 (nobody), 1 (Axis) or 2 (Allies)"))?,
        time_limit: limits(limit, "time limit")?,
        next_time_limit: limits(next, "next time limit")?,
        play_time: play_time_of(play_time).map_err(|()| value(play_time, "play time", "a number"))?,
        has_play_time: count == 9,
    };
    let mismatch = |field: &[u8], name, expected: String| {
        Err((at(field), Problem::NameMismatch { name, found: shown(field), expected }))
    };
    if !header.map.eq_ignore_ascii_case(&name.map) {
        return mismatch(map, "map", name.map.clone());
    }
    if header.round != name.round {
        return mismatch(round, "round", name.round.number().to_string());
    }
    Ok(header)
}

/// A missing value reads Axis, as the writer's own default does; 0 and below is nobody.
fn side(field: &[u8]) -> Result<Option<Side>, ()> {
    if field.is_empty() {
        return Ok(Some(Side::Axis));
    }
    match number::whole(field)? {
        Some(n) if n <= 0 => Ok(None),
        Some(n) => Side::from_number(n).map(Some).ok_or(()),
        None => Err(()),
    }
}

fn play_time_of(field: &[u8]) -> Result<Option<Seconds>, ()> {
    if field.is_empty() { Ok(None) } else { number::play_time(field) }
}
