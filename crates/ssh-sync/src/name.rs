//! Names from a server are data. Which of them may become names here.

use thiserror::Error;

/// Why a name from the server is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NameProblem {
    /// Nothing at all.
    #[error("it is empty")]
    Empty,
    /// Longer than a file name may be.
    #[error("it has more than 255 bytes")]
    Long,
    /// Bytes that are no text.
    #[error("it is not UTF-8")]
    NotText,
    /// A slash.
    #[error("it holds a path separator")]
    Separator,
    /// A dot file, `.` or `..`.
    #[error("it begins with a dot")]
    Dot,
    /// Line feeds, escapes, NUL and the like.
    #[error("it holds a control character")]
    Control,
    /// Characters that have no shape of their own and turn others around or hide them.
    #[error("it holds an invisible character")]
    Invisible,
}

const MOST_BYTES: usize = 255;

/// Whether a character is not seen itself but changes how others are seen: marks of direction, of
/// joining, of lines.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

/// The name as text, if it may be a file name here. Old Lua builds wrote a backslash as directory
/// separator, into one name: what stands behind the last one is the name, as for files on disk.
///
/// # Errors
/// It may not.
pub fn check_name(name: &[u8]) -> Result<&str, NameProblem> {
    if name.is_empty() {
        return Err(NameProblem::Empty);
    }
    if name.len() > MOST_BYTES {
        return Err(NameProblem::Long);
    }
    let text = std::str::from_utf8(name).map_err(|_not_text| NameProblem::NotText)?;
    let (_folder, file) = text.rsplit_once('\\').unwrap_or(("", text));
    if text.contains('/') {
        Err(NameProblem::Separator)
    } else if text.chars().any(char::is_control) {
        Err(NameProblem::Control)
    } else if text.chars().any(is_invisible) {
        Err(NameProblem::Invisible)
    } else if file.is_empty() {
        Err(NameProblem::Empty)
    } else if file.starts_with('.') {
        Err(NameProblem::Dot)
    } else {
        Ok(file)
    }
}

/// The whole name of a file that is called otherwise here.
pub(crate) fn other_name(name: &[u8]) -> Option<&str> {
    std::str::from_utf8(name).ok().filter(|name| name.contains('\\'))
}

/// A name for a message: escaped, and cut where it is long.
#[must_use]
pub fn shown(name: &[u8]) -> String {
    const MOST_SHOWN: usize = 80;
    let (start, rest) = name.split_at(name.len().min(MOST_SHOWN));
    let more = if rest.is_empty() { String::new() } else { format!("… ({} bytes)", name.len()) };
    format!("\"{}\"{more}", start.escape_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_judged() {
        let long = "x".repeat(256);
        let cases: [(&[u8], Result<&str, NameProblem>); 21] = [
            (b"2025-01-07-200000-supply-round-1.txt", Ok("2025-01-07-200000-supply-round-1.txt")),
            ("köln.txt".as_bytes(), Ok("köln.txt")),
            (b"", Err(NameProblem::Empty)),
            (long.as_bytes(), Err(NameProblem::Long)),
            (b"a/b", Err(NameProblem::Separator)),
            (b"../../etc/passwd", Err(NameProblem::Separator)),
            (b"gamestats\\2025.txt", Ok("2025.txt")),
            (b"a\\b\\c.txt", Ok("c.txt")),
            (b"a\\", Err(NameProblem::Empty)),
            (b"a\\..", Err(NameProblem::Dot)),
            (b"a\n\\b", Err(NameProblem::Control)),
            ("a\u{202e}txt.b".as_bytes(), Err(NameProblem::Invisible)),
            ("\u{2066}\\b".as_bytes(), Err(NameProblem::Invisible)),
            ("a\u{200b}b".as_bytes(), Err(NameProblem::Invisible)),
            (b"..", Err(NameProblem::Dot)),
            (b".", Err(NameProblem::Dot)),
            (b".hidden", Err(NameProblem::Dot)),
            (b"a\nb", Err(NameProblem::Control)),
            (b"a\x1b[31mb", Err(NameProblem::Control)),
            (b"a\0b", Err(NameProblem::Control)),
            (b"a\xffb", Err(NameProblem::NotText)),
        ];
        for (name, expected) in cases {
            assert_eq!(check_name(name), expected, "{}", shown(name));
        }
    }

    #[test]
    fn a_shown_name_cannot_write_to_a_terminal() {
        assert_eq!(shown(b"a\n\x1b[2J\xff"), r#""a\n\x1b[2J\xff""#);
        let long = shown("x".repeat(300).as_bytes());
        assert!(long.len() < 120 && long.ends_with("… (300 bytes)"), "{long}");
    }
}
