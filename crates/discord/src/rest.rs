//! Requests to Discord: what is said, edited and asked. Its rate limits are kept by the client and by `trying`.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value, json};
use tokio::time::Instant;
use twilight_http::Client;
use twilight_http::client::ClientBuilder;
use twilight_http::error::ErrorType;
use twilight_http::request::channel::reaction::RequestReactionType;
use twilight_http::request::{Form, Request};
use twilight_http::response::marker::EmptyBody;
use twilight_http::response::{Response, ResponseFuture};
use twilight_http::routing::Route;
use twilight_model::channel::message::MessageFlags;
use twilight_model::channel::{Channel, Message};
use twilight_model::gateway::connection_info::BotConnectionInfo;
use twilight_model::guild::Guild;
use twilight_model::http::attachment::Attachment;
use twilight_model::http::interaction::{InteractionResponse, InteractionResponseType};
use twilight_model::id::Id;
use twilight_model::id::marker::{
    ApplicationMarker, ChannelMarker, GuildMarker, InteractionMarker, MessageMarker, UserMarker,
};

use crate::error::Error;
use crate::render::Rendered;
use crate::trying::{again, again_until, read, read_all};

/// How long Discord may take.
const TIMEOUT: Duration = Duration::from_secs(20);
/// Guilds that Discord names at a time.
const GUILDS: u16 = 200;
/// A first answer is not tried any more when it was asked for so long ago: Discord waits three seconds, and the bot has
/// thought for a part of them.
const FIRST_ANSWER: Duration = Duration::from_millis(2_500);

/// Talks to Discord in the name of the bot.
#[derive(Clone)]
pub struct Rest {
    pub(crate) http: Arc<Client>,
    /// Ours.
    pub(crate) application: Id<ApplicationMarker>,
    /// The bot's own account.
    pub(crate) own: Id<UserMarker>,
}

/// An interaction that waits for its answer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'a> {
    pub(crate) id: Id<InteractionMarker>,
    pub(crate) token: &'a str,
    /// Whether the asker alone sees the answer.
    pub(crate) is_private: bool,
}

/// A message of a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posted {
    /// Where it is.
    pub channel: Id<ChannelMarker>,
    /// Which it is.
    pub message: Id<MessageMarker>,
}

impl Rest {
    /// Asks Discord which application the token belongs to.
    ///
    /// # Errors
    /// The address is none, Discord refused the token, or it did not answer.
    pub async fn connect(token: &str, api_url: Option<&str>) -> Result<Self, Error> {
        let http = Arc::new(client(token, api_url)?);
        let what = "which application the token belongs to";
        let application = read(what, || http.current_user_application().into_future()).await?;
        let own = application.bot.map_or(application.id.cast(), |bot| bot.id);
        Ok(Self { http, application: application.id, own })
    }

    /// How many connections Discord recommends, and how many may begin.
    pub(crate) async fn gateway(&self) -> Result<BotConnectionInfo, Error> {
        read("where the gateway is", || self.http.gateway().authed().into_future()).await
    }

    /// Posts a message. `nonce` keeps Discord from posting it twice when its own answer is lost: the same one within some
    /// minutes is the same message.
    ///
    /// # Errors
    /// Discord refused it or could not answer.
    pub async fn post(
        &self,
        channel: Id<ChannelMarker>,
        page: &Rendered,
        reply_to: Option<Id<MessageMarker>>,
        nonce: u64,
    ) -> Result<Posted, Error> {
        let what = "posting a message";
        let mut body = body(page);
        body.insert("enforce_nonce".to_owned(), json!(true));
        body.insert("nonce".to_owned(), json!(nonce.to_string()));
        if let Some(message) = reply_to {
            let reference = json!({ "message_id": message.to_string(), "fail_if_not_exists": false });
            body.insert("message_reference".to_owned(), reference);
        }
        let body = Value::Object(body);
        let route = Route::CreateMessage { channel_id: channel.get() };
        // If an answer is cut the message is posted; asked again, Discord says under which number.
        let request = request(&route, &body, &page.attachments).map_err(|source| Error::request(what, source))?;
        let message: Message = read(what, || self.http.request(request.clone())).await?;
        Ok(Posted { channel, message: message.id })
    }

    /// Makes a message show something else.
    ///
    /// # Errors
    /// Discord refused it or could not answer.
    pub async fn edit(&self, at: Posted, page: &Rendered) -> Result<(), Error> {
        let route = Route::UpdateMessage { channel_id: at.channel.get(), message_id: at.message.get() };
        let sent = self.send::<Message>(&route, &Value::Object(body(page)), &page.attachments).await;
        sent.map(drop).map_err(|source| Error::request("editing a message", source))
    }

    pub(crate) async fn message(&self, at: Posted) -> Option<Message> {
        found("reading a message", || self.http.message(at.channel, at.message).into_future()).await
    }

