//! A gateway that lets nobody stay, for a day and more of made-up time: sockets are real, the timers are not.

use std::time::Duration;

use fullhold_fake_discord::{FakeDiscord, GatewayHandle, Options};
use fullhold_testkit::SqliteFile;
use tokio::time::Instant;

use crate::support::{Running, open};

/// Connections in a day: less than one in 40 seconds. Discord's own limit is of sessions, 1,000 a day and one in five
/// seconds, which the fake counts.
const A_DAY: f64 = 2_000.0;
const DAY: Duration = Duration::from_secs(24 * 3_600);

/// Lets a bot meet a gateway for so many connections; the time that took.
async fn met(closes: u32, trouble: impl FnOnce(&GatewayHandle)) -> Duration {
    let options = Options { patience: 30 * DAY, ..Options::usual() };
    let fake = FakeDiscord::with(options).await;
    let file = SqliteFile::create();
    let db = open(&file.url()).await;
    let bot = Running::start(&fake, &db).await;
    // From here on whatever waits does so in no time.
    tokio::time::pause();
    let (start, before) = (Instant::now(), fake.gateway().counts().connections);
    trouble(&fake.gateway());
    fake.gateway().cut();
    fake.gateway().counted("connections", |counts| counts.connections >= before + closes).await;
    let took = start.elapsed();
    tokio::time::resume();
    fake.assert_no_violations();
    bot.abandon();
    took
}

/// Checks that a day has no more connections than Discord allows.
fn is_no_storm(closes: u32, took: Duration) {
    let a_day = f64::from(closes) * DAY.as_secs_f64() / took.as_secs_f64();
    assert!(a_day <= A_DAY, "{closes} connections in {took:?}: {a_day:.0} a day");
}

#[test]
fn a_thousand_closes_are_no_storm() {
    let took = alone(met(1_000, |gateway| gateway.accept_and_close(Some(4000))));
    is_no_storm(1_000, took);
}

#[test]
fn connections_that_are_cut_at_once_are_no_storm() {
    let took = alone(met(300, GatewayHandle::accept_and_cut));
    is_no_storm(300, took);
}

#[test]
fn connections_that_are_sent_away_at_once_are_no_storm() {
    let took = alone(met(300, GatewayHandle::accept_and_send_away));
    is_no_storm(300, took);
}

#[test]
fn sessions_that_end_at_once_are_begun_within_the_limit_of_a_day() {
    alone(async {
        let fake = FakeDiscord::with(Options { patience: 30 * DAY, ..Options::usual() }).await;
        let file = SqliteFile::create();
        let bot = Running::start(&fake, &open(&file.url()).await).await;
        tokio::time::pause();
        for _ in 0..1_100 {
            fake.gateway().ready().await;
            fake.gateway().forget_sessions();
            fake.gateway().close(4000);
            fake.gateway().gone().await;
        }
        tokio::time::resume();
        fake.assert_no_violations();
        bot.abandon();
    });
}

/// Made-up time is for one thread.
fn alone<T>(test: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(test)
}
