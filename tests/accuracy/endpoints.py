#!/usr/bin/env python3
"""Hosts that firmware names, and how update clients ask: against plain patterns over independently extracted files.

Corpus: every file whose digest an independent extractor gave as well is read here with three plain patterns (URLs, host names,
dotted addresses); what they find was read by a person where it stands and labelled in endpoints.tsv. One item is (image, host).
Made here: configurations, scripts and strings with look-alikes as traps.
"""
import collections
import fnmatch
import hashlib
import re
import shutil
import subprocess
import tempfile

from _truth import CORPUS, HOPQUY, TOP, WORK, facts, left, score

IMAGES = ["xiongmai_gm8135s_romfs-x.cramfs.img", "xiongmai_gm8135s_user-web.cramfs.img", "xiongmai_gm8135s_web-x.cramfs.img",
          "xiongmai_gm8135s_custom.cramfs.img", "built_anyka_cramfs-be.img", "linksys_wrt54gl_4.30.18.006_oem.bin",
          "binwalk_squashfs2.0-be_router.bin", "openwrt_backfire_wrt54g-squashfs.bin", "openwrt_r35817_tl-wr841n-v8-factory.bin",
          "built_debian-armhf_ubi-p128k_ubifs-lzo.ubi"]
URL = re.compile(rb"(?:https?|ftps?|tftp|mqtts?|rtsps?|rtmp|ntp|wss?|coaps?|stun|turn|tcp|udp|ssl|tls)://"
                 rb"(?:[^/\s\"'<>@]*@)?([A-Za-z0-9_.-]+\.[A-Za-z0-9_.-]+)", re.I)
HOST = re.compile(rb"(?<![A-Za-z0-9_.@/$%{}-])((?:[A-Za-z0-9-]+\.)+(?:com|net|org|cn|vn|io|tw|hk|jp|kr|us|uk|de|fr|ru|nz|au|fi|tv|me|info|biz|eu|gov))"
                  rb"(?![A-Za-z0-9_.-])")
ADDRESS = re.compile(rb"(?<![\w.])((?:\d{1,3}\.){3}\d{1,3})(?![\w.])")
STRING = re.compile(rb"[\x20-\x7e\t]{6,}")
ALONE = re.compile(rb"[A-Za-z0-9.-]+(:\d+)?(/\S*)?")


def candidates(content):
    """What the plain patterns find in one file."""
    text = b"\0" not in content[:512]
    for string in [content] if text else STRING.findall(content):
        for line in string.split(b"\n"):
            yield from (match.group(1) for match in URL.finditer(line))
            if text or (len(line) < 120 and ALONE.fullmatch(line)):
                yield from (match.group(1) for match in HOST.finditer(line))
                yield from (match.group(1) for match in ADDRESS.finditer(line)
                            if all(int(part) < 256 for part in match.group(1).split(b".")))


def labels(name):
    with open(TOP / "tests" / "accuracy" / name, encoding="utf-8") as file:
        return [line.rstrip("\n").split("\t") for line in file if not line.startswith("#")]


def what_is(rows, image, host):
    for image_glob, host_glob, what, _ in rows:
        if fnmatch.fnmatchcase(image, image_glob) and fnmatch.fnmatchcase(host, host_glob):
            return what
    return None


def extracted(image):
    """Files that hopquy unpacks and an independent extractor gave with the same digest."""
    known = {line.split()[0] for line in (CORPUS / "truth" / (image + ".files")).read_text(errors="replace").splitlines()
             if line and not line.startswith("#")}
    with tempfile.TemporaryDirectory(dir=WORK) as folder:
        subprocess.run([str(HOPQUY), "unpack", str(CORPUS / image), "-C", folder], stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, check=False)
        for path in sorted(TOP.__class__(folder).rglob("*")):
            if path.is_file() and not path.is_symlink():
                content = path.read_bytes()
                if hashlib.sha256(content).hexdigest() in known:
                    yield path.relative_to(folder), content


UNVERIFIED = re.compile(rb"(?:curl(?:\s[^|;]*)?\s(?:-[a-zA-Z]*k[a-zA-Z]*|--insecure)\s|(?:wget|uclient-fetch)\s[^|;]*--no-check-certificate)")


