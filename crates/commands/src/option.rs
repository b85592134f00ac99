//! What commands take: the kinds of options, and how each reads a word. Knows no command.

use fullhold_analytics::{Board, FORMULAS, Formula, Value as BoardValue, board};
use fullhold_stats_file::Guid;
use time::Date;

use crate::words::{
    Period, UserId, Who, YearMonth, day, mention, month_name, month_number, similar, weekday, who, year_month,
};

/// An option of a command.
#[derive(Clone, Copy, Debug)]
pub struct CommandOption {
    /// Its name, as slash commands and `name:value` give it.
    pub name: &'static str,
    /// What it takes.
    pub kind: OptionKind,
    /// Whether the command cannot do without.
    pub is_required: bool,
}

/// What an option takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OptionKind {
    /// A player: a name, `me`, a mention, a guid.
    Player,
    /// A map that has been played.
    Map,
    /// A leaderboard or a synonym of it.
    Board,
    /// A number that answers show: a formula, or a leaderboard that ranks by one.
    Formula,
    /// A period.
    Period,
    /// A month: `10`, `oct`, `2025-10`.
    Month,
    /// An evening: its number, its key, a day or `last`.
    Session,
    /// A round or a match by the number that answers show.
    Id,
    /// One of these words.
    Choice(
        /// The words, each with its synonyms behind it.
        &'static [&'static [&'static str]],
    ),
    /// A whole number.
    Integer {
        /// The least.
        least: i64,
        /// The most.
        most: i64,
    },
    /// A guid of 8 characters.
    Guid,
    /// A user of the chat.
    User,
    /// Any text: what is left of the line.
    Text {
        /// The least number of characters.
        least: usize,
        /// The most.
        most: usize,
    },
}

/// The value of an option.
#[derive(Clone, Debug)]
pub enum Value {
    /// Of [`OptionKind::Player`].
    Player(Who),
    /// Of [`OptionKind::Map`]: its whole name.
    Map(String),
    /// Of [`OptionKind::Board`].
    Board(&'static Board),
    /// Of [`OptionKind::Formula`].
    Formula(&'static Formula),
    /// Of [`OptionKind::Period`].
    Period(Period),
    /// Of [`OptionKind::Month`].
    Month(MonthWord),
    /// Of [`OptionKind::Session`].
    Session(SessionWord),
    /// Of [`OptionKind::Id`] and [`OptionKind::Integer`].
    Number(i64),
    /// Of [`OptionKind::Choice`]: the first of its synonyms.
    Choice(&'static str),
    /// Of [`OptionKind::Guid`].
    Guid(Guid),
    /// Of [`OptionKind::User`].
    User(UserId),
    /// Of [`OptionKind::Text`].
    Text(String),
}

/// A month as it was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MonthWord {
    /// A month of a year.
    Of(YearMonth),
    /// The newest such month that has evenings.
    Newest(time::Month),
}

/// An evening as it was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionWord {
    /// The newest.
    Last,
    /// By the number that answers show.
    Number(i64),
    /// By its key: the stamp of its first round. It survives a rebuild, numbers do not.
    Key(String),
    /// The evening that began on this day.
    On(Date),
    /// The evening of a day that depends on today: `today`, `yesterday`, `sunday`.
    Period(Period),
}

/// Why a word is no value of an option.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotA {
    /// What was found.
    pub word: String,
    /// What may have been meant, the likeliest first; at most five.
    pub suggestions: Vec<String>,
}

/// What is known of the data when words are read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known<'a> {
    /// Maps that have been played, whole names.
    pub maps: &'a [String],
}

const SUGGESTIONS: usize = 5;

impl OptionKind {
    /// Whether this kind can tell its words from names: then its words are found wherever they stand in the line.
    #[must_use]
    pub const fn is_closed(self) -> bool {
        !matches!(self, Self::Player | Self::Text { .. })
    }

    /// Whether an unquoted word is surely meant for this option.
    #[must_use]
    pub fn recognises(self, word: &str, known: Known<'_>) -> bool {
        match self {
            // Part of a map's name is a map only where nothing else is asked for.
            Self::Map => known.maps.iter().any(|map| map.eq_ignore_ascii_case(word)),
            kind => kind.is_closed() && kind.read(word, known).is_ok(),
        }
    }

