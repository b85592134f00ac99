//! Every card in every situation.

use fullhold_charts::cards::{
    EveningPlayers, EveningResult, MapPlay, MapWins, MatchCard, MatchLine, MatchTeam, Measure, PlayerLine, Profile,
    Record, Records, RoundCard, RoundLine, RoundTeam, Season, Series, Side, Sides, Skill, SkillPoint, Standing,
    TeamSheet, WeaponUse,
};
use fullhold_charts::{Attack, Day, Honour, Name, Picture, Score, Team, TimeOfDay, When};

use super::people::Chance;
use super::{ODD_NAMES, Person, Situation, people};

pub(crate) const MAPS: [&str; 8] = [
    "supply",
    "etl_adlernest",
    "sw_goldrush_te",
    "etl_sp_delivery",
    "te_escape2",
    "etl_frostbite",
    "erdenberg_t2",
    "a_map_with_a_name_that_never_seems_to_end_b4",
];

pub(crate) fn day(day: u8) -> Day {
    Day::new(2025, 11, day).expect("a day of November")
}

fn when() -> When {
    When { day: Some(day(1)), start: TimeOfDay::new(21, 13), end: TimeOfDay::new(0, 6) }
}

pub(crate) fn team_names(situation: Situation) -> [Name; 3] {
    match situation {
        Situation::OddNames => [Name::new("@everyone & friends of מכבי"), Name::new("^1Сне^5гири"), Name::new("漢字")],
        Situation::Extreme => [Name::new("W"), Name::new(&"W".repeat(40)), Name::new("")],
        _ => [Name::new("kolo"), Name::new("=VK="), Name::new("mrak")],
    }
}

fn points_of(index: usize, situation: Situation) -> Score {
    match (situation, index % 3) {
        (Situation::Draw, 0) => Score { a: 2, b: 0 },
        (Situation::Draw, 1) => Score { a: 0, b: 2 },
        (Situation::Draw, _) | (_, 2) => Score { a: 1, b: 1 },
        (Situation::Extreme, _) => Score { a: u64::MAX, b: 12_345_678 },
        (_, 0) => Score { a: 2, b: 0 },
        _ => Score { a: 0, b: 2 },
    }
}

fn play(index: usize, situation: Situation) -> MapPlay {
    let mut chance = Chance::new(index as u64 + 77);
    let limit = [720, 600, 720, 600][index % 4];
    let is_unknown = situation == Situation::NoTeams;
    let teams = match (is_unknown, index % 2) {
        (true, _) => [Team::Unknown; 2],
        (false, 0) => [Team::A, Team::B],
        _ => [Team::B, Team::A],
    };
    let is_done = chance.below(3) > 0;
    let seconds = if situation == Situation::Draw || !is_done { limit } else { 100 + chance.below(limit - 100) };
    let first = Attack { team: teams[0], seconds, limit, is_done: is_done && situation != Situation::Draw };
    let is_faster = chance.below(2) > 0;
    let second = Attack {
        team: teams[1],
        seconds: if is_faster { seconds * 4 / 5 } else { seconds },
        limit: seconds,
        is_done: is_faster,
    };
    let is_abandoned = index == 4 && matches!(situation, Situation::Draw | Situation::OddNames);
    MapPlay {
        map: MAPS[index % MAPS.len()].to_owned(),
        first: Some(if situation == Situation::Extreme {
            Attack { seconds: u64::MAX, limit: 1, ..first }
        } else {
            first
        }),
        second: (!is_abandoned).then_some(second),
        points: (!is_unknown && !is_abandoned).then(|| points_of(index, situation)),
        not_counted: is_abandoned.then(|| "round 2 was never played".to_owned()),
    }
}

fn side(name: &Name, people: &[Person], sheet: usize) -> Side {
    let tag = name.as_str().to_owned();
    let players = people.iter().filter(|person| person.sheet == sheet).map(|person| person.name.without_tag(&tag));
    Side { name: name.clone(), players: players.collect() }
}

fn series(situation: Situation, (from, count): (usize, usize), (a, b): (usize, usize)) -> Series {
    let people = people(situation);
    let names = team_names(situation);
    let maps: Vec<MapPlay> = (from..from + count).map(|index| play(index, situation)).collect();
    let points = maps.iter().filter_map(|map| map.points);
    let score = points.fold(Score { a: 0, b: 0 }, |sum, points| Score {
        a: sum.a.saturating_add(points.a),
        b: sum.b.saturating_add(points.b),
    });
    let sides = Sides { a: side(&names[a], &people, a), b: side(&names[b], &people, b), score };
    let sides = if situation == Situation::NoTeams {
        Err("4 of 6 players changed sides between maps".to_owned())
    } else {
        Ok(sides)
    };
    Series { sides, maps }
}

