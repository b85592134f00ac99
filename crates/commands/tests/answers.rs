//! Answers over plain data: what stands in them, and that no front end breaks them.

use std::collections::BTreeMap;

use fullhold_analytics::{Confidence, Reason, Totals, awards, board, formula, mvp_of};
use fullhold_commands::answers::{
    AttackLine, BoardAnswer, Comparison, EveningAnswer, EveningLine, Explanation, First, MatchAnswer, MatchLine,
    People, Profile, RoundAnswer, RoundLine, SeasonAnswer, SeriesLine, Shown, Source, WeaponSums, badges, evenings,
};
use fullhold_commands::reply::{Block, Cell, Message, Reply, Terminal, Text, buttons, data, messages};
use fullhold_commands::{Catalogue, Known, VIEWS, bind, find, words};
use fullhold_stats_file::{Guid, Weapon};

const TERMINAL: Terminal<'_> = Terminal { columns: 80, has_colours: false, instant: &|seconds| format!("@{seconds}") };

#[expect(clippy::unwrap_used, reason = "the catalogue's own tests read it")]
fn english() -> Catalogue {
    Catalogue::english().unwrap()
}

#[expect(clippy::unwrap_used, reason = "eight digits are a guid")]
fn guid(index: i64) -> Guid {
    Guid::new(&format!("{index:08X}")).unwrap()
}

/// A player who played `rounds` rounds, the better the higher `skill`.
fn totals(rounds: i64, skill: i64) -> Totals {
    Totals {
        rounds,
        seconds: 600 * rounds,
        kills: 10 * rounds + skill,
        deaths: 10 * rounds,
        damage_given: 2000 * rounds + 100 * skill,
        damage_received: 1900 * rounds,
        aimed_shots: 400 * rounds,
        aimed_hits: 130 * rounds,
        aimed_head_hits: 20 * rounds,
        revives_given: Some(3 * rounds),
        rounds_beside_revives: rounds,
        matches_won: rounds / 4,
        matches_lost: rounds / 4,
        evenings: 1,
        ..Totals::default()
    }
}

fn people(count: i64) -> People {
    let shown = (0..count)
        .map(|index| (guid(index), Shown { name: format!("*player {index}* @everyone"), badges: vec!["🔫"] }));
    People::new(shown.collect())
}

#[expect(clippy::unwrap_used, reason = "the table has this board")]
fn board_answer(count: i64, asker: Option<i64>, page: usize) -> Reply {
    let kills = board("kills").unwrap();
    let sums: BTreeMap<Guid, Totals> = (0..count).map(|index| (guid(index), totals(60, index))).collect();
    let given = BTreeMap::new();
    let people = people(count);
    let answer = BoardAnswer {
        board: kills,
        sums: &sums,
        given: &given,
        people: &people,
        asker: asker.map(guid),
        period: &Text::default(),
        map: "",
        page,
    };
    answer.reply(&english())
}

fn table(reply: &Reply) -> Vec<Vec<String>> {
    let tables = reply.blocks.iter().filter_map(|block| match block {
        Block::Table(table) => Some(table),
        Block::Text(_) | Block::Facts(_) => None,
    });
    tables.flat_map(|table| table.rows.iter()).map(|row| row.iter().map(Cell::shown).collect()).collect()
}

#[test]
fn a_board_has_ten_a_page_and_says_where_the_asker_stands() {
    let first = board_answer(25, Some(0), 0);
    let rows = table(&first);
    assert_eq!(rows.len(), 10);
    assert_eq!(rows[0][..3], ["*player 24* @everyone", "🥇", "624"]);
    assert_eq!(rows[9][1], "10");
    let shown = TERMINAL.show(&first);
    assert!(shown.contains("You are #25 with 600."), "{shown}");
    assert!(shown.contains("more than 10 rounds · page 1 of 3"), "{shown}");
    // A page behind the last is the last.
    assert_eq!(table(&board_answer(25, None, 99)), table(&board_answer(25, None, 2)));
    assert_eq!(table(&board_answer(25, None, 2)).len(), 5);
}

