//! Tables of answers: what the parser says of wrong files and where, colour codes, units, names of files.
#![expect(clippy::unwrap_used, reason = "test support")]

use fullhold_stats_file::{
    Era, FIELDS, Field, FileKind, FileName, Guid, RoundNumber, Seconds, Semantics, Side, Slot, Stamp, StatsFile,
    Tenths, WEAPON_COUNT, Weapon, parse, strip_colours,
};

const HEADER: &str = "s\\supply\\legacy3\\1\\1\\2\\10:00\\3:51\n";

fn name() -> FileName {
    "2025-10-02-211808-supply-round-1.txt".parse().unwrap()
}

fn read(text: &str) -> StatsFile {
    parse(&name(), text.as_bytes()).unwrap()
}

/// A player line without weapons, its TAB fields all 0 but these.
fn line(front: &str, fields: usize, but: &[(usize, &str)]) -> String {
    let value = |index| but.iter().find(|(at, _)| *at == index).map_or("0", |(_, value)| *value);
    let tabs: Vec<&str> = (0..fields).map(value).collect();
    format!("{front} \t{}\n", tabs.join("\t"))
}

const GOOD: &str = "1A2B3C4D\\^1a\\0\\1\\0";

#[test]
fn a_wrong_file_is_refused_with_place_and_reason() {
    let good = line(GOOD, 38, &[]);
    let header = |text: &str| format!("{text}\n{good}");
    let cases: Vec<(String, &str)> = vec![
        (String::new(), "1:1: the file is empty"),
        ("some text\n".to_owned(), "1:1: header has 1 fields separated by '\\', allowed are 8 or 9"),
        (header("s\\supply\\l\\1\\1\\2\\10:00"), "1:1: header has 7 fields separated by '\\', allowed are 8 or 9"),
        (
            header("s\\supply\\l\\1\\1\\2\\9:0\\3:51\\1\\1"),
            "1:1: header has 10 fields separated by '\\', allowed are 8 or 9",
        ),
        (header("s\\supply\\l\\3\\1\\2\\10:00\\3:51"), "1:12: round is \"3\", allowed is 1 or 2"),
        (header("s\\supply\\l\\2\\1\\2\\10:00\\3:51"), "1:12: header says round \"2\", the file name says \"1\""),
        (header("s\\radar\\l\\1\\1\\2\\10:00\\3:51"), "1:3: header says map \"radar\", the file name says \"supply\""),
        (header("s\\supply\\l\\1\\3\\2\\10:00\\3:51"), "1:14: defender is \"3\", allowed is 1 (Axis) or 2 (Allies)"),
        (header("s\\supply\\l\\1\\0\\2\\10:00\\3:51"), "1:14: defender is \"0\", allowed is 1 (Axis) or 2 (Allies)"),
        (
            header("s\\supply\\l\\1\\1\\x\\10:00\\3:51"),
            "1:16: winner is \"x\", allowed is 0 (nobody), 1 (Axis) or 2 (Allies)",
        ),
        (
            header("s\\supply\\l\\1\\1\\2\\ten\\3:51"),
            "1:18: time limit is \"ten\", allowed is M:SS, H:MM:SS or decimal minutes",
        ),
        (
            header("s\\supply\\l\\1\\1\\2\\1:60\\3:51"),
            "1:18: time limit is \"1:60\", allowed is M:SS, H:MM:SS or decimal minutes",
        ),
        (
            header("s\\supply\\l\\1\\1\\2\\-1:00\\3:51"),
            "1:18: time limit is \"-1:00\", allowed is M:SS, H:MM:SS or decimal minutes",
        ),
        (
            header("s\\supply\\l\\1\\1\\2\\10:00\\"),
            "1:24: next time limit is \"\", allowed is M:SS, H:MM:SS or decimal minutes",
        ),
        (header("s\\supply\\l\\1\\1\\2\\10:00\\3:51\\soon"), "1:29: play time is \"soon\", allowed is a number"),
        (
            HEADER.trim_end().to_owned(),
            "1:34: the last line ends in the middle (no line feed, only a header): the file is incomplete",
        ),
        (
            format!("{HEADER}{}", good.get(..30).unwrap()),
            "2:31: the last line ends in the middle (no line feed, 6 TAB fields, allowed are 33, 36, 37 or 38 (at least 28 to be usable)): the file is incomplete",
        ),
        (
            format!("{HEADER}{good}{}", line(GOOD.replace("1A", "2A").as_str(), 37, &[]).trim_end()),
            "3:94: the last line ends in the middle (no line feed, 37 TAB fields where the line before has 38): the file is incomplete",
        ),
        (
            format!("{HEADER}{}", line("1A2B3C4D\\^1a\\0\\1\\134217728 12 12 0 0 0", 38, &[(37, "1")]).trim_end()),
            "2:116: the last line ends in the middle (no line feed, the last number is cut): the file is incomplete",
        ),
        (
            format!("{HEADER}DEADBEEF\\^2someone\\0\\1\\16 3 9 1 0 0\n"),
            "2:36: none of 1 player lines is usable; the first: line 2, column 36: 0 TAB fields, allowed are 33, 36, 37 or 38 (at least 28 to be usable)",
        ),
        (
            format!("{HEADER}nothing here\nnor here\n"),
            "2:1: none of 2 player lines is usable; the first: line 2, column 1: player line has 1 fields separated by '\\', needed are 5: guid, name, rounds, team, weapons",
        ),
    ];
    for (text, expected) in cases {
        let error = parse(&name(), text.as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), format!("{}:{expected}", name()), "{text:?}");
    }
}

