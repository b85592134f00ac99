//! What the evening and the match share: a score in large digits, lists of names, what a score is in words.

use crate::alt;
use crate::canvas::Canvas;
use crate::colour::Tone;
use crate::data::{Score, Team};
use crate::geometry::{Area, at};
use crate::name::Name;
use crate::numbers::count;
use crate::text::{FLOOR, Text};

/// Where the digits of a score are: each side's inner end, and the baseline.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Digits {
    pub(crate) left: f64,
    pub(crate) right: f64,
    pub(crate) baseline: f64,
    pub(crate) size: f64,
}

/// Two digits and a colon. The loser's is grey, the winner's has its hue and a chalk underline; in a draw both have
/// their hue. Answers how wide each became.
pub(crate) fn score(canvas: &mut Canvas, score: Score, digits: Digits) -> [f64; 2] {
    const ROOM: f64 = 170.0;
    let middle = f64::midpoint(digits.left, digits.right);
    let colon = Text::figures(":", digits.size * 0.8).tone(Tone::Grey).on(Tone::Panel);
    canvas.centre(&colon, at(middle, digits.baseline - digits.size / 16.0), 30.0);
    [Team::A, Team::B].map(|team| {
        // Points beyond all sense become too small for the texture beside them to reach.
        let hue = if score.of(team) < 1000 { team.tone() } else { Tone::Chalk };
        let tone = if score.is_won_by(team) || score.is_draw() { hue } else { Tone::Grey };
        // Without separators, whose tails would reach the underline.
        let text = Text::figures(&score.of(team).to_string(), digits.size).tone(tone).on(Tone::Panel);
        let (place, used) = if team == Team::A {
            let used = canvas.right(&text, at(digits.left, digits.baseline), ROOM);
            (digits.left - used, used)
        } else {
            (digits.right, canvas.left(&text, at(digits.right, digits.baseline), ROOM))
        };
        if score.is_won_by(team) {
            canvas.block(Area::new(place, digits.baseline + 8.0, used, 6.0), Tone::Chalk);
        }
        used
    })
}

/// As many whole names as there is room for, then `+3`. A single name too long for that is cut.
pub(crate) fn roster(names: &[Name], width: f64) -> Text {
    let line = |shown: usize| {
        let mut words: Vec<String> = names.iter().take(shown).map(|name| name.as_str().to_owned()).collect();
        if shown < names.len() {
            words.push(format!("+{}", names.len() - shown));
        }
        Text::plain(&words.join(", ")).size(FLOOR).on(Tone::Panel)
    };
    let most = names.len().min(24);
    for shown in (1..=most).rev() {
        let text = line(shown);
        if text.set().width <= width {
            return text;
        }
    }
    let Some(first) = names.first() else { return line(0) };
    let rest = if names.len() > 1 { format!(", +{}", names.len() - 1) } else { String::new() };
    let room = width - Text::plain(&rest).size(FLOOR).set().width;
    let first = Text::plain(first.as_str()).size(FLOOR).fitted(room).text;
    Text::plain(&format!("{first}{rest}")).size(FLOOR).on(Tone::Panel)
}

/// `kolo beat VK 4 to 2.`
pub(crate) fn spoken(score: Score, a: &Name, b: &Name) -> String {
    let (a, b) = (alt::name(a), alt::name(b));
    if score.is_draw() {
        format!("{a} and {b} drew {} to {}.", count(score.a), count(score.b))
    } else if score.is_won_by(Team::A) {
        format!("{a} beat {b} {} to {}.", count(score.a), count(score.b))
    } else {
        format!("{b} beat {a} {} to {}.", count(score.b), count(score.a))
    }
}
