//! Sessions that are cut, closed, invalid or silent, and restarts of the bot.

use std::time::Duration;

use fullhold_discord::Error;
use fullhold_fake_discord::{FakeDiscord, MESSAGE_CONTENT, Options};
use fullhold_testkit::each_backend;

use crate::support::{Place, Running, open};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_while_the_line_is_cut_is_answered_once() {
    each_backend(async |url| {
        let db = open(url).await;
        for end in ["cut", "close", "reconnect", "invalid session"] {
            let fake = FakeDiscord::start().await;
            let place = Place::new(&fake);
            let bot = Running::start(&fake, &db).await;
            place.carol.says(&place.stats, "!about").answer().await;
            match end {
                "cut" => fake.gateway().cut(),
                "close" => fake.gateway().close(4000),
                "reconnect" => fake.gateway().reconnect(),
                _ => fake.gateway().invalid_session(true),
            }
            let asked = place.carol.slash(&place.stats, "about", &[]);
            let typed = place.carol.says(&place.stats, "!about");
            asked.answer().await;
            typed.answer().await;
            fake.gateway().resumed(1).await;
            assert_eq!(asked.acknowledgements(), 1, "{end}");
            assert_eq!(fake.gateway().counts().identifies, 1, "{end}");
            assert_eq!(place.stats.posts_now().len(), 2, "{end}: what was typed is answered once");
            bot.end().await;
            fake.assert_no_violations();
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_is_over_is_begun_anew_once() {
    each_backend(async |url| {
        let fake = FakeDiscord::start().await;
        let place = Place::new(&fake);
        let bot = Running::start(&fake, &open(url).await).await;
        fake.gateway().invalid_session(false);
        fake.gateway().identified(2).await;
        place.carol.slash(&place.stats, "about", &[]).answer().await;
        assert_eq!(fake.gateway().counts().identifies, 2);
        bot.end().await;
        fake.assert_no_violations();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_falls_silent_is_left_for_another() {
    each_backend(async |url| {
        let fake = FakeDiscord::with(Options { heartbeat: Duration::from_millis(400), ..Options::usual() }).await;
        let place = Place::new(&fake);
        let bot = Running::start(&fake, &open(url).await).await;
        fake.gateway().zombie();
        let asked = place.carol.slash(&place.stats, "about", &[]);
        asked.answer().await;
        assert_eq!(asked.acknowledgements(), 1);
        let counts = fake.gateway().counts();
        assert_eq!((counts.identifies, counts.resumed), (1, 1));
        bot.end().await;
        fake.assert_no_violations();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_within_the_window_loses_nothing() {
    each_backend(async |url| {
        let fake = FakeDiscord::start().await;
        let place = Place::new(&fake);
        let db = open(url).await;
        let bot = Running::start(&fake, &db).await;
        let before = place.carol.says(&place.stats, "!about");
        before.answer().await;
        bot.end().await;
        fake.gateway().gone().await;
        assert_eq!(fake.gateway().counts().closes, [Some(4000)], "it keeps its session");
        let meanwhile = place.carol.says(&place.stats, "!about");
        let bot = Running::start(&fake, &db).await;
        meanwhile.answer().await;
        let counts = fake.gateway().counts();
        assert_eq!((counts.identifies, counts.resumed), (1, 1));
        assert_eq!(place.stats.posts_now().len(), 2, "what was answered before is not answered again");
        bot.end().await;
        fake.assert_no_violations();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_after_the_window_begins_a_session() {
    each_backend(async |url| {
        let fake = FakeDiscord::start().await;
        let place = Place::new(&fake);
        let db = open(url).await;
        let bot = Running::start(&fake, &db).await;
        place.carol.slash(&place.stats, "about", &[]).answer().await;
        bot.end().await;
        fake.gateway().gone().await;
        fake.pass(Duration::from_secs(3_600));
        let bot = Running::start(&fake, &db).await;
        place.carol.slash(&place.stats, "about", &[]).answer().await;
        let counts = fake.gateway().counts();
        assert_eq!((counts.identifies, counts.resumes, counts.resumed), (2, 1, 0));
        bot.end().await;
        fake.assert_no_violations();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_for_good_ends_the_bot_with_what_to_do() {
    each_backend(async |url| {
        let db = open(url).await;
        let usual = Options::usual;
        let cases = [
            (Options { allowed_intents: !MESSAGE_CONTENT, ..usual() }, None, 4014, "Message Content Intent"),
            (usual(), Some(4004), 4004, "DISCORD_TOKEN"),
            (usual(), Some(4013), 4013, "newer"),
        ];
        for (options, refusal, code, advice) in cases {
            let fake = FakeDiscord::with(options).await;
            fake.gateway().refuse(refusal);
            let error = Running::refused(&fake, &db).await;
            assert!(matches!(&error, Error::Closed(reason) if reason.0 == Some(code)), "{error}");
            assert!(error.to_string().contains(advice), "{error}");
            assert_eq!(fake.gateway().counts().connections, 1, "it does not come again");
            fake.assert_no_violations();
        }
    })
    .await;
}
