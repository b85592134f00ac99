//! What a command is. The commands themselves are in `table`.

use crate::option::CommandOption;

/// A question or an order, defined once for every front end.
#[derive(Clone, Copy, Debug)]
pub struct Command {
    /// Its name.
    pub name: &'static str,
    /// Other words for it.
    pub aliases: &'static [Alias],
    /// Where help lists it.
    pub group: Group,
    /// What it takes, in the order in which words are given to them; required ones first.
    pub options: &'static [CommandOption],
    /// Who may run it.
    pub permission: Permission,
    /// How long the same person waits before the next.
    pub cost: Cost,
    /// Whether its answer stays right while the data stays the same, and may be given again.
    pub is_kept: bool,
    /// Words that may stand between its arguments and say nothing: the `of` of `explain kd of vid`.
    pub fillers: &'static [&'static str],
    /// Command lines that show what it can do, without prefix; never empty. Help prints them.
    pub examples: &'static [&'static str],
}

/// Another word for a command, which may say some of its options already: `top_dpm` is `leaderboard dpm`.
#[derive(Clone, Copy, Debug)]
pub struct Alias {
    /// The word.
    pub name: &'static str,
    /// Options that it says, as words of a line.
    pub given: &'static [&'static str],
}

/// Where help lists a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Players and their numbers.
    Players,
    /// Evenings, matches, rounds, maps.
    Evenings,
    /// Rankings, records, seasons.
    Rankings,
    /// Who plays with whom.
    Teams,
    /// Accounts, names, privacy.
    Me,
    /// The bot itself.
    Bot,
    /// For those who run the community.
    Admin,
}

impl Group {
    /// All groups, in the order of help.
    pub const ALL: [Self; 7] =
        [Self::Players, Self::Evenings, Self::Rankings, Self::Teams, Self::Me, Self::Bot, Self::Admin];

    /// Its name in the catalogue.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Players => "players",
            Self::Evenings => "evenings",
            Self::Rankings => "rankings",
            Self::Teams => "teams",
            Self::Me => "me",
            Self::Bot => "bot",
            Self::Admin => "admin",
        }
    }
}

/// Who may run a command. Deny by default: what is not `Everyone` is checked on every way to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permission {
    /// Everybody.
    Everyone,
    /// Who has linked a player.
    Linked,
    /// Who runs the community.
    Admin,
}

/// What a command costs: each cost has its cool-down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cost {
    /// A question to the database.
    Query,
    /// Pictures are drawn, or much is read.
    Picture,
}

impl Command {
    /// Its required options.
    pub fn required(&self) -> impl Iterator<Item = &'static CommandOption> {
        self.options.iter().filter(|option| option.is_required)
    }

    /// The option of this name.
    #[must_use]
    pub fn option(&self, name: &str) -> Option<&'static CommandOption> {
        self.options.iter().find(|option| option.name == name)
    }

    /// How it is typed: `stats [player] [period] [map]`; what is in brackets can be left out.
    #[must_use]
    pub fn usage(&self) -> String {
        let mut usage = self.name.to_owned();
        for option in self.options {
            let (open, close) = if option.is_required { ('<', '>') } else { ('[', ']') };
            usage.push(' ');
            usage.push(open);
            usage.push_str(option.name);
            usage.push(close);
        }
        usage
    }
}
