//! Properties: what is written is read back equal, and no bytes whatever make the parser panic.
#![expect(clippy::unwrap_used, reason = "test support")]

use std::collections::BTreeSet;

use fullhold_stats_file::{
    Era, FIELDS, Field, FileName, Guid, Header, LineError, ParseError, PlayerLine, Problem, RoundNumber, Seconds, Side,
    Slot, Stamp, StatsFile, Unit, Weapon, WeaponCounts, parse, write,
};
use proptest::collection::vec;
use proptest::prelude::*;

/// The largest count that nine digits write.
const MOST: i32 = 999_999_999;

fn stamp() -> impl Strategy<Value = Stamp> {
    (1970_i16..=2099, 1_u8..=12, 1_u8..=28, 0_u8..24, 0_u8..60, 0_u8..60)
        .prop_map(|(year, month, day, hour, minute, second)| Stamp { year, month, day, hour, minute, second })
}

fn file_name() -> impl Strategy<Value = FileName> {
    (stamp(), "[a-z][a-z0-9_.-]{0,15}(-round-1)?", prop_oneof![Just(RoundNumber::One), Just(RoundNumber::Two)])
        .prop_map(|(stamp, map, round)| FileName { stamp, map, round })
}

fn side() -> impl Strategy<Value = Side> {
    prop_oneof![Just(Side::Axis), Just(Side::Allies)]
}

fn header() -> impl Strategy<Value = Header> {
    let play_time = prop_oneof![
        Just((false, None)),
        Just((true, None)),
        prop_oneof![1..=20_i32, 1..=999_999_i32].prop_map(|seconds| (true, Some(Seconds(seconds)))),
    ];
    let texts = ("[ -\\[\\]-~]{0,40}", "[a-z0-9]{0,12}");
    (texts, side(), proptest::option::of(side()), 0..=MOST, 0..=MOST, play_time).prop_map(
        |((server_name, config), defender, winner, limit, next, (has_play_time, play_time))| Header {
            server_name,
            map: String::new(),
            config,
            round: RoundNumber::One,
            defender,
            winner,
            time_limit: Seconds(limit),
            next_time_limit: Seconds(next),
            play_time,
            has_play_time,
        },
    )
}

fn slot() -> impl Strategy<Value = Slot> {
    prop_oneof![
        Just(Slot::Free),
        Just(Slot::Spectator),
        Just(Slot::Playing(Side::Axis)),
        Just(Slot::Playing(Side::Allies))
    ]
}

/// Small numbers mostly, and the largest that are allowed.
fn count() -> impl Strategy<Value = i32> {
    prop_oneof![4 => 0..200_i32, 2 => 0..100_000_i32, 1 => 0..=MOST]
}

fn weapons() -> impl Strategy<Value = Vec<(usize, [i32; 5])>> {
    vec((0..28_usize, [count(), count(), count(), count(), count()]), 0..8)
}

/// Names as a game lets people choose them: colour codes, backslashes, quotes, other scripts.
fn name() -> impl Strategy<Value = String> {
    prop_oneof!["[ -~]{0,35}", "(\\^[0-9a-z/?*^\\\\]|[a-zA-Z!?&:/()`*@_\\\\ ]){0,12}", "[é-žА-я☃\\\\^1 ]{0,12}"]
}

fn player(era: Era) -> impl Strategy<Value = PlayerLine> {
    let guid = prop_oneof![6 => "[0-9A-F]{8}", 1 => Just("OMNIBOT0".to_owned()), 1 => "[0-9A-Z]{0,12}"];
    let numbers = vec(count(), FIELDS.len());
    (guid, name(), 0..=MOST, slot(), weapons(), numbers, any::<bool>()).prop_map(
        move |(guid, name, rounds, slot, weapons, numbers, negative)| {
            let mut line = PlayerLine::new(Guid::new(&guid).unwrap(), &name, rounds, slot, era);
            for (slot, [hits, shots, kills, deaths, headshots]) in weapons {
                let weapon = Weapon::ALL.into_iter().nth(slot).unwrap();
                let shots = if weapon.shots_may_decrease() && negative { -shots } else { shots };
                line.set_weapon(weapon, WeaponCounts { hits, shots, kills, deaths, headshots });
            }
            for (spec, number) in FIELDS.iter().zip(numbers) {
                let negated = negative && spec.unit == Unit::Points;
                line.set(spec.field, if negated { -number } else { number });
            }
            // The writer has it so, and the parser recognises a cut last number by it.
            line.set(Field::RevivesGiven, line.weapon(Weapon::Syringe).hits);
            line
        },
    )
}

fn era() -> impl Strategy<Value = Era> {
    prop_oneof![Just(Era::Fields33), Just(Era::Fields36), Just(Era::Fields37), Just(Era::Fields38), Just(Era::Prefix28)]
}

fn file_of(era: Era, players: std::ops::Range<usize>) -> impl Strategy<Value = StatsFile> {
    (file_name(), header(), vec(player(era), players)).prop_map(|(name, mut header, mut players)| {
        header.map.clone_from(&name.map);
        header.round = name.round;
        let mut seen = BTreeSet::new();
        players.retain(|p| seen.insert(p.identity()));
        for (line, player) in (2..).zip(&mut players) {
            player.line = line;
        }
        StatsFile { name, header, players, rejected: Vec::new() }
    })
}

fn file() -> impl Strategy<Value = StatsFile> {
    era().prop_flat_map(|era| file_of(era, 0..10))
}

fn known_file(players: std::ops::Range<usize>) -> impl Strategy<Value = StatsFile> {
    let era = prop_oneof![Just(Era::Fields33), Just(Era::Fields36), Just(Era::Fields37), Just(Era::Fields38)];
    era.prop_flat_map(move |era| file_of(era, players.clone()))
}

