//! Stories: what people do reaches the bot as its libraries read it, and what the bot answers is what they are shown.

use fullhold_fake_discord::{Channel, FakeDiscord, Guild, Options, Person, permissions as p};
use serde_json::json;
use twilight_gateway::Event;
use twilight_model::application::interaction::InteractionData;
use twilight_model::id::Id;

use crate::bot::Bot;

pub(crate) async fn strict() -> FakeDiscord {
    FakeDiscord::with(Options { checks_itself: true, ..Options::usual() }).await
}

/// A strict fake with a guild, a channel, and somebody in it.
pub(crate) struct Place {
    pub(crate) fake: FakeDiscord,
    pub(crate) guild: Guild,
    pub(crate) stats: Channel,
    pub(crate) carol: Person,
}

impl Place {
    pub(crate) async fn new() -> Self {
        let fake = strict().await;
        let guild = fake.guild("ET Pros");
        let (stats, carol) = (guild.text("stats"), fake.person("carol"));
        guild.join(&carol, &[]);
        Self { fake, guild, stats, carol }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_typed_command_is_heard_and_answered() {
    let Place { fake, guild, stats, carol } = Place::new().await;
    let mut bot = Bot::connect(&fake).await;
    let asked = carol.says(&stats, "!stats vid");
    let Event::MessageCreate(message) = bot.next("MESSAGE_CREATE").await else { panic!("another event") };
    assert_eq!((message.content.as_str(), message.author.id.get()), ("!stats vid", carol.id()));
    assert_eq!(message.guild_id.map(Id::get), Some(guild.id()));
    let embed = json!([{ "title": "vid", "description": "hello", "fields": [{ "name": "K/D", "value": "1.5" }] }]);
    let body = json!({
        "embeds": embed, "allowed_mentions": { "parse": [] }, "content": "<@1> @everyone",
        "message_reference": { "message_id": message.id.to_string() },
    });
    bot.http.create_message(message.channel_id).payload_json(body.to_string().as_bytes()).await.unwrap();
    let shown = asked.answer().await;
    assert_eq!(shown.text(), "<@1> @everyone\nvid\nhello\nK/D\n1.5");
    assert!(!shown.is_private() && shown.pings().is_empty());
    fake.assert_no_violations();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slash_command_is_registered_completed_and_answered() {
    let fake = strict().await;
    let guild = fake.guild("ET Pros");
    let admins = guild.role("admins", p::MANAGE_GUILD);
    let stats = guild.text("stats");
    let (carol, dave) = (fake.person("carol").speaking("de"), fake.person("dave"));
    guild.join(&carol, &[&admins]);
    guild.join(&dave, &[]);
    let mut bot = Bot::connect(&fake).await;
    bot.register(&fake, guild.id()).await;

    let offering = tokio::spawn({
        let (carol, stats) = (carol.clone(), stats.clone());
        async move { carol.autocomplete(&stats, "stats", ("player", "vi"), &[]).await }
    });
    let typed = bot.interaction().await;
    let data = json!({ "type": 8, "data": { "choices": [{ "name": "vid", "value": "AB" }] } });
    bot.callback(&typed, &data).await;
    assert_eq!(offering.await.unwrap()[0].name, "vid");

    let asked = carol.slash(&stats, "stats", &[("player", "vid"), ("who", "@dave")]);
    let interaction = bot.interaction().await;
    assert_eq!(interaction.locale.as_deref(), Some("de"));
    let rights = interaction.member.as_ref().unwrap().permissions.unwrap().bits();
    assert!(rights & p::MANAGE_GUILD != 0);
    let Some(InteractionData::ApplicationCommand(data)) = &interaction.data else { panic!("no command") };
    assert_eq!((data.name.as_str(), data.options.len()), ("stats", 2));
    assert!(data.resolved.as_ref().unwrap().users.contains_key(&Id::new(dave.id())));
    bot.callback(&interaction, &json!({ "type": 5, "data": { "flags": 64 } })).await;
    assert!(asked.answer_now().is_none(), "thinking is no answer");
    assert_eq!(bot.edit_original(&interaction, &json!({ "content": "done" })).await.0, 200);
    let shown = asked.answer().await;
    assert_eq!(shown.content(), "done");
    assert!(shown.is_private() && shown.is_seen_by(&carol) && !shown.is_seen_by(&dave));
    assert!(shown.acknowledged_after() <= shown.answered_after());

    assert!(carol.may_use(&stats, "sync_all") && !dave.may_use(&stats, "sync_all"));
    assert!(dave.try_slash(&stats, "stats", &[]).unwrap_err().contains("must be said"));
    fake.assert_no_violations();
}

#[tokio::test(flavor = "multi_thread")]
async fn buttons_menus_and_forms_lead_to_messages() {
    let Place { fake, guild, stats, carol } = Place::new().await;
    let mut bot = Bot::connect(&fake).await;
    bot.register(&fake, guild.id()).await;

    let asked = carol.slash(&stats, "stats", &[("player", "vid")]);
    let interaction = bot.interaction().await;
    let rows = json!([
        { "type": 1, "components": [{ "type": 2, "style": 2, "label": "weapons", "custom_id": "w" }] },
        { "type": 1, "components": [{ "type": 3, "custom_id": "m", "options": [{ "label": "maps", "value": "maps" }] }] },
    ]);
    bot.callback(&interaction, &json!({ "type": 4, "data": { "content": "page 1", "components": rows } })).await;
    let shown = asked.answer().await;
    assert_eq!(shown.buttons()[0].label, "weapons");
    assert_eq!(shown.options(), ["maps"]);

    let pressed = carol.presses(&shown, "weapons");
    let press = bot.interaction().await;
    assert_eq!(press.message.as_ref().unwrap().id.get(), shown.id());
    bot.callback(&press, &json!({ "type": 7, "data": { "content": "page 2" } })).await;
    let turned = pressed.answer().await;
    assert_eq!((turned.content(), turned.id()), ("page 2", shown.id()));
    assert!(turned.is_edited() && !turned.options().is_empty());

    let selected = carol.selects(&turned, "maps");
    let selection = bot.interaction().await;
    let Some(InteractionData::MessageComponent(data)) = &selection.data else { panic!("no component") };
    assert_eq!(data.values, ["maps"]);
    let field =
        json!({ "type": 4, "custom_id": "guid", "label": "Guid", "style": 1, "min_length": 8, "max_length": 8 });
    let form = json!({ "title": "Link", "custom_id": "link", "components": [{ "type": 1, "components": [field] }] });
    bot.callback(&selection, &json!({ "type": 9, "data": form })).await;
    let form = selected.answer().await;
    assert_eq!(form.modal().unwrap()["title"], "Link");

    let submitted = carol.submits(&form, &[("guid", "ABCDEF12")]);
    let submission = bot.interaction().await;
    assert!(matches!(submission.data, Some(InteractionData::ModalSubmit(_))));
    bot.callback(&submission, &json!({ "type": 6 })).await;
    assert_eq!(bot.follow_up(&submission, &json!({ "content": "linked", "flags": 64 })).await.0, 200);
    assert_eq!(submitted.answer().await.content(), "linked");
    fake.assert_no_violations();
}

#[tokio::test(flavor = "multi_thread")]
async fn files_come_with_what_is_seen_in_them() {
    let fake = strict().await;
    let guild = fake.guild("ET Pros");
    let stats = guild.text("stats");
    let bot = Bot::connect(&fake).await;
    let body = json!({
        "embeds": [{ "title": "form", "image": { "url": "attachment://form.png" } }],
        "attachments": [{ "id": "0", "filename": "form.png", "description": "a line that rises" }],
    });
    let path = format!("/channels/{}/messages", stats.id());
    assert_eq!(bot.multipart(&path, &body, "form.png", b"\x89PNG").await.0, 200);
    let post = stats.posts(1).await.remove(0);
    assert_eq!(post.files()[0].description, "a line that rises");
    assert_eq!(post.files()[0].bytes, b"\x89PNG");
    fake.assert_no_violations();
}

#[tokio::test(flavor = "multi_thread")]
async fn reactions_voice_and_direct_messages_are_heard() {
    let fake = strict().await;
    let guild = fake.guild("ET Pros");
    let (stats, gaming) = (guild.text("stats"), guild.voice("gaming"));
    let carol = fake.person("carol");
    guild.join(&carol, &[]);
    let mut bot = Bot::connect(&fake).await;
    let direct = fake.direct(&carol);
    carol.says(&direct, "!help");
    let Event::MessageCreate(message) = bot.next("MESSAGE_CREATE").await else { panic!("another event") };
    assert_eq!(message.guild_id, None);
    bot.http.create_message(Id::new(stats.id())).content("choose").await.unwrap();
    let post = stats.posts(1).await.remove(0);
    let keycap = twilight_http::request::channel::reaction::RequestReactionType::Unicode { name: "1️⃣" };
    bot.http.create_reaction(Id::new(stats.id()), Id::new(post.id()), &keycap).await.unwrap();
    carol.reacts(&post, "1️⃣");
    for _ in 0..2 {
        let Event::ReactionAdd(_) = bot.next("MESSAGE_REACTION_ADD").await else { panic!("another event") };
    }
    assert_eq!(post.now().unwrap().reactions(), [("1️⃣".to_owned(), 2)]);
    carol.joins(&gaming);
    let Event::VoiceStateUpdate(state) = bot.next("VOICE_STATE_UPDATE").await else { panic!("another event") };
    assert_eq!(state.channel_id.map(Id::get), Some(gaming.id()));
    carol.leaves(&gaming);
    let Event::VoiceStateUpdate(state) = bot.next("VOICE_STATE_UPDATE").await else { panic!("another event") };
    assert_eq!(state.channel_id, None);
    fake.assert_no_violations();
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_of_the_fake_is_as_described() {
    let Place { fake, guild, stats, carol } = Place::new().await;
    let gaming = guild.voice("gaming");
    carol.joins(&gaming);
    let bot = Bot::connect(&fake).await;
    bot.register(&fake, guild.id()).await;
    let own = bot.http.current_user_application().await.unwrap().model().await.unwrap();
    assert_eq!(own.id.get(), fake.application_id());
    assert!(bot.http.current_user().await.unwrap().model().await.unwrap().bot);
    assert_eq!(bot.http.gateway().authed().await.unwrap().model().await.unwrap().shards, 1);
    carol.says(&stats, "hi");
    let application = fake.application_id();
    for path in [
        "/applications/@me".to_owned(),
        format!("/applications/{application}/commands"),
        format!("/applications/{application}/guilds/{}/commands", guild.id()),
        format!("/channels/{}", stats.id()),
        format!("/channels/{}", gaming.id()),
        format!("/channels/{}/messages?limit=3", stats.id()),
        "/gateway".to_owned(),
        "/gateway/bot".to_owned(),
        format!("/guilds/{}", guild.id()),
        format!("/guilds/{}/channels", guild.id()),
        format!("/guilds/{}/members/{}", guild.id(), carol.id()),
        format!("/guilds/{}/roles", guild.id()),
        "/users/@me".to_owned(),
        "/users/@me/guilds".to_owned(),
        format!("/users/{}", carol.id()),
    ] {
        assert_eq!(bot.send("GET", &path, None).await.0, 200, "{path}");
    }
    let direct = bot.send("POST", "/users/@me/channels", Some(json!({ "recipient_id": carol.id().to_string() }))).await;
    assert_eq!(direct.0, 200);
    let typing = format!("/channels/{}/typing", stats.id());
    assert_eq!(bot.send("POST", &typing, None).await.0, 204);
    fake.assert_no_violations();
}
