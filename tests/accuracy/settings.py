#!/usr/bin/env python3
"""Settings against what the daemons themselves read: sshd -T, and lighttpd -p of the configuration files of Debian and of this project."""
import pathlib
import re
import shutil
import subprocess

import _truth

SSHD = {"permitrootlogin", "passwordauthentication", "permitemptypasswords", "pubkeyauthentication", "kbdinteractiveauthentication",
        "ciphers", "macs", "kexalgorithms", "hostkeyalgorithms", "port", "usepam", "x11forwarding", "allowtcpforwarding", "maxauthtries",
        "strictmodes", "ignorerhosts"}
# Comments, cases, blanks, quotes and what holds only for some log-ins: where a reader by lines goes wrong.
SSHD_FILES = {
    "plain": "Port 2022\nPermitRootLogin no\nPasswordAuthentication yes\nX11Forwarding yes\n",
    "comments": "#Port 23\n  # PermitRootLogin yes\nPort 22 # the usual\nPermitEmptyPasswords no\n\n\tUsePAM\tyes\n",
    "cases": "permitrootlogin prohibit-password\nPASSWORDAUTHENTICATION no\nMaxAuthTries=3\nPort = 2200\n",
    "match": "PermitRootLogin no\nMatch User backup\n\tPermitRootLogin yes\n\tPasswordAuthentication yes\n",
    "lists": "Ciphers aes256-gcm@openssh.com,chacha20-poly1305@openssh.com\nMACs hmac-sha2-256-etm@openssh.com\nKexAlgorithms curve25519-sha256\n",
    "twice": "PasswordAuthentication no\nPasswordAuthentication yes\nStrictModes yes\n",
    "two_ports": "Port 22\nPort 2222\nIgnoreRhosts yes\nPubkeyAuthentication yes\n",
}
LIGHTTPD_FILES = {
    "plain": 'server.document-root = "/var/www"\nserver.port = 8080\nserver.bind = "127.0.0.1"\nserver.username = "www"\n',
    "comments": '# server.port = 23\nserver.document-root = "/var/www" # here\nserver.port=81\n  dir-listing.activate = "enable"\n',
    "lists": 'server.document-root = "/var/www"\nserver.modules = ( "mod_access" )\nserver.tag = "x y"\nserver.port   =  82\n',
}


def found(root, name):
    image = _truth.WORK / "settings.squashfs"
    image.unlink(missing_ok=True)
    subprocess.run(["mksquashfs", str(root), str(image), "-all-root", "-noappend", "-no-progress", "-quiet"], check=True,
                   stdout=subprocess.DEVNULL)
    return [(fact["name"][len(name) + 1:], fact["value"]) for fact in _truth.facts(image, "setting")
            if fact["name"].startswith(name + ".") and fact["source"] == "settings"]


def placed(text, path):
    root = _truth.WORK / "settings"
    shutil.rmtree(root, ignore_errors=True)
    (root / path).parent.mkdir(parents=True)
    (root / path).write_text(text)
    return root


def sshd():
    """Of each key that the file sets, its effective values; the first counts, but every port."""
    truth, said = [], []
    for name, text in SSHD_FILES.items():
        root = placed(text, "etc/ssh/sshd_config")
        dump = subprocess.run(["/usr/sbin/sshd", "-T", "-f", str(root / "etc/ssh/sshd_config")], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, check=False)
        if dump.returncode != 0:
            _truth.left(f"sshd -T: {dump.stderr.strip()[:100]}")
            return
        keys = {re.split(r"[\s=]", line.strip())[0].lower() for line in text.splitlines() if line.strip() and line.strip()[0] != "#"}
        for line in dump.stdout.splitlines():
            key, _, value = line.partition(" ")
            if key in SSHD & keys and not (name == "match" and key == "passwordauthentication"):
                truth.append((name, key, value))
        seen = set()
        for key, value in found(root, "sshd"):
            if key.startswith("Match.") or key.lower() not in SSHD or (key in seen and key != "Port"):
                continue
            seen.add(key)
            said.append((name, key.lower(), {"prohibit-password": "without-password"}.get(value, value)))
    _truth.score("settings", "setting", "sshd -T", truth, said)


def lighttpd():
    truth, said = [], []
    for name, text in LIGHTTPD_FILES.items():
        root = placed(text, "etc/lighttpd/lighttpd.conf")
        dump = subprocess.run(["lighttpd", "-p", "-f", str(root / "etc/lighttpd/lighttpd.conf")], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, check=False)
        if dump.returncode != 0:
            _truth.left(f"lighttpd -p: {dump.stderr.strip()[:100]}")
            return
        wanted = {key for key, _ in found(root, "lighttpd")} | {"server.port", "server.bind", "server.username", "server.tag"}
        for match in re.finditer(r'^\s*([a-z.-]+)\s*=\s*(.*)$', dump.stdout, re.M):
            key, value = match[1], match[2].strip().strip('"')
            if key in wanted and key in text and not value.startswith("("):
                truth.append((name, key, value))
        said += [(name, key, value) for key, value in found(root, "lighttpd") if not value.startswith("(")]
    _truth.score("settings", "setting", "lighttpd -p", truth, said)


def main():
    pathlib.Path("/run/sshd").mkdir(parents=True, exist_ok=True)
    sshd()
    lighttpd()


if __name__ == "__main__":
    main()
