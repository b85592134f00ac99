//! What goes wrong on demand goes wrong as at Discord.

use std::time::Duration;

use fullhold_fake_discord::{FakeDiscord, Options, RateLimits, Trouble};
use serde_json::{Value, json};

use crate::bot::Bot;
use crate::story::strict;

#[tokio::test(flavor = "multi_thread")]
async fn troubles_strike_as_ordered() {
    let fake = strict().await;
    let guild = fake.guild("ET Pros");
    let stats = guild.text("stats");
    let path = format!("/channels/{}/messages", stats.id());
    let bot = Bot::new(&fake, fake.token());
    let send = async |text: &str| bot.send("POST", &path, Some(json!({ "content": text }))).await;
    let struck = fake.trouble(Trouble::status(502).on("POST /channels/*/messages").times(1));
    assert_eq!(send("a").await.0, 502);
    assert_eq!(struck.met(), 1);
    fake.trouble(Trouble::rate_limited(Duration::from_millis(1_500)).times(1));
    let (status, headers, body) = send("b").await;
    assert_eq!((status, body["retry_after"].as_f64(), &body["global"]), (429, Some(1.5), &json!(false)));
    assert!(headers.contains("x-ratelimit-scope: user") && headers.contains("retry-after: 2"), "{headers}");
    fake.trouble(Trouble::globally_limited(Duration::from_secs(1)).times(1));
    let (status, headers, body) = send("c").await;
    assert_eq!((status, &body["global"]), (429, &json!(true)));
    assert!(headers.contains("x-ratelimit-global: true") && headers.contains("x-ratelimit-scope: global"), "{headers}");
    fake.trouble(Trouble::truncated().times(1));
    assert_eq!(send("d").await.2, Value::Null, "half of the JSON is none");
    fake.trouble(Trouble::answer_lost().times(1));
    assert_eq!(send("e").await.0, 0, "no answer");
    fake.trouble(Trouble::outage().times(1));
    assert_eq!(send("f").await.0, 0, "no answer");
    fake.trouble(Trouble::slow(Duration::from_millis(30)).times(1));
    assert_eq!(send("g").await.0, 200);
    let texts: Vec<String> = stats.posts_now().iter().map(|post| post.content().to_owned()).collect();
    assert_eq!(texts, ["d", "e", "g"], "done although the answer was bad, and not done");
    fake.assert_no_violations();
}

#[tokio::test(flavor = "multi_thread")]
async fn buckets_are_told_and_kept() {
    let limits = RateLimits { bucket: 2, window: Duration::from_secs(600), global: 1_000 };
    let fake = FakeDiscord::with(Options { rate_limits: limits, ..Options::usual() }).await;
    let guild = fake.guild("ET Pros");
    let path = format!("/channels/{}/messages", guild.text("stats").id());
    let body = || Some(json!({ "content": "x" }));
    let bot = Bot::new(&fake, fake.token());
    let (_, headers, _) = bot.send("POST", &path, body()).await;
    assert!(headers.contains("x-ratelimit-remaining: 1"), "{headers}");
    assert!(!headers.contains("x-ratelimit-scope"), "Discord says it with 429 alone");
    assert_eq!(bot.send("POST", &path, body()).await.0, 200);
    assert_eq!(bot.send("POST", &path, body()).await.0, 429);
    fake.pass(Duration::from_secs(600));
    assert_eq!(bot.send("POST", &path, body()).await.0, 200);
}
