//! What stands below the bot's name: the evening that is played.

use std::sync::Arc;
use std::time::Duration;

use fullhold_repository::Error;
use tokio::sync::watch;
use twilight_model::gateway::payload::outgoing::UpdatePresence;
use twilight_model::gateway::presence::{Activity, ActivityType, MinimalActivity, Status};

use crate::front::Front;

/// Between two looks.
const BETWEEN: Duration = Duration::from_secs(60);

/// Keeps the evening that is played up to date, until nobody listens.
pub(crate) async fn keep(front: Arc<Front>, shown: watch::Sender<Option<String>>) {
    while !shown.is_closed() {
        match front.now_playing().await {
            Ok(now) => {
                shown.send_if_modified(|shown| {
                    let has_changed = *shown != now;
                    *shown = now;
                    has_changed
                });
            }
            Err(error) => tracing::debug!(error = %error, "what is played is not known"),
        }
        tokio::time::sleep(BETWEEN).await;
    }
}

impl Front {
    /// The evening that is played. What stands below the bot's name is seen in all guilds: with several game servers
    /// it is nobody's business there.
    async fn now_playing(&self) -> Result<Option<String>, Error> {
        if self.communities.servers().await?.len() != 1 {
            return Ok(None);
        }
        match self.communities.only().await? {
            Some(answerer) => answerer.now_playing((self.config.clock)()).await,
            None => Ok(None),
        }
    }
}

/// The evening that is played; where none is, how to ask.
pub(crate) fn update(now: Option<&str>) -> Option<UpdatePresence> {
    let (kind, name) = match now {
        Some(now) => (ActivityType::Watching, now.to_owned()),
        None => (ActivityType::Listening, "/help".to_owned()),
    };
    let activity = Activity::from(MinimalActivity { kind, name, url: None });
    UpdatePresence::new([activity], false, None, Status::Online).ok()
}