#[test]
fn a_wrong_line_is_left_out_with_place_and_reason() {
    let with = |at: usize, value: &str| line("2A2B3C4D\\b\\0\\1\\0", 38, &[(at, value)]);
    let weapons = |front: &str| line(&format!("2A2B3C4D\\b\\0\\1\\{front}"), 38, &[]);
    let cases: Vec<(String, &str)> = vec![
        (
            "2A2B3C4D\\b\\0\n".to_owned(),
            "column 1: player line has 3 fields separated by '\\', needed are 5: guid, name, rounds, team, weapons",
        ),
        (line("2A2B3C4D\\b\\x\\1\\0", 38, &[]), "column 12: rounds is \"x\", allowed is a whole number"),
        (
            line("2A2B3C4D\\b\\0\\4\\0", 38, &[]),
            "column 14: team is \"4\", allowed is 0 (free), 1 (Axis), 2 (Allies) or 3 (spectator)",
        ),
        (
            line("012345678901234567890123\\b\\0\\1\\0", 38, &[]),
            "column 1: guid is \"012345678901234567890123\", allowed is at most 23 printable bytes of UTF-8",
        ),
        (
            weapons("268435456 1 2 3 4 5"),
            "column 16: weapon mask is \"268435456\", allowed is a number with bits 0 to 27",
        ),
        (weapons("-1"), "column 16: weapon mask is \"-1\", allowed is a number with bits 0 to 27"),
        (weapons(""), "column 16: weapon mask is \"\", allowed is a number with bits 0 to 27"),
        (weapons("24 1 2 3 4 5 6"), "column 16: weapon mask 24 needs 10 numbers, found 6"),
        (weapons("16 1 2 3 4 5 6"), "column 16: weapon mask 16 needs 5 numbers, found 6"),
        (weapons("16 1 2 x 4 5"), "column 23: MP40 is \"x\", allowed is a whole number, 0 or more"),
        (weapons("16 1 -2 3 4 5"), "column 21: MP40 is \"-2\", allowed is a whole number, 0 or more"),
        (
            line("2A2B3C4D\\b\\0\\1\\0", 27, &[]),
            "column 18: 27 TAB fields, allowed are 33, 36, 37 or 38 (at least 28 to be usable)",
        ),
        (with(0, "x"), "column 19: damage_given is \"x\", allowed is a whole number, 0 or more"),
        (with(1, "-4"), "column 21: damage_received is \"-4\", allowed is a whole number, 0 or more"),
        (with(0, "99999999999"), "column 19: damage_given is \"99999999999\", allowed is a whole number, 0 or more"),
        (with(22, "-0.1"), "column 63: time_played_minutes is \"-0.1\", allowed is a number, 0 or more"),
        (line(GOOD, 38, &[]), "column 1: player 1A2B3C4D has a line already (line 2)"),
        (line("1A2B3C4D\\renamed\\0\\1\\0", 38, &[]), "column 1: player 1A2B3C4D has a line already (line 2)"),
    ];
    for (wrong, expected) in cases {
        let other = line("3A2B3C4D\\c\\0\\2\\0", 38, &[]);
        let file = read(&format!("{HEADER}{}{wrong}{other}", line(GOOD, 38, &[])));
        let found: Vec<String> = file.rejected.iter().map(ToString::to_string).collect();
        assert_eq!(found, [format!("line 3, {expected}")], "{wrong:?}");
        let guids: Vec<&str> = file.players.iter().map(|p| p.guid.as_str()).collect();
        assert_eq!(guids, ["1A2B3C4D", "3A2B3C4D"], "{wrong:?}");
    }
}

