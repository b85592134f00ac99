//! The profile card: one player, made to be shared. Always 3:2.

use crate::alt::{self, Alt};
use crate::canvas::{BAND_LEFT, BAND_WIDTH, Canvas, LEFT, Paint, Pen};
use crate::charts::STYLE_AXES;
use crate::colour::Tone;
use crate::data::{Day, Team};
use crate::geometry::{Area, At, Outline, at};
use crate::name::Name;
use crate::numbers::{UNKNOWN, count, decimal, finite, length, maybe_count, maybe_decimal, plural};
use crate::parts::bars::{rail, rectangle, unknown};
use crate::parts::header::header;
use crate::parts::plot::Scale;
use crate::picture::Picture;
use crate::text::Text;

const HEIGHT: f64 = 720.0;
/// Room for the name.
const NAME_WIDTH: f64 = 590.0;

/// A player's numbers over a period.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// The newest name, with colours.
    pub name: Name,
    /// Rounds played.
    pub rounds: u64,
    /// Evenings played.
    pub evenings: u64,
    /// Hours played.
    pub hours: Option<f64>,
    /// The last evening.
    pub last_seen: Option<Day>,
    /// At most three, the highest first: `1k kills`.
    pub badges: Vec<String>,
    /// The skill rating, after the first full match.
    pub skill: Option<Skill>,
    /// Kills per death.
    pub kd: Measure,
    /// Damage per minute.
    pub dpm: Measure,
    /// Matches won, in per cent.
    pub match_win: Measure,
    /// Hits to the head among all hits, in per cent.
    pub head_hit: Measure,
    /// Percentiles of frags, accuracy, survival, support, objectives.
    pub style: [Option<f64>; 5],
    /// Among how many players the percentiles are.
    pub pool: u64,
    /// Favourite maps; the first four are shown.
    pub maps: Vec<MapWins>,
    /// Favourite weapons; the first four are shown.
    pub weapons: Vec<WeaponUse>,
}

/// A big number with its rank.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Measure {
    /// The number; `None` when the files do not carry it.
    pub value: Option<f64>,
    /// How far along its rail: the share of other players who are worse, or the number itself, in per cent.
    pub rail: Option<f64>,
    /// What stands below: `better than 79 %`, `56 W 5 D 48 L`, `not in these files`.
    pub note: String,
}

/// A skill after fewer matches is a guess.
const PROVISIONAL: u64 = 10;

/// A skill rating with its way here.
#[derive(Debug, Clone, PartialEq)]
pub struct Skill {
    /// Matches rated.
    pub matches: u64,
    /// After each match, the oldest first.
    pub curve: Vec<SkillPoint>,
}

/// A rating after a match.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SkillPoint {
    /// µ
    pub value: f64,
    /// 2σ
    pub spread: f64,
}

/// Wins on a map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MapWins {
    /// As the server spells it.
    pub map: String,
    /// Matches won.
    pub won: u64,
    /// Matches played.
    pub played: u64,
}

/// A weapon's kills.
#[derive(Debug, Clone, PartialEq)]
pub struct WeaponUse {
    /// As people call it: `MP 40`.
    pub weapon: String,
    /// Kills with it.
    pub kills: Option<u64>,
    /// Hits per shot, in per cent; `None` where shots are not aimed.
    pub accuracy: Option<f64>,
}

impl Profile {
    /// Composes the card.
    #[must_use]
    pub fn draw(&self) -> Picture {
        let mut canvas = Canvas::default();
        header(&mut canvas, "Player", &self.header());
        self.name_and_badges(&mut canvas);
        self.skill(&mut canvas);
        let cells = [
            ("K/D", &self.kd, 2),
            ("DPM", &self.dpm, 0),
            ("Match win %", &self.match_win, 0),
            ("Head-hit %", &self.head_hit, 1),
        ];
        for (index, (label, measure, places)) in cells.into_iter().enumerate() {
            let left = LEFT + 250.0 * length(index);
            cell(&mut canvas, left, label, &measure.shown(places), measure);
            if index > 0 {
                canvas.line(at(left - 18.0, 260.0), at(left - 18.0, 396.0), Pen::new(Tone::Rule, 2.0));
            }
        }
        canvas.block(Area::new(BAND_LEFT, 446.0, BAND_WIDTH, 250.0), Tone::Panel);
        for x in [350.0, 716.0] {
            canvas.line(at(x, 470.0), at(x, 672.0), Pen::new(Tone::Rule, 2.0));
        }
        self.style_column(&mut canvas);
        self.maps_column(&mut canvas);
        self.weapons_column(&mut canvas);
        Picture::new(format!("Player {}", self.name.as_str()), self.alt(), canvas, HEIGHT)
    }

