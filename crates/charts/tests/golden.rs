//! Every card and chart in every situation against its golden picture, and the computed checks over each.
//!
//! A golden picture is what a phone shows: 360 pixels wide, each the mean of 3 × 3 pixels of the drawing. So every
//! pixel of the 1080 is in it, a line that moves by one of them changes it by a third of its contrast, and 200
//! pictures take little room. `FULLHOLD_BLESS=1 cargo test -p fullhold-charts --test golden` writes them anew; look at
//! them (`cargo xtask gallery --pictures`) before you commit.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "samples are made for tests, of small numbers"
)]

mod samples;
mod small;

use std::fs;
use std::path::{Path, PathBuf};

use fullhold_charts::{Picture, Tone};
use samples::{CARDS, KINDS, Situation};
use small::Small;

/// A channel of a pixel that differs by more than this is wrong: more than the rounding of the golden file.
const TOLERANCE: u8 = 24;
/// How many pixels may be wrong: another processor may round the edge of a letter differently.
const FEW: usize = 20;
/// No file is larger.
const MOST_BYTES: usize = 250_000;

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(format!("{name}.png"))
}

/// Every picture of some kinds.
fn pictures(kinds: std::ops::Range<usize>) -> impl Iterator<Item = (String, Picture)> {
    KINDS[kinds].iter().flat_map(|(kind, draw)| {
        Situation::ALL.into_iter().map(move |situation| (format!("{kind}-{}", situation.name()), draw(situation)))
    })
}

/// All findings at once, so that one run shows everything.
fn check(kinds: std::ops::Range<usize>) {
    let bless = std::env::var_os("FULLHOLD_BLESS").is_some();
    let mut wrong = Vec::new();
    for (name, picture) in pictures(kinds) {
        let png = picture.png().unwrap();
        if png.len() > MOST_BYTES {
            wrong.push(format!("{name}: {} bytes", png.len()));
        }
        let large = small::decode(&png);
        wrong.extend(grounds(&large).map(|what| format!("{name}: {what}")));
        let drawn = large.reduced();
        if bless {
            fs::create_dir_all(golden(&name).parent().unwrap()).unwrap();
            fs::write(golden(&name), drawn.encode()).unwrap();
            continue;
        }
        let expected = fs::read(golden(&name)).map(|bytes| small::decode(&bytes));
        let Ok(expected) = expected else {
            wrong.push(format!("{name}: there is no golden picture"));
            continue;
        };
        if let Some(difference) = drawn.differs(&expected, TOLERANCE, FEW) {
            let saved = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.png"));
            fs::write(&saved, &png).unwrap();
            wrong.push(format!("{name}: {difference}; drawn is {}", saved.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The card's ground and its edge, as they are really drawn.
fn grounds(picture: &Small) -> impl Iterator<Item = String> {
    let spots = [("ground", 12, picture.height / 2, Tone::Ground), ("edge", 1, picture.height / 2, Tone::Line)];
    spots.into_iter().filter_map(|(what, x, y, tone)| {
        let drawn = picture.pixel(x, y);
        let expected = [tone.rgb().red, tone.rgb().green, tone.rgb().blue];
        (drawn != expected).then(|| format!("{what} is {drawn:?} and not {expected:?}"))
    })
}

// In parts, so that they run side by side.

#[test]
fn cards_of_players_and_evenings_are_as_golden() {
    check(0..3);
}

#[test]
fn cards_of_matches_and_rounds_are_as_golden() {
    check(3..5);
}

#[test]
fn cards_of_seasons_and_records_are_as_golden() {
    check(5..CARDS);
}

#[test]
fn charts_of_sums_are_as_golden() {
    check(CARDS..11);
}

#[test]
fn charts_of_shares_and_rounds_are_as_golden() {
    check(11..14);
}

#[test]
fn other_charts_are_as_golden() {
    check(14..KINDS.len());
}

#[test]
fn no_golden_picture_is_left_over() {
    let names: Vec<String> = KINDS
        .iter()
        .flat_map(|(kind, _)| Situation::ALL.map(|situation| format!("{kind}-{}.png", situation.name())))
        .collect();
    for entry in fs::read_dir(golden("x").parent().unwrap()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(names.contains(&name), "{name} belongs to no card or chart");
    }
}

#[test]
fn everything_can_be_read_by_everybody() {
    let mut wrong = Vec::new();
    for (name, picture) in pictures(0..KINDS.len()) {
        wrong.extend(picture.findings().iter().map(|finding| format!("{name}: {finding}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn alt_texts_say_enough_and_not_too_much() {
    for (name, picture) in pictures(0..KINDS.len()) {
        let length = picture.alt().chars().count();
        assert!((10..=300).contains(&length), "{name}: {length} characters");
        assert!(picture.alt().ends_with(['.', '…']), "{name}: {}", picture.alt());
        assert!(!picture.alt().contains("@everyone"), "{name} mentions everybody");
        assert!(picture.svg().contains("<desc>"), "{name}");
    }
}

#[test]
fn alt_texts_of_the_typical_evening() {
    let alt = |kind: &str| {
        let (_, draw) = KINDS.iter().find(|(name, _)| *name == kind).unwrap();
        draw(Situation::Typical).alt().to_owned()
    };
    assert_eq!(
        alt("evening-result"),
        "Evening 39, 1 November 2025, 21:13 to 00:06, 7 maps. =VK= beat kolo 9 to 5. MVP of the evening: mrak vejn \
         with 110.2. MVP kolo: rustbelt with 93.7."
    );
    assert_eq!(
        alt("profile"),
        "Player norr: 222 rounds, 17 evenings. K/D 1.16, DPM 306, match win 51 %, head-hit 12.5 %. Skill 20.4 plus or \
         minus 7.0 after 109 matches."
    );
    // A team is called as it calls itself, also at the beginning of a sentence.
    assert_eq!(
        alt("match"),
        "Match on etl\\_sp\\_delivery. kolo beat =VK= 2 to 0: kolo held for 10:00 and then needed 8:00. MVP: Quent1n. \
         Most kills: marmalade 120."
    );
    assert!(alt("evening-players").starts_with("Evening 39, 13 players in 2 teams. Most kills: "));
}

#[test]
fn the_same_data_gives_the_same_bytes() {
    let (_, draw) = KINDS[0];
    assert_eq!(draw(Situation::OddNames).png().unwrap(), draw(Situation::OddNames).png().unwrap());
    assert_eq!(draw(Situation::OddNames).svg(), draw(Situation::OddNames).svg());
}
