//! Bodies of several parts, as files are sent.

use std::sync::Arc;

use super::Upload;

/// The JSON and the files of a body; or what is wrong with it.
pub(super) fn parts(body: &[u8], content_type: &str) -> Result<(Vec<u8>, Vec<Upload>), String> {
    let boundary = content_type.split_once("boundary=").map(|(_, rest)| rest.trim_matches('"'));
    let boundary = boundary.filter(|boundary| !boundary.is_empty()).ok_or("the content type names no boundary")?;
    let (first, between) = (format!("--{boundary}"), format!("\r\n--{boundary}"));
    let mut rest = body.strip_prefix(first.as_bytes()).ok_or("the body does not begin with the boundary")?;
    let (mut json, mut uploads) = (Vec::new(), Vec::new());
    while let Some(part) = rest.strip_prefix(b"\r\n") {
        let end = find(part, between.as_bytes()).ok_or("a part has no end")?;
        let (whole, after) = part.split_at(end);
        rest = after.get(between.len()..).unwrap_or_default();
        let head_end = find(whole, b"\r\n\r\n").ok_or("a part has no head")?;
        let (head, content) = whole.split_at(head_end);
        let content = content.get(4..).unwrap_or_default();
        let head = String::from_utf8_lossy(head);
        let name = quoted(&head, " name=").ok_or("a part has no name")?;
        if name == "payload_json" {
            json = content.to_vec();
            continue;
        }
        let number = name.strip_prefix("files[").and_then(|rest| rest.strip_suffix(']')).and_then(|n| n.parse().ok());
        let number = number.ok_or_else(|| format!("a part is called \"{name}\", not files[n] or payload_json"))?;
        let file = quoted(&head, " filename=").ok_or_else(|| format!("{name} has no file name"))?;
        uploads.push(Upload { number, name: file, bytes: Arc::from(content) });
    }
    if rest.starts_with(b"--") { Ok((json, uploads)) } else { Err("the last boundary is missing".to_owned()) }
}

fn quoted(head: &str, key: &str) -> Option<String> {
    let (_, rest) = head.split_once(key)?;
    let (value, _) = rest.strip_prefix('"')?.split_once('"')?;
    Some(value.to_owned())
}

fn find(within: &[u8], what: &[u8]) -> Option<usize> {
    within.windows(what.len()).position(|window| window == what)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TYPE: &str = "multipart/form-data; boundary=b1";

    #[test]
    fn parts_are_taken_apart() {
        let body = b"--b1\r\nContent-Disposition: form-data; name=\"payload_json\"\r\nContent-Type: application/json\r\n\r\n\
            {\"content\":\"x\"}\r\n--b1\r\nContent-Disposition: form-data; name=\"files[3]\"; filename=\"a.png\"\r\n\r\n\
            \x89PNG\r\n\x00\r\n--b1--";
        let (json, uploads) = parts(body, TYPE).unwrap();
        assert_eq!(json, b"{\"content\":\"x\"}");
        assert_eq!((uploads[0].number, uploads[0].name.as_str()), (3, "a.png"));
        assert_eq!(uploads[0].bytes.as_ref(), b"\x89PNG\r\n\x00");
    }

    #[test]
    fn what_is_no_such_body_is_said() {
        assert!(parts(b"", TYPE).is_err());
        assert!(parts(b"--b1--", "multipart/form-data").is_err());
        assert!(parts(b"--b1\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nx\r\n--b1--", TYPE).is_err());
        assert!(
            parts(b"--b1\r\nContent-Disposition: form-data; name=\"files[0]\"; filename=\"a\"\r\n\r\nx\r\n--b1", TYPE)
                .is_err()
        );
    }
}
