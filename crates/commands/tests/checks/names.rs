//! Names that break what is careless.

/// Names that break what is careless: markdown, mentions, code blocks, directions, marks, emoji, spaces.
pub(crate) const WORST: &[&str] = &[
    "vid",
    "***||~~__``",
    "@everyone",
    "<@123><#1><:a:1>",
    "```\n```",
    "\u{202e}dlrow",
    "שלוםעולםשלוםעולם",
    "👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦",
    "Z\u{351}\u{36b}\u{343}\u{36a}a\u{329}\u{321}l\u{34b}g\u{334}o",
    "^1r^7e^4d",
    "\\\\\\\\\\\\\\\\\\\\\\\\",
    "    ",
    "日本語日本語日本語日本語日本語日本語",
    "http://example.org/a_b_c",
    "1. > # - + =",
    "wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww",
    "\u{f8f0}\u{f8f1}",
];
