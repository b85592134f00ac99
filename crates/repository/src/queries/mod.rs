//! Questions, one file each.

pub(crate) mod evening;
