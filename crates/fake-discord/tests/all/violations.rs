//! Each kind of wrong request is refused as by Discord, and told as what it is.

use std::time::Duration;

use fullhold_fake_discord::{FakeDiscord, has_description, permissions as p};
use serde_json::{Value, json};

use crate::bot::Bot;
use crate::story::{Place, strict};

/// Checks that something was told, and nothing else.
fn told(fake: &FakeDiscord, expected: &str) {
    let violations = fake.take_violations();
    assert!(violations.len() == 1 && violations[0].contains(expected), "{expected}: {violations:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_that_the_description_rejects() {
    if !has_description() {
        return;
    }
    let fake = strict().await;
    let stats = fake.guild("ET Pros").text("stats");
    let bot = Bot::new(&fake, fake.token());
    let messages = format!("/channels/{}/messages", stats.id());
    let cases = [
        ("GET", "/nowhere".to_owned(), None, 404, "no such route"),
        ("GET", "/sticker-packs".to_owned(), None, 404, "the fake does not know this route"),
        ("PATCH", "/channels/1/typing".to_owned(), None, 404, "no such route"),
        ("GET", format!("{messages}?limit=101"), None, 400, "limit=101"),
        ("GET", format!("{messages}?number=1"), None, 400, "number is not known"),
        ("POST", messages.clone(), Some(json!({ "content": 1 })), 400, "/content"),
        (
            "POST",
            messages.clone(),
            Some(json!({ "attachments": [{ "id": 0 }], "content": "x" })),
            400,
            "/attachments/0/id",
        ),
        ("POST", messages.clone(), None, 400, "must be a body"),
        ("POST", messages, Some(json!({ "content": "x".repeat(2_001) })), 400, "content has 2001"),
    ];
    for (method, path, body, status, expected) in cases {
        assert_eq!(bot.send(method, &path, body).await.0, status, "{expected}");
        told(&fake, expected);
    }
    assert!(stats.posts_now().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_token_and_closed_doors_are_no_violations() {
    let fake = strict().await;
    let guild = fake.guild("ET Pros");
    let stats = guild.text("stats");
    let bot = Bot::new(&fake, fake.token());
    let messages = format!("/channels/{}/messages", stats.id());
    let text = || Some(json!({ "content": "x" }));
    assert_eq!(Bot::new(&fake, "another").send("POST", &messages, text()).await.0, 401);
    let embed = || Some(json!({ "embeds": [{ "title": "x" }] }));
    stats.deny_bot(p::EMBED_LINKS);
    let (status, _, body) = bot.send("POST", &messages, embed()).await;
    assert_eq!((status, &body["code"]), (403, &json!(50_013)));
    stats.allow_bot(p::EMBED_LINKS);
    assert_eq!(bot.send("POST", &messages, embed()).await.0, 200);
    stats.deny(&guild.everyone(), p::SEND_MESSAGES);
    assert_eq!(bot.send("POST", &messages, text()).await.2["code"], 50_013);
    stats.deny(&guild.everyone(), p::VIEW_CHANNEL);
    assert_eq!(bot.send("POST", &messages, text()).await.2["code"], 50_001);
    guild.kick_bot();
    assert_eq!(bot.send("GET", &format!("/guilds/{}", guild.id()), None).await.2["code"], 50_001);
    stats.delete();
    assert_eq!(bot.send("POST", &messages, text()).await.2["code"], 10_003);
    fake.assert_no_violations();
    assert_eq!(fake.requests().iter().filter(|request| request.code.is_some()).count(), 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn first_answers_are_given_once_and_in_time() {
    let Place { fake, guild, stats, carol } = Place::new().await;
    let mut bot = Bot::connect(&fake).await;
    bot.register(&fake, guild.id()).await;
    let answer = json!({ "type": 4, "data": { "content": "x" } });

    let asked = carol.slash(&stats, "stats", &[("player", "vid")]);
    let first = bot.interaction().await;
    let (status, _, body) = bot.follow_up(&first, &json!({ "content": "x" })).await;
    assert_eq!((status, &body["code"]), (404, &json!(10_015)));
    told(&fake, "has no first answer yet");
    bot.callback(&first, &answer).await;
    let (status, _, body) = bot.try_callback(&first, &answer).await;
    assert_eq!((status, &body["code"]), (400, &json!(40_060)));
    told(&fake, "answered twice");
    assert_eq!(asked.acknowledgements(), 2);

    carol.slash(&stats, "stats", &[("player", "vid")]);
    let late = bot.interaction().await;
    fake.pass(Duration::from_secs(4));
    assert_eq!(bot.try_callback(&late, &answer).await.2["code"], 10_062);
    told(&fake, "3 s are allowed");
    fake.pass(Duration::from_secs(15 * 60));
    assert_eq!(bot.edit_original(&first, &json!({ "content": "y" })).await.0, 401);
    told(&fake, "older than 15 minutes");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_did_not_hear_may_answer_again() {
    let Place { fake, guild, stats, carol } = Place::new().await;
    let mut bot = Bot::connect(&fake).await;
    bot.register(&fake, guild.id()).await;
    let asked = carol.slash(&stats, "stats", &[("player", "vid")]);
    let interaction = bot.interaction().await;
    fake.trouble(fullhold_fake_discord::Trouble::answer_lost().on("POST /interactions/*/*/callback").times(1));
    let answer = json!({ "type": 4, "data": { "content": "x" } });
    assert_eq!(bot.try_callback(&interaction, &answer).await.0, 0);
    assert_eq!(bot.try_callback(&interaction, &answer).await.2["code"], 40_060);
    assert_eq!(asked.answer().await.content(), "x");
    fake.assert_no_violations();
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_are_good_for_their_own_interaction() {
    let Place { fake, guild, stats, carol } = Place::new().await;
    let mut bot = Bot::connect(&fake).await;
    bot.register(&fake, guild.id()).await;
    let mut interactions = Vec::new();
    let mut shown = Vec::new();
    for _ in 0..2 {
        let asked = carol.slash(&stats, "stats", &[("player", "vid")]);
        let interaction = bot.interaction().await;
        bot.callback(&interaction, &json!({ "type": 4, "data": { "content": "x", "flags": 64 } })).await;
        shown.push(asked.answer().await);
        interactions.push(interaction);
    }
    let (one, other) = (&interactions[0], &interactions[1]);
    let callback = format!("/interactions/{}/{}/callback", one.id, other.token);
    assert_eq!(bot.send("POST", &callback, Some(json!({ "type": 5 }))).await.0, 404);
    told(&fake, "no interaction with this number and token");
    let path = format!("/webhooks/{}/{}/messages/{}", one.application_id, one.token, shown[1].id());
    assert_eq!(bot.send("PATCH", &path, Some(json!({ "content": "y" }))).await.0, 404);
    told(&fake, "does not belong to this interaction");
    let private = format!("/channels/{}/messages/{}", stats.id(), shown[0].id());
    assert_eq!(bot.send("GET", &private, None).await.2["code"], 10_008, "private answers are not in the channel");
    fake.assert_no_violations();
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_fit_what_was_asked() {
    if !has_description() {
        return;
    }
    let Place { fake, guild, stats, carol } = Place::new().await;
    let mut bot = Bot::connect(&fake).await;
    bot.register(&fake, guild.id()).await;
    carol.slash(&stats, "stats", &[("player", "vid")]);
    let interaction = bot.interaction().await;
    let many: Vec<Value> = (0..26).map(|number| json!({ "name": number.to_string(), "value": "v" })).collect();
    let cases = [
        (json!({ "type": 7, "data": { "content": "x" } }), "cannot be answered by type 7"),
        (json!({ "type": 8, "data": { "choices": [] } }), "cannot be answered by type 8"),
        (json!({ "type": 8, "data": { "choices": many } }), "/data"),
        (json!({ "type": 99 }), "/"),
        (json!({ "type": 4, "data": { "content": "" } }), "is empty"),
        (json!({ "type": 9, "data": { "title": "t", "custom_id": "c", "components": [] } }), "/data"),
    ];
    for (body, expected) in cases {
        assert_eq!(bot.try_callback(&interaction, &body).await.0, 400, "{body}");
        told(&fake, expected);
    }
    bot.callback(&interaction, &json!({ "type": 4, "data": { "content": "at last" } })).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_of_others_and_unknown_ones() {
    let Place { fake, stats, carol, .. } = Place::new().await;
    let asked = carol.says(&stats, "mine");
    let bot = Bot::new(&fake, fake.token());
    let path = format!("/channels/{}/messages/{}", stats.id(), asked.id());
    assert_eq!(bot.send("PATCH", &path, Some(json!({ "content": "yours" }))).await.2["code"], 50_005);
    told(&fake, "somebody else's message");
    assert_eq!(bot.send("DELETE", &path, None).await.2["code"], 50_013);
    let messages = format!("/channels/{}/messages", stats.id());
    let reply = |id: u64, fails: bool| {
        Some(
            json!({ "content": "x", "message_reference": { "message_id": id.to_string(), "fail_if_not_exists": fails } }),
        )
    };
    assert_eq!(bot.send("POST", &messages, reply(1, false)).await.0, 400);
    told(&fake, "never was there");
    carol.takes_back(&asked);
    assert_eq!(bot.send("POST", &messages, reply(asked.id(), true)).await.0, 400);
    assert_eq!(bot.send("POST", &messages, reply(asked.id(), false)).await.0, 200);
    fake.assert_no_violations();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_nonce_is_posted_once() {
    let fake = strict().await;
    let stats = fake.guild("ET Pros").text("stats");
    let bot = Bot::new(&fake, fake.token());
    let messages = format!("/channels/{}/messages", stats.id());
    let body = || Some(json!({ "content": "round 7", "nonce": "round-7", "enforce_nonce": true }));
    let first = bot.send("POST", &messages, body()).await.2;
    let second = bot.send("POST", &messages, body()).await.2;
    assert_eq!(first["id"], second["id"]);
    assert_eq!(stats.posts_now().len(), 1);
    fake.assert_no_violations();
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_that_cannot_be_registered() {
    if !has_description() {
        return;
    }
    let fake = strict().await;
    let bot = Bot::new(&fake, fake.token());
    let path = format!("/applications/{}/commands", fake.application_id());
    let option =
        |name: &str, required: bool| json!({ "type": 3, "name": name, "description": "d", "required": required });
    let cases = [
        (json!([{ "name": "Stats", "description": "d" }]), "a name is"),
        (
            json!([{ "name": "stats", "description": "d", "default_member_permissions": "32" }]),
            "default_member_permissions",
        ),
        (
            json!([{ "name": "stats", "description": "d", "options": [option("a", false), option("b", true)] }]),
            "behind an optional",
        ),
    ];
    for (body, expected) in cases {
        assert_eq!(bot.send("PUT", &path, Some(body)).await.0, 400);
        told(&fake, expected);
    }
    let other = "/applications/1/commands";
    assert_eq!(bot.send("PUT", other, Some(json!([]))).await.0, 403);
    told(&fake, "not the bot's application");
    assert!(fake.commands().is_empty());
}
