//! Numbers, read from bytes without going through text.

use crate::Seconds;

/// Reads a whole number that fills `bytes`. Accepts a sign and, defensively, a fraction that is dropped.
/// `Ok(None)` for `nan` and `inf`.
pub(super) fn whole(bytes: &[u8]) -> Result<Option<i32>, ()> {
    match digits(bytes) {
        Some(number) => Ok(Some(number)),
        None => float(bytes).map(|f| f.map(|f| truncate(f.trunc()))),
    }
}

/// Reads a number with one decimal as exact tenths; further decimals round half away from zero.
pub(super) fn tenths(bytes: &[u8]) -> Result<Option<i32>, ()> {
    if let [front @ .., b'.', decimal @ b'0'..=b'9'] = bytes {
        let tenth = i32::from(decimal - b'0');
        let negative = front.first() == Some(&b'-');
        if let Some(n) = digits(front).and_then(|n| n.checked_mul(10)) {
            return Ok(Some(if negative { n.saturating_sub(tenth) } else { n.saturating_add(tenth) }));
        }
    }
    match digits(bytes).and_then(|n| n.checked_mul(10)) {
        Some(n) => Ok(Some(n)),
        None => float(bytes).map(|f| f.map(|f| truncate((f * 10.0).round()))),
    }
}

/// Plain digits at the front of `bytes`: their value and how many there are. Nine at most, so that
/// an `i32` holds them; more digits, like none, are for the careful readers above.
#[inline]
pub(super) fn leading_digits(bytes: &[u8]) -> Option<(i32, usize)> {
    let mut number = 0_i32;
    let mut length = 0;
    for &byte in bytes {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            break;
        }
        if length == 9 {
            return None;
        }
        number = number * 10 + i32::from(digit);
        length += 1;
    }
    (length > 0).then_some((number, length))
}

/// Plain decimal digits with an optional sign that fit an `i32`.
fn digits(bytes: &[u8]) -> Option<i32> {
    let (negative, digits) = match bytes {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, bytes),
    };
    if digits.is_empty() || digits.len() > 9 {
        return None;
    }
    let mut number = 0_i32;
    for &d in digits {
        let d = d.wrapping_sub(b'0');
        if d > 9 {
            return None;
        }
        // Nine digits cannot overflow.
        number = number * 10 + i32::from(d);
    }
    Some(if negative { -number } else { number })
}

fn float(bytes: &[u8]) -> Result<Option<f64>, ()> {
    let text = std::str::from_utf8(bytes).map_err(drop)?.trim();
    let value: f64 = match text.parse() {
        Ok(value) => value,
        // The C library of a Windows server prints its own forms.
        Err(_) if is_c_nonfinite(text) => return Ok(None),
        Err(_) => return Err(()),
    };
    if !value.is_finite() {
        return Ok(None);
    }
    // What does not fit an INTEGER column is no count the game can produce.
    if value.abs() < f64::from(i32::MAX) / 10.0 { Ok(Some(value)) } else { Err(()) }
}

fn is_c_nonfinite(text: &str) -> bool {
    let text = text.trim_start_matches(['-', '+']).to_ascii_lowercase();
    ["nan", "inf", "1.#ind", "1.#inf", "1.#qnan"].iter().any(|form| text.starts_with(form))
}

#[expect(clippy::cast_possible_truncation, reason = "callers have checked the range")]
fn truncate(value: f64) -> i32 {
    value as i32
}

/// A limit: `M:SS`, `H:MM:SS` or decimal minutes such as `20.00`.
pub(super) fn limit(bytes: &[u8]) -> Option<Seconds> {
    if memchr::memchr(b':', bytes).is_none() {
        let minutes = float(bytes).ok().flatten()?;
        return (0.0..100_000.0).contains(&minutes).then(|| Seconds(truncate((minutes * 60.0).round())));
    }
    let mut seconds = 0_i32;
    let mut parts = 0;
    for part in bytes.split(|&b| b == b':') {
        let number = digits(part).filter(|n| *n >= 0)?;
        if parts > 0 && number > 59 {
            return None;
        }
        seconds = seconds.checked_mul(60)?.checked_add(number)?;
        parts += 1;
    }
    (parts <= 3).then_some(Seconds(seconds))
}

/// Header field 8: milliseconds since c0rnp0rn8, seconds before; nonsense is unknown.
pub(super) fn play_time(bytes: &[u8]) -> Result<Option<Seconds>, ()> {
    let Some(value) = std::str::from_utf8(bytes).map_err(drop)?.trim().parse::<f64>().ok().filter(|v| v.is_finite())
    else {
        return if bytes.is_empty() || float(bytes) == Ok(None) { Ok(None) } else { Err(()) };
    };
    if value <= 0.0 {
        return Ok(None);
    }
    // Rounded before it is compared: what is read must be in range when it is written and read again.
    let seconds = (if value > 10_000.0 { value / 1000.0 } else { value }).round();
    Ok((1.0..1_000_000.0).contains(&seconds).then(|| Seconds(truncate(seconds))))
}
