//! Every chart in every situation.

use fullhold_charts::charts::{
    Accuracy, AccuracyRow, Compared, Comparison, Damage, DamageRow, Form, FormLine, FormPoint, MapRate, MapRates, Met,
    OverRounds, Played, PlayedRow, Playstyle, Quantity, RatedMatch, Rating, RoundsOfPlayer, ScoreChart, ScoreSeries,
    ScoreStep, Style, Tally, TallyRow,
};
use fullhold_charts::{Day, Name, Picture};

use super::cards::{MAPS, all_series};
use super::people::Chance;
use super::profiles::skill_curve;
use super::{ODD_NAMES, Person, Situation, people};

fn evening() -> Vec<String> {
    vec!["evening 39".to_owned()]
}

pub(crate) fn damage(situation: Situation) -> Picture {
    let row = |person: Person| DamageRow {
        name: person.name,
        team: person.team,
        given: person.given,
        received: person.received,
    };
    Damage { parts: evening(), rows: people(situation).into_iter().map(row).collect() }.draw(0)
}

pub(crate) fn dpm(situation: Situation) -> Picture {
    let row = |person: Person| TallyRow { name: person.name, team: person.team, value: person.given, second: None };
    Tally {
        title: "DPM".to_owned(),
        unit: "damage per minute".to_owned(),
        second: String::new(),
        parts: evening(),
        rows: people(situation).into_iter().map(row).collect(),
    }
    .draw(0)
}

pub(crate) fn kills(situation: Situation) -> Picture {
    let row = |person: Person| TallyRow {
        second: person.kd(),
        value: person.kills.map(|kills| kills as f64),
        name: person.name,
        team: person.team,
    };
    Tally {
        title: "Kills".to_owned(),
        unit: "kills".to_owned(),
        second: "K/D".to_owned(),
        parts: evening(),
        rows: people(situation).into_iter().map(row).collect(),
    }
    .draw(0)
}

pub(crate) fn time(situation: Situation) -> Picture {
    let row = |person: Person| PlayedRow {
        name: person.name,
        team: person.team,
        played: person.played,
        dead: person.dead,
        denied: person.denied,
    };
    Played { parts: evening(), rows: people(situation).into_iter().map(row).collect() }.draw(0)
}

pub(crate) fn accuracy(situation: Situation) -> Picture {
    let row = |person: Person| AccuracyRow {
        name: person.name,
        team: person.team,
        accuracy: person.accuracy,
        head_hit: person.head_hit,
    };
    Accuracy { parts: evening(), rows: people(situation).into_iter().map(row).collect() }.draw(0)
}

fn by_round(situation: Situation, quantity: Quantity) -> Picture {
    let rounds = match situation {
        Situation::SixtyFour => 100,
        Situation::OnePlayer => 1,
        _ => 14,
    };
    let row = |(index, person): (usize, Person)| {
        let mut chance = Chance::new(index as u64 + 3);
        let overall = if quantity == Quantity::Kd { person.kd() } else { person.given };
        let value = |round: usize| {
            let is_absent = (index * 5 + round).is_multiple_of(11) && situation != Situation::OnePlayer;
            let is_even = matches!(situation, Situation::Draw | Situation::OnePlayer);
            let share = if is_even { 1.0 } else { chance.below(200) as f64 / 100.0 };
            overall.filter(|_| !is_absent).map(|overall| overall * share)
        };
        RoundsOfPlayer { rounds: (0..rounds).map(value).collect(), overall, name: person.name, team: person.team }
    };
    let rows = people(situation).into_iter().enumerate().map(row).collect();
    OverRounds { quantity, parts: evening(), rows }.draw(0)
}

pub(crate) fn kd_by_round(situation: Situation) -> Picture {
    by_round(situation, Quantity::Kd)
}

pub(crate) fn dpm_by_round(situation: Situation) -> Picture {
    by_round(situation, Quantity::Dpm)
}

/// One to three players of a situation.
fn few(situation: Situation) -> Vec<Name> {
    match situation {
        Situation::OnePlayer => vec![Name::new("Снегирь_77")],
        Situation::NoData => Vec::new(),
        Situation::SixtyFour | Situation::SeveralSeries => {
            ["rustbelt", "norr", "^3mrak ^70din"].map(Name::new).to_vec()
        }
        Situation::OddNames => [ODD_NAMES[2], ODD_NAMES[11]].map(Name::new).to_vec(),
        Situation::Extreme => [ODD_NAMES[3], "i", ""].map(Name::new).to_vec(),
        _ => ["rustbelt", "norr"].map(Name::new).to_vec(),
    }
}

pub(crate) fn playstyle(situation: Situation) -> Picture {
    let style = |(index, name): (usize, Name)| {
        let mut chance = Chance::new(index as u64 + 9);
        let mut axis = |_: f64| match situation {
            Situation::Unknown => None,
            Situation::Extreme => Some([1e300, -5.0, f64::NAN][index]),
            Situation::Draw => Some(50.0),
            _ => Some(20.0 + chance.below(78) as f64),
        };
        let mut percentiles = [50.0; 5].map(&mut axis);
        // Whoever is further along an axis has the larger number.
        let usual = [10.9, 34.3, 79.0, 1.59, 0.52];
        let mut values =
            [0, 1, 2, 3, 4].map(|axis| percentiles[axis].map(|part: f64| usual[axis] * (0.8 + part / 250.0)));
        if situation == Situation::OnePlayer {
            percentiles[2] = None;
            percentiles[4] = None;
            values[2] = None;
            values[4] = None;
        }
        Style { name, percentiles, values }
    };
    let players = few(situation).into_iter().enumerate().map(style).collect();
    Playstyle { players, pool: 15, gate: "20 rounds or more".to_owned() }.draw()
}

