//! What a message may be.

use serde_json::Value;

use super::components::check_components;
use super::embeds::check_embeds;
use super::{check_count, check_length, list};

/// Flags that a bot may set: no previews, one person alone, without a sound, the second version of components.
const SETTABLE: u64 = (1 << 2) | (1 << 6) | (1 << 12) | (1 << 15);
/// The second version of components.
const SECOND_VERSION: u64 = 1 << 15;
/// Bytes of a file.
const FILE: usize = 10 * 1024 * 1024;

/// A message as it is sent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Posted<'a> {
    /// The JSON.
    pub(crate) body: &'a Value,
    /// Number, name and size of each file that is sent with it.
    pub(crate) uploads: &'a [(u64, String, usize)],
    /// Names of the files that an edited message keeps.
    pub(crate) kept: &'a [String],
    /// Whether it is the answer of an interaction: only those can be private.
    pub(crate) of_interaction: bool,
}

/// What is wrong with a message. Whether it is empty depends on what it was before, and is not said here.
pub(crate) fn check_message(posted: Posted<'_>) -> Vec<String> {
    let Posted { body, uploads, kept, of_interaction } = posted;
    let mut findings = Vec::new();
    check_length(&mut findings, "content", &body["content"], 0, 2_000);
    let names = uploads.iter().map(|(_, name, _)| name.as_str()).chain(kept.iter().map(String::as_str));
    let names: Vec<&str> = names.collect();
    check_embeds(&mut findings, list(&body["embeds"]), &names);
    let flags = body["flags"].as_u64().unwrap_or_default();
    let is_second_version = flags & SECOND_VERSION != 0;
    check_components(&mut findings, list(&body["components"]), is_second_version);
    if is_second_version
        && (!list(&body["embeds"]).is_empty() || body["content"].as_str().is_some_and(|text| !text.is_empty()))
    {
        findings.push("a message with the flag IS_COMPONENTS_V2 has neither content nor embeds".to_owned());
    }
    if flags & !SETTABLE != 0 {
        findings.push(format!("flags {flags:#x} cannot be set"));
    }
    if flags & crate::world::EPHEMERAL != 0 && !of_interaction {
        findings.push("only answers of interactions can be private".to_owned());
    }
    check_mentions(&mut findings, &body["allowed_mentions"]);
    if let Some(nonce) = body["nonce"].as_str() {
        check_count(&mut findings, "characters of the nonce", nonce.chars().count(), 25);
    }
    if body["enforce_nonce"] == true && body["nonce"].is_null() {
        findings.push("enforce_nonce without a nonce".to_owned());
    }
    check_files(&mut findings, body, uploads, kept.len());
    findings
}

fn check_mentions(findings: &mut Vec<String>, allowed: &Value) {
    for kind in ["users", "roles"] {
        let parses = list(&allowed["parse"]).iter().any(|one| one == kind);
        if parses && !list(&allowed[kind]).is_empty() {
            findings.push(format!("allowed_mentions: parse has \"{kind}\", and {kind} are listed, too"));
        }
    }
}

fn check_files(findings: &mut Vec<String>, body: &Value, uploads: &[(u64, String, usize)], kept: usize) {
    check_count(findings, "files", uploads.len() + kept, 10);
    for (number, name, size) in uploads {
        check_count(findings, &format!("bytes of files[{number}] \"{name}\""), *size, FILE);
        if *size == 0 {
            findings.push(format!("files[{number}] \"{name}\" is empty"));
        }
    }
    for attachment in list(&body["attachments"]) {
        check_length(findings, "attachments[].description", &attachment["description"], 0, 1_024);
        let id = id_of(attachment);
        // A small number is that of a file that is sent along, a large one that of a file that is there.
        let is_new = id.is_some_and(|id| id < 100);
        if is_new && !uploads.iter().any(|(number, _, _)| Some(*number) == id) {
            findings.push(format!("attachments: there is no files[{}]", id.unwrap_or_default()));
        }
    }
}

