//! Nobody gets done what is not his: by slash command, typed, by button, by form, in a direct message, from elsewhere.

use fullhold_commands::{COMMANDS, Permission, answered};
use fullhold_fake_discord::{FakeDiscord, Shown};
use fullhold_testkit::each_backend;

use crate::community::GRASHOPPER;
use crate::shared::filled;
use crate::support::{Place, Running, audited};

/// A line of every command for admins, with what would change something.
fn admin_lines() -> Vec<(&'static str, Vec<(&'static str, &'static str)>)> {
    let given = |option: &str| match option {
        "days" | "round" => "3",
        "verdict" => "cancelled",
        "guid" => "78DDE6C4",
        "into" => GRASHOPPER,
        "confirm" => "confirm",
        "what" => "retry",
        "player" => "grashopper",
        "key" => "prefix",
        "value" => "?",
        _ => "otokar",
    };
    let is_admin = |name: &str| answered().chain(["settings"]).any(|answered| answered == name);
    COMMANDS
        .iter()
        .filter(|command| command.permission == Permission::Admin && is_admin(command.name))
        .map(|command| (command.name, command.options.iter().map(|one| (one.name, given(one.name))).collect()))
        .collect()
}

fn typed(name: &str, options: &[(&str, &str)]) -> String {
    let options: String = options.iter().map(|(option, value)| format!(" {option}:\"{value}\"")).collect();
    format!("!{name}{options}")
}