    fn header(&self) -> Vec<String> {
        let mut parts = vec![plural(usize::try_from(self.rounds).unwrap_or(usize::MAX), "round")];
        parts.push(plural(usize::try_from(self.evenings).unwrap_or(usize::MAX), "evening"));
        parts.extend(finite(self.hours).map(|hours| format!("{} h", decimal(hours, 1))));
        parts.extend(self.last_seen.map(|day| format!("last {}", day.short())));
        parts
    }

    fn name_and_badges(&self, canvas: &mut Canvas) {
        let name = Text::name(&self.name, true, Tone::Ground);
        let sizes = [88.0, 72.0, 56.0];
        match sizes.into_iter().find(|size| name.clone().size(*size).set().width <= NAME_WIDTH) {
            Some(size) => {
                canvas.left(&name.size(size), at(LEFT, 162.0), NAME_WIDTH + 10.0);
            }
            None => {
                for (line, y) in name.size(46.0).two_lines(NAME_WIDTH).iter().zip([124.0, 175.0]) {
                    canvas.left(line, at(LEFT, y), NAME_WIDTH + 10.0);
                }
            }
        }
        if self.badges.is_empty() {
            canvas.left(&Text::plain("no badges yet").tone(Tone::Grey), at(LEFT, 218.0), NAME_WIDTH);
        }
        let mut left = LEFT;
        for badge in &self.badges {
            let text = Text::bold(badge).tone(Tone::Sand);
            let width = text.set().width;
            if left + width + 28.0 > LEFT + NAME_WIDTH + 10.0 {
                break;
            }
            let frame = Area::new(left, 189.0, width + 28.0, 40.0);
            canvas.stroke(Outline::Rectangle { area: frame, radius: 4.0 }, Pen::new(Tone::Line, 2.0));
            canvas.left(&text, at(left + 14.0, 219.0), width + 1.0);
            left += width + 38.0;
        }
    }

    fn skill(&self, canvas: &mut Canvas) {
        const X: f64 = 660.0;
        let used = canvas.left(&Text::label("Skill"), at(X, 118.0), 100.0);
        let last = self.skill.as_ref().and_then(|skill| Some((skill, *usable(&skill.curve).last()?)));
        let after = at(X + used + 16.0, 118.0);
        let Some((skill, last)) = last else {
            canvas.left(&Text::plain("after the first full match").tone(Tone::Grey), after, 280.0);
            unknown(canvas, Area::new(X, 170.0, 44.0, 8.0));
            return;
        };
        let matches =
            plural(usize::try_from(skill.matches).unwrap_or(usize::MAX), "match").replace("matchs", "matches");
        let played = if skill.matches < PROVISIONAL { format!("{matches}, provisional") } else { matches };
        canvas.left(&Text::plain(&played).tone(Tone::Grey), after, 280.0);
        // A rating that is none has no room for its hue.
        let tone = if last.value.abs() < 1000.0 { Tone::Brass } else { Tone::Chalk };
        let value = Text::figures(&decimal(last.value, 1), 88.0).tone(tone);
        let used = canvas.left(&value, at(X, 204.0), 130.0);
        let spread = Text::number(&format!("± {}", decimal(last.spread, 1))).size(36.0).tone(Tone::Chalk);
        canvas.left(&spread, at(X + used + 18.0, 204.0), 205.0 - used);
        sparkline(canvas, Area::new(890.0, 138.0, 140.0, 76.0), &skill.curve);
    }

