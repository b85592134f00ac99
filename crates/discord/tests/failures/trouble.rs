//! Requests that fail: tried again, given up, told once; and never a storm.

use std::time::Duration;

use fullhold_fake_discord::{FakeDiscord, Trouble};
use fullhold_testkit::each_backend;

use crate::support::{Place, Running, open};

const CALLBACK: &str = "POST /interactions/*/*/callback";
const POST: &str = "POST /channels/*/messages";

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_moment_of_discord_is_not_noticed() {
    each_backend(async |url| {
        let fake = FakeDiscord::start().await;
        let place = Place::new(&fake);
        let bot = Running::start(&fake, &open(url).await).await;
        for trouble in [
            Trouble::status(500),
            Trouble::status(502),
            Trouble::status(503),
            Trouble::outage(),
            Trouble::answer_lost(),
            Trouble::truncated(),
            Trouble::rate_limited(Duration::from_millis(300)),
            Trouble::globally_limited(Duration::from_millis(300)),
        ] {
            let struck = fake.trouble(trouble.clone().on(POST).times(1));
            let before = place.stats.posts_now().len();
            place.carol.says(&place.stats, "!about").answer().await;
            assert_eq!(struck.met(), 1);
            assert_eq!(place.stats.posts_now().len(), before + 1, "{trouble:?}");
            fake.calm();
            let struck = fake.trouble(trouble.clone().on(CALLBACK).times(1));
            let asked = place.carol.slash(&place.stats, "about", &[]);
            asked.answer().await;
            assert_eq!(struck.met(), 1);
            assert!(asked.followups().is_empty(), "{trouble:?}");
            fake.calm();
        }
        bot.end().await;
        fake.assert_no_violations();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_in_a_bad_moment_succeeds() {
    each_backend(async |url| {
        let fake = FakeDiscord::start().await;
        let place = Place::new(&fake);
        for trouble in [
            Trouble::status(503),
            Trouble::outage(),
            Trouble::truncated(),
            Trouble::globally_limited(Duration::from_millis(200)),
        ] {
            for pattern in [
                "GET /applications/@me",
                "GET /gateway/bot",
                "GET /applications/*/commands",
                "PUT /applications/*/commands",
            ] {
                fake.trouble(trouble.clone().on(pattern).times(1));
            }
            let db = open(url).await;
            let bot = Running::start(&fake, &db).await;
            place.carol.says(&place.stats, "!about").answer().await;
            bot.end().await;
            fake.gateway().gone().await;
            fake.calm();
        }
        fake.assert_no_violations();
    })
    .await;
}

/// What a request meets for a whole minute, and how often it may be sent then.
const FOR_LONG: usize = 12;

#[tokio::test(flavor = "multi_thread")]
async fn who_is_told_to_wait_does_not_hammer() {
    each_backend(async |url| {
        let fake = FakeDiscord::start().await;
        let place = Place::new(&fake);
        let bot = Running::start(&fake, &open(url).await).await;
        for trouble in [
            Trouble::globally_limited(Duration::from_secs(2)),
            Trouble::banned(),
            Trouble::rate_limited(Duration::from_secs(1)),
        ] {
            let struck = fake.trouble(trouble.clone().on(POST).times(3));
            let asked = place.carol.says(&place.stats, "!about");
            asked.answer().await;
            assert_eq!(struck.met(), 3, "{trouble:?}");
            assert!(fake.count(POST) <= FOR_LONG, "{trouble:?}: {} requests", fake.count(POST));
            fake.calm();
        }
        bot.end().await;
        fake.assert_no_violations();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_answer_is_given_up_when_it_is_too_late() {
    each_backend(async |url| {
        let db = open(url).await;
        for trouble in [Trouble::status(500), Trouble::outage(), Trouble::banned()] {
            let fake = FakeDiscord::start().await;
            let place = Place::new(&fake);
            let bot = Running::start(&fake, &db).await;
            let struck = fake.trouble(trouble.clone().on(CALLBACK));
            let lost = place.carol.slash(&place.stats, "about", &[]);
            // Those who ask elsewhere do not wait for it.
            place.carol.says(&place.stats, "!about").answer().await;
            // It ends when what is under way is given up.
            bot.end().await;
            assert!(lost.answer_now().is_none());
            assert!((2..=5).contains(&struck.met()), "{trouble:?}: {} tries", struck.met());
            fake.assert_no_violations();
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_answer_is_an_answer() {
    each_backend(async |url| {
        let fake = FakeDiscord::start().await;
        let place = Place::new(&fake);
        let bot = Running::start(&fake, &open(url).await).await;
        fake.trouble(Trouble::slow(Duration::from_secs(4)).on(CALLBACK).times(1));
        let asked = place.carol.slash(&place.stats, "about", &[]);
        asked.answer().await;
        place.carol.says(&place.stats, "!about").answer().await;
        assert_eq!(asked.acknowledgements(), 1);
        bot.end().await;
        fake.assert_no_violations();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_bot_may_not_write_it_says_so_once_and_goes_on() {
    each_backend(async |url| {
        let fake = FakeDiscord::start().await;
        let place = Place::new(&fake);
        let bot = Running::start(&fake, &open(url).await).await;
        place.stats.deny_bot(fullhold_fake_discord::permissions::SEND_MESSAGES);
        let silent = place.carol.says(&place.stats, "!about");
        fake.requested(POST, 1).await;
        // An interaction may be answered all the same.
        place.carol.slash(&place.stats, "about", &[]).answer().await;
        assert!(silent.answer_now().is_none());
        assert_eq!(fake.count(POST), 1, "what is refused is not tried again");
        bot.end().await;
        fake.assert_no_violations();
    })
    .await;
}
