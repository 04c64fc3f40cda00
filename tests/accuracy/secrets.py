"""Secrets: made here in the places firmware keeps them, with look-alikes; and Debian's files, which are taken to hold none."""
import base64
import random
import shutil
import string
import tarfile
import pathlib

from _truth import WORK, facts, left, score

HERE = WORK / "secrets"
LETTERS = string.ascii_letters + string.digits


class Maker:
    """Files with secrets, and the truth about them."""

    def __init__(self, seed):
        self.dice = random.Random(seed)
        self.files, self.truth = {}, []

    def word(self, size, letters=LETTERS):
        return "".join(self.dice.choice(letters) for _ in range(size))

    def hexadecimal(self, size):
        return self.word(2 * size, "0123456789abcdef")

    def base64(self, size):
        return base64.b64encode(self.dice.randbytes(size)).decode()

    def put(self, path, text, kind=None):
        self.files[path] = self.files.get(path, "") + text
        if kind:
            self.truth.append((path, kind))


def secrets(make):
    """What a vendor leaves in an image."""
    for number in range(8):
        word = make.word
        make.put(f"etc/wpa{number}.conf", f'network={{\n  ssid="Lab{number}"\n  psk="{word(12)}"\n}}\n', "psk")
        make.put(f"etc/config/wireless{number}/wireless", f"config wifi-iface\n\toption ssid 'x'\n\toption key '{word(10)}'\n", "psk")
        make.put(f"etc/app{number}.ini", f"[mqtt]\nuser=cam\nmqtt_password = {word(9)}\n", "password")
        make.put(f"etc/cloud{number}.json", f'{{"id":"{number}","device_secret":"{word(32)}","url":"https://example.org/"}}', "token")
        make.put(f"etc/tunnel{number}.conf", f"[Interface]\nPrivateKey = {make.base64(32)}\nAddress = 10.0.0.2/24\n", "private key")
        make.put(f"usr/bin/a{number}.sh", f"#!/bin/sh\nopenssl enc -d -aes-128-cbc -K {make.hexadecimal(16)} -in $1 -out $2\n", "symmetric key")
        make.put(f"usr/bin/b{number}.sh", f"#!/bin/sh\nopenssl aes-256-cbc -d -salt -pass pass:{word(8)} -in fw.bin\n", "password")
        make.put(f"usr/bin/c{number}.sh", f"#!/bin/sh\ncurl ftp://cam:{word(8)}@192.0.2.7/fw.bin\n", "url password")
        make.put(f"www/d{number}.js", f"var k = CryptoJS.enc.Utf8.parse('{word(15)}7'); go(k);", "symmetric key")
        make.put(f"usr/lib/lua/e{number}.lua", f'local aes_key = "{make.hexadecimal(16)}"\n', "symmetric key")
        make.put(f"usr/share/f{number}.c",
                 "static u8 aes_key[16] = {" + ", ".join("0x" + make.hexadecimal(1) for _ in range(16)) + "};\n", "symmetric key")
        make.put(f"bin/g{number}", "\x7fELF\0\1\0AKIA" + word(16, string.ascii_uppercase + string.digits) + "\0", "AWS access key")
        make.put(f"bin/h{number}", "\x7fELF\0\1\0AIzaSy" + word(33) + "\0", "Google API key")
        make.put(f"bin/i{number}", "\x7fELF\0\1\0LTAI" + word(20) + "\0", "Alibaba access key")
        make.put(f"bin/j{number}", "\x7fELF\0\1\0" + f"DefaultEndpointsProtocol=https;AccountName=cam;AccountKey={make.base64(64)};\0", "Azure storage key")
        make.put(f"bin/k{number}", "\x7fELF\0\1\0eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ" + word(40) + "." + word(43) + "\0", "JSON web token")
        make.put(f"bin/l{number}", "\x7fELF\0\1\0mqtts://dev:" + word(10) + "@broker.example:8883\0", "url password")
        make.put(f"root/m{number}.py", f"TOKEN = 'ghp_{word(36)}'\n", "GitHub token")


def traps(make):
    """What only looks like a secret."""
    make.put("etc/t1.conf", "password=\n#password=abc123\npassword=$PASS\npasswd=********\nsecret=<secret>\npassword=none\n")
    make.put("etc/t2.json", '{"password":"","token":null,"api_key":"YOUR_API_KEY","psk":"${PSK}","secret":true}')
    make.put("etc/nsswitch.conf", "passwd: files\ngroup: files\n")
    make.put("etc/config/luci", "config internal 'flash_keep'\n\toption passwd '/etc/passwd'\n")
    make.put("usr/bin/t3.sh", 'openssl enc -K "$KEY" -iv "$IV" -in a; openssl rsa -passin env:PW -in k.pem; openssl dgst -verify k -signature s f\n')
    make.put("usr/bin/t4.sh", "wget http://example.org/a@b; wget ftp://$USER:$PASS@$HOST/f; git clone ssh://git@example.org/x\n")
    make.put("www/t5.js", "k = CryptoJS.enc.Utf8.parse(password); var aesKey = makeKey(); var aes_key = 'abcdefghijklmnop'; x = 'eyJ';\n")
    make.put("usr/share/doc/t6", "AKIAIOSFODNN7EXAMPLE, ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx, http://user:password@host/\n")
    make.put("bin/t7", "\x7fELF\0\1\0ftp://%s:%s@%s/\0https?://(.*):(.*)@(.*)\0AKIAshort\0openssl enc -k %s\0aes_key\0AccountKey=\0")
    for number in range(40):  # digests, names of symbols, identifiers
        make.put(f"lib/u{number}", "\x7fELF\0\1\0" + make.hexadecimal(16) + "\0" + make.hexadecimal(20) + "\0" + make.word(40) + "\0_ZN" + make.word(30) + "Ev\0")


def found_in(image):
    for fact in facts(image, "secret"):
        if fact["confidence"] != "possible":
            yield fact["path"].removeprefix("0.tar/"), fact["type"]


def pack(name, files):
    image = HERE / f"{name}.tar"
    with tarfile.open(image, "w", format=tarfile.GNU_FORMAT) as tar:
        for path, source in files:
            tar.add(source, arcname=path)
    return image


def made():
    make = Maker(5)
    secrets(make)
    traps(make)
    folder = HERE / "made"
    shutil.rmtree(folder, ignore_errors=True)
    for path, text in make.files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text.encode("latin-1"))
    image = pack("made", [(path, folder / path) for path in make.files])
    score("secrets", "secret", "made here: in configurations, scripts, pages and programs; look-alikes", make.truth, found_in(image))


def debian():
    top = pathlib.Path("/")
    files = [path for pattern in ("usr/lib/python3.11/*.py", "usr/lib/python3.11/*/*.py", "etc/*.conf", "etc/*/*.conf", "usr/share/perl/5.36.0/**/*.pm",
                                  "usr/share/bash-completion/completions/*", "usr/bin/*", "usr/lib/x86_64-linux-gnu/libcurl*.so.*")
             for path in top.glob(pattern)
             if path.is_file() and not path.is_symlink() and "/test" not in str(path) and path.stat().st_size < 8 << 20]
    if not files:
        left("Debian's files: not there")
        return
    image = pack("debian", [(str(path.relative_to(top)), path) for path in files])
    score("secrets", "secret", f"Debian: {len(files) // 100 * 100} programs, modules and settings, taken to hold none", [], found_in(image))


def main():
    HERE.mkdir(parents=True, exist_ok=True)
    made()
    debian()


if __name__ == "__main__":
    main()