    /// Guilds that the bot is in.
    pub(crate) async fn guilds(&self) -> Result<Vec<Id<GuildMarker>>, Error> {
        let what = "which servers the bot is in";
        let mut guilds: Vec<Id<GuildMarker>> = Vec::new();
        loop {
            let asked = || {
                let page = self.http.current_user_guilds().limit(GUILDS);
                match guilds.last() {
                    Some(last) => page.after(*last).into_future(),
                    None => page.into_future(),
                }
            };
            let page = read_all(what, asked).await?;
            let is_last = page.len() < usize::from(GUILDS);
            guilds.extend(page.into_iter().map(|guild| guild.id));
            if is_last {
                return Ok(guilds);
            }
        }
    }

    pub(crate) async fn guild(&self, guild: Id<GuildMarker>) -> Option<Guild> {
        found("reading a server", || self.http.guild(guild).into_future()).await
    }

    pub(crate) async fn channel(&self, channel: Id<ChannelMarker>) -> Option<Channel> {
        found("reading a channel", || self.http.channel(channel).into_future()).await
    }

    /// Whether somebody is a member of a guild; none when Discord does not say.
    pub(crate) async fn is_member(&self, guild: Id<GuildMarker>, user: Id<UserMarker>) -> Option<bool> {
        match again(|| self.http.guild_member(guild, user).into_future()).await {
            Ok(_member) => Some(true),
            Err(error) => match error.kind() {
                // Not a member, or the bot is not in that guild.
                ErrorType::Response { status, .. } if matches!(status.get(), 403 | 404) => Some(false),
                _ => {
                    tracing::warn!(guild.id = %guild, error = %error, "membership could not be asked for");
                    None
                }
            },
        }
    }

    /// The channel of direct messages with somebody.
    pub(crate) async fn direct(&self, user: Id<UserMarker>) -> Option<Id<ChannelMarker>> {
        let opened = found("opening direct messages", || self.http.create_private_channel(user).into_future()).await;
        opened.map(|channel| channel.id)
    }

    pub(crate) async fn react(&self, at: Posted, emoji: &str) {
        let emoji = RequestReactionType::Unicode { name: emoji };
        let done = again(|| self.http.create_reaction(at.channel, at.message, &emoji).into_future()).await;
        told("reacting", done);
    }

    pub(crate) async fn type_in(&self, channel: Id<ChannelMarker>) {
        told("typing", again(|| self.http.create_typing_trigger(channel).into_future()).await);
    }

    /// The first answer of an interaction: a message, or that one will come. A second one is refused by Discord, so it may
    /// be tried again. Whether it may have arrived; else nothing can be said any more.
    pub(crate) async fn respond(
        &self,
        asked: Asked<'_>,
        kind: InteractionResponseType,
        page: Option<&Rendered>,
    ) -> bool {
        let mut data = page.map(body).unwrap_or_default();
        if asked.is_private {
            data.insert("flags".to_owned(), json!(MessageFlags::EPHEMERAL.bits()));
        }
        let mut response = json!({ "type": kind as u8 });
        if let (false, Some(fields)) = (data.is_empty(), response.as_object_mut()) {
            fields.insert("data".to_owned(), Value::Object(data));
        }
        self.call_back(asked, &response, page.map_or(&[], |page| page.attachments.as_slice())).await
    }

    /// Opens a form, or offers words.
    pub(crate) async fn respond_with(&self, asked: Asked<'_>, response: &InteractionResponse) {
        match serde_json::to_value(response) {
            Ok(response) => {
                self.call_back(asked, &response, &[]).await;
            }
            Err(error) => tracing::error!(error = %error, "an answer cannot be written"),
        }
    }

    async fn call_back(&self, asked: Asked<'_>, response: &Value, files: &[Attachment]) -> bool {
        let route = Route::InteractionCallback {
            interaction_id: asked.id.get(),
            interaction_token: asked.token,
            with_response: false,
        };
        let until = Instant::now() + FIRST_ANSWER;
        let sent = async {
            let request = request(&route, response, files)?;
            again_until(Some(until), || self.http.request::<EmptyBody>(request.clone())).await
        };
        match tokio::time::timeout_at(until, sent).await {
            Ok(Ok(_)) => true,
            // What the first try did although its answer was lost.
            Ok(Err(error)) if is_answered_already(&error) => true,
            Ok(Err(error)) => {
                tracing::warn!(interaction.id = %asked.id, error = %error, "an interaction stays without an answer");
                false
            }
            // What Discord has not answered in time it may have done.
            Err(_late) => true,
        }
    }

    /// Makes the answer of an interaction show something else; where it is, as far as Discord says.
    pub(crate) async fn update(&self, token: &str, page: &Rendered) -> Option<Posted> {
        let route =
            Route::UpdateInteractionOriginal { application_id: self.application.get(), interaction_token: token };
        let sent = self.send::<Message>(&route, &Value::Object(body(page)), &page.attachments).await;
        let response = sent.inspect_err(|error| tracing::warn!(error = %error, "answering failed")).ok()?;
        // If the answer is cut it is shown all the same.
        let message =
            response.model().await.inspect_err(|error| tracing::debug!(error = %error, "an answer was cut")).ok()?;
        // What one alone sees is no message of its channel.
        let is_private = message.flags.is_some_and(|flags| flags.contains(MessageFlags::EPHEMERAL));
        (!is_private).then_some(Posted { channel: message.channel_id, message: message.id })
    }

