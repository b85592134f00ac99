//! A shown value that still knows what it is: its number, its unit, whether it is a name.

use fullhold_analytics::{Formula, Measure, Totals};

use super::text::{Piece, Text};

/// What stands in one place of a table or behind a label.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Not known: the files of that era do not carry it. Shown as "–".
    Unknown,
    /// A number.
    Number {
        /// Its value.
        value: f64,
        /// Its kind.
        measure: Measure,
        /// Whether it stands out, as the better of two.
        is_marked: bool,
    },
    /// A text or name.
    Text(Text),
}

/// What is shown for a value that is not known.
pub const UNKNOWN: &str = "–";

impl Cell {
    /// A number of things.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts of one community are far below 2^53")]
    pub fn count(count: i64) -> Self {
        Self::Number { value: count as f64, measure: Measure::Count, is_marked: false }
    }

    /// A number of this kind, unknown when there is none.
    #[must_use]
    pub fn number(value: Option<f64>, measure: Measure) -> Self {
        value.filter(|value| value.is_finite()).map_or(Self::Unknown, |value| Self::Number {
            value,
            measure,
            is_marked: false,
        })
    }

    /// The same number, standing out.
    #[must_use]
    pub fn marked(self) -> Self {
        match self {
            Self::Number { value, measure, .. } => Self::Number { value, measure, is_marked: true },
            other => other,
        }
    }

    /// The value of a formula.
    #[must_use]
    pub fn of(formula: &Formula, totals: &Totals) -> Self {
        Self::number(formula.of(totals), formula.measure)
    }

    /// A name of a player, team, map or file.
    #[must_use]
    pub fn name(name: &str) -> Self {
        Self::Text(Text::name(name))
    }

    /// How it is read, without any marks.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Self::Unknown => UNKNOWN.to_owned(),
            Self::Number { value, measure, is_marked } => with_mark(measure.show(*value), *is_marked),
            Self::Text(text) => text.to_plain(),
        }
    }

    /// How it is read where there is little room: no space before "%", and K from 10,000.
    #[must_use]
    pub fn short(&self) -> String {
        match self {
            Self::Number { value, measure: Measure::Count | Measure::Rate, is_marked } if value.abs() >= 9_999.5 => {
                let shown = if value.abs() >= 999_500.0 {
                    format!("{:.1}M", value / 1_000_000.0)
                } else {
                    format!("{:.0}K", value / 1_000.0)
                };
                with_mark(shown, *is_marked)
            }
            Self::Number { value, measure: Measure::Percent, is_marked } => {
                with_mark(Measure::Percent.show(*value).replace(' ', ""), *is_marked)
            }
            other => other.shown(),
        }
    }

    /// Whether it is a number, which stands at the right.
    #[must_use]
    pub const fn is_number(&self) -> bool {
        matches!(self, Self::Number { .. } | Self::Unknown)
    }

    /// Its pieces.
    pub(crate) fn text(&self) -> Text {
        match self {
            Self::Text(text) => text.clone(),
            other => Text::plain(&other.shown()),
        }
    }

    /// The instant, when it is nothing else.
    pub(crate) fn instant(&self) -> Option<i64> {
        let Self::Text(text) = self else { return None };
        let mut pieces = text.pieces();
        match (pieces.next(), pieces.next()) {
            (Some(Piece::Instant(seconds)), None) => Some(seconds),
            _ => None,
        }
    }
}

/// What stands before a number that stands out.
const MARK: char = '▸';

fn with_mark(shown: String, is_marked: bool) -> String {
    if is_marked { format!("{MARK}{shown}") } else { shown }
}

impl From<i64> for Cell {
    fn from(count: i64) -> Self {
        Self::count(count)
    }
}

impl From<Text> for Cell {
    fn from(text: Text) -> Self {
        Self::Text(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_numbers_fit_a_phone() {
        let cases = [
            (Cell::count(9_999), "9,999"),
            (Cell::count(10_000), "10K"),
            (Cell::count(-12_600), "-13K"),
            (Cell::count(999_499), "999K"),
            (Cell::count(1_250_000), "1.2M"),
            (Cell::number(Some(41.26), Measure::Percent), "41.3%"),
            (Cell::number(Some(f64::NAN), Measure::Ratio), "–"),
            (Cell::number(None, Measure::Seconds), "–"),
            (Cell::number(Some(61.0), Measure::Seconds), "1:01"),
        ];
        for (cell, expected) in cases {
            assert_eq!(cell.short(), expected);
        }
    }
}
