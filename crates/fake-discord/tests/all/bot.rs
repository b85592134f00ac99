//! The least that can be called a bot: what the tests of the fake speak to it with.

use std::time::Duration;

use fullhold_fake_discord::FakeDiscord;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use twilight_gateway::{ConfigBuilder, Event, EventTypeFlags, Intents, Shard, ShardId, StreamExt as _};
use twilight_http::Client;
use twilight_model::application::interaction::Interaction;

/// What a bot of the product hears.
const INTENTS: Intents = Intents::GUILDS
    .union(Intents::GUILD_MESSAGES)
    .union(Intents::DIRECT_MESSAGES)
    .union(Intents::MESSAGE_CONTENT)
    .union(Intents::GUILD_VOICE_STATES)
    .union(Intents::GUILD_MESSAGE_REACTIONS);

/// A connected bot.
pub(crate) struct Bot {
    pub(crate) http: Client,
    pub(crate) shard: Shard,
    address: String,
    token: String,
}

/// An answer: status (0 without one), headers in lower case, JSON (null when it is none).
pub(crate) type Exchanged = (u16, String, Value);

impl Bot {
    pub(crate) async fn connect(fake: &FakeDiscord) -> Self {
        let mut bot = Self::new(fake, fake.token());
        bot.next("READY").await;
        bot
    }

    pub(crate) fn new(fake: &FakeDiscord, token: &str) -> Self {
        Self::with(fake, token, INTENTS)
    }

    pub(crate) fn without_content(fake: &FakeDiscord) -> Self {
        Self::with(fake, fake.token(), INTENTS.difference(Intents::MESSAGE_CONTENT))
    }

    fn with(fake: &FakeDiscord, token: &str, intents: Intents) -> Self {
        drop(rustls::crypto::ring::default_provider().install_default());
        let address = address(fake);
        let http = Client::builder().token(token.to_owned()).proxy(address.clone(), true).build();
        let config = ConfigBuilder::new(token.to_owned(), intents).proxy_url(fake.gateway_url().to_owned()).build();
        let shard = Shard::with_config(ShardId::ONE, config);
        Self { http, shard, address, token: token.to_owned() }
    }

    /// The next event of a kind; others are passed over.
    pub(crate) async fn next(&mut self, kind: &str) -> Event {
        let found = tokio::time::timeout(Duration::from_secs(10), async {
            while let Some(event) = self.shard.next_event(EventTypeFlags::all()).await {
                let event = event.unwrap_or_else(|error| panic!("{error}: {:?}", std::error::Error::source(&error)));
                if event.kind().name() == Some(kind) {
                    return event;
                }
            }
            panic!("the gateway has ended");
        });
        found.await.unwrap_or_else(|_| panic!("no event {kind}"))
    }

    pub(crate) async fn interaction(&mut self) -> Interaction {
        let Event::InteractionCreate(created) = self.next("INTERACTION_CREATE").await else { panic!("another event") };
        created.0
    }

    /// Two commands for a guild: one for everybody, one for administrators.
    pub(crate) async fn register(&self, fake: &FakeDiscord, guild: u64) {
        let stats = json!({
            "name": "stats", "description": "what somebody has done", "type": 1,
            "options": [
                { "type": 3, "name": "player", "description": "who", "required": true, "autocomplete": true },
                { "type": 6, "name": "who", "description": "an account" },
            ],
        });
        let sync = json!({ "name": "sync_all", "description": "all files", "default_member_permissions": 32 });
        let path = format!("/applications/{}/guilds/{guild}/commands", fake.application_id());
        let (status, _, body) = self.send("PUT", &path, Some(json!([stats, sync]))).await;
        assert_eq!(status, 200, "{body}");
    }

    pub(crate) async fn callback(&self, interaction: &Interaction, body: &Value) {
        let (status, _, answer) = self.try_callback(interaction, body).await;
        assert_eq!(status, 204, "{answer}");
    }

    pub(crate) async fn try_callback(&self, interaction: &Interaction, body: &Value) -> Exchanged {
        let path = format!("/interactions/{}/{}/callback", interaction.id, interaction.token);
        self.send("POST", &path, Some(body.clone())).await
    }

    pub(crate) async fn edit_original(&self, interaction: &Interaction, body: &Value) -> Exchanged {
        let path = format!("/webhooks/{}/{}/messages/@original", interaction.application_id, interaction.token);
        self.send("PATCH", &path, Some(body.clone())).await
    }

    pub(crate) async fn follow_up(&self, interaction: &Interaction, body: &Value) -> Exchanged {
        let path = format!("/webhooks/{}/{}", interaction.application_id, interaction.token);
        self.send("POST", &path, Some(body.clone())).await
    }

    pub(crate) async fn multipart(&self, path: &str, body: &Value, name: &str, bytes: &[u8]) -> Exchanged {
        let mut sent = format!(
            "--b\r\nContent-Disposition: form-data; name=\"payload_json\"\r\n\r\n{body}\r\n--b\r\n\
             Content-Disposition: form-data; name=\"files[0]\"; filename=\"{name}\"\r\n\r\n"
        )
        .into_bytes();
        sent.extend_from_slice(bytes);
        sent.extend_from_slice(b"\r\n--b--");
        self.exchange("POST", path, "multipart/form-data; boundary=b", &sent).await
    }

    /// A request as bytes, so that it can be wrong in any way.
    pub(crate) async fn send(&self, method: &str, path: &str, body: Option<Value>) -> Exchanged {
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        self.exchange(method, path, "application/json", body.as_bytes()).await
    }

    async fn exchange(&self, method: &str, path: &str, kind: &str, body: &[u8]) -> Exchanged {
        let (address, token) = (&self.address, &self.token);
        let mut stream = TcpStream::connect(address).await.unwrap();
        let kind = if body.is_empty() { String::new() } else { format!("Content-Type: {kind}\r\n") };
        let head = format!(
            "{method} /api/v10{path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bot {token}\r\n\
             User-Agent: DiscordBot (https://example.org, 1)\r\n{kind}Content-Length: {}\r\nConnection: close\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(body).await.unwrap();
        let mut answer = Vec::new();
        // A connection that is cut is an answer, too.
        drop(stream.read_to_end(&mut answer).await);
        let text = String::from_utf8_lossy(&answer).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or_default();
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default();
        (status, head.to_ascii_lowercase(), serde_json::from_str(body).unwrap_or_default())
    }
}

/// Where REST is, without the scheme.
fn address(fake: &FakeDiscord) -> String {
    fake.api_url().trim_start_matches("http://").to_owned()
}
