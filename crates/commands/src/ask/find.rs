//! Whom a question is about. An unknown name gets suggestions, an ambiguous one a choice.

use fullhold_repository::{Listed, Privacy};
use fullhold_stats_file::Guid;

use super::Context;
use super::directory::Directory;
use super::failure::Failure;
use crate::command::Permission;
use crate::option::Value;
use crate::reply::{Action, Button, Reply, Text};
use crate::words::{UserId, Who, quoted};

/// Suggestions for an unknown name, and choices for an ambiguous one.
const MOST: usize = 5;

impl Context<'_> {
    /// The player of an option; who asks when it was not given.
    pub(super) async fn player(&self, option: &str) -> Result<Guid, Failure> {
        let who = match self.arguments.get(option) {
            Some(Value::Player(who)) => who.clone(),
            _ => Who::Me,
        };
        let directory = self.directory().await?;
        let guid = match who {
            Who::Me => {
                let own = directory.own().and_then(|one| Guid::new(&one.player.guid));
                // Who plays elsewhere alone is nobody here.
                let is_known = self.question.asker.player.is_some();
                return own.ok_or_else(|| self.nothing(if is_known { "me-not-here" } else { "who-are-you" }));
            }
            Who::User(user) => self.linked(directory, user).await?,
            Who::Guid(guid) => self.meant(directory, guid.as_str()).await?,
            Who::Name(name) => self.meant(directory, &name).await?,
        };
        let keeps_private = directory.of(guid.as_str()).is_some_and(|one| {
            one.privacy == Privacy::Private && !directory.is_own(one) && self.question.asker.right < Permission::Admin
        });
        if keeps_private { Err(self.nothing("player-private")) } else { Ok(guid) }
    }

    /// The player of an account, as far as others may know.
    async fn linked(&self, directory: &Directory, user: UserId) -> Result<Guid, Failure> {
        let guid = match i64::try_from(user.0) {
            Ok(account) => self.db.linked_player(account).await?,
            Err(_too_great) => None,
        };
        let one = guid.as_deref().and_then(|guid| directory.of(guid));
        let seen = one.filter(|one| directory.is_own(one) || !directory.is_anonymous(one));
        seen.and_then(|one| Guid::new(&one.player.guid)).ok_or_else(|| self.nothing("user-not-linked"))
    }

    async fn meant(&self, directory: &Directory, name: &str) -> Result<Guid, Failure> {
        match directory.meant(name).as_slice() {
            [] => Err(self.unknown(directory, name)),
            [one] => Guid::new(&one.player.guid).ok_or_else(|| self.nothing("players-none")),
            several => Err(self.choice(directory, name, several).await?),
        }
    }

    /// Several people fit: the asker picks one.
    async fn choice(&self, directory: &Directory, name: &str, people: &[&Listed]) -> Result<Failure, Failure> {
        let title = self.texts.say("player-ambiguous", &[("name", Text::name(name).into())]);
        let played = self.played().await?;
        let rounds = |one: &Listed| played.get(&one.player.guid).copied().unwrap_or_default();
        let mut people = people.to_vec();
        people.sort_by(|a, b| rounds(b).cmp(&rounds(a)).then_with(|| a.player.guid.cmp(&b.player.guid)));
        let reply = people.into_iter().take(MOST).fold(Reply::new(title).private(), |reply, one| {
            let said = self.texts.say("rounds-of", &[("rounds", rounds(one).into())]);
            let label = Text::name(directory.name(one)).then(&Text::plain(" · ")).then(&said);
            let word = if directory.is_anonymous(one) {
                quoted(directory.name(one))
            } else {
                format!("guid:{}", one.player.guid)
            };
            reply.action(Action::Button(Button::new(label, self.line_about(&word))))
        });
        Ok(Failure::Nothing(Box::new(reply)))
    }

    /// Nobody fits: names that look alike.
    fn unknown(&self, directory: &Directory, name: &str) -> Failure {
        let alike = directory.similar(name, MOST);
        let title = self.texts.say("player-unknown", &[("name", Text::name(name).into())]);
        let mut reply = Reply::new(title).private();
        if !alike.is_empty() {
            reply = reply.text(self.texts.say("did-you-mean", &[]));
        }
        for name in alike {
            reply = reply.action(Action::Button(Button::new(Text::name(name), self.line_about(&quoted(name)))));
        }
        Failure::Nothing(Box::new(reply))
    }

    /// The same question about somebody else: the command with the player in place of what was typed.
    fn line_about(&self, player: &str) -> String {
        let command = self.question.line.split_whitespace().next().unwrap_or("stats");
        format!("{command} {player}")
    }
}
