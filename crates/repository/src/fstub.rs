//! temporary
pub(crate) fn accuracy(h:i64,s:i64)->f64{(h+s) as f64}
pub(crate) fn kd(h:i64,s:i64)->f64{(h+s) as f64}
pub(crate) fn efficiency(h:i64,s:i64)->f64{(h+s) as f64}
pub(crate) fn dpm(h:i64,s:i64)->f64{(h+s) as f64}
pub(crate) fn time_dead_ratio(h:i64,s:i64)->f64{(h+s) as f64}
pub(crate) fn tank_meatshield(h:i64,s:i64)->f64{(h+s) as f64}