    /// Says one thing more, to the asker alone.
    pub(crate) async fn follow(&self, token: &str, page: &Rendered) {
        let mut body = body(page);
        body.insert("flags".to_owned(), json!(MessageFlags::EPHEMERAL.bits()));
        let route = Route::ExecuteWebhook {
            thread_id: None,
            token,
            wait: None,
            with_components: None,
            webhook_id: self.application.get(),
        };
        let sent = self.send::<Message>(&route, &Value::Object(body), &page.attachments).await;
        told("answering privately", sent);
    }

    /// Takes the answer of an interaction back.
    pub(crate) async fn take_back(&self, token: &str) {
        let interactions = self.http.interaction(self.application);
        told("taking an answer back", again(|| interactions.delete_response(token).into_future()).await);
    }

    /// Sends what the library would write otherwise than Discord describes it: numbers of files are texts, and it does
    /// not know `enforce_nonce`.
    async fn send<T: Unpin>(
        &self,
        route: &Route<'_>,
        body: &Value,
        files: &[Attachment],
    ) -> Result<Response<T>, twilight_http::Error> {
        let request = request(route, body, files)?;
        again(|| self.http.request(request.clone())).await
    }
}

fn request(route: &Route<'_>, body: &Value, files: &[Attachment]) -> Result<Request, twilight_http::Error> {
    let builder = Request::builder(route);
    let builder = if files.is_empty() {
        builder.json(body)
    } else {
        let form = Form::new().json_part(b"payload_json", body.to_string().as_bytes());
        builder.form(files.iter().fold(form, |form, file| {
            let name = format!("files[{}]", file.id);
            form.file_part(name.as_bytes(), file.filename.as_bytes(), &file.file)
        }))
    };
    builder.use_authorization_token(!is_for_token(route)).build()
}

/// Whether the token of an interaction is all that a route needs.
const fn is_for_token(route: &Route<'_>) -> bool {
    matches!(
        route,
        Route::InteractionCallback { .. } | Route::UpdateInteractionOriginal { .. } | Route::ExecuteWebhook { .. }
    )
}

/// A client with this token; at another address than Discord's own if one is given.
fn client(token: &str, api_url: Option<&str>) -> Result<Client, Error> {
    // Without it TLS cannot begin; a second installation changes nothing.
    let _already_there = rustls::crypto::ring::default_provider().install_default();
    let builder = ClientBuilder::new().token(token.to_owned()).timeout(TIMEOUT);
    let Some(url) = api_url else { return Ok(builder.build()) };
    let (scheme, host) = url.split_once("://").unwrap_or(("", url));
    if !matches!(scheme, "http" | "https") || host.is_empty() {
        let expected = "https://discord.com";
        return Err(Error::Address { key: "DISCORD_API_URL", value: url.to_owned(), expected });
    }
    Ok(builder.proxy(host.trim_end_matches('/').to_owned(), scheme == "http").build())
}

/// A message as Discord describes it. Files that are not named in it go.
fn body(page: &Rendered) -> Map<String, Value> {
    let attachment = |file: &Attachment| {
        let mut attachment = json!({ "id": file.id.to_string(), "filename": file.filename });
        if let (Some(text), Some(fields)) = (&file.description, attachment.as_object_mut()) {
            fields.insert("description".to_owned(), json!(text));
        }
        attachment
    };
    let attachments: Vec<Value> = page.attachments.iter().map(attachment).collect();
    let mut body = Map::new();
    // Nobody is pinged, whatever names say.
    body.insert("allowed_mentions".to_owned(), json!({ "parse": [] }));
    body.insert("attachments".to_owned(), json!(attachments));
    body.insert("components".to_owned(), json!(page.components));
    body.insert("embeds".to_owned(), json!(page.embeds));
    body
}

/// Discord's number for an interaction that has its answer.
const ANSWERED_ALREADY: u64 = 40_060;

fn is_answered_already(error: &twilight_http::Error) -> bool {
    use twilight_http::api_error::ApiError;
    match error.kind() {
        ErrorType::Response { error: ApiError::General(general), .. } => general.code == ANSWERED_ALREADY,
        _ => false,
    }
}

/// Logs what failed, once.
fn told<T>(what: &str, result: Result<T, twilight_http::Error>) {
    if let Err(error) = result {
        tracing::warn!(error = %error, "{what} failed");
    }
}

/// What was asked for, or none after a line in the log.
async fn found<T>(what: &'static str, request: impl FnMut() -> ResponseFuture<T>) -> Option<T>
where
    T: serde::de::DeserializeOwned + Unpin,
{
    read(what, request).await.inspect_err(|error| tracing::warn!(error = %error, "{what} failed")).ok()
}