fn evening_of(index: usize) -> Day {
    let (month, day) = (index / 9 % 12, index % 9 * 3);
    Day::new(2025 + i32::try_from(index / 108).expect("small"), month as u8 + 1, day as u8 + 1).expect("a day")
}

pub(crate) fn form(situation: Situation) -> Picture {
    let evenings = match situation {
        Situation::OnePlayer => 1,
        Situation::SixtyFour => 140,
        Situation::NoData => 0,
        _ => 17,
    };
    let line = |(index, name): (usize, Name)| {
        let mut chance = Chance::new(index as u64 + 21);
        let mut value = |_: usize| match situation {
            Situation::Unknown => None,
            Situation::Extreme => Some([1e300, -1e300, f64::NAN][index]),
            Situation::Draw => Some(250.0),
            _ => Some(180.0 + chance.below(150) as f64),
        };
        let points: Vec<FormPoint> =
            (0..evenings).map(|evening| FormPoint { day: evening_of(evening), value: value(evening) }).collect();
        FormLine { name, points }
    };
    let lines = few(situation);
    let lines = if situation == Situation::Typical { lines.into_iter().take(1).collect() } else { lines };
    Form { quantity: "DPM".to_owned(), places: 0, lines: lines.into_iter().enumerate().map(line).collect() }.draw()
}

pub(crate) fn maps(situation: Situation) -> Picture {
    let count = match situation {
        Situation::NoData => 0,
        Situation::OnePlayer => 1,
        Situation::SixtyFour => 64,
        _ => 7,
    };
    let rate = |index: usize| {
        let mut chance = Chance::new(index as u64 + 31);
        let mut value = || match situation {
            Situation::Unknown => None,
            Situation::Extreme => Some([f64::MAX, -3.0, f64::NAN, 0.0, 100.0][index % 5]),
            Situation::Draw => Some(50.0),
            _ => Some(chance.below(1000) as f64 / 10.0),
        };
        let played = if situation == Situation::Extreme { u64::MAX } else { 40 - index as u64 % 30 };
        MapRate { map: MAPS[index % MAPS.len()].to_owned(), attack: value(), defence: value(), played }
    };
    let name = (situation != Situation::NoTeams)
        .then(|| Name::new(if situation == Situation::OddNames { ODD_NAMES[10] } else { "norr" }));
    MapRates { name, parts: vec!["all time".to_owned()], maps: (0..count).map(rate).collect() }.draw()
}

pub(crate) fn rating(situation: Situation) -> Picture {
    let count = match situation {
        Situation::NoData | Situation::Unknown => 0,
        Situation::OnePlayer => 1,
        Situation::SixtyFour => 2_000,
        Situation::NoTeams => 8,
        _ => 109,
    };
    let matches = skill_curve(count).into_iter().enumerate().map(|(index, point)| {
        let (value, spread) = match situation {
            Situation::Extreme => ([1e300, -1e300, f64::NAN][index % 3], 1e9),
            Situation::Draw => (25.0, 8.0),
            _ => (point.value, point.spread),
        };
        RatedMatch { value, spread, day: Some(evening_of(index / 7)) }
    });
    let name = match situation {
        Situation::OddNames => ODD_NAMES[11],
        Situation::OnePlayer => ODD_NAMES[3],
        _ => "norr",
    };
    Rating { name: Name::new(name), matches: matches.collect(), start: 25.0, provisional: 10 }.draw()
}

pub(crate) fn score(situation: Situation) -> Picture {
    let series = all_series(situation).into_iter().map(|series| ScoreSeries {
        names: series.sides.ok().map(|sides| [sides.a.name, sides.b.name]),
        steps: series.maps.into_iter().map(|map| ScoreStep { map: map.map, points: map.points }).collect(),
    });
    ScoreChart { parts: evening(), series: series.collect() }.draw()
}

pub(crate) fn comparison(situation: Situation) -> Picture {
    let players = few(situation);
    let labels = [
        ("K/D", 2, 1.16),
        ("DPM", 0, 306.0),
        ("Match win %", 1, 51.3),
        ("Accuracy %", 1, 34.3),
        ("Head-hit %", 1, 12.5),
        ("Deaths / round", 1, 9.7),
        ("Revives", 0, 217.0),
        ("Skill", 1, 20.3),
    ];
    let row = |(index, (label, places, value)): (usize, (&str, usize, f64))| Compared {
        label: label.to_owned(),
        values: (0..players.len())
            .map(|player| match situation {
                Situation::Unknown => None,
                Situation::Extreme => Some([f64::MAX, -1e300, f64::NAN][player]),
                Situation::Draw => Some(value),
                _ => Some(value * (0.8 + 0.1 * ((index * 2 + player * 3) % 5) as f64)),
            })
            .collect(),
        places,
        is_lower_better: label.starts_with("Deaths"),
    };
    let rows = labels.into_iter().enumerate().map(row).collect();
    let met = Met { together: 34, together_won: Some(56.0), against: 12, first_won: Some(58.3) };
    Comparison { met: (players.len() > 1 && situation != Situation::Unknown).then_some(met), players, rows }.draw()
}
