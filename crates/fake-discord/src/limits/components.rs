//! Rows, buttons and menus of a message.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{check_count, check_length, length, list};

/// The types that only messages of the second version of components may have.
const OF_SECOND_VERSION: &[u64] = &[9, 10, 11, 12, 13, 14, 17];
/// Components of such a message, the inner ones counted.
const MOST: usize = 40;
/// Characters of all its texts.
const TEXT: usize = 4_000;

pub(super) fn check_components(findings: &mut Vec<String>, components: &[Value], is_second_version: bool) {
    let mut check = Check { findings, ids: BTreeSet::new(), count: 0, text: 0, is_second_version };
    for (index, component) in components.iter().enumerate() {
        check.top(&format!("components[{index}]"), component);
    }
    let Check { count, text, .. } = check;
    if is_second_version {
        check_count(findings, "components", count, MOST);
        check_count(findings, "characters of the texts of all components", text, TEXT);
    } else {
        check_count(findings, "rows", components.len(), 5);
    }
}

struct Check<'a> {
    findings: &'a mut Vec<String>,
    ids: BTreeSet<String>,
    count: usize,
    text: usize,
    is_second_version: bool,
}

impl Check<'_> {
    fn say(&mut self, at: &str, what: &str) {
        self.findings.push(format!("{at}: {what}"));
    }

    fn top(&mut self, at: &str, component: &Value) {
        self.count += 1;
        let kind = component["type"].as_u64().unwrap_or_default();
        if OF_SECOND_VERSION.contains(&kind) && !self.is_second_version {
            return self.say(at, "this type needs the flag IS_COMPONENTS_V2");
        }
        match kind {
            1 => self.row(at, component),
            10 => self.text += length(&component["content"]),
            9 | 17 => {
                for (index, inner) in list(&component["components"]).iter().enumerate() {
                    self.top(&format!("{at}.components[{index}]"), inner);
                }
                match component["accessory"]["type"].as_u64() {
                    Some(2) => self.button(&format!("{at}.accessory"), &component["accessory"]),
                    Some(_) => self.count += 1,
                    None => {}
                }
            }
            11..=14 => {}
            _ => self.say(at, "only rows can be at the top of a message"),
        }
    }

    fn row(&mut self, at: &str, row: &Value) {
        let inner = list(&row["components"]);
        let kinds: Vec<u64> = inner.iter().map(|one| one["type"].as_u64().unwrap_or_default()).collect();
        if inner.is_empty() {
            self.say(at, "a row has at least one component");
        }
        if kinds.iter().all(|kind| *kind == 2) {
            check_count(self.findings, &format!("{at}: buttons"), inner.len(), 5);
        } else if kinds.len() > 1 {
            self.say(at, "a menu is alone in its row");
        }
        for (index, component) in inner.iter().enumerate() {
            let at = format!("{at}.components[{index}]");
            match component["type"].as_u64() {
                Some(2) => self.button(&at, component),
                Some(3) => self.menu(&at, component),
                Some(5..=8) => self.id(&at, component),
                _ => self.say(&at, "only buttons and menus can be in a row of a message"),
            }
        }
    }

    fn id(&mut self, at: &str, component: &Value) {
        self.count += 1;
        check_length(self.findings, &format!("{at}.custom_id"), &component["custom_id"], 1, 100);
        let id = component["custom_id"].as_str().unwrap_or_default().to_owned();
        if !self.ids.insert(id.clone()) {
            self.say(at, &format!("custom_id \"{id}\" is there twice"));
        }
    }

    fn button(&mut self, at: &str, button: &Value) {
        check_length(self.findings, &format!("{at}.label"), &button["label"], 0, 80);
        if length(&button["label"]) == 0 && button["emoji"].is_null() && button["style"] != 6 {
            self.say(at, "a button has a label or an emoji");
        }
        if button["style"] == 5 {
            self.count += 1;
            check_length(self.findings, &format!("{at}.url"), &button["url"], 1, 512);
            if !button["custom_id"].is_null() {
                self.say(at, "a link has no custom_id");
            }
            return;
        }
        if !button["url"].is_null() {
            self.say(at, "only a link has a url");
        }
        self.id(at, button);
    }

    fn menu(&mut self, at: &str, menu: &Value) {
        self.id(at, menu);
        let options = list(&menu["options"]);
        check_count(self.findings, &format!("{at}.options"), options.len(), 25);
        if options.is_empty() {
            self.say(at, "a menu has at least one option");
        }
        check_length(self.findings, &format!("{at}.placeholder"), &menu["placeholder"], 0, 150);
        let mut values = BTreeSet::new();
        for (index, option) in options.iter().enumerate() {
            let at = format!("{at}.options[{index}]");
            check_length(self.findings, &format!("{at}.label"), &option["label"], 1, 100);
            check_length(self.findings, &format!("{at}.value"), &option["value"], 1, 100);
            check_length(self.findings, &format!("{at}.description"), &option["description"], 0, 100);
            if !values.insert(option["value"].as_str().unwrap_or_default()) {
                self.say(&at, "the value is there twice");
            }
        }
        let least = menu["min_values"].as_u64().unwrap_or(1);
        let most = menu["max_values"].as_u64().unwrap_or(1);
        let chosen = options.iter().filter(|option| option["default"] == true).count();
        let there = u64::try_from(options.len()).unwrap_or(u64::MAX);
        if least > most || most > there {
            self.say(at, &format!("{least} to {most} of {there} options can be chosen"));
        }
        if u64::try_from(chosen).unwrap_or(u64::MAX) > most {
            self.say(at, &format!("{chosen} options are chosen before, {most} can be"));
        }
    }
}
