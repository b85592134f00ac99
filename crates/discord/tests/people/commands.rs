//! Every command of the table, typed and as a slash command: both answer the same.

use std::collections::BTreeSet;
use std::time::Duration;

use fullhold_commands::{COMMANDS, Group, answered};
use fullhold_fake_discord::{FakeDiscord, IdentifyLimits, Options, Shown};
use fullhold_testkit::each_backend;

use crate::community::{GRASHOPPER, ZWEIBLUM};
use crate::shared::filled;
use crate::support::{Place, Running};

/// A command with the options it is given; `USER` is somebody of the guild.
type Line = (&'static str, &'static [(&'static str, &'static str)]);

const USER: &str = "USER";

/// Every command that reads, with each of its options once.
#[rustfmt::skip]
const READS: &[Line] = &[
    ("about", &[]),
    ("achievements", &[("player", "grashopper")]),
    ("aliases", &[("player", "otokar")]),
    ("badges", &[]),
    ("best_duos", &[("period", "season")]),
    ("compare", &[("a", "grashopper"), ("b", "zweiblum"), ("c", "otokar")]),
    ("explain", &[("number", "kd"), ("player", "grashopper"), ("period", "season"), ("map", "te_escape2")]),
    ("explain", &[("number", "kills"), ("player", "zweiblum"), ("round", "7")]),
    ("export", &[("format", "csv"), ("command", "top_kills all")]),
    ("help", &[]),
    ("help", &[("command", "stats")]),
    ("last_round", &[]),
    ("last_session", &[]),
    ("last_session", &[("view", "weapons")]),
    ("leaderboard", &[("category", "kills"), ("period", "season"), ("map", "te_escape2")]),
    ("list_players", &[("which", "active")]),
    ("map", &[("map", "te_escape2")]),
    ("maps", &[("player", "grashopper")]),
    ("match", &[("match", "7")]),
    ("mvp", &[("session", "2025-11-10")]),
    ("player_search", &[("text", "gra")]),
    ("rating", &[("player", "grashopper")]),
    ("ratings", &[]),
    ("records", &[("map", "te_escape2")]),
    ("round", &[("round", "7")]),
    ("season", &[("period", "2025-Q4")]),
    ("session", &[("session", "2025-11-12"), ("view", "combat")]),
    ("session_stats", &[]),
    ("sessions", &[("month", "2025-11")]),
    ("stats", &[("player", "grashopper"), ("period", "season"), ("map", "te_escape2"), ("view", "weapons")]),
    ("stats", &[("player", "zweiblum")]),
    ("synergy", &[("a", "grashopper"), ("b", "zweiblum")]),
    ("team_builder", &[("players", "grashopper, zweiblum, otokar, aurora")]),
    ("teammates", &[("player", "grashopper")]),
];

/// Commands whose answers change by themselves.
const LIVE: &[&str] = &["ping", "health"];

/// Every command that changes something or is for one alone, in an order in which each has something to do.
#[rustfmt::skip]
const CHANGES: &[Line] = &[
    ("link", &[("player", "gra")]),
    ("link_me", &[("guid", GRASHOPPER)]),
    ("setname", &[("name", "The Boss")]),
    ("privacy", &[("mode", "public")]),
    ("me", &[("what", "export")]),
    ("unlink", &[]),
    ("link", &[("player", "zweiblum"), ("user", USER), ("confirm", "confirm")]),
    ("unlink", &[("user", USER)]),
    ("audit", &[]),
    ("cache_clear", &[]),
    ("files", &[("what", "failed")]),
    ("round_valid", &[("round", "7"), ("verdict", "cancelled"), ("reason", "a test")]),
    ("merge_players", &[("guid", ZWEIBLUM), ("into", GRASHOPPER), ("confirm", "confirm")]),
    ("unmerge", &[("guid", ZWEIBLUM)]),
    ("set_teams", &[("a", "zweiblum, otokar"), ("b", "tangent, Quent1n")]),
    ("set_team_names", &[("a", "slomix"), ("b", "///M")]),
    ("assign_player", &[("player", "otokar"), ("team", "B")]),
    ("rebuild_sessions", &[]),
    ("settings", &[("key", "prefix"), ("value", "!")]),
    ("sync_stats", &[("days", "3")]),
    ("sync_all", &[]),
    ("start_monitoring", &[]),
    ("stop_monitoring", &[]),
    ("automation_status", &[]),
];

/// A line as it is typed.
fn typed(command: &str, options: &[(&str, &str)]) -> String {
    let options = options.iter().map(|(name, value)| format!(" {name}:\"{}\"", value.replace('"', "\\\"")));
    format!("!{command}{}", options.collect::<String>())
}

/// Files by name, with what is seen in them.
fn files(shown: &Shown) -> Vec<(String, String, Vec<u8>)> {
    shown.files().into_iter().map(|file| (file.name, file.description, file.bytes)).collect()
}