#[test]
fn unusual_numbers_are_read_as_what_they_mean() {
    let cases = [
        (Field::DamageGiven, "12.0", Some(12)),
        (Field::DamageGiven, "+12", Some(12)),
        (Field::DamageGiven, "1e3", Some(1000)),
        (Field::DamageGiven, "nan", None),
        (Field::DamageGiven, "-nan(ind)", None),
        (Field::DamageGiven, "inf", None),
        (Field::DamageGiven, "-1.#IND", None),
        (Field::Xp, "-7", Some(-7)),
        (Field::Xp, "-7.9", Some(-7)),
        (Field::TimePlayedMinutes, "10.5", Some(105)),
        (Field::TimePlayedMinutes, "10", Some(100)),
        (Field::TimePlayedMinutes, "0.25", Some(3)),
        (Field::TimePlayedMinutes, "nan", None),
        (Field::KdRatio, "-0.5", Some(-5)),
        (Field::KdRatio, "garbage", None),
        (Field::BulletsFired, "", None),
    ];
    for (field, text, expected) in cases {
        let file = read(&format!("{HEADER}{}", line(GOOD, 38, &[(field.position(), text)])));
        assert_eq!(file.players[0].get(field), expected, "{} {text:?}", field.spec().name);
    }
}

#[test]
fn minutes_in_tenths_are_exact_seconds() {
    // Float arithmetic is a second short in one of five of these.
    for tenths in 0..6000 {
        let text = Tenths(tenths).to_string();
        let file = read(&format!("{HEADER}{}", line(GOOD, 38, &[(22, &text)])));
        let read = file.players[0].tenths(Field::TimePlayedMinutes);
        assert_eq!((read, read.minutes_to_seconds()), (Tenths(tenths), Seconds(tenths * 6)), "{text}");
    }
}

#[test]
fn limits_and_play_times_are_read_in_all_their_forms() {
    let limits =
        [("10:00", 600), ("0:00", 0), ("0:07", 7), ("1:02:03", 3723), ("20.00", 1200), ("6.5", 390), ("90:00", 5400)];
    for (text, seconds) in limits {
        let file = read(&format!("s\\supply\\l\\1\\1\\2\\{text}\\{text}\n"));
        assert_eq!(
            (file.header.time_limit, file.header.next_time_limit),
            (Seconds(seconds), Seconds(seconds)),
            "{text}"
        );
    }
    let times = [
        ("231000", Some(231)),
        ("231", Some(231)),
        ("10001", Some(10)),
        ("10000", Some(10_000)),
        ("231.4", Some(231)),
        // The longest, and what is only too long once it is rounded.
        ("999999499", Some(999_999)),
        ("999999500", None),
        ("1000000000", None),
        ("0.4", None),
        ("0", None),
        ("-5", None),
        ("nan", None),
        ("", None),
    ];
    for (text, seconds) in times {
        let file = read(&format!("s\\supply\\l\\1\\1\\2\\10:00\\3:51\\{text}\n"));
        assert_eq!(file.header.play_time, seconds.map(Seconds), "{text:?}");
        assert!(file.header.has_play_time);
    }
    assert!(!read(HEADER).header.has_play_time);
}