fn with_crlf(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().flat_map(|b| if *b == b'\n' { b"\r\n".to_vec() } else { vec![*b] }).collect()
}

fn is_partial(result: &Result<StatsFile, ParseError>) -> bool {
    matches!(result, Err(ParseError { problem: Problem::Partial { .. }, .. }))
}

/// Somewhere below `length`.
fn place(at: prop::sample::Index, length: usize) -> usize {
    if length == 0 { 0 } else { at.index(length) }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn what_is_written_reads_equal(file in file()) {
        prop_assert_eq!(parse(&file.name, &write(&file)), Ok(file));
    }

    #[test]
    fn crlf_line_ends_read_equal(file in file()) {
        prop_assert_eq!(parse(&file.name, &with_crlf(&write(&file))), Ok(file));
    }

    #[test]
    fn a_missing_last_line_feed_reads_equal(file in known_file(1..10)) {
        let bytes = write(&file);
        let (_, without) = bytes.split_last().unwrap();
        prop_assert_eq!(parse(&file.name, without), Ok(file));
    }

    #[test]
    fn players_may_stand_in_any_order(file in known_file(2..10), turn in any::<prop::sample::Index>()) {
        let mut turned = file.clone();
        turned.players.rotate_left(turn.index(file.players.len()));
        let key = |p: &PlayerLine| p.identity();
        let mut read = parse(&file.name, &write(&turned)).unwrap().players;
        read.iter_mut().for_each(|p| p.line = 0);
        read.sort_by_key(key);
        let mut players = file.players;
        players.iter_mut().for_each(|p| p.line = 0);
        players.sort_by_key(key);
        prop_assert_eq!(read, players);
    }

    /// A cut behind a whole line cannot be seen. A cut elsewhere is, with an era that says so, or
    /// at the very end, where only the line feed is missing.
    #[test]
    fn a_cut_file_never_gives_wrong_numbers(file in file_of(Era::Fields38, 3..8), at in any::<prop::sample::Index>()) {
        let bytes = write(&file);
        let first_lines = bytes.iter().enumerate().filter(|(_, b)| **b == b'\n').nth(1).map(|(i, _)| i).unwrap();
        let cut = first_lines + 1 + place(at, bytes.len() - first_lines - 1);
        let result = parse(&file.name, bytes.get(..cut).unwrap());
        match result {
            Ok(read) => prop_assert!(file.players.starts_with(&read.players), "cut at {cut} of {}", bytes.len()),
            Err(_) => prop_assert!(is_partial(&result), "{result:?}"),
        }
    }

    #[test]
    fn a_cut_header_is_never_taken(file in file(), at in any::<prop::sample::Index>()) {
        let bytes = write(&file);
        let header = bytes.iter().position(|b| *b == b'\n').unwrap();
        prop_assert!(parse(&file.name, bytes.get(..place(at, header + 1)).unwrap()).is_err());
    }

    #[test]
    fn errors_point_into_the_file(file in file(), edits in vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)) {
        let mut bytes = write(&file);
        for (at, byte) in edits {
            let at = place(at, bytes.len());
            bytes[at] = byte;
        }
        let lines: Vec<&[u8]> = bytes.split(|b| *b == b'\n').collect();
        let inside = |line: u32, column: u32| {
            let line = lines.get(usize::try_from(line).unwrap().wrapping_sub(1));
            line.is_some_and(|line| (1..=line.len() + 1).contains(&usize::try_from(column).unwrap()))
        };
        match parse(&file.name, &bytes) {
            Ok(read) => for LineError { line, column, problem } in read.rejected {
                prop_assert!(inside(line, column), "{line}:{column}: {problem}");
            },
            Err(ParseError { line, column, problem, .. }) => {
                prop_assert!(inside(line, column), "{line}:{column}: {problem}");
            }
        }
    }

    #[test]
    fn random_bytes_do_not_panic(bytes in vec(any::<u8>(), 0..600)) {
        let name: FileName = "2025-10-02-211808-supply-round-1.txt".parse().unwrap();
        let _ = parse(&name, &bytes);
        let mut behind_a_header = b"s\\supply\\legacy3\\1\\1\\2\\10:00\\3:51\n".to_vec();
        behind_a_header.extend(bytes);
        let _ = parse(&name, &behind_a_header);
    }

    #[test]
    fn pieces_of_lines_in_any_order_do_not_panic(
        pieces in vec(prop_oneof!["[0-9]{1,12}", "[\\\\ \t\n\r.:+-]", "nan|inf|-1e9|1e400|OMNIBOT0|\\^"], 0..200)
    ) {
        let name: FileName = "2025-10-02-211808-supply-round-1.txt".parse().unwrap();
        let bytes = format!("s\\supply\\legacy3\\1\\1\\2\\10:00\\3:51\n{}", pieces.concat());
        let _ = parse(&name, bytes.as_bytes());
    }

    #[test]
    fn a_file_name_prints_as_it_is_read(name in file_name()) {
        prop_assert_eq!(name.to_string().parse(), Ok(name));
    }

    #[test]
    fn any_file_name_is_classified_without_panic(name in ".{0,60}") {
        let _ = fullhold_stats_file::FileKind::of(&name);
    }

    #[test]
    fn clean_names_hold_no_colour_code_that_was_one_before(name in name()) {
        let clean = fullhold_stats_file::strip_colours(&name);
        prop_assert!(clean.chars().count() <= name.chars().count());
        // Removing codes invents no characters and keeps their order.
        let mut rest = name.chars();
        prop_assert!(clean.chars().all(|c| rest.any(|other| other == c)));
        if !name.contains('^') {
            prop_assert_eq!(clean.as_ref(), name.as_str());
        }
    }
}
