//! Forms.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{check_count, check_length, list};

/// What is wrong with a form.
pub(crate) fn check_modal(modal: &Value) -> Vec<String> {
    let mut findings = Vec::new();
    check_length(&mut findings, "title", &modal["title"], 1, 45);
    check_length(&mut findings, "custom_id", &modal["custom_id"], 1, 100);
    let parts = list(&modal["components"]);
    check_count(&mut findings, "components", parts.len(), 5);
    if parts.is_empty() {
        findings.push("a form has at least one component".to_owned());
    }
    let mut ids = BTreeSet::new();
    for (index, part) in parts.iter().enumerate() {
        let at = format!("components[{index}]");
        let (inner, label) = match part["type"].as_u64() {
            Some(1) => (&part["components"][0], &part["components"][0]["label"]),
            Some(18) => (&part["component"], &part["label"]),
            Some(10) => continue,
            _ => {
                findings.push(format!("{at}: only rows, labels and texts can be in a form"));
                continue;
            }
        };
        if part["type"] == 1 && list(&part["components"]).len() != 1 {
            findings.push(format!("{at}: a row of a form has one field"));
        }
        check_length(&mut findings, &format!("{at}: label"), label, 1, 45);
        check_field(&mut findings, &at, inner);
        if !ids.insert(inner["custom_id"].as_str().unwrap_or_default()) {
            findings.push(format!("{at}: the custom_id is there twice"));
        }
    }
    findings
}

fn check_field(findings: &mut Vec<String>, at: &str, field: &Value) {
    check_length(findings, &format!("{at}: custom_id"), &field["custom_id"], 1, 100);
    if field["type"] != 4 {
        return;
    }
    check_length(findings, &format!("{at}: value"), &field["value"], 0, 4_000);
    check_length(findings, &format!("{at}: placeholder"), &field["placeholder"], 0, 100);
    let least = field["min_length"].as_u64().unwrap_or(0);
    let most = field["max_length"].as_u64().unwrap_or(4_000);
    if least > most || most > 4_000 || most == 0 {
        findings.push(format!("{at}: {least} to {most} characters, 0 to 4000 are allowed"));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn field(id: &str) -> Value {
        json!({ "type": 1, "components": [{ "type": 4, "custom_id": id, "label": "Guid", "style": 1 }] })
    }

    #[test]
    fn forms_are_judged() {
        let form = |parts: Value| json!({ "title": "Link", "custom_id": "link", "components": parts });
        assert_eq!(check_modal(&form(json!([field("a"), field("b")]))), Vec::<String>::new());
        let cases = [
            (form(json!([])), "at least one"),
            (form(json!(vec![field("a"); 6])), "components: 6"),
            (form(json!([field("a"), field("a")])), "there twice"),
            (form(json!([{ "type": 2 }])), "only rows"),
            (
                form(json!([{ "type": 1, "components": [{ "type": 4, "custom_id": "a", "label": "x".repeat(46) }] }])),
                "label has 46",
            ),
            (json!({ "title": "x".repeat(46), "custom_id": "a", "components": [field("a")] }), "title has 46"),
        ];
        for (modal, expected) in cases {
            let found = check_modal(&modal);
            assert!(found.iter().any(|finding| finding.contains(expected)), "{expected}: {found:?}");
        }
    }
}