    fn style_column(&self, canvas: &mut Canvas) {
        let right = 330.0;
        let used = canvas.left(&Text::label("Style").on(Tone::Panel), at(LEFT, 492.0), 120.0);
        let is_empty = self.style.iter().all(|value| finite(*value).is_none());
        let head = if is_empty { UNKNOWN.to_owned() } else { format!("percentile of {}", count(self.pool)) };
        canvas.right(&label(&head), at(right, 492.0), right - LEFT - used - 16.0);
        for (index, (axis, value)) in STYLE_AXES.into_iter().zip(self.style).enumerate() {
            let y = 536.0 + 33.0 * length(index);
            let value = finite(value);
            let tone = if value.is_some() { Tone::Chalk } else { Tone::Grey };
            canvas.left(&Text::plain(axis).size(30.0).tone(tone).on(Tone::Panel), at(LEFT, y), 136.0);
            match value {
                Some(value) => rail(canvas, Area::new(182.0, y - 16.0, 148.0, 12.0), Some(value / 100.0), Team::A),
                None => {
                    canvas.right(&label(UNKNOWN), at(right, y), 60.0);
                }
            }
        }
    }

    fn maps_column(&self, canvas: &mut Canvas) {
        let (left, right) = (372.0, 694.0);
        canvas.left(&Text::label("Maps").on(Tone::Panel), at(left, 492.0), 160.0);
        canvas.right(&label("won"), at(right, 492.0), 120.0);
        if self.maps.is_empty() {
            canvas.left(
                &Text::plain("no full match yet").size(30.0).tone(Tone::Grey).on(Tone::Panel),
                at(left, 536.0),
                300.0,
            );
        }
        for (index, wins) in self.maps.iter().take(4).enumerate() {
            let y = 536.0 + 44.0 * length(index);
            let written = format!("{}/{}", count(wins.won), count(wins.played));
            let number = Text::number(&written).tone(Tone::Chalk).on(Tone::Panel);
            let used = canvas.right(&number, at(right, y), 150.0);
            canvas.left(&Text::map(&wins.map).on(Tone::Panel), at(left, y), right - left - used - 16.0);
        }
    }

    fn weapons_column(&self, canvas: &mut Canvas) {
        let (left, kills, accuracy) = (738.0, 953.0, 1036.0);
        canvas.left(&Text::label("Weapons").on(Tone::Panel), at(left, 492.0), 150.0);
        canvas.right(&label("kills"), at(kills, 492.0), 60.0);
        canvas.right(&label("acc %"), at(accuracy, 492.0), 74.0);
        if self.weapons.is_empty() {
            canvas.left(
                &Text::plain("not in these files").size(30.0).tone(Tone::Grey).on(Tone::Panel),
                at(left, 536.0),
                290.0,
            );
        }
        for (index, weapon) in self.weapons.iter().take(4).enumerate() {
            let y = 536.0 + 44.0 * length(index);
            let number = Text::number(&maybe_count(weapon.kills)).tone(Tone::Chalk).on(Tone::Panel);
            let used = canvas.right(&number, at(kills, y), 110.0);
            let accurate = finite(weapon.accuracy);
            let tone = if accurate.is_some() { Tone::Sand } else { Tone::Grey };
            let percent = Text::number(&maybe_decimal(accurate, 1)).size(30.0).tone(tone).on(Tone::Panel);
            canvas.right(&percent, at(accuracy, y), 74.0);
            let name = Text::bold(Name::plain(&weapon.weapon).as_str()).size(32.0).on(Tone::Panel);
            canvas.left(&name, at(left, y), kills - left - used - 14.0);
        }
    }

