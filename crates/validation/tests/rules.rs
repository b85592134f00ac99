//! Every rule has a round that breaks it, and only it; a round that breaks none; what the database would refuse.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "test support")]

use std::collections::BTreeSet;

use fullhold_differential::{Role, RoundStats, orphan, round_one, subtract};
use fullhold_stats_file::{
    Era, Field, FileName, Guid, Header, LineError, PlayerLine, Problem, RoundNumber, Seconds, Side, Slot, Stamp,
    StatsFile, Weapon, WeaponCounts,
};
use fullhold_validation::{Finding, RULES, Severity, check_round, check_storable};

const FIRST: Role = Role::FirstOf(1);
const SECOND: Role = Role::SecondOf(0);

/// A player of four minutes with fields and with an MP40: hits, shots, kills, deaths, headshots.
fn line(guid: &str, side: Side, mp40: [i32; 5], fields: &[(Field, i32)]) -> PlayerLine {
    let mut line = PlayerLine::new(Guid::new(guid).unwrap(), guid, 0, Slot::Playing(side), Era::Fields38);
    arm(&mut line, Weapon::Mp40, mp40);
    let always = [(Field::TimePlayedMinutes, 40), (Field::TimePlayedPercent, 800)];
    for &(field, value) in always.iter().chain(fields) {
        line.set(field, value);
    }
    line
}

fn arm(line: &mut PlayerLine, weapon: Weapon, [hits, shots, kills, deaths, headshots]: [i32; 5]) {
    line.set_weapon(weapon, WeaponCounts { hits, shots, kills, deaths, headshots });
}

/// A round in which everything is right: A revives B twice, and both fight X.
fn clean() -> StatsFile {
    use Field::*;
    let a = [
        (DamageGiven, 900),
        (DamageReceived, 400),
        (TeamDamageGiven, 30),
        (Xp, 40),
        (KillingSpree, 4),
        (HeadshotKills, 2),
        (BulletsFired, 203),
        (KdRatio, 30),
        (UsefulKills, 3),
        (UselessKills, 1),
        (Multikill2x, 1),
        (RevivesGiven, 2),
        (Gibs, 3),
        (DynamitesPlanted, 1),
        (DeniedPlaytime, 60),
    ];
    let b = [(DamageReceived, 300), (TeamDamageReceived, 30), (TimesRevived, 2), (SelfKills, 1)];
    let x = [(DamageGiven, 700), (DamageReceived, 900), (BulletsFired, 180), (KdRatio, 7), (DeathSpree, 5)];
    let mut players = vec![
        line("AAAAAAAA", Side::Axis, [50, 200, 6, 2, 9], &a),
        line("BBBBBBBB", Side::Axis, [0, 0, 0, 2, 0], &b),
        line("XXXXXXXX", Side::Allies, [40, 180, 4, 6, 5], &x),
    ];
    arm(&mut players[0], Weapon::Syringe, [2, 3, 0, 0, 0]);
    let stamp = Stamp { year: 2025, month: 10, day: 2, hour: 21, minute: 0, second: 0 };
    let header = Header {
        server_name: "server".to_owned(),
        map: "supply".to_owned(),
        config: String::new(),
        round: RoundNumber::One,
        defender: Side::Axis,
        winner: Some(Side::Allies),
        time_limit: Seconds(600),
        next_time_limit: Seconds(240),
        play_time: None,
        has_play_time: false,
    };
    let name = FileName { stamp, map: "supply".to_owned(), round: RoundNumber::One };
    StatsFile { name, header, players, rejected: Vec::new() }
}

/// The findings for a round 1 after a change of its file.
fn changed(change: impl FnOnce(&mut StatsFile)) -> Vec<Finding> {
    let mut file = clean();
    change(&mut file);
    check_round(&file, &round_one(&file), FIRST)
}

/// The findings after fields of A were set.
fn set(fields: &[(Field, i32)]) -> Vec<Finding> {
    changed(|file| fields.iter().for_each(|&(field, value)| file.players[0].set(field, value)))
}

/// The findings after a change of what is to be stored, but not of the file.
fn stored(role: Role, change: impl FnOnce(&mut RoundStats)) -> Vec<Finding> {
    let file = clean();
    let mut stats = round_one(&file);
    change(&mut stats);
    check_round(&file, &stats, role)
}

