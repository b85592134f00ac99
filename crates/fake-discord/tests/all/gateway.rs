//! Sessions: begun, resumed with what was missed, refused, silent.

use std::time::Duration;

use fullhold_fake_discord::{FakeDiscord, MESSAGE_CONTENT, Options};
use serde_json::json;
use twilight_gateway::{Event, EventTypeFlags, StreamExt as _};

use crate::bot::Bot;

/// The code with which the gateway closes.
async fn closed(bot: &mut Bot) -> Option<u16> {
    loop {
        match bot.shard.next_event(EventTypeFlags::all()).await {
            Some(Ok(Event::GatewayClose(frame))) => return frame.map(|frame| frame.code),
            Some(_) => {}
            None => panic!("the gateway has ended without a code"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_was_cut_is_resumed_with_what_was_missed() {
    let fake = FakeDiscord::start().await;
    let guild = fake.guild("ET Pros");
    let stats = guild.text("stats");
    let carol = fake.person("carol");
    guild.join(&carol, &[]);
    let mut bot = Bot::connect(&fake).await;
    for number in 0..3 {
        let text = format!("missed {number}");
        match number {
            0 => fake.gateway().cut(),
            1 => fake.gateway().reconnect(),
            _ => fake.gateway().close(4000),
        }
        carol.says(&stats, &text);
        let Event::MessageCreate(message) = bot.next("MESSAGE_CREATE").await else { panic!("another event") };
        assert_eq!(message.content, text);
        bot.next("RESUMED").await;
    }
    let counts = fake.gateway().counts();
    assert_eq!((counts.identifies, counts.resumes), (1, 3));
    fake.assert_no_violations();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_is_over_when_its_time_is() {
    let fake = FakeDiscord::start().await;
    let mut bot = Bot::connect(&fake).await;
    fake.gateway().outage(true);
    fake.gateway().cut();
    fake.gateway().gone().await;
    fake.pass(Duration::from_secs(181));
    fake.gateway().outage(false);
    while fake.gateway().counts().readies < 2 {
        // An outage is an error of the shard, which connects again.
        drop(bot.shard.next_event(EventTypeFlags::all()).await);
    }
    let counts = fake.gateway().counts();
    assert_eq!((counts.resumed, counts.identifies), (0, 2));
    fake.assert_no_violations();
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_no_right_is_closed_for_good() {
    let fake = FakeDiscord::start().await;
    let mut bot = Bot::new(&fake, "another token");
    assert_eq!(closed(&mut bot).await, Some(4004));
    let options = Options { allowed_intents: !MESSAGE_CONTENT, ..Options::usual() };
    let fake = FakeDiscord::with(options).await;
    let mut bot = Bot::new(&fake, fake.token());
    assert_eq!(closed(&mut bot).await, Some(4014));
    let fake = FakeDiscord::start().await;
    fake.gateway().refuse(Some(4011));
    let mut bot = Bot::new(&fake, fake.token());
    assert_eq!(closed(&mut bot).await, Some(4011));
    fake.assert_no_violations();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_connection_loses_nothing() {
    let fake = FakeDiscord::with(Options { heartbeat: Duration::from_millis(200), ..Options::usual() }).await;
    let guild = fake.guild("ET Pros");
    let stats = guild.text("stats");
    let carol = fake.person("carol");
    guild.join(&carol, &[]);
    let mut bot = Bot::connect(&fake).await;
    fake.gateway().zombie();
    carol.says(&stats, "is anybody there?");
    let Event::MessageCreate(message) = bot.next("MESSAGE_CREATE").await else { panic!("another event") };
    assert_eq!(message.content, "is anybody there?");
    assert_eq!(fake.gateway().counts().resumed, 1, "it came over another connection");
    assert!(fake.gateway().counts().heartbeats > 0);
    fake.assert_no_violations();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invalid_session_is_begun_anew_and_too_soon_is_noticed() {
    let fake = FakeDiscord::start().await;
    let mut bot = Bot::connect(&fake).await;
    fake.gateway().invalid_session(false);
    // Twilight waits five seconds between two identifies; the fake would notice less.
    bot.next("READY").await;
    assert_eq!(fake.gateway().counts().identifies, 2);
    fake.assert_no_violations();
    let mut hasty = Bot::new(&fake, fake.token());
    hasty.next("READY").await;
    assert!(fake.take_violations().iter().any(|violation| violation.contains("two identifies within")));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_intent_messages_say_nothing() {
    let fake = FakeDiscord::start().await;
    let guild = fake.guild("ET Pros");
    let stats = guild.text("stats");
    let carol = fake.person("carol");
    guild.join(&carol, &[]);
    let mut deaf = Bot::without_content(&fake);
    deaf.next("READY").await;
    carol.says(&stats, "!stats");
    let Event::MessageCreate(message) = deaf.next("MESSAGE_CREATE").await else { panic!("another event") };
    assert_eq!(message.content, "");
    carol.says(&fake.direct(&carol), "!stats");
    let Event::MessageCreate(message) = deaf.next("MESSAGE_CREATE").await else { panic!("another event") };
    assert_eq!(message.content, "!stats", "direct messages are always whole");
    fake.deliver("MESSAGE_DELETE", &json!({ "id": "1", "channel_id": stats.id().to_string() }));
    deaf.next("MESSAGE_DELETE").await;
}
