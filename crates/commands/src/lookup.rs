//! Which command a word means.

use crate::command::{Alias, Command};
use crate::table::COMMANDS;
use crate::words::similar;

/// A command that was asked for.
#[derive(Clone, Copy, Debug)]
pub struct Found {
    /// The command.
    pub command: &'static Command,
    /// Options that the word said already.
    pub given: &'static [&'static str],
}

/// No command has this name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownCommand {
    /// What was found.
    pub word: String,
    /// Names that look like it, the likeliest first; at most three. Without any, it was chatter.
    pub suggestions: Vec<&'static str>,
}

const SUGGESTIONS: usize = 3;

/// The command of this name or alias, in any case. `-` is as good as `_`.
///
/// # Errors
/// [`UnknownCommand`] with similar names.
pub fn find(word: &str) -> Result<Found, UnknownCommand> {
    let wanted = word.to_lowercase().replace('-', "_");
    for command in COMMANDS {
        if command.name == wanted {
            return Ok(Found { command, given: &[] });
        }
        if let Some(Alias { given, .. }) = command.aliases.iter().find(|alias| alias.name == wanted) {
            return Ok(Found { command, given });
        }
    }
    let names = COMMANDS.iter().flat_map(names);
    Err(UnknownCommand { word: word.to_owned(), suggestions: similar(&wanted, names, SUGGESTIONS) })
}

/// The name of a command and its aliases.
pub fn names(command: &'static Command) -> impl Iterator<Item = &'static str> {
    std::iter::once(command.name).chain(command.aliases.iter().map(|alias| alias.name))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_and_aliases_are_unique() {
        let mut seen = BTreeSet::new();
        for name in COMMANDS.iter().flat_map(names) {
            assert!(seen.insert(name), "{name} is there twice");
            assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'), "{name}");
            // What Discord allows for the name of a slash command.
            assert!(name.len() <= 32, "{name}");
        }
    }

    #[test]
    fn every_word_that_people_type_is_a_command() {
        // From the table of commands, the list of admin commands and "Words people type" of the specification.
        let words = "stats compare top_dpm top_kd top_accuracy top_efficiency top_kills top_headshots top_games top_revives \
            top_gibs top_objectives top_teamwork top_multikills top_grenades leaderboard lb top last_session last latest \
            recent session sessions rounds ls session_stats last_round lr round match mvp maps map records player_search \
            find_player fp list_players lp aliases link link_me unlink season achievements badges synergy best_duos \
            teammates team_builder balance_teams rating ratings explain export privacy me help commands ping about \
            sync_today sync_week sync_month sync_all sync_stats rebuild_sessions health files round_valid merge_players \
            unmerge session_start session_end set_teams assign_player set_team_names backup start_monitoring \
            stop_monitoring automation_status settings cache_clear audit check_achievements medals badge_legend \
            season_info seasons game teams session_score lineup_changes players findplayer search_player myaliases mynames \
            chemistry duo top_duos best_pairs suggest_teams player_impact partners sync1day sync1week sync1month syncstats \
            sync_logs ssh_stats backup_db setname";
        for word in words.split_whitespace() {
            assert!(find(word).is_ok(), "{word}");
        }
    }

    #[test]
    fn a_mistyped_command_suggests_the_nearest_and_chatter_nothing() {
        assert_eq!(find("Last-Session").unwrap().command.name, "last_session");
        assert_eq!(find("statz").unwrap_err().suggestions.first(), Some(&"stats"));
        assert_eq!(find("!!!").unwrap_err().suggestions, Vec::<&str>::new());
    }
}
