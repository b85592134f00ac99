//! Who and what there is to try things with.

use fullhold_fake_discord::{Asked, Channel, FakeDiscord, Guild, Person, Shown, permissions as p};

/// A guild with channels and people.
pub(crate) struct Place {
    pub(crate) fake: FakeDiscord,
    pub(crate) guild: Guild,
    /// Name and channel; the last ones are direct.
    pub(crate) channels: Vec<(String, Channel)>,
    pub(crate) gaming: Channel,
    pub(crate) people: Vec<(String, Person)>,
}

/// What somebody does on the page.
pub(crate) struct Deed<'a> {
    pub(crate) what: &'a str,
    pub(crate) message: u64,
    pub(crate) text: &'a str,
}

impl Place {
    pub(crate) fn new(fake: FakeDiscord) -> Self {
        let guild = fake.guild("ET Pros");
        let admins = guild.role("admins", p::MANAGE_GUILD);
        let admin = guild.text("admin");
        admin.deny(&guild.everyone(), p::VIEW_CHANNEL);
        admin.allow(&admins, p::VIEW_CHANNEL);
        admin.allow_bot(p::VIEW_CHANNEL);
        let mut channels = vec![("stats".to_owned(), guild.text("stats")), ("admin".to_owned(), admin)];
        let mut people = Vec::new();
        for name in ["carol (admin)", "dave", "erin", "frank", "grace", "heidi"] {
            let person = fake.person(name);
            let roles = if people.is_empty() { vec![&admins] } else { Vec::new() };
            guild.join(&person, &roles);
            people.push((name.to_owned(), person));
        }
        for (name, person) in people.iter().take(2) {
            channels.push((format!("direct: {name}"), fake.direct(person)));
        }
        let gaming = guild.voice("gaming");
        Self { fake, guild, channels, gaming, people }
    }

    pub(crate) fn stats(&self) -> &Channel {
        &self.channels[0].1
    }

    pub(crate) fn admin(&self) -> &Channel {
        &self.channels[1].1
    }

    /// Does it, and says what went wrong. A form that is opened is in what was asked.
    pub(crate) fn act(
        &self,
        person: &Person,
        channel: &Channel,
        deed: &Deed<'_>,
        form: Option<&Shown>,
    ) -> Result<Option<Asked>, String> {
        let found = channel.seen_by(person).into_iter().find(|shown| shown.id() == deed.message);
        let message = || found.clone().ok_or("the message is gone");
        Ok(match deed.what {
            "say" => match deed.text.strip_prefix('/') {
                Some(line) => {
                    let (command, options) = parsed(line);
                    let options: Vec<(&str, &str)> =
                        options.iter().map(|(name, value)| (*name, value.as_str())).collect();
                    Some(person.try_slash(channel, command, &options)?)
                }
                None => Some(person.says(channel, deed.text)),
            },
            "press" => Some(person.presses(&message()?, deed.text)),
            "select" => Some(person.selects(&message()?, deed.text)),
            "submit" => {
                let fields: Vec<(&str, &str)> = deed.text.split('\n').filter_map(|line| line.split_once('=')).collect();
                Some(person.submits(form.ok_or("there is no form")?, &fields))
            }
            "react" => {
                person.reacts(&message()?, deed.text);
                None
            }
            "delete" => {
                person.deletes(&message()?);
                None
            }
            "join" => {
                person.joins(&self.gaming);
                None
            }
            "leave" => {
                person.leaves(&self.gaming);
                None
            }
            other => return Err(format!("nobody can {other}")),
        })
    }
}

/// `stats player:vid period:30d` as a command and its options; an option goes on to the next one's name.
fn parsed(line: &str) -> (&str, Vec<(&str, String)>) {
    let mut words = line.split_whitespace();
    let command = words.next().unwrap_or_default();
    let mut options: Vec<(&str, String)> = Vec::new();
    for word in words {
        match (word.split_once(':'), options.last_mut()) {
            (Some((name, value)), _) => options.push((name, value.to_owned())),
            (None, Some((_, value))) => {
                value.push(' ');
                value.push_str(word);
            }
            (None, None) => {}
        }
    }
    (command, options)
}