#[test]
fn sides_of_the_header_may_be_missing() {
    // The writer's own default: what is not there is Axis. 0 is nobody, but only of winners.
    let cases = [
        ("1\\2", Side::Axis, Some(Side::Allies)),
        ("2\\1", Side::Allies, Some(Side::Axis)),
        ("\\2", Side::Axis, Some(Side::Allies)),
        ("2\\", Side::Allies, Some(Side::Axis)),
        ("2\\0", Side::Allies, None),
        ("2\\-1", Side::Allies, None),
    ];
    for (sides, defender, winner) in cases {
        let header = read(&format!("s\\supply\\l\\1\\{sides}\\10:00\\3:51\n")).header;
        assert_eq!((header.defender, header.winner), (defender, winner), "{sides}");
    }
}

#[test]
fn the_number_of_fields_decides_the_layout() {
    use Field::*;
    let fields = [
        UsefulKills,
        DeniedPlaytime,
        Multikill2x,
        Multikill6x,
        UselessKills,
        FullSelfkills,
        RepairsConstructions,
        RevivesGiven,
    ];
    // Where these fields stand in the file; -1 where they do not.
    let cases = [
        (33, Era::Fields33, [27, -1, 28, 32, -1, -1, -1, -1]),
        (36, Era::Fields36, [27, 28, 29, 33, 34, 35, -1, -1]),
        (37, Era::Fields37, [27, 28, 29, 33, 34, 35, 36, -1]),
        (38, Era::Fields38, [27, 28, 29, 33, 34, 35, 36, 37]),
        (28, Era::Prefix28, [27, -1, -1, -1, -1, -1, -1, -1]),
        (35, Era::Prefix28, [27, -1, -1, -1, -1, -1, -1, -1]),
        (40, Era::Prefix28, [27, -1, -1, -1, -1, -1, -1, -1]),
    ];
    for (count, era, places) in cases {
        // Each field holds its own place.
        let numbers: Vec<String> = (0..count).map(|at| at.to_string()).collect();
        let numbers: Vec<(usize, &str)> = numbers.iter().map(String::as_str).enumerate().collect();
        let file = read(&format!("{HEADER}{}", line(GOOD, count, &numbers)));
        assert_eq!(file.players[0].era, era, "{count}");
        for (field, place) in fields.into_iter().zip(places) {
            let expected = (place >= 0).then_some(place);
            assert_eq!(file.players[0].get(field), expected, "{count} {}", field.spec().name);
        }
    }
}

#[test]
fn a_backslash_belongs_to_the_name() {
    let file = read(&format!("{HEADER}{}", line("1A2B3C4D\\^\\so\\me\\1\\2\\0", 38, &[])));
    let player = &file.players[0];
    assert_eq!((player.name.as_str(), player.rounds, player.slot), ("^\\so\\me", 1, Slot::Playing(Side::Allies)));
    assert_eq!(player.clean_name(), "so\\me");
}

#[test]
fn bytes_that_are_no_text_are_replaced_and_the_line_is_used() {
    let mut bytes = HEADER.as_bytes().to_vec();
    bytes.extend(b"1A2B3C4D\\a\xffb\0c\\0\\1\\0 ");
    bytes.extend(std::iter::repeat_n(b"\t0".as_slice(), 38).flatten());
    bytes.push(b'\n');
    assert_eq!(parse(&name(), &bytes).unwrap().players[0].name, "a\u{FFFD}b\u{FFFD}c");
}

#[test]
fn weapons_stand_in_the_order_of_their_bits() {
    let file = read(&format!(
        "{HEADER}{}",
        line("1A2B3C4D\\a\\0\\1\\134217745 1 -2 3 4 5 6 7 8 9 10 11 12 13 14 15", 38, &[(37, "11")])
    ));
    let listed: Vec<(&str, [i32; 5])> = file.players[0]
        .listed_weapons()
        .map(|(w, n)| (w.name(), [n.hits, n.shots, n.kills, n.deaths, n.headshots]))
        .collect();
    assert_eq!(listed, [("KNIFE", [1, -2, 3, 4, 5]), ("MP40", [6, 7, 8, 9, 10]), ("SYRINGE", [11, 12, 13, 14, 15])]);
    assert_eq!(file.players[0].weapon_sum(|w| w.kills), 24);
}

