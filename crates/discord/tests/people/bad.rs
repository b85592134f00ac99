//! What nobody meant: malformed and repeated interactions, names full of markdown, a database that fails, impatience.

use std::time::Duration;

use fullhold_commands::CooldownConfig;
use fullhold_fake_discord::FakeDiscord;
use fullhold_testkit::each_backend;
use serde_json::{Value, json};

use crate::shared::filled;
use crate::support::{Place, Running};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_heard_twice_is_answered_once() {
    each_backend(async |url| {
        let fake = FakeDiscord::start().await;
        let place = Place::new(&fake, "alpha");
        let db = filled(url).await;
        let bot = Running::start(&fake, &db, |_| {}).await;
        let slashed = place.carol.slash(&place.stats, "about", &[]);
        slashed.answer().await;
        let typed = place.carol.says(&place.stats, "!about");
        typed.answer().await;
        let before = place.stats.messages().len();
        slashed.redeliver();
        typed.redeliver();
        place.carol.slash(&place.stats, "badges", &[]).answer().await;
        assert_eq!(slashed.acknowledgements(), 1);
        assert_eq!(place.stats.messages().len(), before + 1, "the answer to badges and nothing more");
        bot.end().await;
        fake.assert_no_violations();
    })
    .await;
}

/// Interactions that nobody's client sends.
fn malformed() -> Vec<Value> {
    let whole = |kind: u64, data: Value| {
        json!({
            "id": "1200000000000000001", "application_id": "1", "type": kind, "token": "t", "version": 1,
            "attachment_size_limit": 1_000_000, "entitlements": [], "authorizing_integration_owners": {},
            "user": { "id": "5", "username": "x", "discriminator": "0", "avatar": null, "global_name": null },
            "channel": { "id": "7", "type": 1 }, "channel_id": "7", "data": data,
        })
    };
    vec![
        json!({}),
        json!({ "id": "1" }),
        whole(2, json!({})),
        whole(2, json!({ "id": "1", "name": "nothing_like_it", "type": 1 })),
        whole(
            2,
            json!({ "id": "1", "name": "stats", "type": 1, "options": [{ "name": "bogus", "type": 3, "value": "x" }] }),
        ),
        whole(3, json!({ "component_type": 2, "custom_id": "f1|||0|stats" })),
        whole(3, json!({ "component_type": 3, "custom_id": "menu0", "values": [] })),
        whole(4, json!({ "id": "1", "name": "stats", "type": 1, "options": [] })),
        whole(5, json!({ "custom_id": "go|x|y", "components": [] })),
        whole(99, json!({})),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn malformed_interactions_harm_nobody() {
    each_backend(async |url| {
        let fake = FakeDiscord::start().await;
        let place = Place::new(&fake, "alpha");
        let db = filled(url).await;
        let bot = Running::start(&fake, &db, |_| {}).await;
        for interaction in malformed() {
            fake.deliver("INTERACTION_CREATE", &interaction);
        }
        for event in ["MESSAGE_CREATE", "MESSAGE_REACTION_ADD", "GUILD_ROLE_UPDATE", "NOBODY_KNOWS_IT"] {
            fake.deliver(event, &json!({ "id": "x" }));
        }
        // Whom it concerns, and who is answered, is not asked here: only that others are.
        place.carol.slash(&place.stats, "about", &[]).answer().await;
        // Buttons that this version did not make.
        let shown = place.carol.says(&place.stats, "!last_session").answer().await;
        for id in ["", "x", "f0|1|1|0|about", "go|3|f1|", "fill|nothing", "f1|a|b|c|d"].into_iter().skip(1) {
            let refused = place.carol.forges_press(&shown, id).answer().await;
            assert!(refused.is_private() && refused.text().contains("older version"), "{id}: {}", refused.text());
        }
        bot.end().await;
        // What was made up here has broken the rules of what was made up there.
        drop(fake.take_violations());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_people_type_pings_nobody_and_formats_nothing() {
    each_backend(async |url| {
        let fake = FakeDiscord::start().await;
        let place = Place::new(&fake, "alpha");
        let db = filled(url).await;
        let bot = Running::start(&fake, &db, |_| {}).await;
        let carol = place.carol.mention();
        for name in ["@everyone", "@here", carol.as_str(), "<@&12345>", "**bold**", "[a](http://b)", "```", "\u{202e}x"]
        {
            for line in [format!("!stats \"{name}\""), format!("!player_search \"{name}\""), format!("!map \"{name}\"")]
            {
                let shown = place.dave.says(&place.stats, &line).answer().await;
                assert_eq!(shown.pings(), Vec::<String>::new(), "{line}");
                assert!(!shown.text().contains("**bold**"), "{line}: {}", shown.text());
            }
        }
        bot.end().await;
        fake.assert_no_violations();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_impatient_hears_how_long_to_wait() {
    each_backend(async |url| {
        let fake = FakeDiscord::start().await;
        let place = Place::new(&fake, "alpha");
        let db = filled(url).await;
        let hour = Duration::from_secs(3_600);
        let bot =
            Running::start(&fake, &db, |config| config.cooldowns = CooldownConfig { query: hour, picture: hour }).await;
        place.carol.slash(&place.stats, "about", &[]).answer().await;
        let refused = place.carol.slash(&place.stats, "badges", &[]).answer().await;
        assert!(refused.is_private() && refused.text().contains("One moment"), "{}", refused.text());
        // Somebody else need not wait for her.
        assert!(!place.dave.slash(&place.stats, "badges", &[]).answer().await.is_private());
        bot.end().await;
        fake.assert_no_violations();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_shows_a_number_and_nothing_of_what_failed() {
    each_backend(async |url| {
        let fake = FakeDiscord::start().await;
        let place = Place::new(&fake, "alpha");
        let db = filled(url).await;
        let bot = Running::start(&fake, &db, |config| place.with_admins(config)).await;
        place.carol.slash(&place.stats, "about", &[]).answer().await;
        db.execute_raw("ALTER TABLE player_aliases RENAME TO elsewhere").await.unwrap();
        let failed = place.carol.slash(&place.stats, "list_players", &[]).answer().await;
        let said = failed.text();
        assert!(failed.is_private() && said.contains("could not be read") && said.contains("Incident"), "{said}");
        for internal in ["player_aliases", "elsewhere", "SELECT", "sqlite", "relation"] {
            assert!(!said.to_lowercase().contains(&internal.to_lowercase()), "{internal} in {said}");
        }
        let told = place.admins.posts(1).await;
        assert!(told[0].text().contains("Incident"), "{}", told[0].text());
        bot.end().await;
        fake.assert_no_violations();
    })
    .await;
}
