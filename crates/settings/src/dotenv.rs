//! The `.env` file: one `KEY=value` per line.
//!
//! `export` before the key, comments, and single or double quotes are understood; `\n`, `\"` and `\\` inside double
//! quotes. Variables are not expanded: a `$` in a password is a `$`.

use crate::load::{Given, SourceFile};
use crate::{Origin, Problem};

pub(crate) fn read(file: &SourceFile, problems: &mut Vec<Problem>) -> Vec<Given> {
    let text = file.text.trim_start_matches('\u{feff}');
    let mut given = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let origin = Origin::DotEnv { path: file.path.clone(), line: index + 1 };
        let line = line.strip_prefix("export ").unwrap_or(line);
        let Some((key, value)) = line.split_once('=') else {
            problems.push(Problem::new("a line", "not of the form KEY=value", origin));
            continue;
        };
        let key = key.trim().to_owned();
        match unquote(value.trim()) {
            Some(value) => given.push(Given { key, value, origin }),
            None => problems.push(Problem::new(key, "the closing quote is missing, or followed by text", origin)),
        }
    }
    given
}

fn unquote(value: &str) -> Option<String> {
    if let Some(rest) = value.strip_prefix('\'') {
        let (inner, after) = rest.split_once('\'')?;
        return only_comment(after).then(|| inner.to_owned());
    }
    if let Some(rest) = value.strip_prefix('"') {
        return double_quoted(rest);
    }
    if value.starts_with('#') {
        return Some(String::new());
    }
    let end = value.find(" #").or_else(|| value.find("\t#"));
    let value = end.and_then(|end| value.get(..end)).unwrap_or(value);
    Some(value.trim_end().to_owned())
}

fn double_quoted(rest: &str) -> Option<String> {
    let mut value = String::new();
    let mut letters = rest.chars();
    loop {
        match letters.next()? {
            '"' => return only_comment(letters.as_str()).then_some(value),
            '\\' => match letters.next()? {
                'n' => value.push('\n'),
                letter @ ('"' | '\\') => value.push(letter),
                other => value.extend(['\\', other]),
            },
            letter => value.push(letter),
        }
    }
}

fn only_comment(after: &str) -> bool {
    let after = after.trim_start();
    after.is_empty() || after.starts_with('#')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_unquoted_and_comments_removed() {
        let cases = [
            ("A=b", Some("b")),
            ("export A = b ", Some("b")),
            ("A=", Some("")),
            ("A= # none", Some("")),
            ("A=a#b # c", Some("a#b")),
            ("A='a # $b' # c", Some("a # $b")),
            (r#"A="a \"b\" \\ \n""#, Some("a \"b\" \\ \n")),
            ("A=postgres://u:p=w@h/d", Some("postgres://u:p=w@h/d")),
            ("A='open", None),
            ("A=\"closed\" twice", None),
            ("no equals sign", None),
        ];
        for (line, expected) in cases {
            let mut problems = Vec::new();
            let file = SourceFile { path: ".env".into(), text: format!("\u{feff}# comment\r\n{line}\r\n") };
            let given = read(&file, &mut problems);
            assert_eq!(given.first().map(|given| given.value.as_str()), expected, "{line}");
            assert_eq!(problems.is_empty(), expected.is_some(), "{line}");
            let origin = given.first().map(|given| &given.origin).or(problems.first().map(|problem| &problem.origin));
            assert_eq!(origin.unwrap().to_string(), ".env, line 2");
        }
    }
}
