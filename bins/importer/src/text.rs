//! The evening as text for a terminal.

use fullhold_repository::{Outcome, RoundStatus, Team};
use std::fmt::Write as _;

use crate::evening::{MapLine, PlayerLine, Report, RoundLine};

/// Width of the name column.
const NAME: usize = 20;

/// Everything, ready to print. Writing to a String cannot fail.
pub(crate) fn evening(report: &Report) -> String {
    let mut text = String::new();
    let Report { server, timezone, number, first_round, last_round, rounds, valid_rounds, .. } = report;
    let last = last_round.get(11..16).unwrap_or(last_round);
    let first = first_round.get(..16).unwrap_or(first_round);
    let _ = writeln!(text, "\nEvening {number} on {server}: {first} – {last} ({timezone})");
    let _ = writeln!(text, "{rounds} rounds, {valid_rounds} valid");
    let _ = writeln!(
        text,
        "\nTeam A {} : {} Team B   (teams known with {} confidence)",
        report.score_a, report.score_b, report.team_confidence
    );
    for team in &report.teams {
        let label = match (team.team, &team.name) {
            (_, Some(name)) => name.clone(),
            (Team::Ambiguous, None) => "Either team".to_owned(),
            (letter, None) => format!("Team {letter}"),
        };
        let _ = writeln!(text, "  {label}: {}", team.players.join(", "));
    }
    let width = report.maps.iter().map(|m| m.map.chars().count()).max().unwrap_or(0).max(3);
    let _ = writeln!(text, "\n  {:width$}  {:22}  {:22}  A : B", "Map", "Round 1 (end)", "Round 2 (end)");
    for m in &report.maps {
        map_line(&mut text, m, width);
    }
    round_names(&mut text, report);
    let _ = writeln!(
        text,
        "\n  {:NAME$} Team  Rounds    Time  Kills Deaths   K/D   Eff   DPM   Acc  Damage    Recv   HS  Rev  Gibs",
        "Player"
    );
    for p in &report.players {
        player_line(&mut text, p);
    }
    if let Some(mvp) = &report.mvp {
        let _ = writeln!(
            text,
            "\nMVP: {} with {:.1} = 10 · K/D {:.2} + efficiency {:.1} + damage per round {:.0} / 100",
            mvp.name, mvp.value, mvp.kd, mvp.efficiency, mvp.damage_per_round
        );
    }
    text
}

fn map_line(text: &mut String, m: &MapLine, width: usize) {
    let score = match (m.points_a, m.points_b, &m.undecided_reason) {
        (Some(a), Some(b), None) => format!("{a} : {b}"),
        (_, _, Some(reason)) => format!("not counted: {}", reason.name().replace('_', " ")),
        _ => "not counted".to_owned(),
    };
    let r1 = round(m.r1.as_ref());
    let r2 = round(m.r2.as_ref());
    let line = format!("  {:width$}  {r1:22}  {r2:22}  {score}", m.map);
    let _ = writeln!(text, "{}", line.trim_end());
}

/// The names of all rounds, and which do not count.
fn round_names(text: &mut String, report: &Report) {
    let _ = writeln!(text, "\n  Rounds, as `dbadmin round-status` calls them");
    for round in &report.round_names {
        let verdict = match (round.counts, round.reasons.replace('_', " ")) {
            (true, _) => String::new(),
            (false, reasons) => format!("  does not count: {reasons}"),
        };
        let _ = writeln!(text, "  {}{verdict}", round.round);
    }
}

fn round(round: Option<&RoundLine>) -> String {
    let Some(round) = round else { return "–".to_owned() };
    let time = round.seconds.map_or_else(|| "?:??".to_owned(), clock);
    let outcome = match round.outcome {
        Outcome::Completed => "done",
        Outcome::FullHold => "held",
        Outcome::Unknown => "unknown",
    };
    match round.status {
        RoundStatus::Completed | RoundStatus::OrphanR2 => format!("{time} {outcome} ({})", round.at),
        status => format!("{time} {status} ({})", round.at),
    }
}

fn player_line(text: &mut String, p: &PlayerLine) {
    let name: String = p.name.chars().take(NAME).collect();
    let team = match p.team {
        Some(Team::Ambiguous) => "?",
        Some(team) => team.name(),
        None => "-",
    };
    let _ = writeln!(
        text,
        "  {name:NAME$} {team:^4}  {:6} {:>7}  {:5} {:6} {:5.2} {:4.0}% {:5.0} {:4.1}% {:7} {:7} {:4} {:4} {:5}",
        p.rounds,
        clock(i32::try_from(p.seconds).unwrap_or(i32::MAX)),
        p.kills,
        p.deaths,
        p.kd,
        p.efficiency,
        p.dpm,
        p.accuracy,
        p.damage_given,
        p.damage_received,
        p.headshots,
        p.revives,
        p.gibs
    );
}

fn clock(seconds: i32) -> String {
    let hours = seconds / 3600;
    if hours > 0 {
        format!("{hours}:{:02}:{:02}", seconds / 60 % 60, seconds % 60)
    } else {
        format!("{}:{:02}", seconds / 60, seconds % 60)
    }
}