/// The first line's weapon in A's numbers, as an error of storing.
fn refused(change: impl FnOnce(&mut PlayerLine)) -> Vec<Finding> {
    let mut file = clean();
    change(&mut file.players[0]);
    check_storable(&round_one(&file)).err().into_iter().map(|finding| *finding).collect()
}

/// An R2 in which everybody played on for four minutes and did nothing; A's line is changed.
fn second(change: impl FnOnce(&mut StatsFile)) -> (StatsFile, StatsFile) {
    let (first, mut second) = (clean(), clean());
    second.header.round = RoundNumber::Two;
    for player in &mut second.players {
        player.rounds = 1;
        player.set(Field::TimePlayedMinutes, 80);
        player.set(Field::RevivesGiven, 0);
        player.set(Field::TimesRevived, 0);
    }
    change(&mut second);
    (first, second)
}

fn second_checked(change: impl FnOnce(&mut StatsFile)) -> Vec<Finding> {
    let (first, second) = second(change);
    check_round(&second, &subtract(&first, &second).unwrap(), SECOND)
}

/// A round, and what it breaks beside its rule because the numbers hang together.
struct Case {
    rule: &'static str,
    also: &'static [&'static str],
    findings: fn() -> Vec<Finding>,
}

const fn case(rule: &'static str, findings: fn() -> Vec<Finding>) -> Case {
    Case { rule, also: &[], findings }
}

