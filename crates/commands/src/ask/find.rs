//! Whom a question is about. An unknown name gets suggestions, an ambiguous one a choice.

use fullhold_repository::{Listed, Privacy};
use fullhold_stats_file::Guid;

use super::Context;
use super::directory::Directory;
use super::failure::Failure;
use crate::command::Permission;
use crate::option::Value;
use crate::reply::{Action, Button, Reply, Text};
use crate::words::{UserId, Who, quoted, words};

/// Suggestions for an unknown name, and choices for an ambiguous one.
const MOST: usize = 5;

/// What was typed for somebody, and for which option.
#[derive(Clone, Copy)]
pub(super) struct Typed<'a> {
    /// The option.
    pub(super) option: &'a str,
    /// The text.
    pub(super) text: &'a str,
}

impl Context<'_> {
    /// The player of an option; who asks when it was not given.
    pub(super) async fn player(&self, option: &str) -> Result<Guid, Failure> {
        let who = match self.arguments.get(option) {
            Some(Value::Player(who)) => who.clone(),
            _ => Who::Me,
        };
        let text = who.to_string();
        self.player_meant(who, Typed { option, text: &text }).await
    }

    /// The player who is meant by somebody's words.
    pub(super) async fn player_meant(&self, who: Who, typed: Typed<'_>) -> Result<Guid, Failure> {
        let directory = self.directory().await?;
        let guid = match who {
            Who::Me => {
                let own = directory.own().and_then(|one| Guid::new(&one.player.guid));
                // Who plays elsewhere alone is nobody here.
                let is_known = self.question.asker.player.is_some();
                return own.ok_or_else(|| self.nothing(if is_known { "me-not-here" } else { "who-are-you" }));
            }
            Who::User(user) => self.linked(directory, user).await?,
            Who::Guid(guid) => self.meant(directory, guid.as_str(), typed).await?,
            Who::Name(name) => self.meant(directory, &name, typed).await?,
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

    async fn meant(&self, directory: &Directory, name: &str, typed: Typed<'_>) -> Result<Guid, Failure> {
        match directory.meant(name).as_slice() {
            [] => Err(self.unknown(directory, name, typed)),
            [one] => Guid::new(&one.player.guid).ok_or_else(|| self.nothing("players-none")),
            several => Err(self.choice(directory, name, several, typed).await?),
        }
    }

    /// Several people fit: the asker picks one.
    async fn choice(
        &self,
        directory: &Directory,
        name: &str,
        people: &[&Listed],
        typed: Typed<'_>,
    ) -> Result<Failure, Failure> {
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
            reply.action(Action::Button(Button::new(label, self.line_about(&word, typed))))
        });
        Ok(Failure::Nothing(Box::new(reply)))
    }

    /// Nobody fits: names that look alike.
    fn unknown(&self, directory: &Directory, name: &str, typed: Typed<'_>) -> Failure {
        let alike = directory.similar(name, MOST);
        let title = self.texts.say("player-unknown", &[("name", Text::name(name).into())]);
        let mut reply = Reply::new(title).private();
        if !alike.is_empty() {
            reply = reply.text(self.texts.say("did-you-mean", &[]));
        }
        for name in alike {
            reply = reply.action(Action::Button(Button::new(Text::name(name), self.line_about(&quoted(name), typed))));
        }
        Failure::Nothing(Box::new(reply))
    }

    /// The same question about somebody else: what was typed for him is replaced, all else stays.
    fn line_about(&self, player: &str, typed: Typed<'_>) -> String {
        let line = self.question.line;
        let command = line.split_whitespace().next().unwrap_or("stats");
        let is_list = typed.option == "players";
        let found = words(line).unwrap_or_default().into_iter().skip(1).find_map(|word| {
            let own = format!("{}:", typed.option);
            let text = word.text.strip_prefix(&own).unwrap_or(&word.text);
            let is_other = word.option.as_deref().is_some_and(|option| option != typed.option);
            (text == typed.text && !is_other).then_some(word.at)
        });
        let found = if is_list { line.find(typed.text).map(|at| at..at + typed.text.len()) } else { found };
        let around = found.and_then(|at| Some((line.get(..at.start)?, line.get(at.end..)?)));
        match around {
            // Quotes within a list would end it.
            Some((before, behind)) if is_list => format!("{before}{}{behind}", player.trim_matches('"')),
            Some((before, behind)) => format!("{before}{}:{player}{behind}", typed.option),
            None => format!("{command} {}:{player}", typed.option),
        }
    }
}
