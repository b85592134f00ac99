//! `settings`: what holds in a guild, changed by who runs it.

use fullhold_discord::{Fixed, GUILD_KEYS, Id, Languages};
use fullhold_fake_discord::FakeDiscord;
use fullhold_testkit::each_backend;

use crate::shared::filled;
use crate::support::{Place, Running};

#[tokio::test(flavor = "multi_thread")]
async fn settings_hold_at_once_and_after_a_restart() {
    each_backend(async |url| {
        let fake = FakeDiscord::start().await;
        let place = Place::new(&fake, "alpha");
        let db = filled(url).await;
        let bot = Running::start(&fake, &db, |_| {}).await;
        let all = place.erin.slash(&place.stats, "settings", &[]).answer().await;
        assert!(all.is_private());
        assert!(GUILD_KEYS.iter().all(|key| all.text().contains(key.name)), "{}", all.text());
        place.erin.slash(&place.stats, "settings", &[("key", "prefix"), ("value", "?")]).answer().await;
        let silent = place.carol.says(&place.stats, "!about");
        place.carol.says(&place.stats, "?about").answer().await;
        assert!(silent.answer_now().is_none());
        let role = format!("<@&{}>", place.role);
        place.erin.says(&place.stats, &format!("?settings admin_roles {role}")).answer().await;
        place.dave.says(&place.stats, "?cache_clear").answer().await;
        bot.end().await;
        let bot = Running::start(&fake, &db, |_| {}).await;
        let shown = place.dave.says(&place.stats, "?settings admin_roles").answer().await;
        assert!(shown.text().contains(&role) && shown.pings().is_empty(), "{}", shown.text());
        place.dave.says(&place.stats, "?settings prefix reset").answer().await;
        place.carol.says(&place.stats, "!about").answer().await;
        bot.end().await;
        fake.assert_no_violations();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_that_does_not_fit_is_refused_with_what_would() {
    each_backend(async |url| {
        let fake = FakeDiscord::start().await;
        let (place, other) = (Place::new(&fake, "alpha"), Place::new(&fake, "other"));
        let db = filled(url).await;
        let bot = Running::start(&fake, &db, |_| {}).await;
        let foreign = format!("admin_channels <#{}>", other.admins.id());
        let foreign_role = format!("admin_roles {}", other.role);
        let everyone = format!("admin_roles {}", place.guild.id());
        for (typed, said) in [
            ("colour red", "There are: servers, prefix"),
            ("prefix abc", "one to five characters"),
            ("locale xx", "There are: en"),
            ("admin_users vid", "no user"),
            ("admin_channels 12345", "does not belong to this server"),
            (foreign.as_str(), "does not belong to this server"),
            (foreign_role.as_str(), "does not belong to this server"),
            (everyone.as_str(), "Everybody has that role"),
            ("servers alpha", "Only who runs the bot"),
        ] {
            let refused = place.erin.says(&place.stats, &format!("!settings {typed}")).answer().await;
            assert!(refused.text().contains(said), "{typed}: {}", refused.text());
        }
        assert!(db.guild_settings().await.unwrap().keys().all(|guild| *guild == 0));
        bot.end().await;
        fake.assert_no_violations();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_configuration_says_no_command_changes() {
    each_backend(async |url| {
        let fake = FakeDiscord::start().await;
        let place = Place::new(&fake, "alpha");
        let db = filled(url).await;
        let settings = vec![("prefix".to_owned(), "%".to_owned())];
        let fixed = Fixed { guild: Id::new(place.guild.id()), settings };
        let bot = Running::start(&fake, &db, |config| config.fixed.push(fixed)).await;
        let refused = place.erin.says(&place.stats, "%settings prefix ?").answer().await;
        assert!(refused.text().contains("Only who runs the bot"), "{}", refused.text());
        bot.end().await;
        fake.assert_no_violations();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_language_is_that_of_who_asks_then_that_of_the_guild() {
    each_backend(async |url| {
        let fake = FakeDiscord::start().await;
        let place = Place::new(&fake, "alpha");
        let db = filled(url).await;
        let bot = Running::start(&fake, &db, |config| {
            config.languages = Languages::new().unwrap().and("sl", Languages::pseudo().unwrap());
        })
        .await;
        let frank = fake.person("frank").speaking("sl");
        place.guild.join(&frank, &[]);
        let options = [("category", "kills"), ("period", "all")];
        let english = place.carol.slash(&place.stats, "leaderboard", &options).answer().await;
        let other = frank.slash(&place.stats, "leaderboard", &options).answer().await;
        assert!(other.text().contains('[') && !english.text().contains('['), "{}", other.text());
        assert_ne!(english.title(), other.title());
        place.erin.says(&place.stats, "!settings locale sl").answer().await;
        let typed = place.carol.says(&place.stats, "!top_kills all").answer().await;
        assert_eq!(typed.text(), other.text());
        bot.end().await;
        fake.assert_no_violations();
    })
    .await;
}