const fn with(rule: &'static str, also: &'static [&'static str], findings: fn() -> Vec<Finding>) -> Case {
    Case { rule, also, findings }
}

/// In the order of the rules; several for a rule that has several halves.
const CASES: &[Case] = &[
    case("alive_percent", || set(&[(Field::TimePlayedPercent, 1001)])),
    case("alive_percent", || set(&[(Field::TimePlayedPercent, -1)])),
    case("bullet_hits", || refused(|a| arm(a, Weapon::Mp40, [201, 200, 6, 2, 9]))),
    case("bullets_fired", || set(&[(Field::BulletsFired, 202)])),
    case("bullets_fired", || set(&[(Field::BulletsFired, 204)])),
    case("damage_balance", || set(&[(Field::DamageGiven, 901)])),
    case("damage_rate", || {
        changed(|file| {
            file.players[0].set(Field::DamageGiven, 24_001);
            file.players[2].set(Field::DamageReceived, 24_001);
        })
    }),
    with("death_rate", &["kd_ratio", "kill_rate"], || {
        changed(|file| {
            arm(&mut file.players[0], Weapon::Mp40, [100, 200, 81, 2, 9]);
            arm(&mut file.players[2], Weapon::Mp40, [40, 180, 4, 81, 5]);
        })
    }),
    case("denied_rate", || set(&[(Field::DeniedPlaytime, 181)])),
    case("dynamite_rate", || set(&[(Field::DynamitesPlanted, 10)])),
    case("gib_rate", || set(&[(Field::Gibs, 121)])),
    case("headshot_kills", || set(&[(Field::HeadshotKills, 7)])),
    case("headshot_kills", || {
        changed(|file| {
            arm(&mut file.players[0], Weapon::Mp40, [50, 200, 6, 2, 1]);
        })
    }),
    case("joined_with_counters", || {
        second_checked(|file| {
            let mut joined = line("CCCCCCCC", Side::Axis, [0; 5], &[]);
            joined.set(Field::TimePlayedMinutes, 43);
            file.players.push(joined);
        })
    }),
    case("kd_ratio", || set(&[(Field::KdRatio, 31)])),
    with("kill_rate", &["kd_ratio", "death_rate"], || {
        changed(|file| {
            arm(&mut file.players[0], Weapon::Mp40, [100, 200, 81, 2, 9]);
            arm(&mut file.players[2], Weapon::Mp40, [40, 180, 4, 81, 5]);
        })
    }),
    case("multikills", || set(&[(Field::Multikill2x, 2), (Field::Multikill3x, 1)])),
    case("negative", || refused(|a| a.set(Field::Gibs, -1))),
    case("negative", || refused(|a| arm(a, Weapon::Mp40, [50, 200, 6, 2, -1]))),
    with("no_time", &[], || set(&[(Field::TimePlayedMinutes, 0)])),
    case("player_count", || stored(FIRST, |stats| stats.players.push(round_one(&silent_file()).players.remove(0)))),
    case("player_time", || set(&[(Field::TimePlayedMinutes, 51)])),
    case("rejected_line", || {
        changed(|file| {
            file.rejected.push(LineError { line: 5, column: 1, problem: Problem::PlayerFields { found: 2 } });
        })
    }),
    with("revive_rate", &[], || {
        changed(|file| {
            arm(&mut file.players[0], Weapon::Syringe, [31, 31, 0, 0, 0]);
            file.players[0].set(Field::BulletsFired, 231);
            file.players[0].set(Field::RevivesGiven, 31);
            file.players[1].set(Field::TimesRevived, 31);
            file.players[1].set(Field::SelfKills, 40);
        })
    }),
    case("revives_balance", || set(&[(Field::RevivesGiven, 1)])),
    with("revives_given", &["revives_balance"], || set(&[(Field::RevivesGiven, 3)])),
    case("shot_rate", || {
        changed(|file| {
            arm(&mut file.players[0], Weapon::Mp40, [50, 3598, 6, 2, 9]);
            file.players[0].set(Field::BulletsFired, 3601);
        })
    }),
    case("sprees", || set(&[(Field::KillingSpree, 2)])),
    case("sprees", || set(&[(Field::KillingSpree, 7)])),
    case("sprees", || set(&[(Field::DeathSpree, 1)])),
    case("team_damage_balance", || set(&[(Field::TeamDamageGiven, 31)])),
    case("time_looks_reset", || {
        second_checked(|file| {
            // Everybody else has 8:00; A's cumulative 4:06 would fit round 2 alone.
            file.players[0].set(Field::TimePlayedMinutes, 41);
        })
    }),
    case("times_revived", || {
        changed(|file| {
            file.players[1].set(Field::SelfKills, 0);
            arm(&mut file.players[1], Weapon::Mp40, [0, 0, 0, 1, 0]);
            arm(&mut file.players[2], Weapon::Mp40, [40, 180, 3, 6, 5]);
            file.players[2].set(Field::KdRatio, 5);
        })
    }),
    with("total_deaths", &["weapon_balance"], || {
        changed(|file| arm(&mut file.players[1], Weapon::Mp40, [0, 0, 0, 3, 0]))
    }),
    with("total_kills", &["total_deaths", "weapon_balance"], || {
        stored(FIRST, |stats| stats.players[0].counters.weapons[Weapon::Mp40.slot()].kills = 5)
    }),
    case("unknown_layout", || {
        changed(|file| {
            let mut unknown =
                PlayerLine::new(Guid::new("CCCCCCCC").unwrap(), "C", 0, Slot::Playing(Side::Axis), Era::Prefix28);
            unknown.set(Field::TimePlayedMinutes, 40);
            file.players.push(unknown);
        })
    }),
    case("useful_kills", || set(&[(Field::UsefulKills, 6)])),
    case("weapon_balance", || {
        changed(|file| {
            arm(&mut file.players[1], Weapon::Mp40, [0, 0, 0, 1, 0]);
            arm(&mut file.players[1], Weapon::Luger, [0, 0, 0, 1, 0]);
        })
    }),
    case("weapon_count", || stored(FIRST, |stats| stats.players[0].counters.weapons[Weapon::Luger.slot()].hits = 1)),
    case("weapon_hits", || {
        changed(|file| {
            arm(&mut file.players[0], Weapon::Mp40, [5, 200, 6, 2, 5]);
        })
    }),
    case("weapon_hits", || {
        changed(|file| {
            arm(&mut file.players[0], Weapon::Mp40, [8, 200, 6, 2, 9]);
        })
    }),
    case("xp_rate", || set(&[(Field::Xp, 361)])),
];

/// Rules that somebody else reports: a difference that cannot be is an error of the subtraction.
const ELSEWHERE: &[&str] = &["differential_error"];

/// One player who did nothing.
fn silent_file() -> StatsFile {
    let mut file = clean();
    file.players = vec![line("CCCCCCCC", Side::Axis, [0; 5], &[])];
    file
}

fn rules(findings: &[Finding]) -> BTreeSet<&'static str> {
    findings.iter().map(|finding| finding.rule).collect()
}