fn is_refused(shown: &Shown) -> bool {
    let said = shown.text();
    ["those who run the community", "works in a server", "for admins are answered in", "Nothing can be changed"]
        .iter()
        .any(|refusal| said.contains(refusal))
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_without_the_right_gets_anything_done_on_any_way() {
    each_backend(async |url| {
        let fake = FakeDiscord::start().await;
        let place = Place::new(&fake, "alpha");
        let db = filled(url).await;
        let bot = Running::start(&fake, &db, |config| place.with_admins(config)).await;
        let before = fullhold_repository::dump(&db).await.unwrap();
        let direct = [&place.carol, &place.dave, &place.erin].map(|person| fake.direct(person));
        for (name, options) in admin_lines() {
            let line = typed(name, &options);
            let carol = &place.carol;
            assert!(!carol.may_use(&place.stats, name), "{name} is offered to everybody");
            let mut answers = vec![
                carol.forges(&place.stats, name, &options).answer().await,
                carol.forges(&place.admins, name, &options).answer().await,
                carol.says(&place.stats, &line).answer().await,
                carol.says(&place.admins, &line).answer().await,
                carol.says(&direct[0], &line).answer().await,
            ];
            // Who has the right has it where it is meant.
            for (person, direct) in [(&place.dave, &direct[1]), (&place.erin, &direct[2])] {
                answers.push(person.forges(&place.stats, name, &options).answer().await);
                answers.push(person.says(&place.stats, &line).answer().await);
                answers.push(person.says(direct, &line).answer().await);
            }
            for answer in answers {
                assert!(is_refused(&answer), "{line}:\n{}", answer.text());
            }
            let through = carol.says(&place.stats, &format!("!export json {name}")).answer().await;
            assert!(is_refused(&through) || through.text().contains("fit"), "{name}: {}", through.text());
        }
        assert_eq!(audited(&db).await, Vec::<String>::new());
        assert_eq!(fullhold_repository::dump(&db).await.unwrap(), before);
        bot.end().await;
        fake.assert_no_violations();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_button_of_an_admin_is_no_button_for_anybody_else() {
    each_backend(async |url| {
        let fake = FakeDiscord::start().await;
        let place = Place::new(&fake, "alpha");
        let db = filled(url).await;
        let bot = Running::start(&fake, &db, |config| place.with_admins(config)).await;
        let merge = "!merge_players 78DDE6C4 B54CDA26";
        let preview = place.dave.says(&place.admins, merge).answer().await;
        for person in [&place.carol, &place.erin] {
            let refused = person.presses(&preview, "Do it").answer().await;
            assert!(refused.is_private() && refused.text().contains("somebody else"), "{}", refused.text());
        }
        // What the client would not send, with the id of another button.
        let forged = preview.buttons()[0].custom_id.clone();
        let shown = place.carol.says(&place.stats, "!last_session").answer().await;
        let refused = place.carol.forges_press(&shown, &forged).answer().await;
        assert!(refused.text().contains("somebody else"), "{}", refused.text());
        let own = forged.split('|').enumerate().map(|(place_of, part)| match place_of {
            1 => radix36(place.carol.id()),
            _ => part.to_owned(),
        });
        let own = own.collect::<Vec<_>>().join("|");
        let refused = place.carol.forges_press(&shown, &own).answer().await;
        assert!(is_refused(&refused), "{}", refused.text());
        assert_eq!(audited(&db).await, Vec::<String>::new());
        let done = place.dave.presses(&preview, "Do it").answer().await;
        assert!(done.text().contains("is counted as"), "{}", done.text());
        bot.end().await;
        fake.assert_no_violations();
    })
    .await;
}

fn radix36(mut number: u64) -> String {
    let mut digits = Vec::new();
    while number > 0 {
        digits.push(char::from_digit(u32::try_from(number % 36).unwrap(), 36).unwrap());
        number /= 36;
    }
    digits.into_iter().rev().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_the_right_gets_it_done_and_it_is_noted() {
    each_backend(async |url| {
        let fake = FakeDiscord::start().await;
        let place = Place::new(&fake, "alpha");
        let db = filled(url).await;
        let bot = Running::start(&fake, &db, |config| place.with_admins(config)).await;
        place.dave.says(&place.admins, "!round_valid 7 cancelled a test").answer().await;
        place.erin.slash(&place.admins, "cache_clear", &[]).answer().await;
        let noted = audited(&db).await;
        assert!(noted.iter().any(|line| line.starts_with(&format!("discord {} ", place.dave.id()))), "{noted:?}");
        assert!(noted.iter().any(|line| line.starts_with(&format!("discord {} cache", place.erin.id()))), "{noted:?}");
        bot.end().await;
        fake.assert_no_violations();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_answer_in_their_channels_and_elsewhere_slash_commands_say_where() {
    each_backend(async |url| {
        let fake = FakeDiscord::start().await;
        let place = Place::new(&fake, "alpha");
        let talk = place.guild.text("talk");
        let db = filled(url).await;
        let stats = place.stats.id();
        crate::support::set(&db, place.guild.id(), "command_channels", &stats.to_string()).await;
        let bot = Running::start(&fake, &db, |_| {}).await;
        let silent = place.carol.says(&talk, "!about");
        let refused = place.carol.slash(&talk, "about", &[]).answer().await;
        assert!(refused.is_private() && refused.text().contains(&format!("<#{stats}>")), "{}", refused.text());
        place.carol.says(&place.stats, "!about").answer().await;
        assert!(silent.answer_now().is_none());
        // Chatter is not answered either; a mistyped command is.
        let chatter = place.carol.says(&place.stats, "!!! what a round");
        let nearly = place.carol.says(&place.stats, "!statz grashopper").answer().await;
        assert!(nearly.text().contains("Did you mean") && chatter.answer_now().is_none(), "{}", nearly.text());
        bot.end().await;
        fake.assert_no_violations();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn direct_messages_and_people_who_have_it_installed_read_what_their_community_shows() {
    each_backend(async |url| {
        let fake = FakeDiscord::start().await;
        let place = Place::new(&fake, "alpha");
        let db = filled(url).await;
        let bot = Running::start(&fake, &db, |_| {}).await;
        let direct = fake.direct(&place.carol);
        let here = place.carol.says(&place.stats, "!top_kills all").answer().await;
        assert_eq!(place.carol.says(&direct, "!top_kills all").answer().await.text(), here.text());
        let options = [("category", "kills"), ("period", "all")];
        assert_eq!(place.carol.slash(&direct, "leaderboard", &options).answer().await.text(), here.text());
        let refused = place.carol.says(&direct, &format!("!link_me {GRASHOPPER}")).answer().await;
        assert!(refused.text().contains("works in a server"), "{}", refused.text());
        // A stranger is a member of nothing.
        let mallory = fake.person("mallory");
        let refused = mallory.says(&fake.direct(&mallory), "!top_kills all").answer().await;
        assert!(refused.text().contains("no community of yours"), "{}", refused.text());
        // Another guild, where the bot is not: whoever has it installed asks for himself.
        let elsewhere = fake.guild_without_bot("elsewhere");
        let channel = elsewhere.text("talk");
        elsewhere.join(&place.carol, &[]);
        elsewhere.join(&mallory, &[]);
        place.carol.installs_the_bot();
        mallory.installs_the_bot();
        assert_eq!(place.carol.slash(&channel, "leaderboard", &options).answer().await.text(), here.text());
        let refused = mallory.slash(&channel, "leaderboard", &options).answer().await;
        assert!(refused.text().contains("no community of yours"), "{}", refused.text());
        bot.end().await;
        fake.assert_no_violations();
    })
    .await;
}
