//! Every text that the code asks for is in the catalogue, and nothing else is.

use std::collections::BTreeSet;
use std::path::Path;

use fullhold_analytics::{AWARDS, BOARDS, Confidence, EtTier, FORMULAS, Reason, Undecided};
use fullhold_commands::reply::{Terminal, limits, messages};
use fullhold_commands::{COMMANDS, Catalogue, Group, Known, Permission, Refusal, VIEWS, bind, find, help, words};

/// The sources of this crate without their tests: what those ask for is no text of the product.
fn sources(folder: &Path) -> std::io::Result<String> {
    let mut all = String::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            all.push_str(&sources(&path)?);
        } else {
            all.push_str(std::fs::read_to_string(&path)?.split("#[cfg(test)]").next().unwrap_or_default());
        }
    }
    Ok(all)
}

/// Names of texts in `say("…"`.
fn asked_for(sources: &str) -> BTreeSet<String> {
    let name = |rest: &str| Some(rest.trim_start().strip_prefix('"')?.split('"').next()?.to_owned());
    sources.split("say(").skip(1).filter_map(name).collect()
}

/// Names that are made of names in tables.
fn made_of_tables() -> BTreeSet<String> {
    let mut names: BTreeSet<String> = Group::ALL.iter().map(|group| format!("group-{}", group.id())).collect();
    for command in COMMANDS {
        names.insert(format!("command-{}", command.name));
        names.extend(command.options.iter().map(|option| format!("option-{}", option.name)));
    }
    for formula in FORMULAS {
        names.insert(format!("formula-{}", formula.id));
        names.insert(format!("short-{}", formula.id));
    }
    names.extend(BOARDS.iter().map(|board| format!("board-{}", board.id)));
    names.extend(AWARDS.iter().map(|award| format!("award-{}", award.id)));
    names.extend(AWARDS.iter().map(|award| format!("unit-{}", award.value.id)));
    for undecided in Undecided::ALL {
        names.insert(format!("undecided-{}", undecided.name()));
        names.insert(format!("card-undecided-{}", undecided.name()));
    }
    let tiers = [EtTier::Newcomer, EtTier::Regular, EtTier::Experienced, EtTier::Veteran, EtTier::Elite];
    names.extend(tiers.map(|tier| format!("tier-{}", tier.name())));
    names.extend(Confidence::ALL.iter().map(|confidence| format!("confidence-{}", confidence.name())));
    names.extend(Reason::ALL.iter().map(|reason| format!("reason-{}", reason.name())));
    names.extend(VIEWS.iter().filter_map(|words| words.first()).map(|view| format!("view-{view}")));
    names.extend(["side-1", "side-2"].map(str::to_owned));
    names.extend(["needs-link", "needs-link-how", "needs-admin", "needs-admin-how"].map(str::to_owned));
    names
}

#[test]
fn the_catalogue_has_what_is_asked_for_and_no_more() {
    let sources = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap();
    let mut wanted = asked_for(&sources);
    wanted.extend(made_of_tables());
    let source = include_str!("../locales/en.ftl");
    let there: BTreeSet<String> = source
        .lines()
        .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
        .filter_map(|line| line.split(" =").next())
        .map(str::to_owned)
        .collect();
    let missing: Vec<_> = wanted.difference(&there).collect();
    let unused: Vec<_> = there.difference(&wanted).filter(|name| !sources.contains(&format!("\"{name}\""))).collect();
    assert!(missing.is_empty(), "missing: {missing:?}");
    assert!(unused.is_empty(), "unused: {unused:?}");
    let english = Catalogue::english().unwrap();
    assert!(wanted.iter().all(|name| english.has(name)));
}

#[test]
fn descriptions_fit_slash_commands() {
    let texts = Catalogue::english().unwrap();
    for command in COMMANDS {
        let summary = texts.say(&format!("command-{}", command.name), &[]).to_string();
        assert!((1..=100).contains(&limits::length(&summary)), "{summary}");
        assert!(command.options.len() <= 25);
        for option in command.options {
            let meaning = texts.say(&format!("option-{}", option.name), &[]).to_string();
            assert!((1..=100).contains(&limits::length(&meaning)), "{meaning}");
            // What Discord allows for the name of an option.
            assert!(option.name.len() <= 32 && option.name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'));
        }
    }
}

/// Letters of a pseudo text that are still plain are texts from elsewhere: names of commands, options and examples.
#[test]
fn help_and_refusals_say_nothing_outside_of_the_catalogue() {
    let texts = Catalogue::pseudo().unwrap();
    let terminal = Terminal { columns: 400, has_colours: false, instant: &|_| String::new() };
    let mut known: BTreeSet<String> = BTreeSet::new();
    for command in COMMANDS {
        known.extend(command.usage().split(|c: char| !c.is_alphabetic()).map(str::to_owned));
        known.extend(command.name.split('_').map(str::to_owned));
        for alias in command.aliases {
            known.extend(alias.name.split(|c: char| !c.is_alphabetic()).map(str::to_owned));
        }
        for example in command.examples {
            known.extend(example.split(|c: char| !c.is_alphabetic()).map(str::to_owned));
        }
    }
    let mut replies = vec![help::overview(&texts, "!", Permission::Admin)];
    replies.extend(COMMANDS.iter().map(|command| help::detail(command, &texts, "!")));
    for line in ["compare vid", "ping pong", "stats a:\"b\"", "session_stats x"] {
        let words = words(line).unwrap();
        let found = find(&words[0].text).unwrap();
        let error = bind(found.command, found.given, &words[1..], Known::default()).unwrap_err();
        replies.push(Refusal::Argument { command: found.command.name, error }.reply(&texts, "!"));
        known.extend(["pong", "x", "a", "b"].map(str::to_owned));
    }
    for reply in replies {
        let shown = terminal.show(&reply);
        // What comes from the catalogue stands in brackets, with marks on its letters.
        let outside: String = outside_of_brackets(&shown);
        for word in outside.split(|c: char| !c.is_alphabetic()).filter(|word| word.len() > 1) {
            assert!(known.contains(word), "\"{word}\" is not from the catalogue:\n{shown}");
        }
    }
}

fn outside_of_brackets(text: &str) -> String {
    let mut depth = 0_usize;
    let mut outside = String::new();
    for c in text.chars() {
        match c {
            '[' => {
                depth += 1;
                outside.push(' ');
            }
            ']' => depth = depth.saturating_sub(1),
            c if depth == 0 => outside.push(c),
            _ => {}
        }
    }
    outside
}

#[test]
fn help_is_few_pages() {
    let texts = Catalogue::english().unwrap();
    let pages = messages(&help::overview(&texts, "!", Permission::Admin), "help");
    assert!(pages.len() <= 2, "{} pages", pages.len());
    let everyone = help::overview(&texts, "!", Permission::Everyone);
    assert!(
        !Terminal { columns: 80, has_colours: false, instant: &|_| String::new() }
            .show(&everyone)
            .contains("rebuild_sessions")
    );
}