#[test]
fn rules_are_sorted_and_unique_and_say_something() {
    assert!(RULES.windows(2).all(|pair| pair[0].id < pair[1].id));
    assert_eq!(RULES.iter().map(|rule| rule.text).collect::<BTreeSet<_>>().len(), RULES.len());
    for rule in RULES {
        assert!(rule.id.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'), "{}", rule.id);
        assert!(!rule.text.is_empty() && !rule.text.ends_with('.'), "{}", rule.id);
    }
}

#[test]
fn only_what_contradicts_itself_is_an_error() {
    let of = |severity| RULES.iter().filter(|rule| rule.severity == severity).map(|rule| rule.id).collect::<Vec<_>>();
    assert_eq!(of(Severity::Error), ["bullet_hits", "differential_error", "negative"]);
    assert_eq!(of(Severity::Info), ["kd_ratio", "useful_kills"], "those that real files break");
}

#[test]
fn every_rule_has_a_case_and_every_case_a_rule() {
    let known: BTreeSet<&str> = RULES.iter().map(|rule| rule.id).collect();
    let tried: BTreeSet<&str> = CASES.iter().map(|case| case.rule).chain(ELSEWHERE.iter().copied()).collect();
    assert_eq!(tried, known);
}

#[test]
fn a_clean_round_breaks_no_rule() {
    assert_eq!(changed(|_| {}), []);
    assert_eq!(second_checked(|_| {}), []);
    check_storable(&round_one(&clean())).unwrap();
    let (first, second) = second(|_| {});
    check_storable(&subtract(&first, &second).unwrap()).unwrap();
}

#[test]
fn a_broken_rule_is_found_and_no_other() {
    for (index, case) in CASES.iter().enumerate() {
        let findings = (case.findings)();
        let expected: BTreeSet<&str> = case.also.iter().copied().chain([case.rule]).collect();
        assert_eq!(rules(&findings), expected, "case {index}, {}: {findings:#?}", case.rule);
    }
}

#[test]
fn a_finding_has_the_words_and_the_severity_of_its_rule() {
    for case in CASES {
        for finding in (case.findings)() {
            let rule = RULES.iter().find(|rule| rule.id == finding.rule).unwrap();
            assert_eq!(finding.severity, rule.severity, "{}", finding.rule);
            assert!(finding.message.contains(rule.text), "{}: {}", finding.rule, finding.message);
            assert!(!finding.expected.is_empty() && !finding.found.is_empty(), "{finding:?}");
        }
    }
    let words = [Severity::Info, Severity::Warning, Severity::Error].map(Severity::name);
    assert_eq!(words, ["info", "warning", "error"]);
}

#[test]
fn a_finding_says_who_what_and_what_instead() {
    let findings = set(&[(Field::KdRatio, 31)]);
    let expected = Finding {
        rule: "kd_ratio",
        severity: Severity::Info,
        guid: Guid::new("AAAAAAAA"),
        message: "the file's kills per death equal those of its weapons".to_owned(),
        expected: "3.0".to_owned(),
        found: "3.1".to_owned(),
    };
    assert_eq!(findings, [expected]);
    let findings = changed(|file| {
        arm(&mut file.players[1], Weapon::Mp40, [0, 0, 0, 1, 0]);
        arm(&mut file.players[1], Weapon::Luger, [0, 0, 0, 1, 0]);
    });
    let [finding] = &findings[..] else { unreachable_count(findings.len()) };
    assert_eq!(finding.guid, None);
    assert_eq!(finding.expected, "as many deaths as kills: LUGER 0, MP40 10");
    assert_eq!(finding.found, "deaths: LUGER 1, MP40 9");
}

#[expect(clippy::panic, reason = "test support")]
fn unreachable_count(count: usize) -> ! {
    panic!("{count} findings")
}

#[test]
fn limits_belong_to_what_is_allowed() {
    let limits: [(Field, i32); 6] = [
        (Field::TimePlayedPercent, 1000),
        (Field::DynamitesPlanted, 9),
        (Field::Gibs, 120),
        (Field::DeniedPlaytime, 180),
        (Field::Xp, 360),
        (Field::TimePlayedMinutes, 50),
    ];
    for (field, value) in limits {
        assert_eq!(set(&[(field, value)]), [], "{}", field.spec().name);
    }
    assert_eq!(set(&[(Field::KillingSpree, 3)]), []);
    assert_eq!(set(&[(Field::KillingSpree, 6)]), []);
    assert_eq!(set(&[(Field::UsefulKills, 5)]), []);
    assert_eq!(set(&[(Field::Multikill6x, 1), (Field::Multikill2x, 0)]), []);
    assert_eq!(set(&[(Field::Xp, -50)]), []);
}

#[test]
fn a_rate_over_a_few_seconds_says_nothing() {
    let gibs = |tenths| set(&[(Field::TimePlayedMinutes, tenths), (Field::Gibs, 30)]);
    assert!(!rules(&gibs(1)).contains("gib_rate"), "6 s");
    assert!(rules(&gibs(2)).contains("gib_rate"), "12 s");
}

#[test]
fn rates_of_an_orphan_are_not_judged() {
    let mut file = clean();
    file.header.round = RoundNumber::Two;
    file.players[0].set(Field::Gibs, 1000);
    assert_eq!(check_round(&file, &orphan(&file), Role::OrphanR2), []);
    assert_eq!(rules(&check_round(&file, &round_one(&file), FIRST)), BTreeSet::from(["gib_rate"]));
}

#[test]
fn an_r2_may_leave_out_who_took_no_part() {
    let fewer = |role| rules(&stored(role, |stats| drop(stats.players.remove(1))));
    assert!(!fewer(SECOND).contains("player_count"));
    assert!(fewer(FIRST).contains("player_count"));
    let more = rules(&stored(SECOND, |stats| stats.players.push(round_one(&silent_file()).players.remove(0))));
    assert_eq!(more, BTreeSet::from(["player_count"]));
}

#[test]
fn old_layouts_are_not_asked_for_fields_they_do_not_have() {
    for era in [Era::Fields33, Era::Fields36, Era::Fields37] {
        let mut file = clean();
        for player in &mut file.players {
            let mut old = PlayerLine::new(player.guid, &player.name, 0, player.slot, era);
            for (weapon, counts) in player.listed_weapons() {
                old.set_weapon(weapon, counts);
            }
            for field in era.fields() {
                old.set(field, player.count(field));
            }
            // Garbage before the newest layout.
            old.set(Field::BulletsFired, 12_345);
            *player = old;
        }
        assert_eq!(check_round(&file, &round_one(&file), FIRST), [], "{era:?}");
    }
}

#[test]
fn what_cannot_be_stored_is_refused_in_words() {
    let message = |change: fn(&mut PlayerLine)| refused(change).remove(0).message;
    assert_eq!(
        message(|a| a.set(Field::Gibs, -3)),
        "player AAAAAAAA (AAAAAAAA): no counter is below zero; expected gibs 0 or more, found -3"
    );
    assert_eq!(
        message(|a| arm(a, Weapon::Thompson, [1, 2, 0, -4, 0])),
        "player AAAAAAAA (AAAAAAAA): no counter is below zero; expected THOMPSON 0 or more, found -4"
    );
    assert_eq!(
        message(|a| {
            a.name = "^1some ^7body".to_owned();
            arm(a, Weapon::Colt, [8, 7, 0, 0, 0]);
        }),
        "player AAAAAAAA (some body): a bullet hits at most once: hits do not exceed shots; expected COLT: at most 7 \
         hits, found 8"
    );
}

#[test]
fn the_first_number_that_cannot_be_stored_is_named() {
    let finding = refused(|a| {
        a.set(Field::DamageGiven, -1);
        a.set(Field::Gibs, -2);
        arm(a, Weapon::Mp40, [201, 200, 6, 2, 9]);
    });
    assert_eq!((finding[0].rule, finding[0].found.as_str()), ("negative", "-1"));
    let mut file = clean();
    file.players[1].set(Field::Gibs, -1);
    file.players[2].set(Field::Gibs, -2);
    assert_eq!(check_storable(&round_one(&file)).unwrap_err().guid, Guid::new("BBBBBBBB"));
}

#[test]
fn what_may_be_below_zero_or_above_the_shots_is_stored() {
    for weapon in Weapon::ALL {
        let hits = refused(|a| arm(a, weapon, [300, 200, 6, 2, 9]));
        assert_eq!(hits.is_empty(), !weapon.is_aimed(), "{}", weapon.name());
    }
    assert_eq!(refused(|a| a.set(Field::Xp, -1)), []);
    assert_eq!(refused(|a| a.set(Field::KdRatio, -1)), []);
    assert_eq!(refused(|a| arm(a, Weapon::Knife, [0, -1, 0, 0, 0])), []);
}