pub(crate) fn all_series(situation: Situation) -> Vec<Series> {
    match situation {
        Situation::NoData => Vec::new(),
        Situation::OnePlayer => vec![series(situation, (0, 1), (0, 1))],
        Situation::SeveralSeries => {
            vec![
                series(situation, (0, 3), (0, 1)),
                series(situation, (3, 4), (0, 2)),
                series(situation, (7, 2), (1, 2)),
            ]
        }
        Situation::SixtyFour => vec![series(situation, (0, 12), (0, 1)), series(situation, (12, 34), (0, 1))],
        _ => vec![series(situation, (0, 7), (0, 1))],
    }
}

pub(crate) fn honour(title: &str, person: &Person, value: &str, unit: &str) -> Honour {
    Honour {
        title: title.to_owned(),
        name: person.name.clone(),
        team: person.team,
        value: value.to_owned(),
        unit: unit.to_owned(),
    }
}

pub(crate) fn evening_result(situation: Situation) -> Picture {
    let people = people(situation);
    let value = if situation == Situation::Extreme { "18,446,744,073,709,551,615.0" } else { "110.2" };
    EveningResult {
        number: if situation == Situation::Extreme { u64::MAX } else { 39 },
        when: if situation == Situation::NoData { When::default() } else { when() },
        players: people.len(),
        series: all_series(situation),
        best: people.last().map(|person| honour("MVP of the evening", person, value, "")),
        second: people.first().map(|person| honour("MVP kolo", person, "93.7", "")),
    }
    .draw()
}

fn awards(people: &[Person]) -> Vec<Honour> {
    let titles = [
        ("Damage efficiency king", "1.66", "given / received"),
        ("Field medic", "43", "revives"),
        ("Chief engineer", "10", "built"),
        ("Headhunter", "13.7 %", "of hits to the head"),
        ("Playtime thief", "34:09", "denied"),
        ("Wrecking ball", "70", "gibs"),
    ];
    let person = |index: usize| people.get((index * 7) % people.len().max(1));
    titles
        .into_iter()
        .enumerate()
        .filter_map(|(index, (title, value, unit))| Some(honour(title, person(index)?, value, unit)))
        .collect()
}

pub(crate) fn evening_players(situation: Situation) -> Picture {
    let people = people(situation);
    let line = |person: &Person| PlayerLine {
        name: person.name.clone(),
        rounds: person.rounds,
        kills: person.kills,
        deaths: person.deaths,
        kd: person.kd(),
        dpm: person.given,
        accuracy: person.accuracy,
        head_hit: person.head_hit,
        revives: person.revives,
    };
    let names = team_names(situation);
    let sheet = |index: usize| TeamSheet {
        team: people.iter().find(|person| person.sheet == index).map_or(Team::Unknown, |person| person.team),
        name: (situation != Situation::NoTeams).then(|| names[index].clone()),
        tag: Some(["kolo", "=VK=", "mrak"][index].to_owned()),
        players: people.iter().filter(|person| person.sheet == index).map(line).collect(),
    };
    let evening = EveningPlayers {
        number: 39,
        when: when(),
        rounds: 14,
        teams: (0..3).map(sheet).collect(),
        awards: if situation == Situation::SixtyFour { Vec::new() } else { awards(&people) },
    };
    evening.draw(0)
}

fn parts() -> Vec<String> {
    ["evening 39, map 5 of 7", "23:11", "5 v 5"].map(str::to_owned).to_vec()
}

pub(crate) fn match_card(situation: Situation) -> Picture {
    let people = people(situation);
    let line = |(index, person): (usize, &Person)| MatchLine {
        name: person.name.clone(),
        is_mvp: index == 1,
        first: person.kills.zip(person.deaths).map(|(kills, deaths)| [kills / 2, deaths / 2]),
        second: person.kills.zip(person.deaths).map(|(kills, deaths)| [kills / 7, deaths / 9]),
        kills: person.kills,
        deaths: person.deaths,
        kd: person.kd(),
        dpm: person.given,
        given: person.given.map(|given| (given * 17.0) as u64),
        received: person.received.map(|received| (received * 17.0) as u64),
    };
    let names = team_names(situation);
    let team = |sheet: usize| MatchTeam {
        team: if matches!(situation, Situation::NoTeams | Situation::Extreme) {
            Team::Unknown
        } else {
            [Team::A, Team::B, Team::B][sheet]
        },
        name: (situation != Situation::NoTeams).then(|| names[sheet].clone()),
        tag: Some(["kolo", "=VK=", "mrak"][sheet].to_owned()),
        players: people.iter().filter(|person| person.sheet == sheet).enumerate().map(line).collect(),
    };
    let play = play(if situation == Situation::OddNames { 7 } else { 3 }, situation);
    let is_empty = situation == Situation::NoData;
    MatchCard {
        parts: parts(),
        map: play.map.clone(),
        score: if is_empty || situation == Situation::OnePlayer { None } else { play.points },
        first: if is_empty { None } else { play.first },
        second: if is_empty || situation == Situation::OnePlayer { None } else { play.second },
        teams: (0..3).map(team).collect(),
    }
    .draw()
}

