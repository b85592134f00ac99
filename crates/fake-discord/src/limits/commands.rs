//! Slash commands as they are registered, and the words that are offered while somebody types.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{check_count, check_length, length, list};

/// Commands of a guild, or for everywhere.
const COMMANDS: usize = 100;
/// Characters of a command's names, descriptions and values together.
const TOTAL: usize = 8_000;
/// Depth of options: group, command of a group, option.
const DEPTH: usize = 3;

/// What is wrong with commands that are registered together.
pub(crate) fn check_commands(commands: &[Value]) -> Vec<String> {
    let mut findings = Vec::new();
    check_count(&mut findings, "commands", commands.len(), COMMANDS);
    let mut names = BTreeSet::new();
    for command in commands {
        let name = command["name"].as_str().unwrap_or_default();
        let at = format!("command \"{name}\"");
        let kind = command["type"].as_u64().unwrap_or(1);
        if !names.insert((kind, name)) {
            findings.push(format!("{at} is there twice"));
        }
        if kind != 1 {
            check_length(&mut findings, &format!("{at}: name"), &command["name"], 1, 32);
            continue;
        }
        check_name(&mut findings, &at, &command["name"]);
        check_localized_names(&mut findings, &at, &command["name_localizations"]);
        check_length(&mut findings, &format!("{at}: description"), &command["description"], 1, 100);
        check_options(&mut findings, &at, list(&command["options"]), 1);
        check_count(&mut findings, &format!("{at}: characters"), characters(command), TOTAL);
    }
    findings
}

fn check_options(findings: &mut Vec<String>, at: &str, options: &[Value], depth: usize) {
    check_count(findings, &format!("{at}: options"), options.len(), 25);
    check_count(findings, &format!("{at}: depth of options"), depth, DEPTH);
    let mut names = BTreeSet::new();
    let mut optional = false;
    let is_group = |option: &Value| matches!(option["type"].as_u64(), Some(1 | 2));
    if options.iter().any(is_group) && !options.iter().all(is_group) {
        findings.push(format!("{at}: commands of a group are beside options"));
    }
    for option in options {
        let name = option["name"].as_str().unwrap_or_default();
        let at = format!("{at}, option \"{name}\"");
        check_name(findings, &at, &option["name"]);
        check_localized_names(findings, &at, &option["name_localizations"]);
        check_length(findings, &format!("{at}: description"), &option["description"], 1, 100);
        if !names.insert(name) {
            findings.push(format!("{at} is there twice"));
        }
        if is_group(option) {
            check_options(findings, &at, list(&option["options"]), depth + 1);
            continue;
        }
        match option["required"] == true {
            true if optional => findings.push(format!("{at}: a required option stands behind an optional one")),
            true => {}
            false => optional = true,
        }
        check_kind(findings, &at, option);
    }
}

/// What only some types of options have.
fn check_kind(findings: &mut Vec<String>, at: &str, option: &Value) {
    let kind = option["type"].as_u64().unwrap_or_default();
    let choices = list(&option["choices"]);
    let has_choices = !choices.is_empty();
    if option["autocomplete"] == true && has_choices {
        findings.push(format!("{at}: choices and autocomplete exclude each other"));
    }
    if (option["autocomplete"] == true || has_choices) && !matches!(kind, 3 | 4 | 10) {
        findings.push(format!("{at}: only texts and numbers have choices or autocomplete"));
    }
    let has = |key: &str| !option[key].is_null();
    if (has("min_length") || has("max_length")) && kind != 3 {
        findings.push(format!("{at}: only a text has a length"));
    }
    if (has("min_value") || has("max_value")) && !matches!(kind, 4 | 10) {
        findings.push(format!("{at}: only a number has a least or largest value"));
    }
    if let (Some(least), Some(most)) = (option["min_length"].as_u64(), option["max_length"].as_u64())
        && least > most
    {
        findings.push(format!("{at}: min_length {least} is above max_length {most}"));
    }
    if let (Some(least), Some(most)) = (option["min_value"].as_f64(), option["max_value"].as_f64())
        && least > most
    {
        findings.push(format!("{at}: min_value {least} is above max_value {most}"));
    }
    findings.extend(check_choices(choices, kind).into_iter().map(|finding| format!("{at}: {finding}")));
}

/// What is wrong with choices of an option of this type.
pub(crate) fn check_choices(choices: &[Value], kind: u64) -> Vec<String> {
    let mut findings = Vec::new();
    check_count(&mut findings, "choices", choices.len(), 25);
    let mut names = BTreeSet::new();
    for choice in choices {
        check_length(&mut findings, "choice's name", &choice["name"], 1, 100);
        if !names.insert(choice["name"].as_str().unwrap_or_default()) {
            findings.push(format!("choice {} is there twice", choice["name"]));
        }
        let value = &choice["value"];
        let is_fine = match kind {
            3 => value.as_str().is_some_and(|text| (1..=100).contains(&text.chars().count())),
            4 => value.as_i64().is_some(),
            10 => value.is_number(),
            _ => false,
        };
        if !is_fine {
            findings.push(format!("choice's value {value} does not fit an option of type {kind}"));
        }
    }
    findings
}

