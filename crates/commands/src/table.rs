//! The commands: a table. What they say is in the catalogue, what they do in their handlers.

use crate::command::{Alias, Command, Cost, Group, Permission};
use crate::option::{CommandOption, OptionKind};

const fn needs(name: &'static str, kind: OptionKind) -> CommandOption {
    CommandOption { name, kind, is_required: true }
}

const fn may(name: &'static str, kind: OptionKind) -> CommandOption {
    CommandOption { name, kind, is_required: false }
}

const fn command(
    name: &'static str,
    group: Group,
    options: &'static [CommandOption],
    examples: &'static [&'static str],
) -> Command {
    let permission = if matches!(group, Group::Admin) { Permission::Admin } else { Permission::Everyone };
    // What changes something is never answered from memory.
    let is_kept = !matches!(group, Group::Me | Group::Admin);
    Command { name, aliases: &[], group, options, permission, cost: Cost::Query, is_kept, fillers: &[], examples }
}

const fn word(name: &'static str) -> Alias {
    Alias { name, given: &[] }
}

const fn given(name: &'static str, given: &'static [&'static str]) -> Alias {
    Alias { name, given }
}

impl Command {
    const fn also(self, aliases: &'static [Alias]) -> Self {
        Self { aliases, ..self }
    }

    const fn linked(self) -> Self {
        Self { permission: Permission::Linked, ..self }
    }

    /// What it answers changes by itself.
    const fn live(self) -> Self {
        Self { is_kept: false, ..self }
    }

    /// Words that may stand between its arguments.
    const fn fills(self, fillers: &'static [&'static str]) -> Self {
        Self { fillers, ..self }
    }

    const fn draws(self) -> Self {
        Self { cost: Cost::Picture, ..self }
    }
}

const PLAYER: CommandOption = may("player", OptionKind::Player);
const PERIOD: CommandOption = may("period", OptionKind::Period);
const MAP: CommandOption = may("map", OptionKind::Map);
const VIEW: CommandOption = may("view", OptionKind::Choice(VIEWS));

/// Views of an evening, each with its synonyms. The first is the default.
#[rustfmt::skip]
pub const VIEWS: &[&[&str]] = &[
    &["overview"], &["top"], &["combat"], &["objectives", "obj"], &["weapons", "weap", "weapon"], &["support"],
    &["sprees", "spree"], &["maps"], &["rounds", "full"], &["teams", "lineup"], &["graphs", "graph", "charts"],
    &["awards"], &["players"],
];

pub(crate) const PLAYER_VIEWS: &[&[&str]] =
    &[&["overview"], &["weapons", "weap", "weapon"], &["maps"], &["form"], &["records"], &["matches"]];
const EXPORTS: &[&[&str]] = &[&["csv"], &["json"]];
const STATES: &[&[&str]] = &[&["active"], &["linked"], &["unlinked"]];
const VERDICTS: &[&[&str]] = &[&["valid"], &["cancelled", "canceled"], &["ignore"], &["clear", "undo"]];
const PRIVACY: &[&[&str]] = &[&["public"], &["anonymous"], &["private"]];
const MINE: &[&[&str]] = &[&["export"], &["erase"]];
const CONFIRM: &[&[&str]] = &[&["confirm"]];
const FILES: &[&[&str]] = &[&["failed"], &["retry"], &["ignore"]];

const ANY_TEXT: OptionKind = OptionKind::Text { least: 1, most: 200 };
const NAME: OptionKind = OptionKind::Text { least: 2, most: 32 };
const SOME_DAYS: OptionKind = OptionKind::Integer { least: 1, most: 3650 };

