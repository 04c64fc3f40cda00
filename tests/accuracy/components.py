#!/usr/bin/env python3
"""Components: Debian's packages without their control data, images of the corpus, package databases, traps."""
import collections
import io
import json
import pathlib
import re
import shutil
import subprocess
import tarfile

from _truth import CORPUS, HOPQUY, WORK, left, score

# The programs and libraries of the embedded world: package, and the upstream projects in it.
PACKAGES = {
    "busybox-static": "busybox", "dropbear-bin": "dropbear", "openssh-server": "openssh", "openssl": "openssl", "libssl3": "openssl",
    "dnsmasq-base": "dnsmasq", "hostapd": "hostapd", "wpasupplicant": "wpa_supplicant", "libwolfssl35": "wolfssl",
    "libmbedcrypto7": "mbedtls", "libgnutls30": "gnutls", "libcurl4": "curl", "zlib1g": "zlib", "libpng16-16": "libpng",
    "libjpeg62-turbo": "libjpeg-turbo", "lighttpd": "lighttpd", "nginx": "nginx", "mini-httpd": "mini_httpd",
    "mosquitto": "mosquitto", "samba": "samba", "ppp": "ppp", "iptables": "iptables", "iproute2": "iproute2", "openvpn": "openvpn",
    "strongswan-starter": "strongswan", "avahi-daemon": "avahi", "miniupnpd-iptables": "miniupnpd", "minidlna": "minidlna",
    "libavformat59": "ffmpeg", "libsqlite3-0": "sqlite", "liblua5.3-0": "lua", "python3.11-minimal": "python", "perl-base": "perl",
    "ntpsec": "ntpsec", "chrony": "chrony", "bluez": "bluez", "libdbus-1-3": "dbus", "toybox": "toybox", "vsftpd": "vsftpd",
    "proftpd-core": "proftpd", "pure-ftpd": "pure-ftpd", "libsnmp40": "net-snmp", "libssh-4": "libssh", "libssh2-1": "libssh2",
    "libxml2": "libxml2", "libexpat1": "expat", "libjson-c5": "json-c", "libjansson4": "jansson", "libc6": "glibc", "musl": "musl",
    "tcpdump": "tcpdump",
}
# Projects whose code a package holds besides its own, as its copyright file or its build says.
HOLDS = {
    "libavformat59": {"libavformat", "libavcodec"}, "python3.11-minimal": {"expat"}, "busybox-static": {"glibc", "udhcp"},
    "libssh2-1": set(), "rsync": {"zlib"}, "wpasupplicant": set(), "samba": set(),
}
ARCHITECTURES = ("armhf", "arm64", "mipsel", "amd64")


def upstream(version):
    """Debian Policy 5.6.12: [epoch:]upstream[-revision]; what repacking adds stands behind + or .dfsg."""
    version = version.split(":", 1)[-1].rsplit("-", 1)[0]
    return re.split(r"\+|~|\.dfsg", version)[0]


