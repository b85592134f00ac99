//! What may be typed next: commands, players, maps and everything else that options take, for consoles and slash commands
//! alike. Nobody is offered whose name the asker may not see.

use fullhold_analytics::{BOARDS, FORMULAS};
use fullhold_repository::{Error, EveningList, Listed};

use super::directory::Directory;
use super::evening_data::day_of;
use super::failure::Failure;
use super::{Answerer, Asker, answered};
use crate::command::Command;
use crate::lookup;
use crate::option::{CommandOption, Known, OptionKind};
use crate::table::COMMANDS;
use crate::words::{in_quotes, words};

/// Candidates that are offered at most: what a platform shows.
pub const MOST_CANDIDATES: usize = 25;

/// An option that takes several players, with commas between.
const LIST: &str = "players";

/// Periods that are offered; more can be typed.
const PERIODS: [&str; 10] = ["season", "7d", "30d", "90d", "today", "yesterday", "week", "month", "1y", "all"];

/// Kinds whose words are no names.
const WORD_KINDS: [OptionKind; 5] = [
    OptionKind::Period,
    OptionKind::Board,
    OptionKind::Formula,
    OptionKind::Session,
    OptionKind::Choice(crate::table::PLAYER_VIEWS),
];

/// What may stand at the end of a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completion {
    /// Where the word begins that the candidates replace, in bytes of the line.
    pub from: usize,
    /// What may stand there, the likeliest first.
    pub candidates: Vec<Candidate>,
}

/// A word that may be typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The word as a line has it, in quotes where it needs them.
    pub word: String,
    /// How people read it.
    pub label: String,
}

impl Candidate {
    fn plain(word: &str) -> Self {
        Self { word: word.to_owned(), label: word.to_owned() }
    }

    fn name(name: &str) -> Self {
        let is_plain = name.chars().all(char::is_alphanumeric) && !name.eq_ignore_ascii_case("me");
        // A player called `season` is no period.
        let is_word = |kind: &OptionKind| kind.recognises(name, Known::default());
        let is_plain = is_plain && !WORD_KINDS.iter().any(is_word);
        Self { word: if is_plain { name.to_owned() } else { in_quotes(name) }, label: name.to_owned() }
    }
}

impl Answerer {
    /// What may stand at the end of a line, as far as it is typed.
    ///
    /// # Errors
    /// The database failed.
    pub async fn complete(&self, line: &str, asker: Asker) -> Result<Completion, Error> {
        let from = beginning_of_last_word(line);
        let (before, typed) = line.split_at_checked(from).unwrap_or((line, ""));
        // A quote that is still open is left out of the search.
        let Ok(before) = words(before) else { return Ok(Completion::default()) };
        let Some((first, rest)) = before.split_first() else {
            let asker = self.known(asker).await.map_or(asker, |asker| asker);
            return Ok(Completion { from, candidates: commands(typed, asker) });
        };
        let Ok(found) = lookup::find(&first.text) else { return Ok(Completion::default()) };
        if let Some(list) = found.command.option(LIST) {
            let from = beginning_of_last_name(line, first.at.end);
            let typed = line.get(from..).unwrap_or_default();
            return Ok(Completion { from, candidates: self.candidates(list, typed, asker).await? });
        }
        let said: Vec<&str> = rest.iter().map(|word| word.text.as_str()).chain(found.given.iter().copied()).collect();
        let free = free_options(found.command, &said);
        let (from, typed, options) = match typed.split_once(':').and_then(|(name, value)| {
            let option = found.command.option(name)?;
            Some((from + name.len() + 1, value, vec![option]))
        }) {
            Some(named) => named,
            None => (from, typed, free),
        };
        let mut candidates = Vec::new();
        for option in options {
            candidates.extend(self.candidates(option, typed.trim_start_matches('"'), asker).await?);
        }
        candidates.truncate(MOST_CANDIDATES);
        Ok(Completion { from, candidates })
    }

    /// What an option may be given, by what is typed of it.
    ///
    /// # Errors
    /// The database failed.
    pub async fn candidates(&self, option: &CommandOption, typed: &str, asker: Asker) -> Result<Vec<Candidate>, Error> {
        match self.try_candidates(option, typed, asker).await {
            Ok(candidates) => Ok(candidates),
            Err(Failure::Database(error)) => Err(error),
            Err(Failure::Refused(_) | Failure::Nothing(_)) => Ok(Vec::new()),
        }
    }