#[test]
fn colour_codes_go_and_nothing_else_does() {
    let cases = [
        ("", ""),
        ("plain", "plain"),
        ("^1red", "red"),
        ("^z<^3o^zn^3e^z>.^7two", "<one>.two"),
        ("^/a^?b^*c^\\d", "abcd"),
        ("a^^1b", "a^b"),
        ("^^^", "^^^"),
        ("^^^1", "^^"),
        ("end^", "end^"),
        ("a^ b", "a^ b"),
        ("^11", "1"),
        ("^1^2^3", ""),
        ("^žx", "x"),
        ("m!nt & (co) : / ? _ * ` @", "m!nt & (co) : / ? _ * ` @"),
    ];
    for (name, clean) in cases {
        assert_eq!(strip_colours(name), clean, "{name:?}");
    }
}

#[test]
fn file_names_are_told_apart() {
    let stats = |stamp: &str, map: &str, round| {
        FileKind::Stats(FileName { stamp: stamp.parse().unwrap(), map: map.to_owned(), round })
    };
    let cases = [
        ("2025-10-02-211808-supply-round-1.txt", stats("2025-10-02-211808", "supply", RoundNumber::One)),
        ("2025-10-02-211808-te_escape2-round-2.txt", stats("2025-10-02-211808", "te_escape2", RoundNumber::Two)),
        ("2025-10-02-211808-radar-redux-round-2.txt", stats("2025-10-02-211808", "radar-redux", RoundNumber::Two)),
        ("2025-10-02-211808-a-round-1-round-2.txt", stats("2025-10-02-211808", "a-round-1", RoundNumber::Two)),
        ("gamestats\\2025-10-02-211808-supply-round-1.txt", stats("2025-10-02-211808", "supply", RoundNumber::One)),
        ("2024-02-29-000000-supply-round-1.txt", stats("2024-02-29-000000", "supply", RoundNumber::One)),
        ("2025-10-02-211808-supply-round-1-endstats.txt", FileKind::Endstats),
        ("2025-10-02-211808-supply-round-1_ws.txt", FileKind::Sibling),
        ("2025-10-02-211808-supply-round-1_engagements.txt", FileKind::Sibling),
        ("gametime-1759432688.json", FileKind::Sibling),
        ("2025-10-02-211808-supply-round-3.txt", FileKind::Unrelated),
        ("2025-10-02-211808--round-1.txt", FileKind::Unrelated),
        ("2025-10-02-211808-supply-round-1.txt.part", FileKind::Unrelated),
        ("2025-02-29-211808-supply-round-1.txt", FileKind::Unrelated),
        ("2025-13-02-211808-supply-round-1.txt", FileKind::Unrelated),
        ("2025-10-02-241808-supply-round-1.txt", FileKind::Unrelated),
        ("2025-10-02-216008-supply-round-1.txt", FileKind::Unrelated),
        ("2025-10-02-21180-supply-round-1.txt", FileKind::Unrelated),
        ("20251002-211808-supply-round-1.txt", FileKind::Unrelated),
        ("2025-10-02-211808-sup/ply-round-1.txt", FileKind::Unrelated),
        ("2025-10-0é-21180-supply-round-1.txt", FileKind::Unrelated),
        ("notes.txt", FileKind::Unrelated),
        ("", FileKind::Unrelated),
    ];
    for (name, kind) in cases {
        assert_eq!(FileKind::of(name), kind, "{name:?}");
    }
    assert_eq!(
        "x.txt".parse::<FileName>().unwrap_err().to_string(),
        "file name \"x.txt\" is not YYYY-MM-DD-HHMMSS-<map>-round-<1|2>.txt"
    );
}

#[test]
fn bots_and_the_nameless_are_told_apart_by_name() {
    let identity = |guid: &str, name: &str| Guid::new(guid).unwrap().identity(name).to_string();
    assert_eq!(identity("1A2B3C4D", "a"), identity("1A2B3C4D", "b"), "people may rename themselves");
    assert_ne!(identity("OMNIBOT0", "a"), identity("OMNIBOT0", "b"));
    assert_ne!(identity("", "a"), identity("", "b"));
    // FNV-1a of "a": stored in databases, so it may never change.
    assert_eq!(identity("OMNIBOT0", "a"), "OMNIBOT0-E40C292C");
    assert_eq!(identity("", "a"), "-E40C292C");
    let is_bot = |front: &str| read(&format!("{HEADER}{}", line(front, 38, &[]))).players[0].is_bot();
    assert!(is_bot("OMNIBOT0\\x\\0\\1\\0") && is_bot("omnibot1\\x\\0\\1\\0"));
    assert!(is_bot("1A2B3C4D\\^1[BoT]x\\0\\1\\0"));
    assert!(!is_bot("1A2B3C4D\\x[BOT]\\0\\1\\0"));
}

