//! What kind of number an answer is, and how people read it.

/// The kind of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    /// A whole number of things.
    Count,
    /// A quotient, two decimals.
    Ratio,
    /// Percent, one decimal.
    Percent,
    /// A rate shown without decimals, such as damage per minute.
    Rate,
    /// Seconds, shown as a time.
    Seconds,
    /// An index around 100 or a rating, one decimal.
    Index,
}

impl Measure {
    /// The number as people read it: thousands separated, times as `m:ss` and from an hour on as `h:mm:ss`.
    /// What is not a number is shown as unknown.
    #[must_use]
    pub fn show(self, value: f64) -> String {
        if !value.is_finite() {
            return "–".to_owned();
        }
        match self {
            Self::Count | Self::Rate => thousands(&format!("{value:.0}")),
            Self::Ratio => thousands(&format!("{value:.2}")),
            Self::Percent => format!("{value:.1} %"),
            Self::Index => format!("{value:.1}"),
            Self::Seconds => time(value),
        }
    }

    /// The unit behind the number, for documents.
    #[must_use]
    pub const fn unit(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Ratio => "ratio",
            Self::Percent => "percent",
            Self::Rate => "rate",
            Self::Seconds => "seconds",
            Self::Index => "index",
        }
    }
}

/// Commas between groups of three digits before the decimal point.
pub(crate) fn thousands(number: &str) -> String {
    let (sign, digits) = number.strip_prefix('-').map_or(("", number), |digits| ("-", digits));
    let (whole, decimals) = digits.split_once('.').map_or((digits, None), |(whole, more)| (whole, Some(more)));
    let mut shown = sign.to_owned();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    if let Some(decimals) = decimals {
        shown.push('.');
        shown.push_str(decimals);
    }
    // A rounded zero has no sign.
    if shown.strip_prefix('-').is_some_and(|rest| rest.chars().all(|c| matches!(c, '0' | '.'))) {
        shown.remove(0);
    }
    shown
}

#[expect(clippy::cast_possible_truncation, reason = "as saturates, and no time of play is longer than i64 seconds")]
fn time(seconds: f64) -> String {
    let whole = seconds.round().abs() as i64;
    let sign = if seconds.round() < 0.0 { "-" } else { "" };
    let (hours, minutes, seconds) = (whole / 3600, whole / 60 % 60, whole % 60);
    if hours > 0 { format!("{sign}{hours}:{minutes:02}:{seconds:02}") } else { format!("{sign}{minutes}:{seconds:02}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_shown_as_people_read_them() {
        let cases = [
            (Measure::Count, 0.0, "0"),
            (Measure::Count, 999.0, "999"),
            (Measure::Count, 1000.0, "1,000"),
            (Measure::Count, 1_234_567.0, "1,234,567"),
            (Measure::Count, -1234.0, "-1,234"),
            (Measure::Count, -0.2, "0"),
            (Measure::Rate, 239.6, "240"),
            (Measure::Ratio, 1234.567, "1,234.57"),
            (Measure::Ratio, 1.0, "1.00"),
            (Measure::Percent, 38.46, "38.5 %"),
            (Measure::Index, 104.25, "104.2"),
            (Measure::Seconds, 59.6, "1:00"),
            (Measure::Seconds, 61.0, "1:01"),
            (Measure::Seconds, 3599.0, "59:59"),
            (Measure::Seconds, 3600.0, "1:00:00"),
            (Measure::Count, f64::NAN, "–"),
            (Measure::Rate, f64::INFINITY, "–"),
        ];
        for (measure, value, expected) in cases {
            assert_eq!(measure.show(value), expected, "{measure:?} of {value}");
        }
    }
}
