//! `trust-host`.

use std::path::PathBuf;

use fullhold_settings::Exit;
use fullhold_ssh_sync::{HostKey, host_keys, known_hosts};
use serde_json::{Value, json};

use crate::context::{Context, Outcome, Stop};

/// A host to be trusted, and the file that says so.
struct Target {
    host: String,
    port: u16,
    file: PathBuf,
}

pub(crate) async fn run(context: &Context, host: Option<String>, port: Option<u16>) -> Outcome {
    let mut results: Vec<Value> = Vec::new();
    let mut text = String::new();
    for target in targets(context, host, port)? {
        let (words, result) = trust(context, target).await?;
        text.push_str(&words);
        results.push(result);
    }
    context.show(&text, &json!({ "hosts": results }));
    Ok(Exit::Fine)
}

fn targets(context: &Context, host: Option<String>, port: Option<u16>) -> Result<Vec<Target>, Stop> {
    let configured = context.settings.servers.iter().filter_map(|server| server.ssh.as_ref());
    let known = |host: &str, port: Option<u16>| {
        let same = configured.clone().find(|ssh| ssh.host == host && port.is_none_or(|port| port == ssh.port));
        same.or_else(|| configured.clone().next()).map(|ssh| (ssh.port, ssh.known_hosts.clone()))
    };
    match host {
        Some(host) => {
            let (configured_port, file) = known(&host, port)
                .ok_or_else(|| Stop::usage("no SSH_HOST is configured, so there is no SSH_KNOWN_HOSTS to write to"))?;
            Ok(vec![Target { port: port.unwrap_or(configured_port), host, file }])
        }
        None => {
            let all: Vec<Target> = configured
                .map(|ssh| Target { host: ssh.host.clone(), port: ssh.port, file: ssh.known_hosts.clone() })
                .collect();
            if all.is_empty() {
                return Err(Stop::usage("which host? Name one, or set SSH_HOST"));
            }
            Ok(all)
        }
    }
}

async fn trust(context: &Context, target: Target) -> Result<(String, Value), Stop> {
    let Target { host, port, file } = target;
    let trouble = |error: fullhold_ssh_sync::Error| Stop::failed(error.chain());
    let (name, path) = (host.clone(), file.clone());
    let scan = move || host_keys::scan(&name, port, &path, fullhold_console::SSH_TIMEOUTS);
    let key = tokio::task::spawn_blocking(scan).await.map_err(|e| Stop::failed(e.to_string()))?.map_err(trouble)?;
    let known = known_hosts::lookup(&file, &host, port).map_err(trouble)?;
    let result = |state: &str| {
        json!({
            "host": host, "port": port, "kind": key.kind, "fingerprint": key.fingerprint(),
            "known_hosts": file.display().to_string(), "state": state,
        })
    };
    let shown = describe(&host, port, &key);
    if known.verify(&key).is_ok() {
        return Ok((format!("{shown}\nis trusted already, in {}\n", file.display()), result("known")));
    }
    if !known.keys.is_empty() {
        let refusal = known.verify(&key).err().map(|refusal| refusal.to_string()).unwrap_or_default();
        return Err(Stop::failed(format!(
            "{refusal}\nIf the server was set up anew, remove its old lines with `ssh-keygen -R '{}' -f {}` and ask again",
            known.host,
            file.display()
        )));
    }
    context.agree(&format!(
        "{shown}\nCompare this with what the server's owner says, or run on the server:\n  \
         ssh-keygen -l -f /etc/ssh/ssh_host_ed25519_key.pub"
    ))?;
    known_hosts::add(&file, &host, port, &key).map_err(trouble)?;
    Ok((format!("{shown}\nis trusted from now on, in {}\n", file.display()), result("added")))
}

fn describe(host: &str, port: u16, key: &HostKey) -> String {
    format!("{host} port {port} shows {} {}", key.kind, key.fingerprint())
}
