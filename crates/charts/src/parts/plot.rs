//! Plots: a scale of round numbers, gridlines, lines of up to three series with markers.

use crate::canvas::{Canvas, Dash, Paint, Pen};
use crate::colour::Tone;
use crate::geometry::{Area, At, Outline, at};
use crate::parts::bars::rectangle;

/// A scale from a round number to a round number.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Scale {
    pub(crate) from: f64,
    pub(crate) to: f64,
    step: f64,
}

impl Scale {
    /// The narrowest scale of at most `steps` round steps that has all the values. Values without a number are passed
    /// over; with none at all it is 0 to 1.
    pub(crate) fn around(values: impl IntoIterator<Item = f64>, steps: u32) -> Self {
        Self::in_steps_from(0.0, values, steps)
    }

    /// The same for what is counted: half a kill is no step.
    pub(crate) fn of_counts(values: impl IntoIterator<Item = f64>, steps: u32) -> Self {
        Self::in_steps_from(1.0, values, steps)
    }

    fn in_steps_from(least: f64, values: impl IntoIterator<Item = f64>, steps: u32) -> Self {
        const LIMIT: f64 = 1e15;
        let usable = values.into_iter().filter(|value| value.is_finite()).map(|value| value.clamp(-LIMIT, LIMIT));
        let range = usable.fold(None, |range: Option<(f64, f64)>, value| {
            Some(range.map_or((value, value), |(low, high)| (low.min(value), high.max(value))))
        });
        let (low, high) = range.unwrap_or((0.0, 1.0));
        let (low, high) = if high - low < 1e-9 { (low.min(0.0), high.max(low.min(0.0) + 1.0)) } else { (low, high) };
        let rough = (high - low) / f64::from(steps.max(1));
        let power = 10_f64.powf(rough.log10().floor()).max(least);
        // Below 10, steps of 2.5 would need a decimal more than all the others.
        let factors: &[f64] =
            if power < 10.0 { &[1.0, 2.0, 5.0, 10.0, 20.0] } else { &[1.0, 2.0, 2.5, 5.0, 10.0, 20.0] };
        for step in factors.iter().map(|factor| power * factor) {
            let (from, to) = ((low / step).floor() * step, (high / step).ceil() * step);
            if (to - from) / step <= f64::from(steps) + 0.01 {
                return Self { from, to, step };
            }
        }
        Self { from: low, to: high, step: high - low }
    }

    /// Where a value lies, 0 to 1.
    pub(crate) fn part(&self, value: f64) -> f64 {
        crate::numbers::share(value - self.from, self.to - self.from)
    }

    /// The round numbers, from the first to the last.
    pub(crate) fn ticks(&self) -> Vec<f64> {
        let mut ticks = Vec::new();
        let mut index = 0.0;
        while ticks.len() < 24 {
            let tick = self.from + self.step * index;
            if tick > self.to + self.step * 0.01 {
                break;
            }
            ticks.push(tick);
            index += 1.0;
        }
        ticks
    }

    /// Decimals that tell the ticks apart.
    pub(crate) fn places(&self) -> usize {
        let mut places = 0;
        let mut step = self.step;
        while places < 3 && (step - step.round()).abs() > 1e-6 * step.abs() {
            step *= 10.0;
            places += 1;
        }
        places
    }
}

/// Which of the lines of a chart: each with a texture and a marker of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Line {
    /// Brass, solid, round points.
    First,
    /// Steel, dashed, hollow squares.
    Second,
    /// Sand, dotted, triangles.
    Third,
}

impl Line {
    pub(crate) const ALL: [Self; 3] = [Self::First, Self::Second, Self::Third];

    pub(crate) fn tone(self) -> Tone {
        match self {
            Self::First => Tone::Brass,
            Self::Second => Tone::Steel,
            Self::Third => Tone::Sand,
        }
    }

    pub(crate) fn pen(self, thickness: f64) -> Pen {
        let dash = match self {
            Self::First => Dash::Solid,
            Self::Second => Dash::Dashed,
            Self::Third => Dash::Dotted,
        };
        Pen::new(self.tone(), thickness).dashed(dash)
    }

    /// Its point.
    pub(crate) fn marker(self, canvas: &mut Canvas, place: At, ground: Tone) {
        match self {
            Self::First => canvas.fill(Outline::Circle { centre: place, radius: 8.0 }, Paint::Solid(Tone::Brass)),
            Self::Second => {
                let square = rectangle(Area::new(place.x, place.y, 0.0, 0.0).grown(7.0));
                canvas.fill(square.clone(), Paint::Solid(ground));
                canvas.stroke(square, Pen::new(Tone::Steel, 4.0));
            }
            Self::Third => {
                let points = vec![
                    at(place.x, place.y - 10.0),
                    at(place.x + 10.0, place.y + 8.0),
                    at(place.x - 10.0, place.y + 8.0),
                ];
                canvas.fill(Outline::Path { points, is_closed: true }, Paint::Solid(Tone::Sand));
            }
        }
    }
}

/// A line through points with gaps: every stretch without a gap is drawn by itself.
pub(crate) fn polyline(canvas: &mut Canvas, points: &[Option<At>], pen: Pen) {
    for stretch in points.split(Option::is_none) {
        let points: Vec<At> = stretch.iter().copied().flatten().collect();
        if points.len() > 1 {
            canvas.stroke(Outline::Path { points, is_closed: false }, pen);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_are_round_and_hold_every_value() {
        let cases: [(&[f64], f64, f64); 7] = [
            (&[0.0, 330.0], 0.0, 400.0),
            (&[8.3, 48.9], 0.0, 50.0),
            (&[0.4, 1.63], 0.0, 2.0),
            (&[], 0.0, 1.0),
            (&[5.0], 0.0, 5.0),
            (&[-3.0, 12.0], -5.0, 15.0),
            (&[f64::NAN, 7.0, f64::INFINITY], 0.0, 7.0),
        ];
        for (values, from, to) in cases {
            let scale = Scale::around(values.iter().copied(), 5);
            assert!(scale.from <= from + 0.01 && scale.to >= to - 1.0, "{values:?}: {scale:?}");
            assert!(scale.ticks().len() <= 7, "{values:?}: {:?}", scale.ticks());
            for value in values.iter().filter(|value| value.is_finite()) {
                assert!(scale.from <= *value && *value <= scale.to, "{values:?}: {scale:?}");
            }
        }
        let huge = Scale::around([f64::MAX, f64::MIN, 1e-300], 5);
        assert!(huge.ticks().len() <= 7 && huge.part(0.0).is_finite());
    }

    #[test]
    fn ticks_have_as_many_decimals_as_tell_them_apart() {
        assert_eq!(Scale::around([0.0, 1.0], 5).places(), 1);
        assert_eq!(Scale::around([0.0, 12.0], 5).places(), 0);
        assert_eq!(Scale::around([0.0, 0.05], 5).places(), 2);
        assert_eq!(Scale::of_counts([0.0, 2.0], 4).ticks(), [0.0, 1.0, 2.0]);
        assert_eq!(Scale::of_counts([0.0, 0.2], 4).ticks(), [0.0, 1.0]);
        assert_eq!(Scale::around([0.0, 500.0], 5).places(), 0);
    }
}