    async fn try_candidates(
        &self,
        option: &CommandOption,
        typed: &str,
        asker: Asker,
    ) -> Result<Vec<Candidate>, Failure> {
        let known = |words: &mut dyn Iterator<Item = &str>| fitting(typed, words);
        Ok(match option.kind {
            OptionKind::Player => self.players(typed, self.known(asker).await?).await?,
            OptionKind::Map => {
                let lists = self.kept.lists(&self.db).await?;
                let maps = lists.maps(&self.db, &self.config.servers).await?;
                fitting(typed, &mut maps.iter().map(String::as_str))
            }
            OptionKind::Board => known(&mut BOARDS.iter().map(|board| board.id)),
            OptionKind::Formula => known(&mut FORMULAS.iter().map(|formula| formula.id)),
            OptionKind::Period => known(&mut PERIODS.iter().copied()),
            OptionKind::Choice(choices) => known(&mut choices.iter().filter_map(|words| words.first().copied())),
            OptionKind::Session => {
                let mut days = vec!["last".to_owned()];
                days.extend(self.newest_days().await?);
                known(&mut days.iter().map(String::as_str))
            }
            OptionKind::Month => {
                let days = self.newest_days().await?;
                let mut months: Vec<&str> = days.iter().filter_map(|day| day.get(..7)).collect();
                months.dedup();
                known(&mut months.into_iter())
            }
            OptionKind::Text { .. } if option.name == "command" => commands(typed, asker),
            OptionKind::Text { .. } if option.name == LIST => {
                let (before, last) = typed.rsplit_once(',').unwrap_or(("", typed));
                let names = self.players(last.trim_start(), self.known(asker).await?).await?;
                // Within a list names need no quotes.
                let word = |name: &str| if before.is_empty() { name.to_owned() } else { format!("{before}, {name}") };
                names.into_iter().map(|one| Candidate { word: word(&one.label), ..one }).collect()
            }
            OptionKind::Id
            | OptionKind::Integer { .. }
            | OptionKind::Guid
            | OptionKind::User
            | OptionKind::Text { .. } => Vec::new(),
        })
    }

    /// Players by any name that the asker may know them by, the busiest first. Bots are nobody.
    async fn players(&self, typed: &str, asker: Asker) -> Result<Vec<Candidate>, Failure> {
        let lists = self.kept.lists(&self.db).await?;
        let directory = Directory::seen_by(self, &lists, asker.player).await?;
        let played = lists.played(&self.db, &self.config.servers).await?;
        let rounds = |one: &Listed| played.get(&one.player.guid).copied().unwrap_or_default();
        let mut fitting = directory.named_like(typed);
        fitting.sort_by(|(a_begins, a), (b_begins, b)| {
            let begins = b_begins.cmp(a_begins);
            begins.then_with(|| rounds(b).cmp(&rounds(a))).then_with(|| a.player.guid.cmp(&b.player.guid))
        });
        let me = asker.player.is_some() && "me".starts_with(&typed.to_lowercase());
        let own = me.then(|| Candidate::plain("me"));
        let others = fitting.into_iter().map(|(_, one)| Candidate::name(directory.name(one)));
        Ok(own.into_iter().chain(others).take(MOST_CANDIDATES).collect())
    }

    async fn newest_days(&self) -> Result<Vec<String>, Failure> {
        let list = EveningList {
            servers: self.config.servers.clone(),
            limit: i64::try_from(MOST_CANDIDATES).unwrap_or(i64::MAX),
            ..EveningList::default()
        };
        let evenings = self.db.evenings(&list).await?;
        let mut days: Vec<String> =
            evenings.iter().filter_map(|entry| day_of(&entry.session.session_key)).map(|day| day.to_string()).collect();
        days.dedup();
        Ok(days)
    }
}

