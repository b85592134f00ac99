//! What those who run a community must hear of, in its channel for admins: grouped, and never many messages.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use fullhold_commands::UserId;
use fullhold_commands::reply::{Reply, Text};
use tokio::sync::mpsc;
use tokio::time::Instant;
use twilight_model::id::Id;
use twilight_model::id::marker::GuildMarker;

use crate::communities::Community;
use crate::front::Front;
use crate::render::{Asked, rendered};

/// What comes within this time goes into one message.
const GROUPED: Duration = Duration::from_secs(5);
/// Between two messages.
const BETWEEN: Duration = Duration::from_secs(60);
/// Troubles of a message; of more, it says how many there are.
const SHOWN: usize = 10;
/// Troubles that wait; of more, nothing is said.
const MOST: usize = 1_000;

/// A trouble.
#[derive(Clone, Debug)]
struct Alert {
    whom: Whom,
    text: String,
}

/// Whom it concerns.
#[derive(Clone, Debug)]
enum Whom {
    /// Every community that a game server belongs to, by its name.
    Server(String),
    /// A community.
    Guild(Id<GuildMarker>),
}

/// Where troubles are told. Clones share it.
#[derive(Clone, Debug)]
pub struct Alerts(mpsc::Sender<Alert>);

/// What was told and not yet said.
#[derive(Debug)]
pub struct Heard {
    alerts: mpsc::Receiver<Alert>,
    pauses: (Duration, Duration),
}

/// Where troubles are told, and where they are heard.
#[must_use]
pub fn alerts() -> (Alerts, Heard) {
    alerts_within(GROUPED, BETWEEN)
}

/// The same with other pauses: how long troubles are gathered, and how long the next message waits.
#[must_use]
pub fn alerts_within(grouped: Duration, between: Duration) -> (Alerts, Heard) {
    let (sender, alerts) = mpsc::channel(MOST);
    (Alerts(sender), Heard { alerts, pauses: (grouped, between) })
}

impl Alerts {
    /// Tells a trouble of a game server.
    pub fn server(&self, name: &str, text: &str) {
        self.tell(Whom::Server(name.to_owned()), text);
    }

    /// Tells a trouble of a community.
    pub(crate) fn guild(&self, guild: Id<GuildMarker>, text: &str) {
        self.tell(Whom::Guild(guild), text);
    }

    fn tell(&self, whom: Whom, text: &str) {
        // Where a thousand wait already, one more says nothing new.
        drop(self.0.try_send(Alert { whom, text: text.to_owned() }));
    }
}

/// Says what is heard until nobody can tell any more.
pub(crate) async fn say(front: Arc<Front>, mut heard: Heard) {
    let (grouped, between) = heard.pauses;
    let mut not_before = Instant::now();
    while let Some(first) = heard.alerts.recv().await {
        let until = (Instant::now() + grouped).max(not_before);
        let mut waiting = vec![first];
        while let Ok(Some(one)) = tokio::time::timeout_at(until, heard.alerts.recv()).await {
            if waiting.len() < MOST {
                waiting.push(one);
            }
        }
        front.say_alerts(&waiting).await;
        not_before = Instant::now() + between;
    }
}

impl Front {
    async fn say_alerts(&self, alerts: &[Alert]) {
        let mut guilds = match self.communities.guilds().await {
            Ok(guilds) => guilds,
            Err(error) => return tracing::warn!(error = %error, "nobody can be told of troubles"),
        };
        guilds.extend(self.roles().guilds());
        guilds.sort_unstable();
        guilds.dedup();
        for guild in guilds {
            let Ok(Some(community)) = self.communities.of(guild, None, true).await else { continue };
            let Some(channel) = community.settings.access.admin_channels.first() else { continue };
            let lines = lines(alerts, &community);
            if lines.is_empty() || !community.is_trusted {
                continue;
            }
            let reply = message(&community, lines);
            let asked = Asked { user: UserId(0), at: (self.config.clock)().unix_timestamp(), line: "health", page: 0 };
            if let Err(error) = self.rest.post(*channel, &rendered(&reply, asked), None, fastrand::u64(..)).await {
                tracing::warn!(channel.id = %channel, error = %error, "those who run a community were not told");
            }
        }
    }
}

/// What concerns a community, each once with how often it came, in the order in which it came first.
fn lines(alerts: &[Alert], community: &Community) -> Vec<String> {
    let mut order = Vec::new();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for Alert { whom, text } in alerts {
        let line = match whom {
            Whom::Server(name) if community.servers.contains(name) => format!("{name}: {text}"),
            Whom::Guild(guild) if *guild == community.guild => text.clone(),
            Whom::Server(_) | Whom::Guild(_) => continue,
        };
        let count = counts.entry(line.clone()).or_default();
        if *count == 0 {
            order.push(line);
        }
        *count += 1;
    }
    let counted = |line: String| match counts.get(&line) {
        Some(count) if *count > 1 => format!("{line} ({count} ×)"),
        _ => line,
    };
    order.into_iter().map(counted).collect()
}

fn message(community: &Community, lines: Vec<String>) -> Reply {
    let texts = &community.texts;
    let more = lines.len().saturating_sub(SHOWN);
    let reply = Reply::new(texts.say("alert-title", &[]));
    let reply = lines.into_iter().take(SHOWN).fold(reply, |reply, line| reply.text(Text::name(&line)));
    if more == 0 { reply } else { reply.text(texts.say("alert-more", &[("count", more.into())])) }
}
