//! Linking oneself: by button, by reaction, with a code, and by those who run the community.

use std::sync::atomic::{AtomicI64, Ordering};

use fullhold_fake_discord::FakeDiscord;
use fullhold_testkit::each_backend;
use time::{Duration, OffsetDateTime};

use crate::community::GRASHOPPER;
use crate::shared::{clock, filled};
use crate::support::{Place, Running};

const ONE: &str = "1\u{fe0f}\u{20e3}";

async fn linked(db: &fullhold_repository::Db, user: u64) -> Option<String> {
    db.linked_player(i64::try_from(user).unwrap()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_asked_picks_himself_by_button() {
    each_backend(async |url| {
        let fake = FakeDiscord::start().await;
        let place = Place::new(&fake, "alpha");
        let db = filled(url).await;
        let bot = Running::start(&fake, &db, |_| {}).await;
        let offer = place.carol.slash(&place.stats, "link", &[("player", "grash")]).answer().await;
        assert!(offer.is_private(), "nobody else sees it");
        let label = offer.buttons()[0].label.clone();
        assert!(label.contains("grashopper"), "{label}");
        let done = place.carol.presses(&offer, &label).answer().await;
        assert!(done.text().contains("You are linked: grashopper"), "{}", done.text());
        assert_eq!(linked(&db, place.carol.id()).await.as_deref(), Some(GRASHOPPER));
        // An offer in a channel is for who asked for it.
        let offer = place.erin.says(&place.stats, "!link zweiblum").answer().await;
        let label = offer.buttons()[0].label.clone();
        let refused = place.dave.presses(&offer, &label).answer().await;
        assert!(refused.is_private() && refused.text().contains("somebody else"), "{}", refused.text());
        assert_eq!(linked(&db, place.dave.id()).await, None);
        bot.end().await;
        fake.assert_no_violations();
    })
    .await;
}

/// Seconds since the samples' now.
static PASSED: AtomicI64 = AtomicI64::new(0);

fn later() -> OffsetDateTime {
    clock() + Duration::seconds(PASSED.load(Ordering::SeqCst))
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_asked_picks_himself_by_reaction_within_a_minute() {
    each_backend(async |url| {
        PASSED.store(0, Ordering::SeqCst);
        let fake = FakeDiscord::start().await;
        let place = Place::new(&fake, "alpha");
        let db = filled(url).await;
        let bot = Running::start(&fake, &db, |config| config.clock = later).await;
        let offer = place.carol.says(&place.stats, "!link grashopper").answer().await;
        fake.requested("PUT /channels/*/messages/*/reactions/*/@me", offer.buttons().len()).await;
        // Somebody else's reaction is nobody's choice; what is asked after it shows that it was heard.
        place.dave.reacts(&offer, ONE);
        place.dave.says(&place.stats, "!about").answer().await;
        assert_eq!(linked(&db, place.dave.id()).await, None);
        // A restart in between changes nothing.
        bot.end().await;
        let bot = Running::start(&fake, &db, |config| config.clock = later).await;
        PASSED.store(60, Ordering::SeqCst);
        place.carol.reacts(&offer, ONE);
        let mut done = offer.changed().await;
        while done.text().contains("Who are you") {
            done = done.changed().await;
        }
        assert!(done.text().contains("You are linked: grashopper"), "{}", done.text());
        assert_eq!(linked(&db, place.carol.id()).await.as_deref(), Some(GRASHOPPER));
        // Too late.
        let offer = place.erin.says(&place.stats, "!link zweiblum").answer().await;
        PASSED.store(121, Ordering::SeqCst);
        place.erin.reacts(&offer, ONE);
        let label = offer.buttons()[0].label.clone();
        let refused = place.erin.presses(&offer, &label).answer().await;
        assert!(refused.text().contains("had its time"), "{}", refused.text());
        assert_eq!(linked(&db, place.erin.id()).await, None);
        bot.end().await;
        fake.assert_no_violations();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_a_code_is_asked_for_nobody_is_linked_without_it() {
    each_backend(async |url| {
        let fake = FakeDiscord::start().await;
        let place = Place::new(&fake, "alpha");
        let db = filled(url).await;
        let bot = Running::start(&fake, &db, |config| config.acting.link_needs_code = true).await;
        let offer = place.carol.slash(&place.stats, "link", &[("player", "grash")]).answer().await;
        let label = offer.buttons()[0].label.clone();
        let code = place.carol.presses(&offer, &label).answer().await;
        assert!(code.is_private() && code.text().contains("in your name"), "{}", code.text());
        let again = place.carol.presses(&code, "I have worn it").answer().await;
        assert!(again.text().contains("in your name"), "{}", again.text());
        assert_eq!(linked(&db, place.carol.id()).await, None);
        bot.end().await;
        fake.assert_no_violations();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn admins_link_others_when_they_have_confirmed_it() {
    each_backend(async |url| {
        let fake = FakeDiscord::start().await;
        let place = Place::new(&fake, "alpha");
        let db = filled(url).await;
        let bot = Running::start(&fake, &db, |config| place.with_admins(config)).await;
        let user = place.carol.id().to_string();
        let asked = [("player", "grashopper"), ("user", user.as_str())];
        let refused = place.carol.slash(&place.stats, "link", &asked).answer().await;
        assert!(refused.text().contains("those who run the community"), "{}", refused.text());
        let preview = place.dave.slash(&place.admins, "link", &asked).answer().await;
        assert_eq!(linked(&db, place.carol.id()).await, None);
        place.dave.presses(&preview, "Do it").answer().await;
        assert_eq!(linked(&db, place.carol.id()).await.as_deref(), Some(GRASHOPPER));
        let who = format!("discord {} link", place.dave.id());
        assert!(crate::support::audited(&db).await[0].starts_with(&who));
        bot.end().await;
        fake.assert_no_violations();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_for_one_alone_goes_to_him_alone() {
    each_backend(async |url| {
        let fake = FakeDiscord::start().await;
        let place = Place::new(&fake, "alpha");
        let db = filled(url).await;
        let bot = Running::start(&fake, &db, |_| {}).await;
        place.carol.slash(&place.stats, "link_me", &[("guid", GRASHOPPER)]).answer().await;
        let told = place.carol.says(&place.stats, "!me export").answer().await;
        assert!(told.files().is_empty() && told.text().contains("to you alone"), "{}", told.text());
        let direct = fake.direct(&place.carol);
        let sent = direct.posts(1).await;
        assert!(!sent[0].files().is_empty(), "{}", sent[0].text());
        bot.end().await;
        fake.assert_no_violations();
    })
    .await;
}
