//! Points, areas and outlines, in pixels of the drawing; y grows downwards.

/// A point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct At {
    pub(crate) x: f64,
    pub(crate) y: f64,
}

/// Short for [`At`].
pub(crate) const fn at(x: f64, y: f64) -> At {
    At { x, y }
}

/// An upright rectangle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Area {
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

impl Area {
    pub(crate) const fn new(left: f64, top: f64, width: f64, height: f64) -> Self {
        Self { left, top, width, height }
    }

    pub(crate) fn between(left: f64, top: f64, right: f64, bottom: f64) -> Self {
        Self::new(left, top, right - left, bottom - top)
    }

    pub(crate) fn right(self) -> f64 {
        self.left + self.width
    }

    pub(crate) fn bottom(self) -> f64 {
        self.top + self.height
    }

    /// The smallest area that has both.
    pub(crate) fn with(self, other: Self) -> Self {
        let (left, top) = (self.left.min(other.left), self.top.min(other.top));
        let (right, bottom) = (self.right().max(other.right()), self.bottom().max(other.bottom()));
        Self::between(left, top, right, bottom)
    }

    pub(crate) fn moved(self, by: At) -> Self {
        Self { left: self.left + by.x, top: self.top + by.y, ..self }
    }

    /// Whether the two share more than an edge.
    pub(crate) fn meets(self, other: Self) -> bool {
        self.left < other.right() && other.left < self.right() && self.top < other.bottom() && other.top < self.bottom()
    }

    pub(crate) fn holds(self, other: Self) -> bool {
        self.left <= other.left
            && self.top <= other.top
            && self.right() >= other.right()
            && self.bottom() >= other.bottom()
    }

    /// Larger by so much on each side.
    pub(crate) fn grown(self, by: f64) -> Self {
        Self::new(self.left - by, self.top - by, self.width + 2.0 * by, self.height + 2.0 * by)
    }
}

/// Something to fill or to draw along.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Outline {
    Rectangle { area: Area, radius: f64 },
    Circle { centre: At, radius: f64 },
    Path { points: Vec<At>, is_closed: bool },
}

impl Outline {
    pub(crate) fn bounds(&self) -> Area {
        match self {
            Self::Rectangle { area, .. } => *area,
            Self::Circle { centre, radius } => Area::new(centre.x, centre.y, 0.0, 0.0).grown(*radius),
            Self::Path { points, .. } => {
                let spot = |point: &At| Area::new(point.x, point.y, 0.0, 0.0);
                points.iter().map(spot).reduce(Area::with).unwrap_or(Area::new(0.0, 0.0, 0.0, 0.0))
            }
        }
    }

    /// Whether anything of its line, so thick, passes through the area.
    pub(crate) fn line_meets(&self, area: Area, thickness: f64) -> bool {
        let area = area.grown(thickness / 2.0);
        match self {
            Self::Path { points, is_closed } => {
                let closing = if *is_closed { points.first() } else { None };
                let ends = points.iter().skip(1).chain(closing);
                points.iter().zip(ends).any(|(from, to)| segment_meets(*from, *to, area))
            }
            Self::Circle { centre, radius } => {
                let corners = [
                    (area.left, area.top),
                    (area.right(), area.top),
                    (area.left, area.bottom()),
                    (area.right(), area.bottom()),
                ];
                let furthest = corners.iter().map(|(x, y)| (x - centre.x).hypot(y - centre.y)).fold(0.0, f64::max);
                let dx = centre.x - centre.x.clamp(area.left, area.right());
                let dy = centre.y - centre.y.clamp(area.top, area.bottom());
                dx.hypot(dy) < *radius && furthest > *radius
            }
            Self::Rectangle { .. } => self.bounds().meets(area) && !self.bounds().holds(area),
        }
    }
}

/// Clips the segment against each side of the area (Liang and Barsky).
fn segment_meets(from: At, to: At, area: Area) -> bool {
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    let (mut enters, mut leaves) = (0.0_f64, 1.0_f64);
    let sides = [
        (-dx, from.x - area.left),
        (dx, area.right() - from.x),
        (-dy, from.y - area.top),
        (dy, area.bottom() - from.y),
    ];
    for (direction, distance) in sides {
        if direction.abs() < f64::EPSILON {
            if distance <= 0.0 {
                return false;
            }
        } else if direction < 0.0 {
            enters = enters.max(distance / direction);
        } else {
            leaves = leaves.min(distance / direction);
        }
    }
    enters < leaves
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_meets_what_it_passes_through() {
        let area = Area::new(10.0, 10.0, 10.0, 10.0);
        let cases = [
            ([at(0.0, 0.0), at(30.0, 30.0)], true),
            ([at(0.0, 15.0), at(30.0, 15.0)], true),
            ([at(0.0, 10.0), at(30.0, 10.0)], false),
            ([at(0.0, 25.0), at(25.0, 40.0)], false),
            ([at(12.0, 12.0), at(13.0, 13.0)], true),
        ];
        for (points, expected) in cases {
            let path = Outline::Path { points: points.to_vec(), is_closed: false };
            assert_eq!(path.line_meets(area, 0.0), expected, "{points:?}");
        }
    }

    #[test]
    fn touching_is_not_meeting() {
        let area = Area::new(0.0, 0.0, 10.0, 10.0);
        assert!(!area.meets(Area::new(10.0, 0.0, 5.0, 5.0)));
        assert!(area.meets(Area::new(9.0, 9.0, 5.0, 5.0)));
        assert_eq!(area.with(Area::new(20.0, 0.0, 1.0, 1.0)).right().to_bits(), 21.0_f64.to_bits());
    }
}
