"""Compares the facts of a probed fixture with its truth.  Prints "not seen: …" for what is so and was not told, and
"wrong: …" for what was told and is not so.

usage: devices.py NAME TRUTH FACTS
"""
import json
import sys

name, truth_path, facts_path = sys.argv[1:4]
truth = {"port": set(), "ask": set(), "login": set(), "open": set(), "input": set()}
with open(truth_path, encoding="utf-8") as file:
    for line in file:
        if not line.startswith("#"):
            kind, *rest = line.rstrip("\n").split("\t")
            truth[kind].add(tuple(rest))
with open(facts_path, encoding="utf-8") as file:
    facts = [json.loads(line) for line in file]
# The same thing under the names of its layers.
SAME = {"mqtts": "mqtt", "rtsps": "rtsp", "wsd": "ws-discovery", "pcp": "nat-pmp"}


def of(kind):
    return [fact for fact in facts if fact["kind"] == kind]


def told(kind, fact, missing):
    print(f"{name} {kind}: {' '.join(missing)} {' '.join(str(part) for part in fact)}".rstrip())


def plain(service):
    return SAME.get(service, service)


ports = {
    (fact["transport"], str(fact["port"])): plain(fact.get("service"))
    for fact in of("open_port")
    if fact.get("status") == "open"
}
for transport, port, service in sorted(truth["port"]):
    if (transport, port) not in ports:
        told("not seen", (transport, port, service), ["port"])
    elif ports[transport, port] != service:
        told("not seen", (transport, port, service, "but", ports[transport, port]), ["service of port"])
for transport, port in sorted(set(ports) - {one[:2] for one in truth["port"]}):
    told("wrong", (transport, port, ports[transport, port]), ["port"])

asked = {(plain(fact["protocol"]), str(fact["port"]), fact.get("scheme")) for fact in of("login_service")}
for one in sorted(truth["ask"]):
    if one not in asked:
        told("not seen", one, ["log-in"])
# What was told of a port and protocol the truth speaks of; a second way in (a key beside a password) is no contradiction.
ways = {one[:2] for one in truth["ask"]}
for one in sorted(asked, key=str):
    if one[2] == "none" and one[:2] in ways and one not in truth["ask"]:
        told("wrong", one, ["log-in"])

right = truth["login"]
tried = set()
for fact in of("login_attempt"):
    pair = (plain(fact["protocol"]), str(fact["port"]), fact.get("user") or "", fact.get("password") or "")
    if fact.get("accepted") is True:
        if fact.get("control") or pair not in right:
            told("wrong", pair, ["accepted"])
        tried.add(pair)
    elif pair in right and fact.get("accepted") is False:
        told("wrong", pair, ["refused"])
# One accepted password of a log-in settles it: the others need not be tried.
settled = {pair[:2] for pair in tried}
for place in sorted({pair[:2] for pair in right} - settled):
    told("not seen", place, ["accepted log-in of"])

# Unknown is not open; yet what a unit offers and nobody tried is told so (AddPortMapping).
opened = {
    (plain(fact["protocol"]), str(fact["port"]), fact.get("name"), fact.get("access")): fact.get("needs_login")
    for fact in of("resource")
    if fact.get("needs_login") is not True
}
places = {one[:2] for one in truth["open"]}
for protocol, port, resource, access in sorted(truth["open"]):
    if not any(one[:2] == (protocol, port) and resource in (one[2] or "") and one[3] == access for one in opened):
        told("not seen", (protocol, port, resource, access), ["open"])
for one in sorted(opened, key=str):
    if name == "good" and opened[one] is False and one[:2] not in places and one[2] not in ("GetSystemDateAndTime", "GetServices", "GetCapabilities"):
        told("wrong", one, ["open"])
taken = {
    (plain(fact["protocol"]), str(fact["port"]), fact["class"], fact["place"])
    for fact in of("input_trial")
    if fact.get("processed") is True
}
for one in sorted(truth["input"] - taken):
    told("not seen", one, ["input"])
for one in sorted(taken - truth["input"]):
    told("wrong", one, ["input"])
for fact in of("liveness"):
    if fact.get("alive") is False:
        told("wrong", (fact.get("after"),), ["died after"])