#[test]
fn sides_slots_and_stamps_print_as_they_are_read() {
    for number in -1..6 {
        let slot = Slot::from_number(number).map(|slot| i32::from(slot.number()));
        assert_eq!(slot, (0..=3).contains(&number).then_some(number));
        let side = Side::from_number(number).map(|side| i32::from(side.number()));
        assert_eq!(side, (1..=2).contains(&number).then_some(number));
    }
    assert_eq!((Side::Axis.other(), Side::Allies.other()), (Side::Allies, Side::Axis));
    assert_eq!("0999-01-02-030405".parse::<Stamp>().unwrap().to_string(), "0999-01-02-030405");
    assert_eq!([Tenths(105), Tenths(-5), Tenths(0)].map(|t| t.to_string()), ["10.5", "-0.5", "0.0"]);
    assert_eq!([Seconds(231), Seconds(5), Seconds(-61)].map(|s| s.to_string()), ["3:51", "0:05", "-1:01"]);
}

#[test]
fn weapons_have_the_numbers_of_the_game() {
    let names = "KNIFE KNIFE_KBAR LUGER COLT MP40 THOMPSON STEN FG42 PANZERFAUST BAZOOKA FLAMETHROWER GRENADE MORTAR \
                 MORTAR2 DYNAMITE AIRSTRIKE ARTILLERY SATCHEL GRENADELAUNCHER LANDMINE MG42 BROWNING CARBINE KAR98 \
                 GARAND K43 MP34 SYRINGE";
    assert_eq!(Weapon::ALL.map(Weapon::name).join(" "), names);
    let named =
        |is: fn(Weapon) -> bool| Weapon::ALL.into_iter().filter(|w| is(*w)).map(Weapon::name).collect::<Vec<_>>();
    assert_eq!(
        named(Weapon::is_aimed).join(" "),
        "LUGER COLT MP40 THOMPSON STEN FG42 MG42 BROWNING CARBINE KAR98 GARAND K43 MP34"
    );
    assert_eq!(named(Weapon::shots_may_decrease), ["KNIFE", "KNIFE_KBAR", "ARTILLERY"]);
}

#[test]
fn the_tables_have_a_row_for_everything_once() {
    for (position, spec) in FIELDS.iter().enumerate() {
        assert_eq!((spec.field.position(), spec.field.spec().name), (position, spec.name));
        assert!(!spec.meaning.is_empty());
    }
    let names: std::collections::BTreeSet<&str> = FIELDS.iter().map(|spec| spec.name).collect();
    assert_eq!(names.len(), FIELDS.len());
    for (slot, weapon) in Weapon::ALL.into_iter().enumerate() {
        assert_eq!((weapon.slot(), Weapon::from_name(weapon.name())), (slot, Some(weapon)));
    }
    assert_eq!(Weapon::ALL.len(), WEAPON_COUNT);
    let cumulative =
        FIELDS.iter().filter(|spec| spec.semantics == Semantics::Cumulative).map(|spec| spec.field.position());
    assert_eq!(cumulative.collect::<Vec<_>>(), [0, 1, 2, 3, 4, 5, 6, 7, 22]);
    let derived = FIELDS.iter().filter(|spec| spec.semantics == Semantics::Derived).map(|spec| spec.field.position());
    assert_eq!(derived.collect::<Vec<_>>(), [8, 20, 21, 23, 24, 26]);
    for era in Era::KNOWN {
        assert_eq!(era.fields().count(), era.field_count());
        assert_eq!(Era::of_field_count(era.field_count()), Some(era));
    }
}

#[test]
fn weapons_by_name_are_all_weapons_in_the_order_of_their_names() {
    let names = Weapon::BY_NAME.map(Weapon::name);
    assert!(names.is_sorted());
    assert!(Weapon::ALL.into_iter().all(|weapon| Weapon::BY_NAME.contains(&weapon)));
}
