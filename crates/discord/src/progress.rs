//! Commands that take long: their message says how far they are. It is edited in place, at most once a second.

use std::time::Duration;

use fullhold_commands::reply::Reply;
use tokio::sync::watch;

use crate::asking::Told;
use crate::front::{Front, Origin};
use crate::render::Rendered;
use crate::rest::Posted;

/// Between two edits.
const PAUSE: Duration = Duration::from_secs(1);

/// Where a message is that says how far a command is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shown<'a> {
    /// A message of a channel.
    Posted(Posted),
    /// The answer of an interaction. Its token is good for a quarter of an hour, its message for ever.
    Answer(&'a str),
}

impl Front {
    /// Answers a line, and edits the message with how far that is. The last edit is the answer.
    pub(crate) async fn ask_in_place(&self, origin: &Origin, line: &str, shown: Shown<'_>) {
        let (sender, mut told) = watch::channel(Reply::default());
        let working = self.ask_telling(origin, line, 0, Some(&sender));
        tokio::pin!(working);
        let mut shown = shown;
        let done = loop {
            tokio::select! {
                done = &mut working => break done,
                // The sender lives as long as this.
                _ = told.changed() => {}
            }
            let reply = told.borrow_and_update().clone();
            let page = self.so_far(reply, origin, line);
            // An edit under way is never given up: it could arrive behind the next one.
            shown = self.show(shown, &page).await;
            tokio::select! {
                done = &mut working => break done,
                () = tokio::time::sleep(PAUSE) => {}
            }
        };
        let page = self.page(&done, origin, line, 0);
        self.show(shown, &page).await;
    }

    /// What is shown before anything is known.
    pub(crate) fn working(&self, origin: &Origin, line: &str) -> Rendered {
        let (_, texts) = self.config.languages.pick(origin.locale.as_deref(), &self.config.defaults.locale);
        self.so_far(Reply::new(texts.say("working", &[])), origin, line)
    }

    fn so_far(&self, reply: Reply, origin: &Origin, line: &str) -> Rendered {
        let (_, texts) = self.config.languages.pick(origin.locale.as_deref(), &self.config.defaults.locale);
        let outcome = fullhold_commands::Outcome::Answered;
        self.page(&Told { reply, outcome, command: None, is_elsewhere: false, texts }, origin, line, 0)
    }

    async fn show<'a>(&self, shown: Shown<'a>, page: &Rendered) -> Shown<'a> {
        match shown {
            Shown::Posted(at) => {
                if let Err(error) = self.rest.edit(at, page).await {
                    tracing::warn!(channel.id = %at.channel, error = %error, "how far a command is was not shown");
                }
                shown
            }
            Shown::Answer(token) => self.rest.update(token, page).await.map_or(shown, Shown::Posted),
        }
    }
}
