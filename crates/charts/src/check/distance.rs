//! How far two colours are apart for an eye: CIEDE2000, also as people with a colour vision deficiency see them.

use crate::colour::Rgb;

/// An eye. Deficiencies are simulated at full severity, after Machado, Oliveira and Fernandes (2009).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vision {
    /// Sees all three primaries.
    Normal,
    /// Without long-wave cones.
    Protan,
    /// Without middle-wave cones.
    Deutan,
    /// Without short-wave cones.
    Tritan,
}

impl Vision {
    /// Normal sight and the three kinds of deficiency.
    pub const ALL: [Self; 4] = [Self::Normal, Self::Protan, Self::Deutan, Self::Tritan];

    fn matrix(self) -> [[f64; 3]; 3] {
        match self {
            Self::Normal => [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
            Self::Protan => [
                [0.152_286, 1.052_583, -0.204_868],
                [0.114_503, 0.786_281, 0.099_216],
                [-0.003_882, -0.048_116, 1.051_998],
            ],
            Self::Deutan => [
                [0.367_322, 0.860_646, -0.227_968],
                [0.280_085, 0.672_501, 0.047_413],
                [-0.011_820, 0.042_940, 0.968_881],
            ],
            Self::Tritan => [
                [1.255_528, -0.076_749, -0.178_779],
                [-0.078_411, 0.930_809, 0.147_602],
                [0.004_733, 0.691_367, 0.303_900],
            ],
        }
    }
}

/// The CIEDE2000 difference of two colours as an eye sees them; about 2 is just noticeable.
#[must_use]
pub fn distance(one: Rgb, other: Rgb, vision: Vision) -> f64 {
    difference(lab(simulated(one, vision)), lab(simulated(other, vision)))
}

/// Linear channels as the eye sees them.
fn simulated(colour: Rgb, vision: Vision) -> [f64; 3] {
    let [red, green, blue] = colour.linear();
    vision.matrix().map(|[r, g, b]| (r * red + g * green + b * blue).clamp(0.0, 1.0))
}

#[derive(Clone, Copy)]
struct Lab {
    l: f64,
    a: f64,
    b: f64,
}

/// CIE L*a*b* under D65.
fn lab([red, green, blue]: [f64; 3]) -> Lab {
    let x = (0.412_456_4 * red + 0.357_576_1 * green + 0.180_437_5 * blue) / 0.950_47;
    let y = 0.212_672_9 * red + 0.715_152_2 * green + 0.072_175_0 * blue;
    let z = (0.019_333_9 * red + 0.119_192_0 * green + 0.950_304_1 * blue) / 1.088_83;
    let [x, y, z] = [x, y, z].map(|t| if t > 0.008_856 { t.cbrt() } else { 7.787 * t + 16.0 / 116.0 });
    Lab { l: 116.0 * y - 16.0, a: 500.0 * (x - y), b: 200.0 * (y - z) }
}

/// After Sharma, Wu and Dalal (2005), whose names the letters are.
fn difference(one: Lab, other: Lab) -> f64 {
    let chroma = |lab: Lab| lab.a.hypot(lab.b);
    let c7 = f64::midpoint(chroma(one), chroma(other)).powi(7);
    let g = 0.5 * (1.0 - (c7 / (c7 + 25_f64.powi(7))).sqrt());
    let [one, other] = [one, other].map(|lab| Lab { a: lab.a * (1.0 + g), ..lab });
    let [c1, c2] = [chroma(one), chroma(other)];
    let hue =
        |lab: Lab| if lab.a == 0.0 && lab.b == 0.0 { 0.0 } else { lab.b.atan2(lab.a).to_degrees().rem_euclid(360.0) };
    let [h1, h2] = [hue(one), hue(other)];
    let turn = match h2 - h1 {
        _ if c1 * c2 == 0.0 => 0.0,
        d if d > 180.0 => d - 360.0,
        d if d < -180.0 => d + 360.0,
        d => d,
    };
    let mean_hue = match h1 + h2 {
        sum if c1 * c2 == 0.0 => sum,
        sum if (h1 - h2).abs() <= 180.0 => sum / 2.0,
        sum if sum < 360.0 => (sum + 360.0) / 2.0,
        sum => (sum - 360.0) / 2.0,
    };
    let (mean_l, mean_c) = (f64::midpoint(one.l, other.l), f64::midpoint(c1, c2));
    let cosine = |factor: f64, shift: f64| (factor * mean_hue + shift).to_radians().cos();
    let t =
        1.0 - 0.17 * cosine(1.0, -30.0) + 0.24 * cosine(2.0, 0.0) + 0.32 * cosine(3.0, 6.0) - 0.20 * cosine(4.0, -63.0);
    let offset = (mean_l - 50.0).powi(2);
    let l = (other.l - one.l) / (1.0 + 0.015 * offset / (20.0 + offset).sqrt());
    let c = (c2 - c1) / (1.0 + 0.045 * mean_c);
    let h = 2.0 * (c1 * c2).sqrt() * (turn / 2.0).to_radians().sin() / (1.0 + 0.015 * mean_c * t);
    let c7 = mean_c.powi(7);
    let around_blue = (-((mean_hue - 275.0) / 25.0).powi(2)).exp();
    let rotation = -2.0 * (c7 / (c7 + 25_f64.powi(7))).sqrt() * (60.0 * around_blue).to_radians().sin();
    (l * l + c * c + h * h + rotation * c * h).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::colour::Tone;

    #[test]
    fn differences_are_those_of_the_published_test_data() {
        let cases = [
            ([50.0, 2.6772, -79.7751], [50.0, 0.0, -82.7485], 2.0425),
            ([50.0, -1.3802, -84.2814], [50.0, 0.0, -82.7485], 1.0000),
            ([50.0, 2.5, 0.0], [50.0, 0.0, -2.5], 4.3065),
            ([50.0, 2.5, 0.0], [73.0, 25.0, -18.0], 27.1492),
            ([60.2574, -34.0099, 36.2677], [60.4626, -34.1751, 39.4387], 1.2644),
            ([2.0776, 0.0795, -1.1350], [0.9033, -0.0636, -0.5514], 0.9082),
        ];
        let lab = |[l, a, b]: [f64; 3]| Lab { l, a, b };
        for (one, other, expected) in cases {
            let found = difference(lab(one), lab(other));
            assert!((found - expected).abs() < 0.0001, "{one:?} {other:?}: {found}");
        }
    }

    #[test]
    fn hues_are_as_far_apart_as_the_design_page_says() {
        let cases = [
            (Tone::Brass, Tone::Steel, [49.0, 52.0, 55.0, 50.0]),
            (Tone::Brass, Tone::Chalk, [25.0, 26.0, 24.0, 23.0]),
            (Tone::Steel, Tone::Chalk, [35.0, 32.0, 36.0, 34.0]),
            (Tone::Brass, Tone::Grey, [24.0, 21.0, 22.0, 23.0]),
            (Tone::Steel, Tone::Grey, [32.0, 31.0, 32.0, 26.0]),
            (Tone::Steel, Tone::DarkSteel, [18.0, 18.0, 18.0, 18.0]),
        ];
        for (one, other, expected) in cases {
            for (vision, expected) in Vision::ALL.into_iter().zip(expected) {
                let found = distance(one.rgb(), other.rgb(), vision);
                assert!((found - expected).abs() < 0.8, "{one:?} {other:?} {vision:?}: {found}");
            }
        }
    }
}
