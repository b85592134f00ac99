//! Numbers, days and times as pictures write them. What is not known, or no number, is `–`.

/// What stands for a value that is not known.
pub(crate) const UNKNOWN: &str = "–";

/// Numbers beyond are shown as their bound: they cannot be right, and have no room.
const LARGEST: f64 = 1e15;

/// `12,345`
pub(crate) fn count(value: u64) -> String {
    let digits = value.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

pub(crate) fn maybe_count(value: Option<u64>) -> String {
    value.map_or_else(|| UNKNOWN.to_owned(), count)
}

/// With so many decimals and with thousands separators: `1.09`, `−3.5`, `12,345.6`.
pub(crate) fn decimal(value: f64, places: usize) -> String {
    if !value.is_finite() {
        return UNKNOWN.to_owned();
    }
    let fixed = format!("{:.places$}", value.abs().min(LARGEST));
    let (whole, fraction) = fixed.split_once('.').map_or((fixed.as_str(), None), |(w, f)| (w, Some(f)));
    let whole = whole.parse().map_or_else(|_| whole.to_owned(), count);
    let is_zero = fixed.bytes().all(|byte| byte == b'0' || byte == b'.');
    let sign = if value < 0.0 && !is_zero { "−" } else { "" };
    fraction.map_or_else(|| format!("{sign}{whole}"), |fraction| format!("{sign}{whole}.{fraction}"))
}

pub(crate) fn maybe_decimal(value: Option<f64>, places: usize) -> String {
    value.map_or_else(|| UNKNOWN.to_owned(), |value| decimal(value, places))
}

/// Seconds as `6:51` or `1:02:10`.
pub(crate) fn clock(seconds: u64) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{}:{minutes:02}:{seconds:02}", count(hours)) } else { format!("{minutes}:{seconds:02}") }
}

/// `1 map`, `2 maps`
pub(crate) fn plural(number: usize, noun: &str) -> String {
    let s = if number == 1 { "" } else { "s" };
    format!("{} {noun}{s}", count(u64::try_from(number).unwrap_or(u64::MAX)))
}

/// A usable value: known and a number.
pub(crate) fn finite(value: Option<f64>) -> Option<f64> {
    value.filter(|value| value.is_finite())
}

/// The share of `value` in `whole`, from 0 to 1 whatever is put in.
pub(crate) fn share(value: f64, whole: f64) -> f64 {
    let share = value / whole;
    if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 }
}

/// Whole numbers to floating point; large ones lose their last digits, which no picture shows.
#[expect(clippy::cast_precision_loss, reason = "a picture shows fewer digits than are lost")]
pub(crate) fn float(value: u64) -> f64 {
    value as f64
}

/// A length or an index to floating point.
pub(crate) fn length(value: usize) -> f64 {
    float(u64::try_from(value).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_the_design_says() {
        assert_eq!(count(0), "0");
        assert_eq!(count(999), "999");
        assert_eq!(count(12_345), "12,345");
        assert_eq!(count(u64::MAX), "18,446,744,073,709,551,615");
        assert_eq!(decimal(1.094, 2), "1.09");
        assert_eq!(decimal(-0.001, 2), "0.00");
        assert_eq!(decimal(-1234.56, 1), "−1,234.6");
        assert_eq!(decimal(f64::NAN, 1), "–");
        assert_eq!(decimal(f64::MAX, 0), "1,000,000,000,000,000");
        assert_eq!(clock(411), "6:51");
        assert_eq!(clock(3730), "1:02:10");
        assert_eq!(plural(1, "map"), "1 map");
        assert_eq!(plural(0, "map"), "0 maps");
        assert!(share(f64::NAN, 1.0).abs() < f64::EPSILON && share(5.0, 0.0).abs() < f64::EPSILON);
    }
}
