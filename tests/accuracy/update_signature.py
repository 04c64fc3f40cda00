#!/usr/bin/env python3
"""Signatures of updates, against updates signed by other tools and real ones of which others say how they are signed."""
import os
import re
import subprocess
import sys

sys.path.insert(0, str(__import__("pathlib").Path(__file__).parent))
import _truth

SAMPLES = _truth.TOP / "build" / "fixtures" / "signatures"


def signatures(image, trust=None):
    """The facts of one image, the signed ones first."""
    command = [str(_truth.HOPQUY), "facts", str(image), "--kind", "update_signature"]
    command += ["--trust", str(trust)] if trust else []
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode not in (0, 65):
        raise SystemExit(f"{image}: hopquy facts ended with {done.returncode}: {done.stderr}")
    facts = [_truth.json.loads(line) for line in done.stdout.splitlines()]
    return sorted(facts, key=lambda fact: -1 if fact.get("present") else 0)


def word(value):
    return "?" if value is None else "1" if value else "0"


def of_image(facts, field):
    """As the checks read an image: any signature is one; none only where nothing is unknown."""
    values = [fact.get(field) for fact in facts]
    if not values:
        return "?"
    if field == "present":
        return "1" if True in values else "?" if None in values else "0"
    return word(facts[0].get(field))


def made():
    """Updates that fixtures/signatures/make.py lets other tools sign."""
    subprocess.run([str(_truth.TOP / "fixtures" / "signatures" / "build.sh"), str(SAMPLES)], check=True)
    truth = {"present": [], "verified": [], "covers": [], "algorithm": []}
    found = {"present": [], "verified": [], "covers": [], "algorithm": []}
    for line in (SAMPLES / "truth.tsv").read_text().splitlines():
        image, key, present, verified, covers, algorithm, tool = line.split("\t")
        facts = signatures(SAMPLES / image, None if key == "none" else SAMPLES / "keys" / key)
        name = f"{image} ({tool}, key {key})"
        truth["present"].append((name, present))
        found["present"].append((name, of_image(facts, "present")))
        truth["verified"].append((name, verified))
        found["verified"].append((name, of_image(facts, "verified")))
        if covers != "-":
            truth["covers"].append((name, covers))
            found["covers"].append((name, facts[0].get("covers") if facts else None))
        if algorithm not in ("-", ""):
            truth["algorithm"].append((name, algorithm))
            found["algorithm"].append((name, facts[0].get("algorithm") if facts else None))
    for what in truth:
        _truth.score("update_signature", what, "signed by mkimage, rauc, mender-artifact, mkeficapsule, signify, openssl",
                     truth[what], found[what])


def says_signed(words):
    """The `signed` column of the list: 1, 0 or None where it says nothing."""
    if re.search(r"unsigned|only|^uImage CRC|^CRC32|^SHA-256 in header|no signature|CRC32$|MD5 header|not HAB", words):
        return "0"
    if re.search(r"signed|CMS|signature|RSA", words) and "see truth" not in words and "if present" not in words:
        return "1"
    return None


def imgtool_says(name):
    """imgtool dumpinfo names every record."""
    path = _truth.CORPUS / "truth" / f"{name}.imgtool"
    if not path.exists():
        return None
    return "1" if re.search(r"type: \w*SIG\w* |type: RSA|type: ECDSA|type: ED25519", path.read_text()) else "0"


def real():
    if _truth.CORPUS is None:
        _truth.left("real images: HOPQUY_CORPUS names no folder")
        return
    truth, found = [], []
    for line in (_truth.CORPUS / "MANIFEST.tsv").read_text().splitlines()[1:]:
        fields = line.split("\t")
        name, signed = fields[0], imgtool_says(fields[0]) or says_signed(fields[9])
        if signed is None or not (_truth.CORPUS / name).exists():
            continue
        truth.append((name, signed))
        found.append((name, of_image(signatures(_truth.CORPUS / name), "present")))
    _truth.score("update_signature", "present", "real images: the list's column, imgtool", truth, found)
    keys = _truth.CORPUS / "truth" / "keys"
    ours, others = keys / "dev_rsa.crt", _truth.CORPUS / "rauc_dev-ca.pem"
    truth, found = [], []
    for name, right, wrong in (("built_debian-armhf_fit-signed.itb", ours, others),
                               ("built_debian-armhf_signed-cms.swu", keys / "swu.crt", others),
                               ("built_debian-armhf_rauc-verity.raucb", ours, others),
                               ("rauc_good-bundle_plain.raucb", others, ours),
                               ("rauc_good-adaptive-meta_verity.raucb", others, ours)):
        if not (_truth.CORPUS / name).exists():
            _truth.left(f"real images: no {name}")
            continue
        for key, verified in ((right, "1"), (wrong, "0")):
            truth.append((f"{name} with {key.name}", verified))
            found.append((f"{name} with {key.name}", of_image(signatures(_truth.CORPUS / name, key), "verified")))
    _truth.score("update_signature", "verified", "real images: signed by rauc, mkimage and openssl, verified by rauc and swupdate", truth, found)


if __name__ == "__main__":
    os.environ.setdefault("LC_ALL", "C.UTF-8")
    made()
    if "--made" not in sys.argv:
        real()