/// Names are 1 to 32 letters, digits, `-`, `_` and `'`, in lower case where there is one.
fn check_name(findings: &mut Vec<String>, at: &str, name: &Value) {
    let name = name.as_str().unwrap_or_default();
    let is_fine = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '\'');
    let is_lower = name.to_lowercase() == name;
    if !(1..=32).contains(&name.chars().count()) || !name.chars().all(is_fine) || !is_lower {
        findings.push(format!("{at}: a name is 1 to 32 lower-case letters, digits, - and _"));
    }
}

fn check_localized_names(findings: &mut Vec<String>, at: &str, names: &Value) {
    for (locale, name) in names.as_object().into_iter().flatten() {
        check_name(findings, &format!("{at} in {locale}"), name);
    }
}

/// Characters of a command or option: of each text in the language where it is longest.
fn characters(of: &Value) -> usize {
    let longest = |key: &str| {
        let localized = of[format!("{key}_localizations")].as_object();
        let lengths = localized.into_iter().flatten().map(|(_, text)| length(text));
        lengths.chain([length(&of[key])]).max().unwrap_or_default()
    };
    let inner = list(&of["options"]).iter().chain(list(&of["choices"])).map(characters);
    longest("name") + longest("description") + length(&of["value"]) + inner.sum::<usize>()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn command(options: &Value) -> Value {
        json!({ "name": "stats", "description": "d", "options": options })
    }

    fn option(name: &str, more: &Value) -> Value {
        let mut option = json!({ "type": 3, "name": name, "description": "d" });
        for (key, value) in more.as_object().into_iter().flatten() {
            option[key] = value.clone();
        }
        option
    }

    #[test]
    fn what_is_within_the_limits_is_fine() {
        let options: Vec<Value> =
            (0..25).map(|number| option(&format!("o{number}"), &json!({ "required": number < 3 }))).collect();
        let commands: Vec<Value> = (0..100)
            .map(|number| json!({ "name": format!("c{number}"), "description": "d", "options": options }))
            .collect();
        assert_eq!(check_commands(&commands), Vec::<String>::new());
        assert_eq!(check_commands(&[json!({ "name": "größe-1_a", "description": "d" })]), Vec::<String>::new());
    }

    #[test]
    fn what_is_beyond_a_limit_is_found() {
        let choice = |name: &str| json!({ "name": name, "value": name });
        let many: Vec<Value> = (0..26).map(|number| choice(&number.to_string())).collect();
        let long: Vec<Value> = (0..25)
            .map(|o| {
                let choices: Vec<Value> = (0..4)
                    .map(|c| json!({ "name": format!("{c}{}", "x".repeat(50)), "value": "y".repeat(50) }))
                    .collect();
                option(&format!("o{o}"), &json!({ "choices": choices }))
            })
            .collect();
        let cases = [
            (vec![command(&json!([])); 2], "is there twice"),
            ((0..101).map(|n| json!({ "name": format!("c{n}"), "description": "d" })).collect(), "commands: 101"),
            (vec![json!({ "name": "Stats", "description": "d" })], "a name is"),
            (vec![json!({ "name": "my stats", "description": "d" })], "a name is"),
            (vec![json!({ "name": "x".repeat(33), "description": "d" })], "a name is"),
            (vec![json!({ "name": "stats", "description": "" })], "description has 0"),
            (vec![json!({ "name": "stats", "description": "x".repeat(101) })], "description has 101"),
            (
                vec![command(&json!([option("a", &json!({})), option("b", &json!({ "required": true }))]))],
                "behind an optional",
            ),
            (vec![command(&json!([option("a", &json!({})), option("a", &json!({}))]))], "option \"a\" is there twice"),
            (vec![command(&json!([option("a", &json!({ "choices": many }))]))], "choices: 26"),
            (
                vec![command(&json!([option("a", &json!({ "choices": [choice("x")], "autocomplete": true }))]))],
                "exclude each other",
            ),
            (
                vec![command(&json!([option("a", &json!({ "type": 6, "autocomplete": true }))]))],
                "only texts and numbers",
            ),
            (vec![command(&json!([option("a", &json!({ "type": 4, "max_length": 3 }))]))], "only a text"),
            (vec![command(&json!([option("a", &json!({ "min_value": 3 }))]))], "only a number"),
            (vec![command(&json!([option("a", &json!({ "type": 4, "choices": [choice("x")] }))]))], "does not fit"),
            (vec![command(&json!(long))], "characters: "),
        ];
        for (commands, expected) in cases {
            let found = check_commands(&commands);
            assert!(found.iter().any(|finding| finding.contains(expected)), "{expected}: {found:?}");
        }
    }
}