    fn alt(&self) -> String {
        let played = format!(
            "Player {}: {}, {}.",
            alt::name(&self.name),
            plural(usize::try_from(self.rounds).unwrap_or(usize::MAX), "round"),
            plural(usize::try_from(self.evenings).unwrap_or(usize::MAX), "evening")
        );
        let measures = [
            ("K/D", &self.kd, 2, ""),
            ("DPM", &self.dpm, 0, ""),
            ("match win", &self.match_win, 0, " %"),
            ("head-hit", &self.head_hit, 1, " %"),
        ];
        let known: Vec<String> = measures
            .into_iter()
            .filter_map(|(what, measure, places, unit)| {
                finite(measure.value).map(|value| format!("{what} {}{unit}", decimal(value, places)))
            })
            .collect();
        let skill = self.skill.as_ref().and_then(|skill| {
            let last = *usable(&skill.curve).last()?;
            let (value, spread) = (decimal(last.value, 1), decimal(last.spread, 1));
            let guess = if skill.matches < PROVISIONAL { "provisional " } else { "" };
            Some(format!("Skill {guess}{value} plus or minus {spread} after {} matches.", count(skill.matches)))
        });
        Alt::default()
            .say(&played)
            .say_some((!known.is_empty()).then(|| format!("{}.", known.join(", "))))
            .say(&skill.unwrap_or_else(|| "No skill rating yet.".to_owned()))
            .text()
    }
}

impl Measure {
    fn shown(&self, places: usize) -> Option<String> {
        finite(self.value).map(|value| decimal(value, places))
    }
}

fn label(text: &str) -> Text {
    Text::plain(text).tone(Tone::Grey).on(Tone::Panel)
}

fn cell(canvas: &mut Canvas, left: f64, label: &str, value: &Option<String>, measure: &Measure) {
    const WIDTH: f64 = 210.0;
    canvas.left(&Text::label(label), at(left, 276.0), WIDTH + 10.0);
    match value {
        Some(value) => {
            canvas.left(&Text::figures(value, 96.0), at(left, 360.0), WIDTH);
        }
        None => unknown(canvas, Area::new(left, 322.0, 48.0, 9.0)),
    }
    let part = finite(measure.rail).filter(|_| value.is_some()).map(|percent| percent / 100.0);
    rail(canvas, Area::new(left, 378.0, WIDTH, 10.0), part, Team::A);
    canvas.left(&Text::plain(Name::plain(&measure.note).as_str()), at(left, 420.0), WIDTH + 10.0);
}

/// Points that are numbers.
fn usable(curve: &[SkillPoint]) -> Vec<SkillPoint> {
    curve.iter().copied().filter(|point| point.value.is_finite() && point.spread.is_finite()).collect()
}

/// The way of a rating, with its uncertainty, in a corner.
fn sparkline(canvas: &mut Canvas, area: Area, curve: &[SkillPoint]) {
    let usable = usable(curve);
    let ends = usable.iter().flat_map(|point| [point.value - point.spread, point.value + point.spread]);
    let scale = Scale::around(ends, 40);
    // The rows of the big number beside it, which has its hue.
    let y = |value: f64| area.bottom() - area.height * scale.part(value);
    let last = length(usable.len().saturating_sub(1)).max(1.0);
    let x = |index: usize| if usable.len() < 2 { area.right() } else { area.left + area.width * length(index) / last };
    let line = |value: &dyn Fn(&SkillPoint) -> f64| -> Vec<At> {
        usable.iter().enumerate().map(|(index, point)| at(x(index), y(value(point)))).collect()
    };
    if usable.len() > 1 {
        let mut band = line(&|point| point.value + point.spread);
        band.extend(line(&|point| point.value - point.spread).into_iter().rev());
        canvas.tint(Outline::Path { points: band, is_closed: true }, Tone::Brass, 0.18);
        let path = Outline::Path { points: line(&|point| point.value), is_closed: false };
        canvas.stroke(path, Pen::new(Tone::Brass, 4.0));
    }
    if let Some(point) = usable.last() {
        let centre = at(area.right(), y(point.value));
        let middle = centre.y.clamp(area.top + 18.0, area.bottom() - 6.0);
        let spread = Area::new(area.right() - 1.5, middle - 13.0, 3.0, 26.0);
        canvas.fill(rectangle(spread), Paint::Solid(Tone::Brass));
        canvas.fill(Outline::Circle { centre, radius: 8.0 }, Paint::Solid(Tone::Chalk));
    }
}
