//! Two communities in one database: no answer to one says anything of the other.

use fullhold_commands::{Answerer, Asker, COMMANDS, Command, OptionKind, Permission};
use fullhold_repository::{Db, ServerId};
use fullhold_testkit::each_backend;

use crate::shared::import;
use crate::support::{
    GRASHOPPER, MAP, SECRET, answered, answerer, ask, filled, guid, nobody, second_community, second_guid, user, words,
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

/// A word for an option, good or bad.
fn word(kind: OptionKind, random: &mut fastrand::Rng) -> String {
    let player = ["grashopper", "secret", "Secretgra", "o", "me", "<@1>", "<@2>", "otokar", "8B54CDA2", "nobody"];
    let day = ["2025-11-10", "2025-11-12", "last", "1", "2", "4", "5", "6", "99", "friday"];
    let pick =
        |words: &[&str], random: &mut fastrand::Rng| random.choice(words).copied().unwrap_or_default().to_owned();
    match kind {
        OptionKind::Player => match random.u8(..4) {
            0 => format!("guid:{}", second_guid("78DDE6C4")),
            1 => second_guid("78DDE6C4"),
            _ => pick(&player, random),
        },
        OptionKind::Map => pick(&[MAP.0, MAP.1, "beta", "supply", "zz"], random),
        OptionKind::Board => pick(&["kills", "dpm", "kd", "games", "et_rating", "revives"], random),
        OptionKind::Period => pick(&["all", "30d", "2025-11", "season", "2025-11-12"], random),
        OptionKind::Month => pick(&["nov", "2025-11", "10"], random),
        OptionKind::Session => pick(&day, random),
        OptionKind::Id => random.u32(1..80).to_string(),
        OptionKind::Choice(words) => pick(random.choice(words).copied().unwrap_or_default(), random),
        OptionKind::Integer { least, most } => random.i64(least..=most).to_string(),
        OptionKind::Guid => pick(&[GRASHOPPER, &second_guid("78DDE6C4"), "78DDE6C4"], random),
        OptionKind::User => pick(&["<@1>", "<@2>", "<@3>"], random),
        OptionKind::Text { .. } => pick(&["secret", "gra", "beta", "e", "stats secret", "top_kills", "42"], random),
    }
}

fn line(command: &Command, random: &mut fastrand::Rng) -> String {
    let mut line = command.name.to_owned();
    for option in command.options {
        if option.is_required || random.bool() {
            let word = word(option.kind, random);
            line.push_str(&format!(" {}:\"{}\"", option.name, word));
        }
    }
    // Unquoted, `me`, mentions and guids mean what they say.
    if random.bool() { line.replace('"', "") } else { line }
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
        for command in COMMANDS.iter().filter(|command| command.permission < Permission::Admin) {
            for _ in 0..LINES {
                let line = line(command, &mut random);
                // What changes something is tried elsewhere: here both communities stay as they are.
                if ["link_me", "unlink", "setname", "privacy"].contains(&command.name) {
                    continue;
                }
                for asker in [nobody(), user(1), user(2), Asker { player: Some(guid("78DDE6C4")), ..nobody() }] {
                    check(&alpha, asker, &line, &secrets).await;
                }
            }
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