#[test]
fn a_board_says_what_is_lacking() {
    let sums = BTreeMap::from([(guid(1), totals(4, 0))]);
    let (given, people) = (BTreeMap::new(), people(2));
    let answer = BoardAnswer {
        board: board("kd").unwrap(),
        sums: &sums,
        given: &given,
        people: &people,
        asker: Some(guid(1)),
        period: &Text::plain("30d"),
        map: "supply",
        page: 0,
    };
    let shown = TERMINAL.show(&answer.reply(&english()));
    let expected = "\
K/D · supply · 30d

Nobody is listed here yet.

You are not listed yet: 47 more rounds

more than 50 rounds · more than 0 deaths
";
    assert_eq!(shown, expected);
}

fn evening(players: i64, has_teams: bool) -> EveningAnswer {
    let sums: BTreeMap<Guid, Totals> = (0..players).map(|index| (guid(index), totals(2, index))).collect();
    let (players_a, players_b) =
        (0..players).map(guid).partition(|guid| sums.get(guid).is_some_and(|totals| totals.kills % 2 == 0));
    let series = SeriesLine { team_a: ("slomix".into(), 2), team_b: ("///M".into(), 0), players_a, players_b };
    let weapons = vec![WeaponSums { weapon: Weapon::Mp40, kills: 9, deaths: 3, hits: 90, shots: 300, head_hits: 9 }];
    EveningAnswer {
        key: "2025-11-01-203015".into(),
        number: Some(17),
        day: time::Date::from_calendar_date(2025, time::Month::November, 1).ok(),
        clock: Some((time::macros::time!(20:30), time::macros::time!(23:10))),
        seconds: 9600,
        matches: vec![MatchLine {
            map: "supply".into(),
            points: Some((2, 0)),
            attacks: [Some(AttackLine { seconds: 421, limit: 600, is_done: true, by_a: Some(true) }), None],
            ..MatchLine::default()
        }],
        rounds: vec![
            RoundLine {
                id: 41,
                map: "supply".into(),
                number: 1,
                seconds: Some(421),
                excluded: vec![],
                mvp: Some(guid(1)),
                mvp_value: Some(101.5),
            },
            RoundLine {
                id: 42,
                map: "supply".into(),
                number: 2,
                seconds: None,
                excluded: vec![Reason::Bots],
                mvp: None,
                mvp_value: None,
            },
        ],
        series: if has_teams { vec![series] } else { vec![] },
        confidence: has_teams.then_some(Confidence::High),
        match_sums: vec![sums.clone()],
        halves: vec![[sums.clone(), BTreeMap::new()]],
        round_sums: vec![sums.clone(), sums.clone()],
        lineup: vec![Text::name("*player 2* @everyone").then(&Text::plain(" came in round 2."))],
        weapons: sums.keys().map(|guid| (*guid, weapons.clone())).collect(),
        awards: awards(&sums),
        rare_awards: awards(&sums),
        recap: vec![Text::name("*player 1* @everyone").then(&Text::plain(" set a record."))],
        mvp: mvp_of(&sums),
        people: people(players),
        sums,
    }
}

#[test]
fn an_evening_says_who_won_and_who_was_there() {
    let shown = TERMINAL.show(&evening(4, true).view("overview", &english()));
    for expected in [
        "Evening #17 of 2025-11-01",
        "20:30–23:10",
        "slomix 2 : 0 ///M",
        "supply 2 : 0   7:01",
        "MVP: *player 3* @everyone",
        "not counted: supply round 2, more bots than people",
    ] {
        assert!(shown.contains(expected), "{expected} is missing in\n{shown}");
    }
}

#[test]
fn every_view_of_every_evening_fits_every_front_end() {
    let texts = english();
    for players in [0, 1, 12, 64] {
        for has_teams in [false, true] {
            let evening = evening(players, has_teams);
            for view in VIEWS.iter().filter_map(|words| words.first()) {
                let reply = evening.view(view, &texts);
                let pages = messages(&reply, "session 2025-11-01-203015");
                assert!(!pages.is_empty() && pages.iter().all(is_filled), "{view} of {players}");
                let shown = TERMINAL.show(&reply);
                assert!(!shown.contains("[evening-") && !shown.contains("NaN"), "{shown}");
                assert!(data(&reply)["title"].is_string());
                // Nothing of a name reaches markdown as it is.
                assert!(!format!("{pages:?}").contains(" @everyone") || has_code_block(&pages), "{view}");
            }
        }
    }
}

fn is_filled(message: &Message) -> bool {
    message
        .embeds
        .iter()
        .all(|embed| !embed.title.is_empty() || !embed.description.is_empty() || !embed.fields.is_empty())
}

