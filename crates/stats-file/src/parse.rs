//! Bytes to [`StatsFile`]: one pass per line, numbers read in place, no allocation per field.

mod header;
mod number;
mod player;

use std::borrow::Cow;

use memchr::memchr;

use crate::{Era, Field, FileName, LineError, ParseError, PlayerLine, Problem, StatsFile, Weapon};

/// Raised when the same bytes are read differently; stored with every imported file.
pub const PARSER_VERSION: i32 = 1;

/// Reads a stats file.
///
/// A line that cannot be used is left out and reported in [`StatsFile::rejected`]; a header
/// without player lines is a round nobody played.
///
/// # Errors
/// The header is unusable or contradicts the name; there are player lines and none is usable;
/// the file stops in the middle of a line (the server does not write atomically).
pub fn parse(name: &FileName, bytes: &[u8]) -> Result<StatsFile, ParseError> {
    let fail = |line: u32, column: u32, problem: Problem| ParseError { file: name.to_string(), line, column, problem };
    if bytes.is_empty() {
        return Err(fail(1, 1, Problem::Empty));
    }
    let mut lines = Lines { rest: bytes, number: 0 };
    let Some((_, first, ended)) = lines.next() else { return Err(fail(1, 1, Problem::Empty)) };
    let header = header::parse(name, first).map_err(|(column, problem)| fail(1, column, problem))?;
    if !ended {
        return Err(fail(1, column_of(first.len()), Problem::Partial { reason: "only a header".to_owned() }));
    }
    let mut players: Vec<PlayerLine> = Vec::with_capacity(lines.rest.len() / 400 + 1);
    let mut rejected = Vec::new();
    let mut seen = 0;
    for (number, line, ended) in lines {
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        seen += 1;
        // Read in place: a line is large, and moving it about costs more than reading it.
        players.push(PlayerLine::blank(number));
        let Some((player, before)) = players.split_last_mut() else { continue };
        let read = player::read(line, player).and_then(|()| unique(before, player));
        if !ended && let Some(reason) = cut_off(before, read.as_ref().map(|()| &*player)) {
            return Err(fail(number, column_of(line.len()), Problem::Partial { reason }));
        }
        if let Err((column, problem)) = read {
            players.pop();
            rejected.push(LineError { line: number, column, problem });
        }
    }
    if players.is_empty()
        && let Some(first) = rejected.first()
    {
        let problem = Problem::NoUsableLine { lines: seen, first: Box::new(first.clone()) };
        return Err(fail(first.line, first.column, problem));
    }
    Ok(StatsFile { name: name.clone(), header, players, rejected })
}

/// A position within a line and what is wrong there.
type At<T> = Result<T, (u32, Problem)>;

/// 1-based column of a byte offset.
fn column_of(offset: usize) -> u32 {
    u32::try_from(offset).map_or(u32::MAX, |o| o.saturating_add(1))
}

/// Lines with their 1-based number and whether a line feed ended them; CR before LF is dropped.
struct Lines<'a> {
    rest: &'a [u8],
    number: u32,
}

impl<'a> Iterator for Lines<'a> {
    type Item = (u32, &'a [u8], bool);

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let end = memchr(b'\n', self.rest);
        let (line, rest) = match end {
            Some(at) => (self.rest.get(..at)?, self.rest.get(at + 1..)?),
            None => (self.rest, &[][..]),
        };
        self.rest = rest;
        self.number = self.number.saturating_add(1);
        Some((self.number, line.strip_suffix(b"\r").unwrap_or(line), end.is_some()))
    }
}

fn unique(before: &[PlayerLine], player: &PlayerLine) -> At<()> {
    let same = before.iter().find(|other| other.guid == player.guid && other.identity() == player.identity());
    match same {
        None => Ok(()),
        Some(other) => Err((1, Problem::DuplicatePlayer { guid: player.identity().to_string(), first: other.line })),
    }
}

/// What shows that a last line without line feed was cut off; `None` if it may be whole.
fn cut_off(before: &[PlayerLine], last: Result<&PlayerLine, &(u32, Problem)>) -> Option<String> {
    let last = match last {
        Ok(last) => last,
        Err((_, problem)) => return Some(problem.to_string()),
    };
    if last.era == Era::Prefix28 {
        return Some("not all TAB fields are there".to_owned());
    }
    if let Some(other) = before.last().filter(|other| other.era != last.era) {
        let (found, other) = (last.era.field_count(), other.era.field_count());
        return Some(format!("{found} TAB fields where the line before has {other}"));
    }
    let revives = last.get(Field::RevivesGiven)?;
    (revives != last.weapon(Weapon::Syringe).hits).then(|| "the last number is cut".to_owned())
}

/// Text of the file: lossy, and without NUL, which no database text can hold.
fn text(bytes: &[u8]) -> Cow<'_, str> {
    let text = String::from_utf8_lossy(bytes);
    if memchr(0, bytes).is_some() { Cow::Owned(text.replace('\0', "\u{FFFD}")) } else { text }
}

/// A value as an error shows it.
fn shown(bytes: &[u8]) -> String {
    text(bytes.get(..bytes.len().min(40)).unwrap_or(bytes)).into_owned()
}
