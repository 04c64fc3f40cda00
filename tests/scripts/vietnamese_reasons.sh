#!/bin/sh
# Why a probe could not look at everything is told in Vietnamese too: every format that device/ hands to outcome_lack() or keeps as a lack is
# matched by a pattern of po/.  Where the words of a format come from elsewhere, these are in `composed`, as they come out.
set -eu
cd "$(dirname "$0")/../.."
python3 - <<'END'
import pathlib, re, sys

LITERALS = r'((?:"(?:[^"\\]|\\.)*"\s*)+)'
joined = lambda text: "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', text))
composed = {"port %u: %s is not let in", "the owner", "the user of low rights", "port %u: its page %s", "is compressed unasked",
            "did not come whole", "port %u: %s, after %zu of %zu paths", "port %u: %s: %s"}


def formats(source):
    for call in re.finditer(r"outcome_lack\(", source):
        end, depth = call.end(), 1
        while depth:
            if source[end] == '"':
                end = re.compile(r'"(?:[^"\\]|\\.)*"').match(source, end).end() - 1
            depth += {"(": 1, ")": -1}.get(source[end], 0)
            end += 1
        for literal in re.findall(LITERALS, source[call.end():end]):
            if " " in joined(literal):
                yield joined(literal)

    # and what stays for later probes: target->services_lack and its like, the words they are made of, the scan's own
    for statement in re.finditer(r"(?:_lack|\bwhy|->reason) =[^=][^;]*;", source):
        for literal in re.findall(LITERALS, statement[0]):
            if " " in joined(literal):
                yield joined(literal)


known = [joined(text) for path in pathlib.Path("po").glob("*.po") for text in re.findall("^msgid " + LITERALS, path.read_text(), re.M)]
patterns = [re.compile(re.escape(text).replace(re.escape("{~}"), "(.+?)").replace(re.escape("{}"), ".+?")) for text in known if "{" in text]


def is_known(words, depth=0):
    if words in known or not re.search("[a-z]{3}", words):
        return True
    found = (pattern.fullmatch(words) for pattern in patterns if depth < 4)
    return any(match and all(is_known(part, depth + 1) for part in match.groups()) for match in found)


left = set()
for path in sorted(pathlib.Path("device").rglob("*.c")):
    for text in set(formats(path.read_text())) - composed:
        if not is_known(re.sub(r"%[-0-9.]*[lzh]*[udxcs]", "7", text)):
            left.add(f"{path}: {text}")
print("\n".join(sorted(left)))
sys.exit(bool(left))
END
