//! The edges of the grammar: the last thing that is accepted and the first that is not. Whole tables of errors are
//! in `tables.rs`.
#![expect(clippy::unwrap_used, reason = "test support")]

use fullhold_stats_file::{Era, Field, FileName, ParseError, Problem, Seconds, Stamp, StatsFile, Weapon, parse};

const HEADER: &str = "s\\supply\\legacy3\\1\\1\\2\\10:00\\3:51\n";
const SOMEBODY: &str = "AAAAAAAA\\a\\0\\1\\0";

fn read(text: &str) -> Result<StatsFile, ParseError> {
    let name: FileName = "2025-10-02-211808-supply-round-1.txt".parse().unwrap();
    parse(&name, text.as_bytes())
}

/// A player line whose TAB fields are all 0 but this.
fn line(front: &str, fields: usize, at: usize, value: &str) -> String {
    let tabs: Vec<&str> = (0..fields).map(|index| if index == at { value } else { "0" }).collect();
    format!("{front} \t{}\n", tabs.join("\t"))
}

/// What is wrong with the only line of a file.
fn refused(player: &str) -> String {
    let Problem::NoUsableLine { lines: 1, first } = read(&format!("{HEADER}{player}")).unwrap_err().problem else {
        unreachable_use(player)
    };
    first.to_string()
}

#[expect(clippy::panic, reason = "test support")]
fn unreachable_use(line: &str) -> ! {
    panic!("{line:?} is not refused by itself")
}

#[test]
fn limits_have_at_most_three_parts() {
    let limit = |text: &str| read(&format!("s\\supply\\l\\1\\1\\2\\{text}\\3:51\n")).map(|file| file.header.time_limit);
    assert_eq!(limit("1:00:00"), Ok(Seconds(3600)));
    for wrong in ["0:1:00:00", "1:", ":30", "1::30", "1:60:00", "+-1:00", "99999999999:00"] {
        assert!(limit(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn what_the_c_library_prints_for_no_number_is_no_number() {
    for text in ["1.#QNAN", "-1.#IND", "1.#INF", "-nan", "NaN", "+inf", "Infinity"] {
        let file = read(&format!("{HEADER}{}", line(SOMEBODY, 38, 0, text))).unwrap();
        assert_eq!(file.players[0].get(Field::DamageGiven), None, "{text}");
    }
    for text in ["1.#", "nine", "0x10", "1,5"] {
        assert!(refused(&line(SOMEBODY, 38, 0, text)).contains("damage_given is"), "{text}");
    }
}

#[test]
fn only_shots_of_a_knife_may_be_below_zero() {
    let knife = |tuple: &str| line(&format!("AAAAAAAA\\a\\0\\1\\1 {tuple}"), 38, 0, "0");
    let file = read(&format!("{HEADER}{}", knife("0 -3 0 0 0"))).unwrap();
    assert_eq!(file.players[0].weapon(Weapon::Knife).shots, -3);
    for tuple in ["-1 0 0 0 0", "0 0 -1 0 0", "0 0 0 -1 0", "0 0 0 0 -1"] {
        assert!(refused(&knife(tuple)).contains("KNIFE is \"-1\", allowed is a whole number, 0 or more"), "{tuple}");
    }
}

#[test]
fn garbage_costs_a_line_only_where_something_is_computed_from_it() {
    use Field::{BulletsFired, Dpm, KdRatio, TankMeatshield, TimeDeadRatio, TimePlayedPercent};
    for field in [BulletsFired, Dpm, TankMeatshield, TimeDeadRatio, KdRatio] {
        let file = read(&format!("{HEADER}{}", line(SOMEBODY, 38, field.position(), "garbage"))).unwrap();
        assert_eq!(file.players[0].get(field), None, "{}", field.spec().name);
    }
    let percent = |text: &str| refused(&line(SOMEBODY, 38, TimePlayedPercent.position(), text));
    assert!(percent("garbage").contains("time_played_percent is \"garbage\", allowed is a number, 0 or more"));
    assert!(percent("-0.1").contains("time_played_percent is \"-0.1\", allowed is a number, 0 or more"));
}

#[test]
fn a_map_may_be_written_in_other_case_than_the_file_name() {
    assert_eq!(read(&HEADER.replace("supply", "Supply")).unwrap().header.map, "Supply");
}

#[test]
fn a_last_line_of_unknown_layout_without_line_feed_is_incomplete() {
    let whole = format!("{HEADER}{}", line(SOMEBODY, 30, 0, "7"));
    assert_eq!(read(&whole).unwrap().players[0].era, Era::Prefix28);
    let error = read(whole.trim_end_matches('\n')).unwrap_err();
    assert_eq!((error.line, &error.problem), (2, &Problem::Partial { reason: "not all TAB fields are there".into() }));
}

#[test]
fn blank_lines_are_no_player_lines() {
    let file = read(&format!("{HEADER} \t \n\r\n{}   ", line(SOMEBODY, 38, 0, "7"))).unwrap();
    assert_eq!((file.players.len(), file.players[0].line, file.rejected), (1, 4, Vec::new()));
}

#[test]
fn an_error_shows_no_more_than_forty_bytes_of_a_value() {
    let message = refused(&line(SOMEBODY, 38, 0, &"x".repeat(5000)));
    assert!(message.contains(&format!("damage_given is \"{}\",", "x".repeat(40))), "{message}");
}

#[test]
fn a_guid_is_printable() {
    for guid in ["AAAA\u{1}AAA", "AAAA\u{7f}AAA", "A\0"] {
        let message = refused(&line(&format!("{guid}\\a\\0\\1\\0"), 38, 0, "0"));
        assert!(message.contains("allowed is at most 23 printable bytes of UTF-8"), "{guid:?}: {message}");
    }
    let longest = "A".repeat(23);
    let file = read(&format!("{HEADER}{}", line(&format!("{longest}\\a\\0\\1\\0"), 38, 0, "0"))).unwrap();
    assert_eq!(file.players[0].guid.as_str(), longest);
}

#[test]
fn a_stamp_is_a_day_of_the_calendar() {
    let exists = |text: &str| text.parse::<Stamp>().is_ok();
    for day in ["2024-02-29-000000", "2000-02-29-000000", "2025-12-31-235959", "0001-01-01-000000"] {
        assert!(exists(day), "{day}");
    }
    let wrong = "0000-01-01-000000 1900-02-29-000000 2025-02-29-000000 2025-04-31-000000 2025-00-10-000000 \
                 2025-13-10-000000 2025-01-00-000000 2025-01-01-240000 2025-01-01-006000 2025-01-01-000060 \
                 2025-01-01-00000 2025-01-01-0000000 2025_01-01-000000 2025-01-01-00000x";
    for day in wrong.split(' ') {
        assert!(!exists(day), "{day}");
    }
}