/// The number of an attachment, however it is written.
pub(crate) fn id_of(attachment: &Value) -> Option<u64> {
    attachment["id"].as_u64().or_else(|| attachment["id"].as_str().and_then(|id| id.parse().ok()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn findings(body: &Value) -> Vec<String> {
        check_message(Posted { body, uploads: &[], kept: &[], of_interaction: false })
    }

    fn button(id: &str) -> Value {
        json!({ "type": 2, "style": 2, "label": "go", "custom_id": id })
    }

    fn row(components: &[Value]) -> Value {
        json!({ "type": 1, "components": components })
    }

    #[test]
    fn what_is_within_the_limits_is_fine() {
        let fields: Vec<Value> = (0..25).map(|_| json!({ "name": "n", "value": "v" })).collect();
        let rows: Vec<Value> = (0..5).map(|r| row(&[0, 1, 2, 3, 4].map(|b| button(&format!("{r}-{b}"))))).collect();
        let body = json!({
            "content": "x".repeat(2_000),
            "embeds": [{ "title": "x".repeat(256), "description": "x".repeat(4_096), "fields": fields }],
            "components": rows, "allowed_mentions": { "parse": [] }, "nonce": "x".repeat(25), "enforce_nonce": true,
        });
        assert_eq!(findings(&body), Vec::<String>::new());
    }

    #[test]
    fn what_is_beyond_a_limit_is_found() {
        let option = |value: &str| json!({ "label": "l", "value": value });
        let many: Vec<Value> = (0..26).map(|number| option(&number.to_string())).collect();
        let cases = [
            (json!({ "content": "x".repeat(2_001) }), "content has 2001 characters"),
            (json!({ "embeds": vec![json!({ "description": "x" }); 11] }), "embeds: 11"),
            (json!({ "embeds": vec![json!({ "description": "x".repeat(3_001) }); 2] }), "over all embeds: 6002"),
            (json!({ "embeds": [{ "fields": vec![json!({ "name": "n", "value": "v" }); 26] }] }), "fields: 26"),
            (json!({ "embeds": [{ "fields": [{ "name": "", "value": "v" }] }] }), "name has 0"),
            (json!({ "embeds": [{ "fields": [{ "name": "n", "value": "v".repeat(1_025) }] }] }), "value has 1025"),
            (json!({ "embeds": [{}] }), "embeds[0] is empty"),
            (json!({ "embeds": [{ "image": { "url": "attachment://a.png" } }] }), "no file \"a.png\""),
            (json!({ "components": vec![row(&[button("a")]); 6] }), "rows: 6"),
            (json!({ "components": [row(&[button("a"), button("a")])] }), "\"a\" is there twice"),
            (json!({ "components": [row(&[button(&"x".repeat(101))])] }), "custom_id has 101"),
            (json!({ "components": [row(&[button("")])] }), "custom_id has 0"),
            (json!({ "components": [row(&[])] }), "at least one component"),
            (json!({ "components": [button("a")] }), "only rows can be at the top"),
            (json!({ "components": [row(&[json!({ "type": 3, "custom_id": "m", "options": many })])] }), "options: 26"),
            (
                json!({ "components": [row(&[json!({ "type": 3, "custom_id": "m", "options": [option("1"), option("1")] })])] }),
                "value is there twice",
            ),
            (
                json!({ "components": [row(&[json!({ "type": 3, "custom_id": "m", "options": [option("1")] }), button("a")])] }),
                "alone in its row",
            ),
            (json!({ "components": [{ "type": 10, "content": "x" }] }), "IS_COMPONENTS_V2"),
            (json!({ "flags": 64 }), "only answers of interactions"),
            (json!({ "flags": 1 }), "cannot be set"),
            (json!({ "allowed_mentions": { "parse": ["users"], "users": ["1"] } }), "are listed, too"),
            (json!({ "nonce": "x".repeat(26) }), "nonce: 26"),
            (json!({ "enforce_nonce": true }), "without a nonce"),
            (json!({ "attachments": [{ "id": "0" }] }), "no files[0]"),
        ];
        for (body, expected) in cases {
            let found = findings(&body);
            assert!(found.iter().any(|finding| finding.contains(expected)), "{expected}: {found:?}");
        }
    }

    #[test]
    fn a_picture_of_an_embed_is_one_of_the_files() {
        let body = json!({ "embeds": [{ "image": { "url": "attachment://a.png" } }], "attachments": [{ "id": "0" }] });
        let uploads = [(0, "a.png".to_owned(), 10)];
        let posted = Posted { body: &body, uploads: &uploads, kept: &[], of_interaction: false };
        assert_eq!(check_message(posted), Vec::<String>::new());
        let empty = [(0, "a.png".to_owned(), 0)];
        assert_eq!(check_message(Posted { uploads: &empty, ..posted }), ["files[0] \"a.png\" is empty"]);
    }
}