def corpus():
    rows = labels("endpoints.tsv")
    settings, said = {tuple(row[:3]) for row in labels("update_client.tsv")}, set()
    truth, found, unlabelled = set(), set(), collections.Counter()
    fetches, told = set(), set()
    for image in IMAGES:
        if not (CORPUS / image).exists():
            left(f"endpoints: {image} is not in the corpus")
            continue
        for path, content in extracted(image):
            for host in candidates(content):
                host = host.decode().lower().strip(".")
                what = what_is(rows, image, host)
                unlabelled[(image, host)] += what is None
                if what == "endpoint":
                    truth.add((image, host))
            if b"\0" not in content[:512]:
                for line in content.replace(b"\\\n", b" ").split(b"\n"):
                    # where the scheme says that there is no TLS, there is nothing to verify
                    if UNVERIFIED.search(line) and not line.lstrip().startswith(b"#") and b'"http://$' not in line:
                        fetches.add((image, path.name))
        for fact in facts(CORPUS / image):
            if fact["kind"] == "endpoint_reference" and fact.get("purpose") != "documentation":
                found.add((image, fact["host"]))
            if fact["kind"] == "setting" and fact["source"] == "update_client":
                name = fact["path"].rsplit("/", 1)[-1]
                said.add((image, name, fact["name"]))
                if fact["name"].endswith(".verify"):
                    told.add((image, name))
    score("endpoint_reference", "endpoint", "corpus: 10 images, labelled by hand", truth, found, show=" ".join)
    score("update_client", "setting", "corpus: 10 images, labelled by hand", settings, said, show=" ".join)
    score("update_client", "setting", "corpus: files that fetch without verification", fetches, told, show=" ".join)
    for image, host in (key for key, count in unlabelled.items() if count):
        left(f"endpoints.tsv has no label for {host} of {image}")


# path, content, hosts that are endpoints, settings that must be told
MADE = [
    ("etc/mqtt.conf", b"# address old.broker.vn:1883\naddress m1.tuyaeu.com:8883\n", ["m1.tuyaeu.com"], []),
    ("etc/resolv.conf", b"nameserver 1.1.1.1\nnameserver 192.168.1.1\n", ["1.1.1.1"], []),
    ("etc/ntp.conf", b"server vn.pool.ntp.org iburst\nrestrict 127.0.0.1\n", ["vn.pool.ntp.org"], []),
    ("etc/app.json", b'{"version": "1.2.3.4", "cloud": {"endpoint": "a1-ats.iot.us-east-1.amazonaws.com", "port": 8883},'
                     b' "schema": "http://www.w3.org/2001/XMLSchema"}', ["a1-ats.iot.us-east-1.amazonaws.com"], []),
    ("etc/licence.conf", b"# http://licence.camera.vn/\nlicence = http://www.gnu.org/licenses/gpl.html\n", [], []),
    ("etc/oid.conf", b"oid = 1.3.6.1\nfirmware_version = 10.20.30.40\nserver = 127.0.0.1:80\nhelp = www.example.com\n", [], []),
    ("etc/web.conf", b"server_name www.camera.vn;\nlisten 203.0.114.7:443;\nadmin = root@camera.vn\n", [], []),
    ("etc/ns.xml", b'<d xmlns="http://ns.camera.vn/2019/a" xsi:schemaLocation="u http://ns2.camera.vn/a.xsd"/>\n', [], []),
    ("usr/bin/ota.sh", b"#!/bin/sh\nwget --no-check-certificate https://fw.camera.vn/firmware.bin -O /tmp/f\n"
                       b"mtd write /tmp/f /dev/mtd3\n", ["fw.camera.vn"],
     [("update_client.verify", "off: --no-check-certificate"), ("update_client.url", "https://fw.camera.vn/firmware.bin")]),
    ("usr/bin/local.sh", b"#!/bin/sh\ncurl -k https://127.0.0.1/firmware\n# curl -k https://x.camera.vn/firmware\n", [], []),
    ("usr/bin/good.sh", b"#!/bin/sh\ncurl --cacert /etc/ca.pem -A '-k (http://home.camera.vn/)' https://ok.camera.vn/ota/list\n",
     ["ok.camera.vn"], [("update_client.verify", "pinned: /etc/ca.pem"), ("update_client.url", "https://ok.camera.vn/ota/list")]),
    ("usr/bin/ddns.sh", b"#!/bin/sh\nwget http://members.dyndns.org/nic/update?hostname=$H\n", ["members.dyndns.org"], []),
    ("etc/opkg.conf", b"src/gz base http://feed.camera.vn/base\n#option check_signature\n", ["feed.camera.vn"],
     [("update_client.url", "http://feed.camera.vn/base"), ("update_client.signature", "off: opkg without check_signature")]),
    ("etc/apt/sources.list", b"deb http://packages.camera.vn/debian bookworm main\n# deb http://x.camera.vn/ a b\n", ["packages.camera.vn"],
     [("update_client.url", "http://packages.camera.vn/debian")]),
    ("etc/apt/apt.conf.d/20auto-upgrades", b'APT::Periodic::Update-Package-Lists "1";\nAPT::Periodic::Unattended-Upgrade "0";\n', [],
     [("update_client.schedule", "apt, days between: 1")]),
    ("etc/mender/mender.conf", b'{\n  "ServerURL": "https://hosted.mender.io",\n  "UpdatePollIntervalSeconds": 1800\n}\n',
     ["hosted.mender.io"],
     [("update_client.url", "https://hosted.mender.io"), ("update_client.schedule", "mender, seconds between: 1800"),
      ("update_client.signature", "off: mender without ArtifactVerifyKey")]),
    ("etc/crontabs/root", b"0 4 * * * /usr/sbin/firmware-upgrade\n5 * * * * /usr/bin/updatedb\n", [],
     [("update_client.schedule", "cron: 0 4 * * * /usr/sbin/firmware-upgrade")]),
    ("usr/bin/ipc", b"\x7fELF\1\1\0\0upgrade.secu100.net\0api.sentry.io\0" b"47.91.120.7\0" b"5.60.120.1\0libc.so.6\0"
                    b"See http://www.gnu.org/\0http://www.camera.vn/\0com.vendor.app\0foo@bar.com\0192.168.1.108\0"
                    b"255.255.255.0\0" b"1.3.6.1.4.1\0", ["upgrade.secu100.net", "api.sentry.io", "47.91.120.7"],
     [("update_client.host", "upgrade.secu100.net")]),
]


