//! Two communities in one database: no answer to one says anything of the other.

use fullhold_commands::{Answerer, Asker, COMMANDS, Command, answered as answered_commands};
use fullhold_repository::{Db, Scope, ServerId};
use fullhold_testkit::each_backend;

use crate::lines::{Known, fitting};
use crate::shared::{import, question};
use crate::support::{
    GRASHOPPER, MAP, SECRET, admin, answered, answerer, ask, filled, guid, nobody, second_community, second_guid, user,
    words,
};

/// Lines that are tried at each command.
const LINES: usize = 12;

/// Both communities, and the ids of their servers.
async fn both(url: &str) -> (Db, ServerId, ServerId) {
    let folder = tempfile::tempdir().unwrap();
    second_community(folder.path());
    filled(url).await;
    let db = import(url, "betaserver", vec![folder.path().to_owned()]).await;
    let id = async |name: &str| db.servers().await.unwrap().iter().find(|one| one.name == name).unwrap().id;
    let (first, second) = (id("alpha").await, id("betaserver").await);
    (db, first, second)
}

/// What both communities have, and what neither has.
fn known() -> Known {
    let mut known = Known::samples();
    let more = ["secret", "Secretgra", "<@2>", "8B54CDA2"].map(str::to_owned);
    known
        .players
        .extend(more.into_iter().chain([second_guid("78DDE6C4"), format!("guid:{}", second_guid("78DDE6C4"))]));
    known.maps.extend([MAP.1.to_owned(), "beta".to_owned()]);
    known.rounds = 90;
    known
}

/// The same line without its quotes: `me`, mentions and guids mean what they say then.
fn line(command: &Command, random: &mut fastrand::Rng) -> String {
    let line = fitting(command, &known(), random);
    if random.bool() { line.replace('"', "") } else { line }
}

/// Commands that have an answer.
fn commands() -> impl Iterator<Item = &'static Command> {
    COMMANDS.iter().filter(|command| answered_commands().any(|name| name == command.name))
}

