//! Three guilds of one bot, with different game servers, prefixes, channels and admins: nobody sees or gets done what is
//! another's.

use fullhold_discord::Id;
use fullhold_fake_discord::{Channel, FakeDiscord, Person, Shown};
use fullhold_repository::Db;
use fullhold_testkit::each_backend;

use crate::community::{MAP, SECRET, second_community};
use crate::shared::{import, samples};
use crate::support::{Place, Running, audited, set};

/// The samples on `alpha`, and those of another community on `beta`.
async fn two_servers(url: &str) -> Db {
    import(url, "alpha", vec![samples()]).await;
    let folder = tempfile::tempdir().unwrap();
    second_community(folder.path());
    import(url, "beta", vec![folder.path().to_owned()]).await
}

/// Everything that a message carries.
fn all_of(shown: &Shown) -> String {
    let files = shown.files();
    let files: Vec<String> = files
        .iter()
        .map(|file| format!("{} {} {}", file.name, file.description, String::from_utf8_lossy(&file.bytes)))
        .collect();
    let buttons: Vec<String> =
        shown.buttons().into_iter().map(|button| format!("{} {}", button.label, button.custom_id)).collect();
    format!(
        "{}\n{:?}\n{}\n{}\n{}",
        shown.text(),
        shown.components(),
        shown.options().join("\n"),
        buttons.join("\n"),
        files.join("\n")
    )
}

/// Lines that would show something of both communities if there were no scope.
const LINES: &[&str] = &[
    "list_players",
    "player_search e",
    "top_kills all",
    "top_games all",
    "maps",
    "records",
    "sessions",
    "last_session",
    "last_session players",
    "session 2025-11-12 players",
    "last_round",
    "session_stats",
    "season",
    "badges",
    "ping",
    "best_duos",
    "mvp",
    "export csv list_players",
    "export json last_session",
    "stats Secret",
    "stats grashopper",
    "map betamapxx2",
    "map te_escape2",
    "round 7",
    "round 50",
    "match 7",
    "match 50",
    "help",
    "about",
    "aliases grashopper",
];

