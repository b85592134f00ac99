//! Two or three players side by side, and two of them together against apart.

use fullhold_analytics::formula_table as f;
use fullhold_analytics::{Formula, Measure, Totals, synergy};
use fullhold_charts::charts::{Compared, Comparison as Chart, Met};
use fullhold_charts::{Name, Picture};
use fullhold_stats_file::Guid;

use super::people::People;
use super::sheet;
use crate::catalogue::Catalogue;
use crate::reply::{Cell, Reply, Table, Text};

/// Which of two values is the better one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Better {
    /// The higher.
    High,
    /// The lower.
    Low,
    /// Neither: it only says how much somebody played.
    None,
}

const LINES: &[(&Formula, Better)] = &[
    (&f::ROUNDS, Better::None),
    (&f::HOURS, Better::None),
    (&f::WIN_RATE, Better::High),
    (&f::KD, Better::High),
    (&f::EFFICIENCY, Better::High),
    (&f::DPM, Better::High),
    (&f::KPR, Better::High),
    (&f::DPR, Better::Low),
    (&f::ACCURACY, Better::High),
    (&f::HEAD_HIT_PERCENT, Better::High),
    (&f::HEADSHOT_KILL_PERCENT, Better::High),
    (&f::DAMAGE_EFFICIENCY, Better::High),
    (&f::REVIVES_PER_ROUND, Better::High),
    (&f::OBJECTIVES_PER_ROUND, Better::High),
    (&f::GIBS_PER_ROUND, Better::High),
    (&f::USEFUL_KILL_PERCENT, Better::High),
    (&f::DENIED_PER_MINUTE, Better::High),
    (&f::BEST_SPREE, Better::High),
    (&f::TEAM_DAMAGE, Better::Low),
];

/// Numbers that the chart has.
const DRAWN: usize = 12;

/// Two or three players.
#[derive(Clone, Copy, Debug)]
pub struct Comparison<'a> {
    /// The players with their sums, in the order in which they were asked for.
    pub players: &'a [(Guid, Totals)],
    /// How they are shown.
    pub people: &'a People,
    /// The first two in one team: the first one's sums of matches with and without the second.
    pub together: Option<(Totals, Totals)>,
    /// The first two against each other: the first one's sums of those matches.
    pub against: Option<Totals>,
}