/// All commands, in the order of help.
#[rustfmt::skip]
pub static COMMANDS: &[Command] = &[
    command("stats", Group::Players, &[PLAYER, PERIOD, MAP, may("view", OptionKind::Choice(PLAYER_VIEWS))],
        &["stats vid", "stats me 30d", "stats vid season supply"]).also(&[word("profile"), word("player")]).draws(),
    command("compare", Group::Players, &[needs("a", OptionKind::Player), needs("b", OptionKind::Player), may("c", OptionKind::Player)],
        &["compare vid olympus", "compare me \"mister x\""]).also(&[word("vs")]).draws(),
    command("achievements", Group::Players, &[PLAYER], &["achievements", "achievements vid"])
        .also(&[word("check_achievements"), word("medals")]),
    command("badges", Group::Players, &[], &["badges"]).also(&[word("badge_legend")]),
    command("rating", Group::Players, &[PLAYER], &["rating", "rating vid"]).draws(),
    command("aliases", Group::Players, &[PLAYER], &["aliases vid"])
        .also(&[given("myaliases", &["me"]), given("mynames", &["me"])]),
    command("player_search", Group::Players, &[needs("text", ANY_TEXT)], &["player_search vi"])
        .also(&[word("find_player"), word("fp"), word("findplayer"), word("search_player")]),
    command("list_players", Group::Players, &[may("which", OptionKind::Choice(STATES))], &["list_players", "list_players active"])
        .also(&[word("lp"), word("players")]),

    command("last_session", Group::Evenings, &[VIEW], &["last_session", "last weapons"])
        .also(&[word("last"), word("latest"), word("recent"), given("teams", &["view:teams"]),
            given("session_score", &["view:overview"]), given("lineup_changes", &["view:teams"])]).draws(),
    command("session", Group::Evenings, &[needs("session", OptionKind::Session), VIEW],
        &["session 2025-11-01", "session sunday combat", "session 12 awards"]).draws(),
    command("sessions", Group::Evenings, &[may("month", OptionKind::Month)], &["sessions", "sessions oct", "sessions 2025-10"])
        .also(&[word("rounds"), word("ls")]),
    command("session_stats", Group::Evenings, &[], &["session_stats"]).live(),
    command("last_round", Group::Evenings, &[], &["last_round"]).also(&[word("lr")]).draws(),
    command("round", Group::Evenings, &[needs("round", OptionKind::Id)], &["round 1234"]).draws(),
    command("match", Group::Evenings, &[needs("match", OptionKind::Session)], &["match 321", "match 2025-11-01"])
        .also(&[word("game")]).draws(),
    command("mvp", Group::Evenings, &[may("session", OptionKind::Session)], &["mvp", "mvp 2025-11-01"]),
    command("maps", Group::Evenings, &[PLAYER], &["maps", "maps vid"]).draws(),
    command("map", Group::Evenings, &[needs("map", OptionKind::Map)], &["map supply"]),

    command("leaderboard", Group::Rankings, &[needs("category", OptionKind::Board), PERIOD, MAP],
        &["leaderboard dpm", "top kd season", "lb revives 30d supply"])
        .also(&[word("lb"), word("top"),
            given("top_dpm", &["dpm"]), given("top_kd", &["kd"]), given("top_accuracy", &["accuracy"]),
            given("top_efficiency", &["efficiency"]), given("top_kills", &["kills"]), given("top_headshots", &["headshots"]),
            given("top_games", &["games"]), given("top_revives", &["revives"]), given("top_gibs", &["gibs"]),
            given("top_objectives", &["objectives"]), given("top_teamwork", &["teamwork"]),
            given("top_multikills", &["multikills"]), given("top_grenades", &["grenades"])]),
    command("ratings", Group::Rankings, &[], &["ratings"]),
    command("records", Group::Rankings, &[MAP], &["records", "records supply"]).draws(),
    command("season", Group::Rankings, &[PERIOD], &["season", "season 2025-Q3"]).also(&[word("season_info"), word("seasons")]).draws(),

    command("synergy", Group::Teams, &[needs("a", OptionKind::Player), needs("b", OptionKind::Player)], &["synergy vid olympus"])
        .also(&[word("chemistry"), word("duo")]),
    command("best_duos", Group::Teams, &[PERIOD], &["best_duos", "best_duos all"]).also(&[word("top_duos"), word("best_pairs")]),
    command("teammates", Group::Teams, &[PLAYER, PERIOD], &["teammates vid", "teammates vid all"]).also(&[word("player_impact"), word("partners")]),
    command("team_builder", Group::Teams, &[may("players", OptionKind::Text { least: 1, most: 500 })],
        &["team_builder", "team_builder vid, olympus, wajs, carniee"]).also(&[word("balance_teams"), word("suggest_teams")]),

    command("link", Group::Me, &[PLAYER, may("user", OptionKind::User), may("confirm", OptionKind::Choice(CONFIRM))],
        &["link", "link vid"]),
    command("link_me", Group::Me, &[needs("guid", OptionKind::Guid)], &["link_me 1A2B3C4D"]),
    command("unlink", Group::Me, &[may("user", OptionKind::User)], &["unlink"]),
    command("setname", Group::Me, &[needs("name", NAME)], &["setname Vid", "setname reset"]).linked(),
    command("privacy", Group::Me, &[needs("mode", OptionKind::Choice(PRIVACY))], &["privacy anonymous"]).linked(),
    command("me", Group::Me, &[needs("what", OptionKind::Choice(MINE)), may("confirm", OptionKind::Choice(CONFIRM))],
        &["me export", "me erase"]).linked(),

    command("explain", Group::Bot, &[needs("number", OptionKind::Formula), PLAYER, PERIOD, MAP, may("round", OptionKind::Id)],
        &["explain dpm", "explain kd of vid", "explain accuracy of me in season"]).fills(&["of", "in", "on"]),
    command("export", Group::Bot, &[needs("format", OptionKind::Choice(EXPORTS)), needs("command", OptionKind::Text { least: 1, most: 500 })],
        &["export csv top dpm season", "export json last_session"]).draws().live(),
    command("help", Group::Bot, &[may("command", ANY_TEXT)], &["help", "help stats"]).also(&[word("commands")]),
    command("ping", Group::Bot, &[], &["ping"]).live(),
    command("about", Group::Bot, &[], &["about"]).live(),

    command("sync_stats", Group::Admin, &[needs("days", SOME_DAYS)], &["sync_stats 3"])
        .also(&[word("syncstats"), word("sync_logs"), given("sync_today", &["1"]), given("sync_week", &["7"]),
            given("sync_month", &["30"]), given("sync1day", &["1"]), given("sync1week", &["7"]), given("sync1month", &["30"])]),
    command("sync_all", Group::Admin, &[], &["sync_all"]),
    command("rebuild_sessions", Group::Admin, &[], &["rebuild_sessions"]),
    command("health", Group::Admin, &[], &["health"]),
    command("files", Group::Admin, &[needs("what", OptionKind::Choice(FILES)), may("file", ANY_TEXT)], &["files failed"]),
    command("round_valid", Group::Admin, &[needs("round", OptionKind::Id), needs("verdict", OptionKind::Choice(VERDICTS)),
        needs("reason", ANY_TEXT)], &["round_valid 1234 cancelled server crashed", "round_valid 1234 clear a mistake"]),
    command("merge_players", Group::Admin, &[needs("guid", OptionKind::Guid), needs("into", OptionKind::Guid),
        may("confirm", OptionKind::Choice(CONFIRM))],
        &["merge_players 1A2B3C4D 5E6F7A8B"]),
    command("unmerge", Group::Admin, &[needs("guid", OptionKind::Guid)], &["unmerge 1A2B3C4D"]),
    command("session_start", Group::Admin, &[], &["session_start"]),
    command("session_end", Group::Admin, &[], &["session_end"]),
    command("set_teams", Group::Admin, &[needs("a", ANY_TEXT), needs("b", ANY_TEXT)], &["set_teams slomix \"///M\""]),
    command("assign_player", Group::Admin, &[needs("player", OptionKind::Player), needs("team", ANY_TEXT)], &["assign_player vid slomix"]),
    command("set_team_names", Group::Admin, &[needs("a", ANY_TEXT), needs("b", ANY_TEXT)], &["set_team_names slomix \"///M\""]),
    command("backup", Group::Admin, &[], &["backup"]).also(&[word("backup_db")]),
    command("start_monitoring", Group::Admin, &[], &["start_monitoring"]),
    command("stop_monitoring", Group::Admin, &[], &["stop_monitoring"]),
    command("automation_status", Group::Admin, &[], &["automation_status"]).also(&[word("ssh_stats")]),
    command("settings", Group::Admin, &[may("key", ANY_TEXT), may("value", ANY_TEXT)], &["settings"]),
    command("cache_clear", Group::Admin, &[], &["cache_clear"]),
    command("audit", Group::Admin, &[], &["audit"]),
];
