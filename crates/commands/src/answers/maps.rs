//! Maps: how often they are played, how they end, how fast, and who is best on one.

use std::collections::BTreeMap;

use fullhold_analytics::formula_table as f;
use fullhold_analytics::{Formula, Measure, Totals};
use fullhold_charts::Picture;
use fullhold_charts::charts::{MapRate, MapRates};
use fullhold_stats_file::Guid;

use super::people::People;
use super::sheet;
use crate::catalogue::Catalogue;
use crate::reply::{Action, Button, Cell, Reply, Table, Text};
use crate::words::quoted;

/// Players that are shown as the best of a map.
const BEST: usize = 10;
const COLUMNS: &[&Formula] = &[&f::DPM, &f::KD, &f::WIN_RATE, &f::ROUNDS];

/// A map in the list of maps.
#[derive(Clone, Debug, PartialEq)]
pub struct MapLine {
    /// Its name.
    pub map: String,
    /// Matches played.
    pub plays: i64,
    /// Share of attacks that reached their goal, in percent.
    pub attack_wins: Option<f64>,
    /// Share of attacks that were held, in percent.
    pub held: Option<f64>,
    /// Median and best time of attacks that reached their goal, in seconds.
    pub times: Option<(f64, f64)>,
}

/// Maps, in the order given.
#[must_use]
pub fn maps(title: Text, maps: &[MapLine], texts: &Catalogue) -> Reply {
    if maps.is_empty() {
        return Reply::new(title).text(texts.say("maps-none", &[]));
    }
    let table = Table::new("maps", Text::default())
        .column("map", texts.say("column-map", &[]))
        .column("plays", texts.say("column-plays", &[]))
        .column("attack_wins", texts.say("column-attack-wins", &[]))
        .column("held", texts.say("column-held", &[]))
        .column("median", texts.say("column-median", &[]))
        .column("record", texts.say("column-record", &[]));
    let table = maps.iter().fold(table, |table, line| {
        table.row(vec![
            Cell::name(&line.map),
            Cell::count(line.plays),
            Cell::number(line.attack_wins, Measure::Percent),
            Cell::number(line.held, Measure::Percent),
            Cell::number(line.times.map(|(median, _)| median), Measure::Seconds),
            Cell::number(line.times.map(|(_, record)| record), Measure::Seconds),
        ])
    });
    Reply::new(title).table(table)
}

/// Who is best on a map, by DPM: of those with at least half as many rounds on it as the busiest. With what can be asked
/// next of the map.
#[must_use]
pub fn best_on_map(
    reply: Reply,
    map: &str,
    sums: &BTreeMap<Guid, Totals>,
    people: &People,
    texts: &Catalogue,
) -> Reply {
    let busiest = sums.values().map(|totals| totals.rounds).max().unwrap_or_default();
    let mut rows = sheet::by(&f::DPM, sums);
    rows.retain(|(_, totals)| 2 * totals.rounds >= busiest);
    rows.truncate(BEST);
    let title = texts.say("map-best", &[]);
    let map = quoted(map);
    let asked = [
        ("map-records", format!("records map:{map}")),
        ("map-board-dpm", format!("leaderboard dpm map:{map}")),
        ("map-board-wins", format!("leaderboard wins map:{map}")),
    ];
    let reply = reply
        .table(sheet::players("best", title, &rows, COLUMNS, people, texts))
        .footer(texts.say("map-best-who", &[]));
    asked
        .into_iter()
        .fold(reply, |reply, (label, line)| reply.action(Action::Button(Button::new(texts.say(label, &[]), line))))
}

/// How often attackers win on each map, as a chart.
#[must_use]
pub fn map_rates(lines: &[MapLine], parts: Vec<String>) -> Picture {
    let rate = |line: &MapLine| MapRate {
        map: line.map.clone(),
        attack: line.attack_wins,
        defence: line.held,
        played: u64::try_from(line.plays).unwrap_or_default(),
    };
    MapRates { name: None, parts, maps: lines.iter().map(rate).collect() }.draw()
}
