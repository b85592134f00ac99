//! Pages, views and forms work by what a message carries: after a restart, on old messages, and for other people.

use std::sync::atomic::{AtomicI64, Ordering};

use fullhold_fake_discord::{FakeDiscord, Shown};
use fullhold_testkit::each_backend;
use time::{Duration, OffsetDateTime};

use crate::shared::{clock, filled};
use crate::support::{Place, Running};

/// Something with several pages.
const LONG: &str = "session 2025-11-12 players";

/// The page that a message shows, and how many there are, as its buttons say.
fn page(shown: &Shown) -> (usize, usize) {
    let read = |label: String| {
        let (page, pages) = label.split_once(" / ")?;
        Some((page.parse().ok()?, pages.parse().ok()?))
    };
    shown.buttons().into_iter().find_map(|button| read(button.label)).unwrap_or((1, 1))
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_turn_after_a_restart_and_for_others_in_a_copy_of_their_own() {
    each_backend(async |url| {
        let fake = FakeDiscord::start().await;
        let place = Place::new(&fake, "alpha");
        let db = filled(url).await;
        let bot = Running::start(&fake, &db, |_| {}).await;
        let shown = place.carol.says(&place.stats, &format!("!{LONG}")).answer().await;
        let (first, pages) = page(&shown);
        assert!(first == 1 && pages > 1, "{:?}", shown.buttons());
        bot.end().await;
        let bot = Running::start(&fake, &db, |_| {}).await;
        let mut texts = vec![shown.text()];
        let mut shown = shown;
        for number in 2..=pages {
            shown = place.carol.presses(&shown, "▶").answer().await;
            assert_eq!(page(&shown), (number, pages));
            texts.push(shown.text());
        }
        texts.dedup();
        assert_eq!(texts.len(), pages, "each page shows something else");
        // Somebody else: the message stays as it is, and only he sees his own.
        let before = shown.text();
        let copy = place.dave.presses(&shown, "⏮").answer().await;
        assert!(copy.is_private() && !copy.is_seen_by(&place.carol));
        assert_eq!(page(&copy), (1, pages));
        assert_eq!(place.stats.messages().last().unwrap().text(), before);
        // Within his own he turns pages in place.
        let copy = place.dave.presses(&copy, "▶").answer().await;
        assert_eq!((page(&copy), copy.is_private()), ((2, pages), true));
        bot.end().await;
        fake.assert_no_violations();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_view_of_an_evening_and_of_a_player_is_one_choice_away() {
    each_backend(async |url| {
        let fake = FakeDiscord::start().await;
        let place = Place::new(&fake, "alpha");
        let db = filled(url).await;
        let bot = Running::start(&fake, &db, |_| {}).await;
        for line in ["last_session", "stats grashopper", "records"] {
            let shown = place.carol.says(&place.stats, &format!("!{line}")).answer().await;
            let views = shown.options();
            let presses: Vec<String> =
                shown.buttons().into_iter().filter(|button| !button.is_disabled).map(|button| button.label).collect();
            assert!(!views.is_empty() || !presses.is_empty(), "{line} leads nowhere");
            for view in views {
                let seen = place.carol.selects(&shown, &view).answer().await;
                assert!(!seen.is_private() && !seen.text().is_empty(), "{line}: {view}");
            }
            for press in presses {
                let seen = place.carol.presses(&shown, &press).answer().await;
                assert!(!seen.text().is_empty(), "{line}: {press}");
            }
        }
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
async fn the_asker_turns_the_message_itself_for_a_quarter_of_an_hour() {
    each_backend(async |url| {
        PASSED.store(0, Ordering::SeqCst);
        let fake = FakeDiscord::start().await;
        let place = Place::new(&fake, "alpha");
        let db = filled(url).await;
        let bot = Running::start(&fake, &db, |config| config.clock = later).await;
        let shown = place.carol.slash(&place.stats, "session", &[("session", "2025-11-12"), ("view", "players")]);
        let shown = shown.answer().await;
        PASSED.store(15 * 60, Ordering::SeqCst);
        let turned = place.carol.presses(&shown, "▶").answer().await;
        assert!(!turned.is_private(), "what she turns is the message");
        // What is turned begins anew: its buttons were made now.
        PASSED.store(30 * 60 + 1, Ordering::SeqCst);
        let copy = place.carol.presses(&turned, "⏮").answer().await;
        assert!(copy.is_private() && page(&copy).0 == 1);
        bot.end().await;
        fake.assert_no_violations();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_asks_for_a_page_and_for_what_a_command_lacks() {
    each_backend(async |url| {
        let fake = FakeDiscord::start().await;
        let place = Place::new(&fake, "alpha");
        let db = filled(url).await;
        let bot = Running::start(&fake, &db, |_| {}).await;
        let shown = place.carol.says(&place.stats, &format!("!{LONG}")).answer().await;
        let (_, pages) = page(&shown);
        let form = place.carol.presses(&shown, &format!("1 / {pages}")).answer().await;
        let turned = place.carol.submits(&form, &[("page", &pages.to_string())]).answer().await;
        assert_eq!(page(&turned), (pages, pages));
        let form = place.carol.presses(&turned, &format!("{pages} / {pages}")).answer().await;
        for bad in ["0", "x", "99"] {
            let refused = place.carol.submits(&form, &[("page", bad)]).answer().await;
            assert!(refused.is_private() && refused.text().contains("no page"), "{bad}: {}", refused.text());
        }
        // A command that lacks something.
        let refused = place.carol.says(&place.stats, "!compare grashopper").answer().await;
        let form = place.carol.presses(&refused, "Fill in").answer().await;
        let answer = place.carol.submits(&form, &[("a", "grashopper"), ("b", "(o)_(o)")]).answer().await;
        let asked = place.carol.slash(&place.stats, "compare", &[("a", "grashopper"), ("b", "(o)_(o)")]).answer().await;
        assert_eq!(answer.text(), asked.text());
        bot.end().await;
        fake.assert_no_violations();
    })
    .await;
}
