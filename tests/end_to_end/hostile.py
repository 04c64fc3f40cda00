"""What must be so of a probe of a hostile server: reads the facts, prints each rule that is broken.

usage: hostile.py MODE FACTS REPLAYED EXIT SECONDS
"""
import json
import sys

mode, facts_path, replayed_path, status, seconds = sys.argv[1:6]
with open(facts_path, encoding="utf-8") as file:
    lines = file.read().splitlines()
with open(replayed_path, encoding="utf-8") as file:
    replayed = file.read().splitlines()
facts = [json.loads(line) for line in lines]
broken = []


def demand(rule, holds, detail=""):
    if not holds:
        broken.append(f"{mode} {rule}" + (f": {detail}" if detail else ""))


def of(kind):
    return [fact for fact in facts if fact["kind"] == kind]


# Status 0: facts were printed.  69: nothing answered, which may be so once it died.
demand("exit", status == "0" or (status == "69" and mode in ("dying", "returning")), status)
demand("time", int(seconds) <= 65)
demand("replay", len(lines) > 1 and lines[1:] == replayed[1:])
rows = of("looked")
demand("rows", len(rows) > 10)
for row in rows:
    demand("reason", row.get("complete") is not False or row.get("reason"), row.get("looked_for"))

# Nobody is let in by a password where everybody is, or where nothing can be told.
controls = {(fact["protocol"], fact["port"]): fact.get("accepted") for fact in of("login_attempt") if fact.get("control")}
for fact in of("login_attempt"):
    place = f"{fact['protocol']} {fact['port']}"
    if fact.get("control"):
        demand("control", mode != "lying" or fact.get("accepted") is not False, place)
    else:
        demand("accepted", fact.get("accepted") is not True, place)
        demand("guess", controls.get((fact["protocol"], fact["port"])) is False, place)

# Who says 200 to everything has opened nothing in particular; noise opens nothing at all.
# (Its "yes" to an MQTT CONNECT is a well-formed one, and is so.)
for fact in of("resource"):
    if mode == "malformed" and (fact["protocol"], fact.get("name")) == ("mqtt", "CONNECT"):
        continue
    # A picture described at any path is told so: it is, to whoever asks.
    if mode == "lying" and (fact["protocol"], fact.get("name")) == ("rtsp", "any path"):
        continue
    if fact.get("needs_login") is False and (mode != "lying" or fact["protocol"] in ("http", "https", "rtsp")):
        demand("open", False, f"{fact['protocol']} {fact['port']} {fact.get('name')}")

# What could not be read was not looked at: a row that is complete must not rest on it.
unread = {
    "hanging": ("tls", "ssh", "http", "telnet"),
    "slow": ("tls", "ssh", "http", "telnet"),
    "flooding": ("tls", "ssh", "http", "telnet"),
    "malformed": ("tls", "ssh", "telnet"),
    "tarpit": ("tls", "ssh", "http", "telnet"),
}
for row in rows:
    if row["source"] in unread.get(mode, ()):
        demand("complete", row["complete"] is False, f"{row['source']} {row['looked_for']}")
    if row["source"] == "default_passwords" and row["looked_for"] == "login_attempt":
        demand("complete", row["complete"] is False, "default_passwords login_attempt")
if mode in ("hanging", "tarpit"):
    for row in rows:
        if row["source"] == "liveness":
            demand("complete", row["complete"] is False, "liveness, when time was up")

# A unit that dies is a finding, with the probe it died of.
deaths = of("liveness")
if mode in ("dying", "returning"):
    demand("death", any(fact.get("alive") is False and fact.get("after") for fact in deaths))
    demand("return", any(bool(fact.get("came_back")) == (mode == "returning") for fact in deaths))
elif mode in ("lying", "malformed", "flooding"):
    demand("death", not any(fact.get("alive") is False for fact in deaths), str(deaths[:1]))
opened = [fact for fact in of("open_port") if fact.get("transport") == "tcp" and fact.get("status") == "open"]
demand("ports", len(opened) == {"tarpit": 2000, "lying": 7, "dying": 1, "returning": 1}.get(mode, 9), str(len(opened)))
print("\n".join(broken))
