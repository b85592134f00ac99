//! Whom a question is about. An unknown name gets suggestions, an ambiguous one a choice.

use fullhold_repository::{Meant, Person};
use fullhold_stats_file::Guid;

use super::Context;
use super::failure::Failure;
use crate::option::Value;
use crate::reply::{Action, Button, Reply, Text};
use crate::words::{Who, quoted, similar};

/// Suggestions for an unknown name, and choices for an ambiguous one.
const MOST: usize = 5;

impl Context<'_> {
    /// The player of an option; who asks when it was not given.
    pub(super) async fn player(&self, option: &str) -> Result<Guid, Failure> {
        let who = match self.arguments.get(option) {
            Some(Value::Player(who)) => who.clone(),
            _ => Who::Me,
        };
        match who {
            Who::Me => self.question.asker.player.ok_or_else(|| self.nothing("who-are-you")),
            // Links of other accounts are looked up where accounts are known.
            Who::User(_) => Err(self.nothing("user-not-linked")),
            Who::Guid(guid) => self.meant(guid.as_str()).await,
            Who::Name(name) => self.meant(&name).await,
        }
    }

    async fn meant(&self, name: &str) -> Result<Guid, Failure> {
        match self.db.player_meant(name).await? {
            Meant::Guid(guid) => Guid::new(&guid).ok_or_else(|| self.nothing("players-none")),
            Meant::Several(people) => Err(self.choice(name, &people)),
            Meant::Nobody => Err(self.unknown(name).await?),
        }
    }

    /// Several people fit: the asker picks one.
    fn choice(&self, name: &str, people: &[Person]) -> Failure {
        let title = self.texts.say("player-ambiguous", &[("name", Text::name(name).into())]);
        let mut people: Vec<&Person> = people.iter().collect();
        people.sort_by(|a, b| b.rounds.cmp(&a.rounds).then_with(|| a.player.guid.cmp(&b.player.guid)));
        let reply = people.into_iter().take(MOST).fold(Reply::new(title).private(), |reply, person| {
            let rounds = self.texts.say("rounds-of", &[("rounds", person.rounds.into())]);
            let label = Text::name(person.name()).then(&Text::plain(" · ")).then(&rounds);
            reply.action(Action::Button(Button::new(label, self.line_about(&format!("guid:{}", person.player.guid)))))
        });
        Failure::Nothing(Box::new(reply))
    }

    /// Nobody fits: names that look alike.
    async fn unknown(&self, name: &str) -> Result<Failure, Failure> {
        let people = self.db.people().await?;
        let names = people.iter().filter(|person| person.rounds > 0).map(Person::name);
        let alike = similar(name, names, MOST);
        let title = self.texts.say("player-unknown", &[("name", Text::name(name).into())]);
        let mut reply = Reply::new(title).private();
        if !alike.is_empty() {
            reply = reply.text(self.texts.say("did-you-mean", &[]));
        }
        for name in alike {
            reply = reply.action(Action::Button(Button::new(Text::name(name), self.line_about(&quoted(name)))));
        }
        Ok(Failure::Nothing(Box::new(reply)))
    }

    /// The same question about somebody else: the command with the player in place of what was typed.
    fn line_about(&self, player: &str) -> String {
        let command = self.question.line.split_whitespace().next().unwrap_or("stats");
        format!("{command} {player}")
    }
}
