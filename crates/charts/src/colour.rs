//! The tones of the visual language, the colours of the game, and how well one reads on another.

/// A colour as sRGB, 0 to 255 each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rgb {
    /// Red.
    pub red: u8,
    /// Green.
    pub green: u8,
    /// Blue.
    pub blue: u8,
}

impl Rgb {
    const fn new(red: u8, green: u8, blue: u8) -> Self {
        Self { red, green, blue }
    }

    /// Relative luminance as WCAG 2 defines it, from 0 (black) to 1 (white).
    #[must_use]
    pub fn luminance(self) -> f64 {
        let [red, green, blue] = self.linear();
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// The three channels without the gamma of sRGB, 0 to 1.
    #[must_use]
    pub fn linear(self) -> [f64; 3] {
        [self.red, self.green, self.blue].map(|channel| {
            let value = f64::from(channel) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        })
    }

    /// Contrast of two colours as WCAG 2 defines it, from 1 (none) to 21 (black and white).
    ///
    /// ```
    /// use fullhold_charts::Tone;
    /// assert!(Tone::Chalk.rgb().contrast(Tone::Ground.rgb()) > 14.0);
    /// ```
    #[must_use]
    pub fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    pub(crate) fn hex(self) -> String {
        format!("#{:02X}{:02X}{:02X}", self.red, self.green, self.blue)
    }
}

/// What all text must have against what it stands on.
pub const LEAST_CONTRAST: f64 = 4.5;

/// A named colour of the visual language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tone {
    /// The card; text on chalk.
    Ground,
    /// Score bands and tiles.
    Panel,
    /// The empty part of a track.
    Raised,
    /// Hairlines between rows.
    Rule,
    /// Axes and the card's edge.
    Line,
    /// Names, big numbers, pennant, wall.
    Chalk,
    /// Ordinary numbers; bars when teams are unknown.
    Sand,
    /// Labels, the losing digit, "–".
    Grey,
    /// Team A or the first player: solid.
    Brass,
    /// Team B or the second player: hatched or dashed.
    Steel,
    /// The second stripe of the hatch.
    DarkSteel,
    /// Labels on chalk.
    Ink,
    /// A colour that a player put into a name.
    Own(Rgb),
}

impl Tone {
    /// The tone as a colour.
    #[must_use]
    pub const fn rgb(self) -> Rgb {
        match self {
            Self::Ground => Rgb::new(0x18, 0x1B, 0x17),
            Self::Panel => Rgb::new(0x21, 0x25, 0x1F),
            Self::Raised => Rgb::new(0x36, 0x3C, 0x31),
            Self::Rule => Rgb::new(0x3F, 0x46, 0x3B),
            Self::Line => Rgb::new(0x5F, 0x68, 0x58),
            Self::Chalk => Rgb::new(0xF1, 0xED, 0xDF),
            Self::Sand => Rgb::new(0xC3, 0xC0, 0xAC),
            Self::Grey => Rgb::new(0xA0, 0xA0, 0x8C),
            Self::Brass => Rgb::new(0xF0, 0xB2, 0x3E),
            Self::Steel => Rgb::new(0x5B, 0xA8, 0xE6),
            Self::DarkSteel => Rgb::new(0x34, 0x74, 0xA8),
            Self::Ink => Rgb::new(0x3A, 0x3F, 0x35),
            Self::Own(colour) => colour,
        }
    }

    /// Whether text in this tone may stand on that one.
    #[must_use]
    pub fn reads_on(self, ground: Self) -> bool {
        self.rgb().contrast(ground.rgb()) >= LEAST_CONTRAST
    }
}

/// The colour that `^` and this character mean in the game; white is `None`, because it is what a name has anyway.
pub(crate) fn of_code(code: char) -> Option<Rgb> {
    let index = u32::from(code).wrapping_sub(u32::from('0')) & 31;
    let index = usize::try_from(index).ok()?;
    GAME.get(index).copied().filter(|colour| *colour != Rgb::new(255, 255, 255))
}

/// The table of ET:Legacy, `g_color_table`.
const GAME: [Rgb; 32] = [
    Rgb::new(0, 0, 0),
    Rgb::new(255, 0, 0),
    Rgb::new(0, 255, 0),
    Rgb::new(255, 255, 0),
    Rgb::new(0, 0, 255),
    Rgb::new(0, 255, 255),
    Rgb::new(255, 0, 255),
    Rgb::new(255, 255, 255),
    Rgb::new(255, 128, 0),
    Rgb::new(128, 128, 128),
    Rgb::new(191, 191, 191),
    Rgb::new(191, 191, 191),
    Rgb::new(0, 128, 0),
    Rgb::new(128, 128, 0),
    Rgb::new(0, 0, 128),
    Rgb::new(128, 0, 0),
    Rgb::new(128, 64, 0),
    Rgb::new(255, 153, 26),
    Rgb::new(0, 128, 128),
    Rgb::new(128, 0, 128),
    Rgb::new(0, 128, 255),
    Rgb::new(128, 0, 255),
    Rgb::new(51, 153, 204),
    Rgb::new(204, 255, 204),
    Rgb::new(0, 102, 51),
    Rgb::new(255, 0, 51),
    Rgb::new(179, 26, 26),
    Rgb::new(153, 51, 0),
    Rgb::new(204, 153, 51),
    Rgb::new(153, 153, 51),
    Rgb::new(255, 255, 191),
    Rgb::new(255, 255, 128),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrasts_are_those_of_the_design_page() {
        let cases = [
            (Tone::Chalk, [14.8, 13.3, 9.7]),
            (Tone::Sand, [9.5, 8.5, 6.2]),
            (Tone::Grey, [6.5, 5.9, 4.3]),
            (Tone::Brass, [9.2, 8.3, 6.0]),
            (Tone::Steel, [6.8, 6.1, 4.4]),
            (Tone::DarkSteel, [3.5, 3.1, 2.3]),
        ];
        for (tone, expected) in cases {
            for (ground, expected) in [Tone::Ground, Tone::Panel, Tone::Raised].into_iter().zip(expected) {
                let contrast = tone.rgb().contrast(ground.rgb());
                assert!((contrast - expected).abs() < 0.07, "{tone:?} on {ground:?}: {contrast}");
            }
        }
        assert!((Tone::Ink.rgb().contrast(Tone::Chalk.rgb()) - 9.2).abs() < 0.07);
    }

    #[test]
    fn codes_mean_what_they_mean_in_the_game() {
        assert_eq!(of_code('1').map(Rgb::hex), Some("#FF0000".to_owned()));
        assert_eq!(of_code('a'), of_code('A'), "case does not matter");
        assert_eq!(of_code('q'), of_code('1'), "codes wrap around after 32");
        assert_eq!(of_code('7'), None);
        assert_eq!(of_code('é').is_some(), GAME.get((0xE9 - 0x30) & 31).is_some());
    }
}