#[tokio::test(flavor = "multi_thread")]
async fn each_guild_sees_its_own_servers_and_no_byte_of_others() {
    each_backend(async |url| {
        let fake = FakeDiscord::start().await;
        let db = two_servers(url).await;
        let (one, two) = (Place::new(&fake, "one"), Place::new(&fake, "two"));
        set(&db, one.guild.id(), "servers", "alpha").await;
        set(&db, two.guild.id(), "servers", "beta").await;
        set(&db, two.guild.id(), "prefix", "?").await;
        let bot = Running::start(&fake, &db, |_| {}).await;
        // Who is a member of one alone, and asks in a direct message.
        let direct = [fake.direct(&one.carol), fake.direct(&two.carol)];
        let ways: [(&Person, &Channel, &str, usize); 4] = [
            (&one.carol, &one.stats, "!", 0),
            (&two.carol, &two.stats, "?", 1),
            (&one.carol, &direct[0], "!", 0),
            (&two.carol, &direct[1], "!", 1),
        ];
        let mut seen = [String::new(), String::new()];
        for (person, channel, prefix, whose) in ways {
            for line in LINES {
                let shown = person.says(channel, &format!("{prefix}{line}")).answer().await;
                // What was asked for is said again.
                let said = all_of(&shown).replace(&format!("\"{}\"", MAP.1), "").replace(&format!("\"{}\"", MAP.0), "");
                seen[whose].push_str(if line.contains(SECRET) || line.starts_with("map ") { "" } else { &said });
            }
            for (command, option) in [("stats", "player"), ("map", "map"), ("session", "session")] {
                for word in person.autocomplete(channel, command, (option, ""), &[]).await {
                    seen[whose].push_str(&format!("{word:?}\n"));
                }
            }
        }
        // The first community has no player called so; in the second, all are but the one who is in both.
        assert!(!seen[0].contains(SECRET) && !seen[0].contains(MAP.1) && !seen[0].contains("beta"), "{}", seen[0]);
        assert!(seen[1].contains(SECRET) && seen[1].contains(MAP.1));
        for name in ["weiblum", "tokar", "ordwind", MAP.0, "alpha"] {
            assert!(seen[0].contains(name), "{name}");
            assert!(!seen[1].contains(name), "{name}: {}", seen[1]);
        }
        bot.end().await;
        fake.assert_no_violations();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guild_that_is_not_bound_sees_nothing_until_an_operator_binds_it() {
    each_backend(async |url| {
        let fake = FakeDiscord::start().await;
        let db = two_servers(url).await;
        let place = Place::new(&fake, "one");
        let operator = fake.person("operator");
        place.guild.join(&operator, &[]);
        let id = Id::new(operator.id());
        let bot = Running::start(&fake, &db, |config| config.operators.push(id)).await;
        for line in ["!last_session", "!list_players", "!stats grashopper"] {
            let refused = place.erin.says(&place.stats, line).answer().await;
            assert!(refused.text().contains("not set up yet"), "{line}: {}", refused.text());
        }
        assert!(place.carol.autocomplete(&place.stats, "stats", ("player", ""), &[]).await.is_empty());
        // Who runs the guild does not decide whose statistics it shows.
        let refused = place.erin.says(&place.stats, "!settings servers beta").answer().await;
        assert!(refused.text().contains("Only who runs the bot"), "{}", refused.text());
        let refused = operator.says(&place.stats, "!settings servers gamma").answer().await;
        assert!(refused.text().contains("alpha, beta"), "{}", refused.text());
        operator.says(&place.stats, "!settings servers alpha").answer().await;
        let shown = place.carol.says(&place.stats, "!list_players").answer().await;
        assert!(shown.text().contains("weiblum") && !shown.text().contains(SECRET), "{}", shown.text());
        let noted = audited(&db).await;
        assert!(noted[0].ends_with("servers = alpha"), "{noted:?}");
        bot.end().await;
        fake.assert_no_violations();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn admins_of_one_guild_are_nobody_in_the_others() {
    each_backend(async |url| {
        let fake = FakeDiscord::start().await;
        let db = two_servers(url).await;
        let places = ["one", "two", "three"].map(|name| Place::new(&fake, name));
        for (place, servers) in places.iter().zip(["alpha", "beta", "alpha,beta"]) {
            let guild = place.guild.id();
            set(&db, guild, "servers", servers).await;
            set(&db, guild, "admin_channels", &place.admins.id().to_string()).await;
            set(&db, guild, "admin_roles", &place.role.to_string()).await;
        }
        let bot = Running::start(&fake, &db, |_| {}).await;
        for (own, place) in places.iter().enumerate() {
            for (other, foreign) in places.iter().enumerate() {
                place.guild.join(&foreign.dave, &[]);
                let said = foreign.dave.says(&place.admins, "!cache_clear").answer().await.text();
                // In his own guild the role comes with him no more: joining again takes it away.
                assert!(said.contains("those who run the community"), "{own} {other}: {said}");
            }
            let done = place.erin.says(&place.admins, "!cache_clear").answer().await;
            assert!(done.text().contains("forgotten"), "{}", done.text());
        }
        // A round of the other community is none of this one.
        let refused = places[1].erin.says(&places[1].admins, "!round_valid 7 cancelled not mine").answer().await;
        assert!(refused.text().contains("no such round"), "{}", refused.text());
        let done = places[0].erin.says(&places[0].admins, "!round_valid 7 cancelled mine").answer().await;
        assert!(done.text().contains("cancelled"), "{}", done.text());
        // Who sees some servers alone does not see the log of all.
        let refused = places[1].erin.says(&places[1].admins, "!audit").answer().await;
        assert!(!refused.text().contains("mine"), "{}", refused.text());
        bot.end().await;
        fake.assert_no_violations();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn troubles_of_a_game_server_are_told_to_its_communities_and_few_at_a_time() {
    each_backend(async |url| {
        let fake = FakeDiscord::start().await;
        let db = two_servers(url).await;
        let (one, two) = (Place::new(&fake, "one"), Place::new(&fake, "two"));
        for (place, server) in [(&one, "alpha"), (&two, "beta")] {
            set(&db, place.guild.id(), "servers", server).await;
            set(&db, place.guild.id(), "admin_channels", &place.admins.id().to_string()).await;
        }
        let bot = Running::start(&fake, &db, |_| {}).await;
        for number in 0..500 {
            bot.alerts.server("alpha", &format!("trouble {} with @everyone", number % 30));
        }
        bot.alerts.server("alpha", "the last of it");
        let told = one.admins.posts(1).await;
        assert!(
            told[0].text().contains("trouble 0 with") && told[0].text().contains("and 21 more"),
            "{}",
            told[0].text()
        );
        assert_eq!(told[0].pings(), Vec::<String>::new());
        bot.alerts.server("beta", "of the other");
        let other = two.admins.posts(1).await;
        assert!(other[0].text().contains("of the other") && !other[0].text().contains("alpha"), "{}", other[0].text());
        assert!(one.admins.messages().iter().all(|message| !message.text().contains("beta")));
        assert!(one.admins.messages().len() <= 2, "five hundred troubles are not five hundred messages");
        bot.end().await;
        fake.assert_no_violations();
    })
    .await;
}
