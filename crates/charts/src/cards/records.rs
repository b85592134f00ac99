//! Records: the best single round and match per metric, with who, where and when.

use crate::alt::{self, Alt};
use crate::canvas::{Canvas, LEFT, RIGHT};
use crate::colour::Tone;
use crate::data::Day;
use crate::geometry::at;
use crate::name::Name;
use crate::numbers::plural;
use crate::parts::header::{header, note};
use crate::picture::Picture;
use crate::text::Text;

const ROW: f64 = 88.0;
/// Records of one picture.
const MOST: usize = 24;

/// Records of a server or of a map.
#[derive(Debug, Clone, PartialEq)]
pub struct Records {
    /// Parts of the header: `all maps`, `312 valid rounds`.
    pub parts: Vec<String>,
    /// Best single rounds.
    pub rounds: Vec<Record>,
    /// Best single matches.
    pub matches: Vec<Record>,
}

/// A record.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// What it is a record of: `Kills`, `Damage given`.
    pub metric: String,
    /// As it is shown: `47`, `12,345`, `4:43`. `None` if nobody has set it.
    pub value: Option<String>,
    /// Who set it.
    pub name: Name,
    /// Where; as the server spells it.
    pub map: String,
    /// When.
    pub day: Option<Day>,
}

impl Records {
    /// Composes the card.
    #[must_use]
    pub fn draw(&self) -> Picture {
        let mut canvas = Canvas::default();
        header(&mut canvas, "Records", &self.parts);
        let mut y = 92.0;
        let mut left = MOST;
        for (title, records) in [("in one round", &self.rounds), ("in one match", &self.matches)] {
            if records.is_empty() || left == 0 {
                continue;
            }
            canvas.left(&Text::label(title), at(LEFT, y + 34.0), 400.0);
            y += 48.0;
            canvas.rule(y, Tone::Line);
            for (index, record) in records.iter().take(left).enumerate() {
                if index > 0 {
                    canvas.rule(y, Tone::Rule);
                }
                row(&mut canvas, y, record);
                y += ROW;
            }
            left -= records.len().min(left);
            y += 12.0;
        }
        let all = self.rounds.len() + self.matches.len();
        if all == 0 {
            canvas.left(&Text::bold("No records yet").size(44.0), at(LEFT, 160.0), 900.0);
            note(&mut canvas, "they count from valid, complete rounds", LEFT, 204.0);
            y = 220.0;
        } else if all > MOST {
            note(&mut canvas, &format!("and {} more", plural(all - MOST, "record")), LEFT, y + 24.0);
            y += 44.0;
        }
        Picture::new("Records".to_owned(), self.alt(), canvas, y + 12.0)
    }

    fn alt(&self) -> String {
        let mut alt = Alt::default();
        let all = self.rounds.len() + self.matches.len();
        alt = alt.say(&if all == 0 { "No records yet.".to_owned() } else { format!("{}.", plural(all, "record")) });
        for (records, what) in [(&self.rounds, "round"), (&self.matches, "match")] {
            for record in records {
                let Some(value) = &record.value else { continue };
                let (name, map) = (alt::name(&record.name), alt::escaped(Name::plain(&record.map).as_str()));
                alt = alt.say(&format!("{} in one {what}: {name} {value} on {map}.", record.metric));
            }
        }
        alt.text()
    }
}

fn row(canvas: &mut Canvas, top: f64, record: &Record) {
    const NAME: f64 = 470.0;
    canvas.left(&Text::bold(Name::plain(&record.metric).as_str()).size(30.0), at(LEFT, top + 54.0), 250.0);
    let Some(value) = &record.value else {
        canvas.right(&Text::number("–").tone(Tone::Grey), at(450.0, top + 54.0), 150.0);
        canvas.left(&Text::plain("nobody yet").size(32.0).tone(Tone::Grey), at(NAME + 10.0, top + 54.0), 400.0);
        return;
    };
    canvas.right(&Text::figures(value, 52.0), at(450.0, top + 63.0), 150.0);
    canvas.left(
        &Text::name(&record.name, true, Tone::Ground).size(34.0),
        at(NAME + 10.0, top + 39.0),
        RIGHT - NAME - 10.0,
    );
    let day = record.day.map(Day::with_year);
    let used = match day {
        Some(day) => canvas.right(&Text::plain(&day).tone(Tone::Grey), at(RIGHT, top + 79.0), 200.0),
        None => 0.0,
    };
    canvas.left(&Text::map(&record.map).size(28.0), at(NAME + 10.0, top + 79.0), RIGHT - NAME - 30.0 - used);
}
