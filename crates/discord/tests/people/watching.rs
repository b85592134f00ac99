//! Commands for the game servers: a progress message that is edited in place, stopping and going on.

use std::sync::Arc;

use fullhold_fake_discord::{FakeDiscord, Shown};
use fullhold_testkit::each_backend;
use fullhold_watch::{Notice, Notices, Service, Target};
use time::OffsetDateTime;

use crate::site::{Site, files, importer_named};
use crate::support::{Place, Running, audited};

/// A message when it has come to say something.
async fn until(mut shown: Shown, word: &str) -> Shown {
    while !shown.text().contains(word) {
        shown = shown.changed().await;
    }
    shown
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sync_says_in_place_how_far_it_is_and_watching_stops_and_goes_on() {
    each_backend(async |url| {
        let site = Site::start();
        for (name, bytes, at) in files(12, std::time::Duration::from_secs(3_600)) {
            site.write_at(&name, &bytes, at);
        }
        let importer = importer_named(url, "default").await;
        let db = importer.db().clone();
        let silent = |_: &str| -> Notices { Arc::new(|_: &Notice| {}) };
        let mut service = Service::new(Arc::new(silent)).paused(true);
        let target = Target { name: "default".to_owned(), importer: Arc::new(importer), config: site.config(None) };
        service.start(vec![target]);
        let fake = FakeDiscord::start().await;
        let place = Place::new(&fake, "alpha");
        let handle = service.handle();
        let bot = Running::start(&fake, &db, |config| {
            place.with_admins(config);
            config.clock = OffsetDateTime::now_utc;
            config.watching = Some(handle.clone());
        })
        .await;
        let status = place.erin.slash(&place.admins, "automation_status", &[]).answer().await;
        assert!(status.text().contains("stopped"), "{}", status.text());
        let refused = place.carol.says(&place.stats, "!sync_all").answer().await;
        assert!(refused.text().contains("those who run the community"), "{}", refused.text());
        let few = place.erin.slash(&place.admins, "sync_stats", &[("days", "1")]).answer().await;
        let few = until(few, "imported").await;
        assert!(!few.is_private(), "all admins see how far it is");
        let all = place.dave.says(&place.admins, "!sync_all").answer().await;
        let all = until(all, "imported").await;
        assert!(all.text().contains("there before"), "{}", all.text());
        let stored = db.freshness().await.unwrap();
        assert!(stored[0].newest_round.is_some());
        let again = place.dave.says(&place.admins, "!sync_all").answer().await;
        assert!(until(again, "imported").await.text().contains("0 imported, 12 there before"));
        assert!(handle.servers()[0].paused, "a sync does not have it go on");
        place.erin.slash(&place.admins, "start_monitoring", &[]).answer().await;
        assert!(!handle.servers()[0].paused);
        place.dave.says(&place.admins, "!stop_monitoring").answer().await;
        assert!(handle.servers()[0].paused);
        let noted = audited(&db).await.join("\n");
        for action in ["sync: 1 days", "sync: all", "start-monitoring: default", "stop-monitoring: default"] {
            assert!(noted.contains(action), "{action}: {noted}");
        }
        bot.end().await;
        assert!(service.end().await);
        fake.assert_no_violations();
    })
    .await;
}
