//! Data by chance: nothing panics, every picture can be read, every alt text fits. `cargo xtask fuzz --charts` is the
//! long form.

#[expect(clippy::indexing_slicing, clippy::expect_used, reason = "made for tests")]
mod chance;

use chance::{KINDS, Source};

#[test]
fn pictures_of_any_data_are_whole_and_readable() {
    let mut wrong = Vec::new();
    for run in 0..KINDS * 60 {
        let picture = Source::new(run).picture(run % KINDS);
        assert!(picture.svg().ends_with("</svg>\n"), "run {run}");
        assert!((1..=300).contains(&picture.alt().chars().count()), "run {run}: {}", picture.alt());
        wrong.extend(picture.findings().iter().map(|finding| format!("run {run}: {finding}")));
        if run % 50 == 0 {
            picture.png().unwrap();
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Found by the long form with seed 1: an accent on a capital reached the line or the name above it, and
/// the second line of a long name its first.
#[test]
fn the_highest_letters_touch_nothing_above_them() {
    let mut wrong = Vec::new();
    for run in [354_246, 438_482, 503_140, 509_760, 516_240, 563_042, 592_416, 632_598, 699_264, 889_634, 945_077] {
        let picture = Source::new(1_000_003 + run).picture(run % KINDS);
        wrong.extend(picture.findings().iter().map(|finding| format!("run {run}: {finding}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