/// Commands that somebody may run, by their names and aliases.
fn commands(typed: &str, asker: Asker) -> Vec<Candidate> {
    let is_answered = |command: &&Command| answered().any(|name| name == command.name);
    let own = COMMANDS.iter().filter(|command| command.permission <= asker.right).filter(is_answered);
    let typed = typed.to_lowercase().replace('-', "_");
    let mut found: Vec<&str> = own.flat_map(lookup::names).filter(|name| name.starts_with(&typed)).collect();
    // What is typed in whole is what is meant.
    found.sort_by_key(|name| (*name != typed, !COMMANDS.iter().any(|command| command.name == *name)));
    found.into_iter().take(MOST_CANDIDATES).map(Candidate::plain).collect()
}

/// Options that have no word yet.
fn free_options(command: &'static Command, said: &[&str]) -> Vec<&'static CommandOption> {
    let mut free: Vec<&CommandOption> = command.options.iter().collect();
    for word in said {
        let named = word.split_once(':').and_then(|(name, _)| free.iter().position(|option| option.name == name));
        let recognised = || free.iter().position(|option| option.kind.recognises(word, Known::default()));
        let rest = || free.iter().position(|option| !option.kind.is_closed());
        if let Some(place) = named.or_else(recognised).or_else(rest) {
            free.remove(place);
        }
    }
    free
}

/// Words that begin with what is typed, then those that have it elsewhere.
fn fitting(typed: &str, words: &mut dyn Iterator<Item = &str>) -> Vec<Candidate> {
    let typed = typed.to_lowercase();
    let (begin, rest): (Vec<&str>, Vec<&str>) = words.partition(|word| word.to_lowercase().starts_with(&typed));
    let inside = rest.into_iter().filter(|word| word.to_lowercase().contains(&typed));
    begin.into_iter().chain(inside).take(MOST_CANDIDATES).map(Candidate::plain).collect()
}

/// Where the last word begins: behind the last space that is not in quotes.
fn beginning_of_last_word(line: &str) -> usize {
    let mut is_quoted = false;
    let mut from = 0;
    for (at, c) in line.char_indices() {
        match c {
            '"' => is_quoted = !is_quoted,
            c if c.is_whitespace() && !is_quoted => from = at + c.len_utf8(),
            _ => {}
        }
    }
    from
}

/// Where the last name of a list begins that begins at a place of the line: behind the last comma and the spaces there.
fn beginning_of_last_name(line: &str, list: usize) -> usize {
    let rest = line.get(list..).unwrap_or_default();
    let name = rest.rsplit_once(',').map_or(rest, |(_, name)| name).trim_start();
    line.len() - name.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_name_of_a_list_begins_behind_its_comma() {
        let cases = [
            ("team_builder", 12),
            ("team_builder vi", 13),
            ("team_builder a b,  mister x", 19),
            ("team_builder é,", 16),
        ];
        for (line, from) in cases {
            assert_eq!(beginning_of_last_name(line, 12), from, "{line}");
        }
    }

    #[test]
    fn the_last_word_begins_behind_a_space_outside_of_quotes() {
        let cases = [("", 0), ("st", 0), ("stats ", 6), ("stats vi", 6), ("stats \"mister x", 6), ("é \"a b\" c", 9)];
        for (line, from) in cases {
            assert_eq!(beginning_of_last_word(line), from, "{line}");
        }
    }

    #[test]
    fn options_that_have_their_word_are_not_offered_again() {
        let command = lookup::find("stats").unwrap().command;
        let names = |said: &[&str]| free_options(command, said).iter().map(|one| one.name).collect::<Vec<_>>();
        assert_eq!(names(&[]), ["player", "period", "map", "view"]);
        assert_eq!(names(&["vid"]), ["period", "map", "view"]);
        assert_eq!(names(&["30d", "weapons"]), ["player", "map"]);
        assert_eq!(names(&["map:supply", "vid"]), ["period", "view"]);
    }

    #[test]
    fn names_that_are_no_plain_words_stand_in_quotes() {
        assert_eq!(Candidate::name("vid").word, "vid");
        assert_eq!(Candidate::name("mister x").word, "\"mister x\"");
        assert_eq!(Candidate::name("me").word, "\"me\"");
        assert_eq!(Candidate::name("30d \"q\"").word, "\"30d \\\"q\\\"\"");
    }
}