def run_facts(image):
    done = subprocess.run([str(HOPQUY), "facts", str(image)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode not in (0, 65):
        raise SystemExit(f"{image}: hopquy facts ended with {done.returncode}: {done.stderr}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def told(facts):
    """What is said to be there, not what may be."""
    return [f for f in facts if f["kind"] == "component" and f.get("confidence") in ("certain", "likely")]


def fetch(architecture):
    """The packages of another architecture, without touching this machine's own state."""
    folder = WORK / "debs" / architecture
    (folder / "state/lists/partial").mkdir(parents=True, exist_ok=True)
    (folder / "cache/archives/partial").mkdir(parents=True, exist_ok=True)
    (folder / "state/status").write_text("")
    options = ["-o", f"Dir::State={folder}/state", "-o", f"Dir::State::status={folder}/state/status", "-o", f"Dir::Cache={folder}/cache",
               "-o", f"APT::Architecture={architecture}", "-o", f"APT::Architectures={architecture}", "-o", "APT::Sandbox::User=root",
               "-o", "Debug::NoLocking=1"]
    wanted = [name for name in PACKAGES if not list(folder.glob(f"{name}_*.deb"))]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": False, "cwd": folder}
    if wanted:
        subprocess.run(["apt-get", *options, "update", "-qq"], **quiet)
        subprocess.run(["apt-get", *options, "download", "-qq", *wanted], **quiet)
        for name in wanted:  # one that is not there ends the whole call
            if not list(folder.glob(f"{name}_*.deb")):
                subprocess.run(["apt-get", *options, "download", "-qq", name], **quiet)
    return sorted(folder.glob("*.deb"))


def programs(architecture):
    """Each package's files in a folder of its own, and nothing that says which they are."""
    debs = fetch(architecture)
    if not debs:
        left(f"packages of {architecture}: none could be fetched")
        return
    truth, image = set(), WORK / f"components-{architecture}.tar"
    with tarfile.open(image, "w") as out:
        for deb in debs:
            fields = subprocess.run(["dpkg-deb", "-f", str(deb), "Package", "Version"], stdout=subprocess.PIPE, text=True, check=True)
            package, version = (line.split(": ")[1] for line in fields.stdout.splitlines())
            if package not in PACKAGES:
                continue
            truth.add((package, PACKAGES[package], upstream(version)))
            data = subprocess.run(["dpkg-deb", "--fsys-tarfile", str(deb)], stdout=subprocess.PIPE, check=True).stdout
            with tarfile.open(fileobj=io.BytesIO(data)) as files:
                for member in files:
                    if member.isfile() and "/share/doc/" not in member.name:
                        member.name = f"{package}/{member.name.removeprefix('./')}"
                        out.addfile(member, files.extractfile(member.linkname if member.islnk() else member))
    found = set()
    for fact in told(run_facts(image)):
        package = fact["path"].split("/")[1]
        if fact["name"] not in HOLDS.get(package, ()):
            found.add((package, fact["name"], fact.get("version")))
    score("components", "component", f"Debian 12 packages, {architecture}, without control data", truth, found, " ".join)


def corpus():
    """What was seen in real images with independent unpackers and plain patterns."""
    if CORPUS is None:
        left("known components of real images: HOPQUY_CORPUS is not set")
        return
    patterns = {"busybox": r"BusyBox v([\d.]+)", "dnsmasq": r"dnsmasq-([\d.]+)$", "dropbear": r"dropbear_([\d.]+)", "hostapd": r"hostapd v([\d.]+)",
                "lighttpd": r"lighttpd/([\d.]+)", "openssl": r"/lib(?:crypto|ssl)\S*: OpenSSL (\S+)", "wpa_supplicant": r"wpa_supplicant v([\d.]+)",
                "vermagic": r"vermagic=([\d.]+\d)"}
    truth, found = set(), set()
    for facts in sorted((CORPUS / "truth").glob("*.facts")):
        image = CORPUS / facts.name.removesuffix(".facts")
        known = set()
        for line in facts.read_text(errors="replace").splitlines():
            kind, _, value = line.partition("\t")
            match = re.search(patterns.get(kind, "(?!)"), value)
            if match:
                known.add((image.name, "linux" if kind == "vermagic" else kind, match.group(1)))
        if not known or not image.exists():
            continue
        truth |= known
        names = {name for _, name, _ in known}
        # a kernel beside the file system is not what the patterns looked at; they read numbers, and leave "-devel" out
        found |= {(image.name, f["name"], f["version"].removesuffix("-devel")) for f in told(run_facts(image))
                  if f["name"] in names and f["source"] != "packages" and (f["name"] != "linux" or "lib/modules" in f["path"])}
    score("components", "component", "corpus: programs that independent patterns found", truth, found, " ".join)


def paragraphs(text):
    for part in re.split(r"\n\s*\n", text):
        fields = dict(re.findall(r"^([A-Za-z-]+):[ \t]*(.*)$", part, re.M))
        if "Package" in fields and "Version" in fields:
            yield fields


def own_system():
    """This machine's list against what its own tool says of it."""
    status = pathlib.Path("/var/lib/dpkg/status")
    if not status.exists():
        left("dpkg's list of this machine: there is none")
        return
    tool = subprocess.run(["dpkg-query", "-W", "-f", "${db:Status-Status}\t${Package}\t${Version}\t${Architecture}\n"], stdout=subprocess.PIPE,
                          text=True, check=True).stdout
    truth = [tuple(line.split("\t")[1:]) for line in tool.splitlines() if line.startswith("installed\t")]
    image = WORK / "dpkg.tar"
    with tarfile.open(image, "w") as out:
        out.add(status, "var/lib/dpkg/status")
    found = []
    for fact in told(run_facts(image)):
        match = re.fullmatch(r"pkg:deb/debian/([^@]+)@([^?]+)\?arch=(.*)", fact["purl"])
        found.append(tuple(re.sub(r"%([0-9A-F]{2})", lambda m: chr(int(m.group(1), 16)), part) for part in match.groups()))
    score("components", "component", "dpkg's list of a machine against dpkg-query", truth, found, " ".join)


def rpm():
    """A database written by rpm against what rpm says of it."""
    work = WORK / "rpm"
    if shutil.which("rpmbuild") is None:
        left("rpm's database: rpmbuild is not installed")
        return
    shutil.rmtree(work, ignore_errors=True)
    (work / "root").mkdir(parents=True)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": True}
    for i in range(12):
        spec = work / f"p{i}.spec"
        spec.write_text(f"Name: part{i}\nVersion: {i}.{i * 7}\nRelease: {i + 1}%{{?dist}}\nSummary: x\nLicense: MIT\nBuildArch: noarch\n"
                        f"%description\n{'long words ' * (i * 400)}\n%files\n")
        subprocess.run(["rpmbuild", "-bb", "--define", f"_topdir {work}/top", str(spec)], **quiet)
    database = ["rpm", "--root", str(work / "root"), "--dbpath", "/var/lib/rpm"]
    subprocess.run([*database, "-i", "--justdb", "--nodeps", *map(str, (work / "top/RPMS/noarch").glob("*.rpm"))], **quiet)
    tool = subprocess.run([*database, "-qa", "--qf", "%{NAME} %{VERSION}-%{RELEASE} %{ARCH}\n"], stdout=subprocess.PIPE, text=True, check=True).stdout
    image = WORK / "rpm.tar"
    with tarfile.open(image, "w") as out:
        out.add(work / "root/var/lib/rpm/rpmdb.sqlite", "var/lib/rpm/rpmdb.sqlite")
    found = [re.sub(r"%([0-9A-F]{2})", lambda m: chr(int(m.group(1), 16)), re.sub(r"pkg:rpm/(.*)@(.*)\?arch=(.*)", r"\1 \2 \3", f["purl"]))
             for f in told(run_facts(image))]
    score("components", "component", "rpm's database (SQLite) against rpm -qa", tool.splitlines(), found)


def opkg():
    """Lists of OpenWrt images, taken out by hopquy and parsed here."""
    if CORPUS is None:
        return
    truth, found = collections.Counter(), collections.Counter()
    for name in ("openwrt_backfire_wrt54g-squashfs.bin", "openwrt_r35817_tl-wr841n-v8-factory.bin"):
        image, folder = CORPUS / name, WORK / f"opkg-{name}"
        if not image.exists():
            continue
        if not folder.exists():
            subprocess.run([str(HOPQUY), "unpack", str(image), "-C", str(folder)], stdout=subprocess.DEVNULL, check=False)
        for status in folder.rglob("usr/lib/opkg/status"):
            truth.update((name, f["Package"], f["Version"]) for f in paragraphs(status.read_text()))
        for fact in told(run_facts(image)):
            if fact["source"] == "packages" and fact["path"].endswith("/opkg/status"):
                package, version = fact["purl"].removeprefix("pkg:generic/").split("@")
                found[(name, package, re.sub(r"%([0-9A-F]{2})", lambda m: chr(int(m.group(1), 16)), version))] += 1
    score("components", "component", "opkg's lists of OpenWrt images", truth.elements(), found.elements(), " ".join)


def traps():
    """Binaries that speak of other products, or of versions that are none (made here)."""
    head = b"\x7fELF\1\1\1" + bytes(57)
    cases = {
        "peer": (b"OpenSSH_7.0*,OpenSSH_6.6.1*\0OpenSSH_6.5,x\0Please upgrade to OpenSSL 1.1.1 or later\0", ()),
        "licence": (b"Licensed under the Apache License, Version 2.0\0Apache/2.0\0", ()),
        "agent": (b"Mozilla/5.0 (X11; Linux)\0UPnP/1.0 DLNADOC/1.50\0", ()),
        "format": (b"BusyBox v%s (%s)\0U-Boot %s (%s)\0Linux version %s (%s)\0lighttpd/%s\0", ()),
        "kernel-needed": (b"This needs Linux version 2.6.32 or later\0", ()),
        "address": (b"hostapd v%s\00010.0.0.1\0255.255.255.0\000802.11\0", ()),
        "own": (b"mydnsmasq-2.80\0notopenssl OpenSSL 9\0xlighttpd/1.4\0", ()),
        "busybox": (b"BusyBox v1.31.1 (2020-01-01 00:00:00 UTC)\0", (("busybox", "1.31.1"),)),
        "static": (b"OpenSSL 1.0.2u  20 Dec 2019\0 inflate 1.2.11 Copyright 1995-2017 Mark Adler \0", (("openssl", "1.0.2u"), ("zlib", "1.2.11"))),
        "built-with": (b"libssl.so.1.1\0libcrypto.so.1.1\0OpenSSL 1.1.1d  10 Sep 2019\0nginx version: nginx/1.14.2\0", (("nginx", "1.14.2"),)),
        "borrowed": (b"Server: nginx/1.17.8\r\n\0nginx/1.17.8\0Apache/0.6.5\0", ()),
        "vendor-boot": (b"U-Boot 2010.06-svn1234 (Jan 01 2015 - 10:00:00)\0", (("u-boot", "2010.06"),)),
    }
    image, truth = WORK / "traps.tar", []
    with tarfile.open(image, "w") as out:
        for name, (strings, right) in cases.items():
            info, content = tarfile.TarInfo(name), head + strings + bytes(64)
            info.size = len(content)
            out.addfile(info, io.BytesIO(content))
            truth += [(name, *one) for one in right]
    found = [(f["path"].split("/")[1], f["name"], f.get("version")) for f in told(run_facts(image))]
    score("components", "component", "look-alikes made here", truth, found, lambda t: " ".join(map(str, t)))


for one in ARCHITECTURES:
    programs(one)
corpus()
own_system()
rpm()
opkg()
traps()