fn has_code_block(pages: &[Message]) -> bool {
    pages.iter().flat_map(|page| &page.embeds).any(|embed| embed.description.contains("```"))
}

fn profile(totals: &Totals, view: fn(&Profile<'_>, &Catalogue) -> Reply) -> Reply {
    let people = people(2);
    let weapons = [WeaponSums { weapon: Weapon::Grenade, kills: 5, deaths: 1, hits: 9, shots: 6, head_hits: 0 }];
    let maps = [("supply".to_owned(), *totals)];
    let profile = Profile {
        guid: guid(1),
        people: &people,
        totals,
        career: totals,
        weapons: &weapons,
        maps: &maps,
        is_of_map: false,
        other_names: &["older *name*".to_owned()],
        skill: None,
        et_rating: None,
        form: None,
        last_seen: Some(1_762_000_000),
        scope: &Text::plain("30d"),
    };
    view(&profile, &english())
}

#[test]
fn a_profile_shows_numbers_with_their_units() {
    let totals = totals(60, 40);
    let reply = profile(&totals, |profile, texts| profile.overview(texts));
    let data = data(&reply);
    assert_eq!(data["facts"]["kills"], serde_json::json!({ "value": 640, "unit": "count", "label": "kills" }));
    assert_eq!(data["facts"]["last_seen"]["value"], 1_762_000_000);
    assert_eq!(data["tables"]["weapons"]["rows"][0], serde_json::json!(["GRENADE", 5, 1, 100.0, null]));
    let shown = TERMINAL.show(&reply);
    assert!(shown.starts_with("*player 1* @everyone 🔫 · 30d\n"), "{shown}");
    assert!(shown.contains("Also known as older *name*"), "{shown}");
    assert!(shown.lines().all(|line| fullhold_commands::reply::width(line) <= 80), "{shown}");
}

#[test]
fn a_player_without_rounds_and_one_with_badges() {
    let nothing = TERMINAL.show(&profile(&Totals::default(), |profile, texts| profile.overview(texts)));
    assert!(nothing.contains("No rounds that count in this."), "{nothing}");
    let earned =
        TERMINAL.show(&profile(&totals(60, 40), |profile, texts| profile.achievements(&BTreeMap::new(), texts)));
    assert!(earned.contains("⚔️ Fighter (kills)"), "{earned}");
    assert!(earned.contains("360"), "{earned}");
}

#[test]
fn the_better_value_is_marked_and_ties_are() {
    let players = [(guid(0), totals(60, 10)), (guid(1), totals(60, 40))];
    let people = people(2);
    let together = (totals(40, 1), totals(20, 1));
    let answer = Comparison { players: &players, people: &people, together: Some(together), against: None };
    let reply = answer.reply(&english());
    let row = |name: &str| table(&reply).into_iter().find(|row| row[0] == name).unwrap_or_default();
    assert_eq!(row("K/D"), ["K/D", "1.02", "▸1.07"]);
    assert_eq!(row("deaths per round"), ["deaths per round", "▸10.00", "▸10.00"]);
    assert_eq!(row("rounds"), ["rounds", "60", "60"]);
    assert_eq!(row("useful kills %"), ["useful kills %", "–", "–"]);
    // What a mark says is not in the numbers of the data.
    assert_eq!(data(&reply)["tables"]["compare"]["rows"][3][2], serde_json::json!(640.0 / 600.0));
    let synergy = TERMINAL.show(&answer.synergy(&english()));
    assert!(synergy.contains("not proved yet"), "{synergy}");
}

#[test]
fn lists_open_what_they_list() {
    let evenings: Vec<EveningLine> = (1..=30)
        .map(|number| EveningLine {
            key: format!("2025-11-{number:02}-203000"),
            number,
            day: time::Date::from_calendar_date(2025, time::Month::November, u8::try_from(number).unwrap()).unwrap(),
            score: (number % 2 == 0).then_some((number, 0)),
            maps: vec!["supply".into()],
            rounds: 2,
            players: 6,
            seconds: 1200,
        })
        .collect();
    let reply = lists_of_evenings(&evenings);
    assert_eq!(table(&reply).len(), 30);
    let lines: Vec<String> = buttons(&reply).into_iter().map(|button| button.line.clone()).collect();
    assert_eq!(lines.len(), 25);
    for line in lines {
        let words = words(&line).unwrap();
        let found = find(&words[0].text).unwrap();
        assert!(bind(found.command, found.given, &words[1..], Known::default()).is_ok(), "{line}");
    }
    assert!(TERMINAL.show(&lists_of_evenings(&[])).contains("There is no evening in this."));
}

fn lists_of_evenings(lines: &[EveningLine]) -> Reply {
    evenings(&Text::plain("2025-11"), lines, &english())
}

/// Every button of every answer is a command line that the table understands.
#[test]
fn buttons_are_command_lines() {
    let totals = totals(60, 40);
    let evening = evening(4, true);
    let replies = [
        profile(&totals, |profile, texts| profile.overview(texts)),
        evening.view("weapons", &english()),
        RoundAnswer { id: 41, session_key: "2025-11-01-203015".into(), ..RoundAnswer::default() }.reply(&english()),
        MatchAnswer { session_key: "2025-11-01-203015".into(), rounds: vec![41, 42], ..MatchAnswer::default() }
            .reply(&english()),
    ];
    for reply in &replies {
        assert!(!buttons(reply).is_empty());
        for button in buttons(reply) {
            let words = words(&button.line).unwrap();
            let found = find(&words[0].text).unwrap();
            let bound = bind(found.command, found.given, &words[1..], Known::default());
            assert!(bound.is_ok(), "{}: {bound:?}", button.line);
        }
    }
}

#[test]
fn a_match_has_both_rounds_and_their_sum() {
    let one = |kills| Totals { rounds: 1, seconds: 60, kills, ..Totals::default() };
    let answer = MatchAnswer {
        map: "supply".into(),
        first: BTreeMap::from([(guid(0), one(3))]),
        second: BTreeMap::from([(guid(0), one(4)), (guid(1), one(5))]),
        people: people(2),
        ..MatchAnswer::default()
    };
    let rows = table(&answer.reply(&english()));
    assert_eq!(rows[0][..4], ["*player 0* @everyone", "3", "4", "7"]);
    assert_eq!(rows[1][..4], ["*player 1* @everyone", "–", "5", "5"]);
}

#[test]
fn the_legend_has_every_badge() {
    let tiers: usize = fullhold_analytics::BADGES.iter().map(|badge| badge.tiers.len()).sum();
    assert_eq!(table(&badges(&english())).len(), tiers);
}

#[test]
fn a_number_is_explained_with_its_parts() {
    let source = Source {
        totals: totals(60, 40),
        used: 40,
        left_out_rounds: 3,
        left_out: vec![(Reason::Bots, 3)],
        files: (0..12).map(|file| (format!("file {file}"), "ab".repeat(32))).collect(),
    };
    let explanation = Explanation { formula: formula("kd").unwrap(), whose: Text::name("vid"), of: Some(&source) };
    let reply = explanation.reply(&english());
    let shown = TERMINAL.show(&reply);
    for expected in [
        "K/D of vid",
        "640 / 600 = 1.07",
        "enemies killed",
        "more bots than people",
        "and 2 more files",
        "40 rounds",
        "3 were left out",
    ] {
        assert!(shown.contains(expected), "{expected} is missing in\n{shown}");
    }
    assert_eq!(data(&reply)["facts"]["kills"]["value"], 640);
}

#[test]
fn a_season_names_its_champions_and_its_days() {
    let people = people(2);
    let kills = totals(60, 40);
    let first = |of| First { board: board("kills").unwrap(), of };
    let best = first(Some((guid(1), Some(640.0))));
    let answer = SeasonAnswer {
        season: "2025-Q4".parse().unwrap(),
        today: time::Date::from_calendar_date(2025, time::Month::December, 31).unwrap(),
        champions: vec![best, First { board: board("dpm").unwrap(), of: None }],
        past: vec![("2025-Q3".parse().unwrap(), first(Some((guid(0), Some(900.0)))))],
        all_time: vec![best],
        sums: &BTreeMap::from([(guid(1), kills)]),
        people: &people,
    };
    let shown = TERMINAL.show(&answer.reply(&english()));
    for expected in ["2025-10-01 to 2025-12-31. It ends today.", "*player 1* @everyone (640)", "nobody yet", "2025-Q3"]
    {
        assert!(shown.contains(expected), "{expected} is missing in\n{shown}");
    }
}
