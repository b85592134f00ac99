//! What each command is asked: lines that find something.

use fullhold_commands::Command;

/// A line about zweiblum, otokar and a map and a round of the samples.
pub(crate) fn filled_in(line: &str) -> String {
    line.replace("{a}", "zweiblum").replace("{b}", "otokar").replace("{map}", "te_escape2").replace("{round}", "7")
}

/// Lines of each command, about what the samples have. `{a}`, `{b}`, `{map}` and `{round}` are somebody, somebody else, a map
/// and a round of the world that is asked.
#[rustfmt::skip]
pub(crate) const CASES: &[(&str, &[&str])] = &[
    ("about", &["about"]),
    ("achievements", &["achievements {a}", "medals me"]),
    ("aliases", &["aliases {a}", "aliases tangent", "myaliases"]),
    ("assign_player", &["assign_player {b} B", "assign_player {b} C", "assign_player {a} B"]),
    ("audit", &["audit"]),
    ("automation_status", &["automation_status"]),
    ("badges", &["badges"]),
    ("best_duos", &["best_duos", "best_duos season", "best_duos all"]),
    ("cache_clear", &["cache_clear"]),
    ("compare", &["compare {a} {b}", "compare {a} {b} tangent"]),
    ("explain", &["explain kd", "explain kd of {a}", "explain accuracy of {a} in season", "explain dpm of {a} on {map}",
        "explain kills of {a} round:{round}", "explain dpm {a} 2025-11-10"]),
    ("export", &["export csv top_kills all", "export json last_session", "export csv aliases {a}"]),
    ("files", &["files failed", "files retry", "files ignore none.txt"]),
    ("health", &["health"]),
    ("help", &["help", "help stats", "help me"]),
    ("last_round", &["last_round"]),
    ("last_session", &["last_session", "last overview", "last top", "last combat", "last objectives", "last weapons",
        "last support", "last sprees", "last maps", "last rounds", "last teams", "last graphs", "last awards", "last players"]),
    ("leaderboard", &["top_kills", "top_kd all", "top_dpm season", "top_accuracy", "top_efficiency 30d",
        "top_headshots", "top_games", "top_revives {map}", "top_gibs", "top_objectives 2025-11-10", "top_teamwork",
        "top_multikills", "top_grenades", "lb wins", "lb form", "lb rating", "lb rating season", "lb et_rating", "lb games 2025-11-12 {map}"]),
    ("link", &["link", "link gra", "link {a} user:<@77>", "link {a} user:<@77> confirm"]),
    ("link_me", &["link_me 78DDE6C4"]),
    ("list_players", &["list_players", "lp active", "lp linked", "lp unlinked"]),
    ("map", &["map {map}", "map adler"]),
    ("maps", &["maps", "maps {a}"]),
    ("match", &["match {round}", "match 2025-11-10"]),
    ("me", &["me export", "me erase", "me erase confirm"]),
    ("merge_players", &["merge_players 78DDE6C4 B54CDA26", "merge_players 78DDE6C4 B54CDA26 confirm"]),
    ("mvp", &["mvp", "mvp 2025-11-10"]),
    ("ping", &["ping"]),
    ("player_search", &["player_search gra", "fp e"]),
    ("privacy", &["privacy anonymous", "privacy private", "privacy public"]),
    ("rating", &["rating {a}", "rating me", "rating tangent"]),
    ("ratings", &["ratings"]),
    ("rebuild_sessions", &["rebuild_sessions"]),
    ("records", &["records", "records {map}"]),
    ("round", &["round {round}"]),
    ("round_valid", &["round_valid {round} cancelled the server crashed", "round_valid {round} ignore a test",
        "round_valid {round} valid it was fine", "round_valid {round} clear a mistake"]),
    ("season", &["season", "season 2025-Q3"]),
    ("session", &["session 2025-11-12", "session 12.11.2025", "session 2 overview", "session 2 top", "session 2 combat",
        "session 2 objectives", "session 2 weapons", "session 2 support", "session 2 sprees", "session 2 maps",
        "session 2 rounds", "session 2 teams", "session 2 graphs", "session 2 awards", "session 2 players", "session friday",
        "session 2025-11-12-225537"]),
    ("session_stats", &["session_stats"]),
    ("sessions", &["sessions", "sessions nov", "sessions 2025-11", "sessions 2025-10"]),
    ("set_team_names", &["set_team_names slomix \"///M\""]),
    ("set_teams", &["set_teams \"{a}, {b}\" \"tangent, Quent1n\""]),
    ("setname", &["setname Grasshopper", "setname reset"]),
    ("start_monitoring", &["start_monitoring"]),
    ("stats", &["stats {a}", "stats {a} 2025-11-14", "stats {a} {map}", "stats {a} season {map}", "stats {a} overview",
        "stats {a} weapons", "stats {a} maps", "stats {a} form", "stats {a} records", "stats {a} matches", "profile me"]),
    ("stop_monitoring", &["stop_monitoring"]),
    ("sync_all", &["sync_all"]),
    ("sync_stats", &["sync_stats 3", "sync_week"]),
    ("synergy", &["synergy {a} {b}"]),
    ("team_builder", &["team_builder {a}, {b}, tangent, Quent1n", "balance_teams {a} {b} me tangent guid:F1BBCD88"]),
    ("teammates", &["teammates {a}", "teammates {a} all"]),
    ("unlink", &["unlink", "unlink user:<@77>"]),
    ("unmerge", &["unmerge 78DDE6C4"]),
];

/// Lines of a command.
pub(crate) fn lines(command: &Command) -> &'static [&'static str] {
    CASES.iter().find(|(name, _)| *name == command.name).map(|(_, lines)| *lines).unwrap_or_default()
}