impl Comparison<'_> {
    /// Everything side by side; the best value of a line is marked, of equal ones all.
    #[must_use]
    pub fn reply(&self, texts: &Catalogue) -> Reply {
        let mut title = Text::default();
        for (index, (guid, _)) in self.players.iter().enumerate() {
            title = title.then(&Text::plain(if index == 0 { "" } else { " – " })).then(&self.people.name(*guid));
        }
        let mut table = Table::new("compare", Text::default()).column("what", texts.say("column-what", &[]));
        for (guid, _) in self.players {
            table = table.column(&self.people.key(*guid), self.people.name(*guid));
        }
        for (formula, better) in LINES {
            let values: Vec<Option<f64>> = self.players.iter().map(|(_, totals)| formula.of(totals)).collect();
            let best = best_of(&values, *better);
            let mut row = vec![Cell::Text(sheet::name(formula, texts))];
            row.extend(values.into_iter().map(|value| {
                let cell = Cell::number(value, formula.measure);
                if best.is_some() && shown_as(value, formula.measure) == shown_as(best, formula.measure) {
                    cell.marked()
                } else {
                    cell
                }
            }));
            table = table.row(row);
        }
        Reply::new(title).table(table).text(self.met(texts)).footer(texts.say("compare-mark", &[]))
    }

    /// The same as a chart.
    #[must_use]
    pub fn chart(&self, texts: &Catalogue) -> Picture {
        let row = |(formula, better): &(&Formula, Better)| Compared {
            label: sheet::name(formula, texts).to_plain(),
            values: self.players.iter().map(|(_, totals)| formula.of(totals)).collect(),
            places: match formula.measure {
                Measure::Ratio => 2,
                Measure::Percent | Measure::Index => 1,
                Measure::Count | Measure::Rate | Measure::Seconds => 0,
            },
            is_lower_better: *better == Better::Low,
        };
        let rows = LINES.iter().filter(|(_, better)| *better != Better::None).take(DRAWN).map(row).collect();
        let matches = |totals: &Totals| u64::try_from(totals.matches()).unwrap_or_default();
        let together = self.together.map(|(together, _)| together);
        let is_met = together.is_some() || self.against.is_some();
        let met = is_met.then(|| Met {
            together: together.as_ref().map_or(0, matches),
            together_won: together.as_ref().and_then(|totals| f::WIN_RATE.of(totals)),
            against: self.against.as_ref().map_or(0, matches),
            first_won: self.against.as_ref().and_then(|totals| f::WIN_RATE.of(totals)),
        });
        let names = self.players.iter().map(|(guid, _)| Name::plain(&self.people.name(*guid).to_plain()));
        Chart { players: names.collect(), rows, met }.draw()
    }

    /// Matches together and against each other.
    fn met(&self, texts: &Catalogue) -> Text {
        let mut text = Text::default();
        let of = |id: &str, totals: &Totals| {
            let rate = Cell::of(&f::WIN_RATE, totals).shown();
            let dpm = Cell::of(&f::DPM, totals).shown();
            texts.say(
                id,
                &[("matches", totals.matches().into()), ("rate", rate.as_str().into()), ("dpm", dpm.as_str().into())],
            )
        };
        if let Some((together, _)) = &self.together {
            text = of("compare-together", together);
        }
        if let Some(against) = &self.against {
            let separator = if text.is_empty() { "" } else { "\n" };
            text = text.then(&Text::plain(separator)).then(&of("compare-against", against));
        }
        text
    }

    /// What the two win together and apart.
    #[must_use]
    pub fn synergy(&self, texts: &Catalogue) -> Reply {
        let names: Vec<Guid> = self.players.iter().map(|(guid, _)| *guid).collect();
        let title = texts.say("synergy-title", &[("names", self.people.list(&names).into())]);
        let (together, apart) = self.together.unwrap_or_default();
        match synergy(&together, &apart) {
            Err(not_enough) => Reply::new(title).text(
                texts.say("synergy-not-enough", &[("has", not_enough.has.into()), ("to_go", not_enough.to_go.into())]),
            ),
            Ok(found) => {
                let percent = |share: f64| Cell::number(Some(100.0 * share), Measure::Percent);
                let row = |id: &str, matches: Cell, value: Cell, low: Cell, high: Cell, dpm: Option<f64>| {
                    vec![Cell::Text(texts.say(id, &[])), matches, value, low, high, Cell::number(dpm, Measure::Rate)]
                };
                let table = Table::new("synergy", Text::default())
                    .column("what", texts.say("column-what", &[]))
                    .column("matches", texts.say("short-matches", &[]))
                    .column("win_rate", texts.say("short-win_rate", &[]))
                    .column("low", texts.say("column-low", &[]))
                    .column("high", texts.say("column-high", &[]))
                    .column("dpm", texts.say("short-dpm", &[]));
                let shares = [
                    ("synergy-together", found.matches_together, found.wins_together, found.dpm_together),
                    ("synergy-apart", found.matches_apart, found.wins_apart, found.dpm_apart),
                ];
                let table = shares.into_iter().fold(table, |table, (id, matches, wins, dpm)| {
                    let (value, low, high) = (percent(wins.value), percent(wins.low), percent(wins.high));
                    table.row(row(id, Cell::count(matches), value, low, high, dpm))
                });
                let gain = found.gain;
                let id = if gain.low > 0.0 {
                    "synergy-better"
                } else if gain.high < 0.0 {
                    "synergy-worse"
                } else {
                    "synergy-unproved"
                };
                let gain = Cell::number(Some(100.0 * gain.value), Measure::Percent).shown();
                Reply::new(title).table(table).text(texts.say(id, &[("gain", gain.as_str().into())]))
            }
        }
    }
}

fn best_of(values: &[Option<f64>], better: Better) -> Option<f64> {
    let known = values.iter().flatten().copied();
    match better {
        Better::High => known.max_by(f64::total_cmp),
        Better::Low => known.min_by(f64::total_cmp),
        Better::None => None,
    }
}

/// Values that are read alike are a tie.
fn shown_as(value: Option<f64>, measure: Measure) -> Option<String> {
    value.map(|value| measure.show(value))
}
