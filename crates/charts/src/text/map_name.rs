//! The name of a map, parted from the prefix and suffix that mappers give it.

/// Prefix, name and suffix of a map, as mappers use them.
pub(super) fn map_parts(map: &str) -> (&str, &str, &str) {
    const PREFIXES: [&str; 9] = ["etl_", "et_", "sw_", "te_", "sp_", "mp_", "sos_", "ctf_", "mml_"];
    let mut start = 0;
    while let Some(rest) = map.get(start..)
        && let Some(prefix) = PREFIXES.iter().find(|p| rest.len() > p.len() && rest.starts_with(*p))
    {
        start += prefix.len();
    }
    let name = map.get(start..).unwrap_or_default();
    let end = name.rfind('_').filter(|at| *at > 0 && name.get(at + 1..).is_some_and(is_version)).unwrap_or(name.len());
    let (name, suffix) = name.split_at(end);
    (map.get(..start).unwrap_or_default(), name, suffix)
}

/// `te`, `final`, `b4`, `t2`, `v12`.
fn is_version(word: &str) -> bool {
    let digits =
        word.strip_prefix(['b', 't', 'v', 'r']).is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
    digits || matches!(word, "te" | "final" | "beta" | "sw" | "etl")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_are_told_from_their_affixes() {
        let cases = [
            ("supply", ("", "supply", "")),
            ("etl_sp_delivery", ("etl_sp_", "delivery", "")),
            ("sw_goldrush_te", ("sw_", "goldrush", "_te")),
            ("braundorf_b4", ("", "braundorf", "_b4")),
            ("te_escape2", ("te_", "escape2", "")),
            ("etl_", ("", "etl_", "")),
            ("_te", ("", "_te", "")),
            ("a_map_with_a_name", ("", "a_map_with_a_name", "")),
        ];
        for (map, expected) in cases {
            assert_eq!(map_parts(map), expected, "{map}");
        }
    }
}