    /// The value that a word means. Quotes have been taken off before; `me` in quotes is a name, see [`Self::read_name`].
    ///
    /// # Errors
    /// [`NotA`] with suggestions.
    pub fn read(self, word: &str, known: Known<'_>) -> Result<Value, NotA> {
        let nothing = || NotA { word: word.to_owned(), suggestions: Vec::new() };
        match self {
            Self::Player if word.trim().is_empty() => Err(nothing()),
            Self::Player => Ok(Value::Player(who(word))),
            Self::Map => map(word, known.maps).map(Value::Map),
            Self::Board => board(word).map(Value::Board).map_err(|unknown| NotA {
                word: unknown.word,
                suggestions: unknown.suggestions.into_iter().map(str::to_owned).collect(),
            }),
            Self::Formula => formula(word).map(Value::Formula),
            Self::Period => word.parse().map(Value::Period).map_err(|_unknown| nothing()),
            Self::Month => month(word).map(Value::Month).ok_or_else(nothing),
            Self::Session => session(word).map(Value::Session).ok_or_else(nothing),
            Self::Id => number(word.strip_prefix('#').unwrap_or(word), 1, i64::MAX).ok_or_else(nothing),
            Self::Integer { least, most } => number(word, least, most).ok_or_else(nothing),
            Self::Choice(choices) => choice(word, choices).map(Value::Choice),
            Self::Guid => guid(word).map(Value::Guid).ok_or_else(nothing),
            Self::User => user(word).map(Value::User).ok_or_else(nothing),
            Self::Text { least, most } => {
                let length = word.chars().count();
                let fits = (least..=most).contains(&length);
                if fits { Ok(Value::Text(word.to_owned())) } else { Err(nothing()) }
            }
        }
    }

    /// The value of a quoted word: a player is a name then, whatever it says.
    ///
    /// # Errors
    /// As [`OptionKind::read`].
    pub fn read_name(self, word: &str, known: Known<'_>) -> Result<Value, NotA> {
        match self {
            Self::Player if !word.trim().is_empty() => Ok(Value::Player(Who::Name(word.to_owned()))),
            kind => kind.read(word, known),
        }
    }
}

fn number(word: &str, least: i64, most: i64) -> Option<Value> {
    let is_number = !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit());
    let number: i64 = is_number.then(|| word.parse().ok()).flatten()?;
    (least..=most).contains(&number).then_some(Value::Number(number))
}

/// A map by its name, or by a part of it that only one has.
fn map(word: &str, maps: &[String]) -> Result<String, NotA> {
    if let Some(map) = maps.iter().find(|map| map.eq_ignore_ascii_case(word)) {
        return Ok(map.clone());
    }
    let part = word.to_lowercase();
    let containing: Vec<&String> =
        maps.iter().filter(|map| part.len() >= 2 && map.to_lowercase().contains(&part)).collect();
    match containing.as_slice() {
        [only] => Ok((*only).clone()),
        [] => {
            let suggestions = similar(word, maps.iter().map(String::as_str), SUGGESTIONS);
            Err(NotA { word: word.to_owned(), suggestions: suggestions.into_iter().map(str::to_owned).collect() })
        }
        several => {
            let suggestions = several.iter().take(SUGGESTIONS).map(|map| (*map).clone()).collect();
            Err(NotA { word: word.to_owned(), suggestions })
        }
    }
}

/// A formula by its id, or by the leaderboard that ranks by it.
fn formula(word: &str) -> Result<&'static Formula, NotA> {
    if let Some(formula) = FORMULAS.iter().find(|formula| formula.id.eq_ignore_ascii_case(word)) {
        return Ok(formula);
    }
    match board(word).map(|board| board.value) {
        Ok(BoardValue::Of(formula)) => Ok(formula),
        Ok(BoardValue::Given(_)) | Err(_) => {
            let suggestions = similar(word, FORMULAS.iter().map(|formula| formula.id), SUGGESTIONS);
            Err(NotA { word: word.to_owned(), suggestions: suggestions.into_iter().map(str::to_owned).collect() })
        }
    }
}

fn month(word: &str) -> Option<MonthWord> {
    let newest = month_name(word).or_else(|| month_number(word)).map(MonthWord::Newest);
    newest.or_else(|| year_month(word).map(MonthWord::Of))
}

fn session(word: &str) -> Option<SessionWord> {
    if ["last", "latest"].iter().any(|last| word.eq_ignore_ascii_case(last)) {
        return Some(SessionWord::Last);
    }
    if let Some(day) = day(word) {
        return Some(SessionWord::On(day));
    }
    if weekday(word).is_some() || ["today", "yesterday"].iter().any(|day| word.eq_ignore_ascii_case(day)) {
        return word.parse().ok().map(SessionWord::Period);
    }
    if let Some(stamp) = stamp_of(word) {
        return Some(SessionWord::Key(stamp.to_owned()));
    }
    match number(word.strip_prefix('#').unwrap_or(word), 1, i64::MAX)? {
        Value::Number(number) => Some(SessionWord::Number(number)),
        _ => None,
    }
}

/// `2025-11-01-203015` of itself, or of a whole key, which goes on with a dash and the map of the session's first round.
pub(crate) fn stamp_of(key: &str) -> Option<&str> {
    let pattern = "0000-00-00-000000";
    let (stamp, rest) = key.split_at_checked(pattern.len())?;
    let is_stamp = stamp.bytes().zip(pattern.bytes()).all(|(found, expected)| match expected {
        b'0' => found.is_ascii_digit(),
        dash => found == dash,
    });
    (is_stamp && (rest.is_empty() || rest.starts_with('-'))).then_some(stamp)
}