/// What must not be in an answer, unless it was typed.
async fn check(answerer: &Answerer, asker: Asker, line: &str, secrets: &[String]) {
    let shown = words(&ask(answerer, asker, line).await.reply).to_lowercase();
    let typed = line.to_lowercase();
    for secret in secrets.iter().map(|secret| secret.to_lowercase()) {
        // A refusal repeats what was typed, and nothing more of it.
        let times = |text: &str| text.matches(&secret).count();
        assert!(times(&shown) == 0 || typed.contains(&secret), "{line}: {secret} in\n{shown}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_answer_says_anything_of_another_community() {
    each_backend(async |url| {
        let (db, first, second) = both(url).await;
        let alpha = answerer(&db, vec![first]);
        let beta = answerer(&db, vec![second]);
        // One account is linked in each community; the second is nobody's business in the first.
        answered(&alpha, user(1), &format!("link_me {GRASHOPPER}")).await;
        answered(&beta, user(2), &format!("link_me {}", second_guid("78DDE6C4"))).await;
        assert!(answered(&beta, nobody(), "list_players").await.contains(SECRET));
        let mut secrets: Vec<String> = ["secret", "betaserver", "betahost", "betamap"].map(str::to_owned).to_vec();
        for one in db.directory(&[second]).await.unwrap() {
            secrets.extend(one.names.iter().map(|name| name.alias.clone()));
            secrets.extend(one.guids.into_iter().filter(|guid| guid != GRASHOPPER));
        }
        assert!(secrets.len() > 8);
        let mut random = fastrand::Rng::with_seed(15);
        let askers = [nobody(), user(1), user(2), admin(9), Asker { player: Some(guid("78DDE6C4")), ..nobody() }];
        for command in commands() {
            for _ in 0..LINES {
                let line = line(command, &mut random);
                for asker in askers {
                    // The second is from the cache, where there is one.
                    check(&alpha, asker, &line, &secrets).await;
                    check(&alpha, asker, &line, &secrets).await;
                }
                check(&alpha, askers[1], &format!("export csv {line}"), &secrets).await;
                let typed: String = line.chars().take(random.usize(..30)).collect();
                let offered = alpha.complete(&typed, askers[1]).await.unwrap();
                let offered = offered.candidates.iter().map(|one| format!("{} {}", one.word, one.label));
                let offered = offered.collect::<String>().to_lowercase();
                assert!(!secrets.iter().any(|secret| offered.contains(&secret.to_lowercase())), "{typed}: {offered}");
            }
        }
    })
    .await;
}

/// Names can be hidden while numbers tell: whatever the other community has, every answer stays what it was.
#[tokio::test(flavor = "multi_thread")]
async fn no_number_changes_with_another_community() {
    each_backend(async |url| {
        let db = filled(url).await;
        let first = db.servers().await.unwrap()[0].id;
        let mut random = fastrand::Rng::with_seed(16);
        let mut lines: Vec<String> = Vec::new();
        // How fast it was and what the machine has are of the whole database.
        let is_of_the_machine = |name: &str| ["ping", "health", "about", "audit", "cache_clear"].contains(&name);
        for command in commands().filter(|command| command.is_kept && !is_of_the_machine(command.name)) {
            lines.extend((0..LINES).map(|_| line(command, &mut random)));
        }
        lines.extend(["me export", "link", "files failed"].map(str::to_owned));
        let mut before = Vec::new();
        let asker = Asker { player: Some(guid(GRASHOPPER)), ..admin(9) };
        let alone = answerer(&db, vec![first]);
        for line in &lines {
            before.push(words(&ask(&alone, asker, line).await.reply));
        }
        let folder = tempfile::tempdir().unwrap();
        second_community(folder.path());
        let db = import(url, "betaserver", vec![folder.path().to_owned()]).await;
        let beside = answerer(&db, vec![first]);
        for (line, before) in lines.iter().zip(&before) {
            let after = words(&beside.answer(fullhold_commands::Question { asker, ..question(line) }).await.reply);
            assert_eq!(*before, after, "{line}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_player_of_both_has_the_name_of_each() {
    each_backend(async |url| {
        let (db, first, second) = both(url).await;
        let (alpha, beta, whole) = (answerer(&db, vec![first]), answerer(&db, vec![second]), answerer(&db, Vec::new()));
        for line in ["last players", "top_kills", "list_players", "aliases guid:B54CDA26", "stats guid:B54CDA26"] {
            let (here, there) = (answered(&alpha, nobody(), line).await, answered(&beta, nobody(), line).await);
            assert!(here.contains("grashopper") && !here.contains("SecretB54C"), "{line}:\n{here}");
            assert!(there.contains("SecretB54C") && !there.contains("grashopper"), "{line}:\n{there}");
        }
        let names = answered(&whole, nobody(), "aliases guid:B54CDA26").await;
        assert!(names.contains("grashopper") && names.contains("SecretB54C"), "{names}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_sees_a_server_sees_what_was_done_to_it() {
    each_backend(async |url| {
        let (db, first, second) = both(url).await;
        let (alpha, beta, whole) = (answerer(&db, vec![first]), answerer(&db, vec![second]), answerer(&db, Vec::new()));
        let scope = Scope { servers: vec![second], ..Scope::default() };
        let there = db.source_rounds(&[], &scope).await.unwrap()[0].round_id;
        answered(&alpha, admin(9), "round_valid 1 cancelled \"the first reason\"").await;
        answered(&beta, admin(8), &format!("round_valid {there} cancelled \"the second reason\"")).await;
        answered(&alpha, user(1), &format!("link_me {GRASHOPPER}")).await;
        for (answerer, expected) in [(&alpha, [true, false]), (&beta, [false, true]), (&whole, [true, true])] {
            let log = answered(answerer, admin(9), "audit").await;
            assert_eq!(["the first reason", "the second reason"].map(|reason| log.contains(reason)), expected, "{log}");
        }
        // Who has which account is for who sees everything.
        assert!(!answered(&alpha, admin(9), "audit").await.contains("account 1"));
        assert!(answered(&whole, admin(9), "audit").await.contains("account 1"));
    })
    .await;
}
