//! What a button carries: the command line it stands for, the page, who asked and when. All of it is in its id, so
//! buttons of old messages work after a restart.

use crate::reply::limits::{CUSTOM_ID, length};
use crate::words::UserId;

/// The state of a button.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomId {
    /// Who asked; he alone may turn the pages of the message itself for a while.
    pub asker: Option<UserId>,
    /// When the answer was made, seconds since 1970 UTC.
    pub asked_at: i64,
    /// The page, from 0.
    pub page: usize,
    /// The command line, without prefix.
    pub line: String,
}

/// Seconds for which only the asker may press.
pub const ASKERS_TIME: i64 = 15 * 60;

/// Seconds for which the choice of `link` may be made: whoever finds it later may be somebody else.
pub const CHOICE_TIME: i64 = 60;

/// What all ids of ours begin with: the version of this format.
const VERSION: &str = "f1";
const SEPARATOR: char = '|';

impl CustomId {
    /// The id, at most 100 characters; `None` when the line is too long for one.
    #[must_use]
    pub fn write(&self) -> Option<String> {
        let asker = self.asker.map_or_else(String::new, |asker| radix36(asker.0));
        let asked_at = radix36(u64::try_from(self.asked_at).ok()?);
        let page = self.page;
        let id = format!("{VERSION}{SEPARATOR}{asker}{SEPARATOR}{asked_at}{SEPARATOR}{page}{SEPARATOR}{}", self.line);
        (length(&id) <= CUSTOM_ID).then_some(id)
    }

    /// What an id carries; `None` for ids that are not ours, of another version or malformed.
    #[must_use]
    pub fn read(id: &str) -> Option<Self> {
        if length(id) > CUSTOM_ID {
            return None;
        }
        let mut parts = id.splitn(5, SEPARATOR);
        if parts.next()? != VERSION {
            return None;
        }
        let (asker, asked_at, page, line) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let asker = if asker.is_empty() { None } else { Some(UserId(from_radix36(asker)?)) };
        let asked_at = i64::try_from(from_radix36(asked_at)?).ok()?;
        let is_number = page.bytes().all(|b| b.is_ascii_digit());
        let page = is_number.then(|| page.parse().ok()).flatten()?;
        Some(Self { asker, asked_at, page, line: line.to_owned() })
    }

    /// Whether somebody may change the message itself; others get an answer of their own.
    #[must_use]
    pub fn may_press(&self, user: UserId, now: i64) -> bool {
        self.asker == Some(user) && now.saturating_sub(self.asked_at) <= ASKERS_TIME
    }

    /// Whether somebody may make this choice for himself: only who was asked, and not for long.
    #[must_use]
    pub fn may_choose(&self, user: UserId, now: i64) -> bool {
        self.asker == Some(user) && now.saturating_sub(self.asked_at) <= CHOICE_TIME
    }
}

fn radix36(mut number: u64) -> String {
    let mut digits = Vec::new();
    loop {
        let digit = u32::try_from(number % 36).ok().and_then(|digit| char::from_digit(digit, 36));
        digits.extend(digit);
        number /= 36;
        if number == 0 {
            break;
        }
    }
    digits.into_iter().rev().collect()
}

fn from_radix36(text: &str) -> Option<u64> {
    let is_plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_lowercase());
    is_plain.then(|| u64::from_str_radix(text, 36).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_longest_usual_line_fits() {
        let line = "session 2025-11-01-203015 objectives".to_owned();
        let id = CustomId { asker: Some(UserId(u64::MAX)), asked_at: 4_102_444_800, page: 99, line };
        assert!(id.write().is_some());
        let too_long = CustomId { line: "x".repeat(90), ..id };
        assert_eq!(too_long.write(), None);
    }

    #[test]
    fn only_the_asker_presses_for_a_while() {
        let id = CustomId { asker: Some(UserId(7)), asked_at: 1000, page: 0, line: "last".into() };
        assert!(id.may_press(UserId(7), 1000 + ASKERS_TIME));
        assert!(!id.may_press(UserId(7), 1001 + ASKERS_TIME));
        assert!(!id.may_press(UserId(8), 1000));
        assert!(id.may_choose(UserId(7), 1000 + CHOICE_TIME));
        assert!(!id.may_choose(UserId(7), 1001 + CHOICE_TIME));
        assert!(!id.may_choose(UserId(8), 1000));
    }

    #[test]
    fn foreign_ids_are_refused() {
        for id in
            ["", "f1", "f0||0|0|x", "f1|A|0|0|x", "f1|||0|x", "f1||0|+1|x", "f1||0|-1|x", "f1||zzzzzzzzzzzzzzz|0|x"]
        {
            assert_eq!(CustomId::read(id), None, "{id}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(asker in any::<Option<u64>>(), asked_at in 0_i64.., page in 0_usize..1000, line in "[^\\p{Cc}]{0,40}") {
            let id = CustomId { asker: asker.map(UserId), asked_at, page, line };
            if let Some(written) = id.write() {
                prop_assert_eq!(CustomId::read(&written), Some(id));
            }
        }

        #[test]
        fn no_text_makes_it_panic(text in ".{0,120}") {
            let _ = CustomId::read(&text);
        }
    }
}