fn choice(word: &str, choices: &'static [&'static [&'static str]]) -> Result<&'static str, NotA> {
    let is_meant = |words: &&&'static [&'static str]| words.iter().any(|known| word.eq_ignore_ascii_case(known));
    if let Some(first) = choices.iter().find(is_meant).and_then(|words| words.first()) {
        return Ok(first);
    }
    let suggestions = similar(word, choices.iter().flat_map(|words| words.iter().copied()), SUGGESTIONS);
    Err(NotA { word: word.to_owned(), suggestions: suggestions.into_iter().map(str::to_owned).collect() })
}

/// Exactly 8 characters, as files carry them.
fn guid(word: &str) -> Option<Guid> {
    let word = word.strip_prefix("guid:").unwrap_or(word);
    (word.len() == 8 && word.bytes().all(|b| b.is_ascii_alphanumeric()))
        .then(|| Guid::new(&word.to_ascii_uppercase()))
        .flatten()
}

fn user(word: &str) -> Option<UserId> {
    let digits = (15..=20).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_digit());
    mention(word).or_else(|| digits.then(|| word.parse().ok()).flatten().map(UserId))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn maps() -> Vec<String> {
        ["supply", "etl_supply", "te_escape2", "sw_goldrush_te"].map(str::to_owned).to_vec()
    }

    fn read(kind: OptionKind, word: &str) -> Result<String, Vec<String>> {
        let maps = maps();
        let value = kind.read(word, Known { maps: &maps }).map_err(|not_a| not_a.suggestions)?;
        Ok(format!("{value:?}"))
    }

    #[test]
    fn maps_are_found_by_a_part_that_only_one_has() {
        assert_eq!(read(OptionKind::Map, "SUPPLY"), Ok("Map(\"supply\")".into()));
        assert_eq!(read(OptionKind::Map, "gold"), Ok("Map(\"sw_goldrush_te\")".into()));
        assert_eq!(read(OptionKind::Map, "sup"), Err(vec!["supply".into(), "etl_supply".into()]));
        assert_eq!(read(OptionKind::Map, "escpe2"), Err(vec!["te_escape2".into()]));
        assert_eq!(read(OptionKind::Map, "zzz"), Err(vec![]));
        let maps = maps();
        assert!(!OptionKind::Map.recognises("gold", Known { maps: &maps }));
        assert!(OptionKind::Map.recognises("Supply", Known { maps: &maps }));
    }

    #[test]
    fn evenings_are_days_numbers_and_keys() {
        let session = |word| read(OptionKind::Session, word);
        assert_eq!(session("latest"), Ok("Session(Last)".into()));
        assert_eq!(session("#12"), Ok("Session(Number(12))".into()));
        assert_eq!(session("2025-11-01-203015"), Ok("Session(Key(\"2025-11-01-203015\"))".into()));
        assert_eq!(session("2025-11-01-203015-supply-1"), Ok("Session(Key(\"2025-11-01-203015\"))".into()));
        assert_eq!(session("1.11.2025"), Ok("Session(On(2025-11-01))".into()));
        assert_eq!(session("sunday"), Ok("Session(Period(Weekday(Sunday)))".into()));
        for word in ["0", "-1", "x", "", "2025-11-01-20301", "2025-11-01-203015x", "99999999999999999999"] {
            assert_eq!(session(word), Err(vec![]), "{word}");
        }
    }

    #[test]
    fn numbers_guids_users_and_texts_keep_their_bounds() {
        let days = OptionKind::Integer { least: 1, most: 30 };
        assert!(read(days, "30").is_ok());
        assert!(read(days, "31").is_err());
        assert!(read(days, "+1").is_err());
        assert_eq!(read(OptionKind::Guid, "1a2b3c4d"), Ok("Guid(Guid(1A2B3C4D))".into()));
        assert!(read(OptionKind::Guid, "1a2b3c4").is_err());
        assert!(read(OptionKind::User, "<@1>").is_ok());
        assert!(read(OptionKind::User, "123").is_err());
        let text = OptionKind::Text { least: 2, most: 3 };
        assert!(read(text, "äöü").is_ok());
        assert!(read(text, "a").is_err());
        assert!(read(text, "abcd").is_err());
    }

    #[test]
    fn a_choice_is_named_by_its_first_word() {
        let views = OptionKind::Choice(&[&["objectives", "obj"], &["weapons", "weap"]]);
        assert_eq!(read(views, "OBJ"), Ok("Choice(\"objectives\")".into()));
        assert_eq!(read(views, "wepons"), Err(vec!["weapons".into()]));
    }
}