pub(crate) fn round(situation: Situation) -> Picture {
    let people = people(situation);
    let line = |(index, person): (usize, &Person)| RoundLine {
        name: person.name.clone(),
        is_mvp: index == 0,
        kills: person.kills.map(|kills| kills / 8),
        deaths: person.deaths.map(|deaths| deaths / 8),
        kd: person.kd(),
        dpm: person.given,
        accuracy: person.accuracy,
        revives: person.revives.map(|revives| revives / 4),
        spree: person.kills.map(|kills| kills / 20),
        given: person.given.map(|given| (given * 9.0) as u64),
    };
    let names = team_names(situation);
    let team = |sheet: usize| RoundTeam {
        team: if matches!(situation, Situation::NoTeams | Situation::Extreme) {
            Team::Unknown
        } else {
            [Team::A, Team::B, Team::B][sheet]
        },
        name: (situation != Situation::NoTeams).then(|| names[sheet].clone()),
        tag: Some(["kolo", "=VK=", "mrak"][sheet].to_owned()),
        players: people.iter().filter(|person| person.sheet == sheet).enumerate().map(line).collect(),
    };
    let play = play(1, situation);
    let has_score = matches!(situation, Situation::Typical | Situation::Draw | Situation::Extreme);
    RoundCard {
        parts: parts(),
        map: play.map,
        round: if situation == Situation::Draw { 2 } else { 1 },
        attack: if situation == Situation::NoData { None } else { play.first },
        score: has_score.then(|| points_of(2, situation)),
        teams: (0..3).map(team).collect(),
    }
    .draw()
}

fn measure(value: Option<f64>, note: &str) -> Measure {
    Measure { value, rail: value.map(|_| 79.0), note: note.to_owned() }
}

pub(crate) fn skill_curve(count: usize) -> Vec<SkillPoint> {
    let mut chance = Chance::new(5);
    let mut value = 25.0;
    let point = |index: usize| {
        value += chance.below(100) as f64 / 40.0 - 1.3;
        SkillPoint { value, spread: 6.0 + 10.0 / (1.0 + index as f64 / 12.0) }
    };
    (0..count).map(point).collect()
}

pub(crate) fn profile(situation: Situation) -> Picture {
    let is_new = matches!(situation, Situation::NoData | Situation::OnePlayer | Situation::Unknown);
    let is_extreme = situation == Situation::Extreme;
    let name = match situation {
        Situation::OddNames => "^1Der ^3Mann ^5aus ^6Grosuplje ^7שלום ★漢★",
        Situation::SixtyFour => ODD_NAMES[2],
        Situation::NoTeams => ODD_NAMES[11],
        Situation::SeveralSeries => ODD_NAMES[0],
        Situation::Draw => ODD_NAMES[7],
        Situation::Extreme => ODD_NAMES[3],
        Situation::NoData => "",
        _ => "norr",
    };
    let value = |value: f64| match situation {
        Situation::NoData | Situation::Unknown => None,
        Situation::Extreme => Some(1e12),
        _ => Some(value),
    };
    let style = [71.0, 86.0, 78.0, 43.0, 21.0].map(|percentile| if is_new { None } else { Some(percentile) });
    let maps = MAPS.iter().enumerate().map(|(index, map)| MapWins {
        map: (*map).to_owned(),
        won: if is_extreme { u64::MAX } else { 12 - index as u64 },
        played: if is_extreme { u64::MAX } else { 31 - 2 * index as u64 },
    });
    let weapons =
        ["MP 40", "Thompson", "Grenade", "Luger", "Knife"].into_iter().enumerate().map(|(index, weapon)| WeaponUse {
            weapon: if index == 3 && is_extreme { "A weapon with a long name".to_owned() } else { weapon.to_owned() },
            kills: Some(if is_extreme { u64::MAX } else { 986 / (index as u64 + 1) }),
            accuracy: (index != 2).then_some(if is_extreme { f64::MAX } else { 41.4 }),
        });
    Profile {
        name: Name::new(name),
        rounds: if is_extreme {
            u64::MAX
        } else if situation == Situation::NoData {
            0
        } else if is_new {
            1
        } else {
            222
        },
        evenings: if is_extreme { u64::MAX } else { u64::from(situation != Situation::NoData) * 17 },
        hours: value(23.3),
        last_seen: (situation != Situation::NoData).then(|| day(11)),
        badges: if is_new {
            Vec::new()
        } else {
            ["1k kills", "100 rounds", "100 revives given"].map(str::to_owned).to_vec()
        },
        skill: (!is_new).then(|| Skill {
            matches: if is_extreme { u64::MAX } else { 109 },
            curve: if is_extreme {
                vec![SkillPoint { value: -1e9, spread: 1e12 }; 3]
            } else {
                skill_curve(if situation == Situation::Draw { 1 } else { 109 })
            },
        }),
        kd: measure(
            value(if is_new { 0.0 } else { 1.16 }),
            if is_new { "0 kills, 4 deaths" } else { "better than 79 %" },
        ),
        dpm: measure(value(306.0), if is_new { "from 20 rounds" } else { "better than 79 %" }),
        match_win: measure(
            if is_new { None } else { value(51.0) },
            if is_new { "no full match yet" } else { "56 W 5 D 48 L" },
        ),
        head_hit: measure(
            if is_new { None } else { value(12.5) },
            if is_new { "not in these files" } else { "better than 64 %" },
        ),
        style,
        pool: 15,
        maps: if is_new { Vec::new() } else { maps.collect() },
        weapons: if situation == Situation::NoData { Vec::new() } else { weapons.collect() },
    }
    .draw()
}