def made():
    truth, found, settings, told = [], [], [], []
    folder = WORK / "endpoints"
    shutil.rmtree(folder, ignore_errors=True)
    for path, content, hosts, said in MADE:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
        truth += [(path, host) for host in hosts]
        settings += [(path, *setting) for setting in said]
    image = WORK / "endpoints.squashfs"
    image.unlink(missing_ok=True)
    subprocess.run(["mksquashfs", str(folder), str(image), "-all-root", "-noappend", "-no-progress", "-quiet"],
                   stdout=subprocess.DEVNULL, check=True)
    for fact in facts(image):
        path = fact.get("path", "").split("/", 1)[-1]
        if fact["kind"] == "endpoint_reference" and fact.get("purpose") != "documentation":
            found.append((path, fact["host"]))
        if fact["kind"] == "setting" and fact["source"] == "update_client":
            told.append((path, fact["name"], fact["value"]))
    score("endpoint_reference", "endpoint", "made here, with traps", truth, found, show=" ".join)
    score("update_client", "setting", "made here, with traps", settings, told, show=" ".join)


# Packages of the distribution, and the servers that their manuals say they ask as they are installed.
POOL = [f"{i}.debian.pool.ntp.org" for i in range(4)]
PACKAGES = {"chrony": POOL[2:3], "ntpsec": POOL, "ntpsec-ntpdate": POOL, "openntpd": POOL, "popularity-contest": ["popcon.debian.org"],
            "clamav-freshclam": ["database.clamav.net", "current.cvd.clamav.net"], "fwupd": ["cdn.fwupd.org", "fwupd.org"],
            "unattended-upgrades": []}


def distribution():
    truth, found = [], set()
    with tempfile.TemporaryDirectory(dir=WORK) as folder:
        for package, hosts in PACKAGES.items():
            done = subprocess.run(["apt-get", "download", "-qq", package], cwd=folder, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL, timeout=120, check=False)
            image = next(iter(TOP.__class__(folder).glob(f"{package}_*.deb")), None)
            if done.returncode != 0 or image is None:
                left(f"endpoints: package {package} could not be had")
                continue
            truth += [(package, host) for host in hosts]
            found |= {(package, fact["host"]) for fact in facts(image, "endpoint_reference")
                      if fact["kind"] == "endpoint_reference" and fact.get("purpose") != "documentation"}
    score("endpoint_reference", "endpoint", "Debian packages: servers that their manuals name", truth, found, show=" ".join)


if CORPUS is None:
    left("endpoints: no corpus (HOPQUY_CORPUS)")
else:
    corpus()
made()
distribution()