#[test]
fn every_command_is_asked() {
    let asked: BTreeSet<&str> =
        READS.iter().chain(CHANGES).map(|(name, _)| *name).chain(LIVE.iter().copied()).collect();
    let offered: BTreeSet<&str> = answered().chain(["settings"]).collect();
    // What another part of the program adds is asked there until it is added here.
    let missing: Vec<_> = offered.difference(&asked).collect();
    assert!(missing.is_empty(), "{missing:?}");
    for (name, options) in READS.iter().chain(CHANGES) {
        let command = COMMANDS.iter().find(|command| command.name == *name).unwrap();
        assert!(options.iter().all(|(option, _)| command.option(option).is_some()), "{name} {options:?}");
        let reads = READS.iter().any(|(read, _)| read == name);
        assert_eq!(reads, !matches!(command.group, Group::Me | Group::Admin), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_reads_answers_the_same_typed_and_as_a_slash_command() {
    each_backend(async |url| {
        let fake = FakeDiscord::start().await;
        let place = Place::new(&fake, "alpha");
        let db = filled(url).await;
        let bot = Running::start(&fake, &db, |_| {}).await;
        for (name, options) in READS {
            let line = typed(name, options);
            let typed = place.carol.says(&place.stats, &line).answer().await;
            let slashed = place.carol.slash(&place.stats, name, options).answer().await;
            assert!(!typed.text().is_empty(), "{line} says nothing");
            assert_eq!(typed.text(), slashed.text(), "{line}");
            assert_eq!(files(&typed), files(&slashed), "{line}");
            assert!(!slashed.is_private(), "{line}:\n{}", slashed.text());
            assert!(
                *name == "help" || !slashed.text().contains('['),
                "a text is missing in the answer to {line}:\n{}",
                slashed.text()
            );
        }
        for name in LIVE {
            let may = COMMANDS.iter().find(|command| command.name == *name).unwrap().group != Group::Admin;
            let person = if may { &place.carol } else { &place.erin };
            assert!(!person.says(&place.stats, &format!("!{name}")).answer().await.text().is_empty(), "{name}");
            assert!(!person.slash(&place.stats, name, &[]).answer().await.text().is_empty(), "{name}");
        }
        bot.end().await;
        fake.assert_no_violations();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changes_something_answers_typed_and_as_a_slash_command() {
    each_backend(async |url| {
        let fake = FakeDiscord::start().await;
        let place = Place::new(&fake, "alpha");
        let db = filled(url).await;
        let bot = Running::start(&fake, &db, |_| {}).await;
        let user = place.carol.id().to_string();
        for form in ["typed", "slash"] {
            for (name, options) in CHANGES {
                let options: Vec<(&str, &str)> = options
                    .iter()
                    .map(|(name, value)| (*name, if *value == USER { user.as_str() } else { value }))
                    .collect();
                let shown = match form {
                    "typed" => place.erin.says(&place.admins, &typed(name, &options)).answer().await,
                    _ => place.erin.slash(&place.admins, name, &options).answer().await,
                };
                assert!(!shown.text().is_empty(), "{form} {name} says nothing");
                assert!(!shown.text().contains("[needs-"), "{form} {name}: {}", shown.text());
                assert_eq!(shown.pings(), Vec::<String>::new(), "{form} {name}");
            }
        }
        bot.end().await;
        fake.assert_no_violations();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn options_are_completed_with_words_that_the_command_then_takes() {
    each_backend(async |url| {
        let fake = FakeDiscord::start().await;
        let place = Place::new(&fake, "alpha");
        let db = filled(url).await;
        let bot = Running::start(&fake, &db, |_| {}).await;
        let mut completed = BTreeSet::new();
        for (name, options) in READS {
            let command = COMMANDS.iter().find(|command| command.name == *name).unwrap();
            for option in command.options {
                if !fullhold_discord::registration::completes(option) || !completed.insert((*name, option.name)) {
                    continue;
                }
                let given: Vec<(&str, &str)> =
                    options.iter().filter(|(given, _)| *given != option.name).copied().collect();
                let words = place.carol.autocomplete(&place.stats, name, (option.name, ""), &given).await;
                assert!((1..=25).contains(&words.len()), "{name} {}: {words:?}", option.name);
                let word = words[0].value.as_str().unwrap_or_default().to_owned();
                let mut options = given.clone();
                options.push((option.name, &word));
                let shown = place.carol.slash(&place.stats, name, &options).answer().await;
                assert!(!shown.text().contains("does not fit"), "{name} {}:{word}\n{}", option.name, shown.text());
            }
        }
        let words = place.carol.autocomplete(&place.stats, "stats", ("player", "gras"), &[]).await;
        assert_eq!(words.iter().map(|word| word.name.as_str()).collect::<Vec<_>>(), ["grashopper"]);
        bot.end().await;
        fake.assert_no_violations();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_are_registered_when_they_changed_and_only_then() {
    each_backend(async |url| {
        // It starts four times within a second.
        let identify = IdentifyLimits { least: Duration::ZERO, a_day: 1_000 };
        let fake = FakeDiscord::with(Options { identify, ..Options::usual() }).await;
        let place = Place::new(&fake, "alpha");
        let db = filled(url).await;
        let sets = || fake.count("PUT /applications/*/commands") + fake.count("PUT /applications/*/guilds/*/commands");
        Running::start(&fake, &db, |_| {}).await.end().await;
        assert_eq!(sets(), 1);
        assert_eq!(fake.commands().len(), answered().count() + 1);
        Running::start(&fake, &db, |_| {}).await.end().await;
        assert_eq!(sets(), 1, "nothing has changed");
        // A home guild: its own commands in place of those of everybody.
        let home = fullhold_discord::Id::new(place.guild.id());
        Running::start(&fake, &db, |config| config.home = Some(home)).await.end().await;
        assert_eq!((sets(), fake.commands().len()), (3, 0));
        assert_eq!(place.guild.commands().len(), answered().count() + 1);
        Running::start(&fake, &db, |config| config.home = Some(home)).await.end().await;
        assert_eq!(sets(), 3, "nothing has changed");
        fake.assert_no_violations();
    })
    .await;
}