pub(crate) fn season(situation: Situation) -> Picture {
    let people = people(situation);
    let mut ranked: Vec<&Person> = people.iter().collect();
    ranked.sort_by(|a, b| b.given.partial_cmp(&a.given).unwrap_or(std::cmp::Ordering::Equal));
    let standings = ranked.iter().map(|person| Standing {
        name: person.name.clone(),
        skill: person.given.map(|given| given / 10.0),
        dpm: person.given,
        kills: person.kills,
        kd: person.kd(),
        match_win: person.accuracy,
        rounds: person.rounds,
    });
    let titles = [("Skill champion", "31.4"), ("DPM champion", "330"), ("Most kills", "12,345")];
    let champions = titles.iter().zip(&ranked).map(|((title, value), person)| honour(title, person, value, ""));
    let past = [("2025-Q3", "29.8"), ("2025-Q2", "30.2"), ("All time", "33.1")];
    let past =
        past.iter().zip(ranked.iter().rev()).map(|((title, value), person)| honour(title, person, value, "skill"));
    Season {
        name: if situation == Situation::Extreme {
            "A season with a name of its own, and a long one".to_owned()
        } else {
            "2025-Q4".to_owned()
        },
        days: Day::new(2025, 10, 1).zip(Day::new(2025, 12, 31)).map(|(first, last)| [first, last]),
        days_left: match situation {
            Situation::Draw => Some(0),
            Situation::NoTeams => None,
            Situation::Extreme => Some(u64::MAX),
            _ => Some(37),
        },
        passed: Some(if situation == Situation::Extreme { f64::NAN } else { 0.6 }),
        champions: champions.collect(),
        standings: standings.collect(),
        players: people.len(),
        gate: "from 50 rounds".to_owned(),
        past: past.collect(),
    }
    .draw()
}

pub(crate) fn records(situation: Situation) -> Picture {
    let people = people(situation);
    let metrics = [
        ("Kills", "47"),
        ("DPM", "612"),
        ("Damage", "12,345"),
        ("Accuracy %", "58.3"),
        ("Revives", "21"),
        ("Spree", "19"),
        ("Fastest", "1:18"),
    ];
    let record = |(index, (metric, value)): (usize, &(&str, &str))| {
        let person = people.get(index % people.len().max(1))?;
        let value = match situation {
            Situation::Extreme => Some("18,446,744,073,709,551,615".to_owned()),
            Situation::Unknown => None,
            _ => Some((*value).to_owned()),
        };
        let map = MAPS[(index + 3) % MAPS.len()].to_owned();
        Some(Record {
            metric: (*metric).to_owned(),
            value,
            name: person.name.clone(),
            map,
            day: Some(day(1 + index as u8)),
        })
    };
    let times = if situation == Situation::SixtyFour { 3 } else { 1 };
    let rounds: Vec<Record> = (0..times).flat_map(|_| metrics.iter().enumerate().filter_map(record)).collect();
    let matches = rounds.iter().take(if situation == Situation::SixtyFour { 20 } else { 3 }).cloned().collect();
    Records { parts: vec!["all maps".to_owned(), "3,766 valid rounds".to_owned()], rounds, matches }.draw()
}
