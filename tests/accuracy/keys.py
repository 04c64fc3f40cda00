"""Keys and certificates, against openssl over the same files, and against keys that openssl, ssh-keygen and dropbearkey made."""
import base64
import hashlib
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import tarfile

from _truth import CORPUS, HOPQUY, WORK, facts, left, score

ENCRYPTED = "encrypted"
HERE = WORK / "keys"


def openssl(*arguments, data=b""):
    """What openssl says; None when it refuses."""
    done = subprocess.run(["openssl", *map(str, arguments)], input=data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    return done.stdout if done.returncode == 0 else None


def digest(data):
    return hashlib.sha256(data).hexdigest()


def read_key(data, form, public):
    spki = openssl("pkey", "-inform", form, *(["-pubin"] if public else []), "-passin", "pass:", "-pubout", "-outform", "DER", data=data)
    return digest(spki) if spki else None


def read_certificate(data, form):
    der = openssl("x509", "-inform", form, "-outform", "DER", data=data)
    return digest(der) if der else None


def unquote(text):
    """PEM out of a program's source or JSON: escapes become line ends, quotes go."""
    head, body, foot = re.match(rb"(-----BEGIN [^-]*-----)(.*)(-----END [^-]*-----)", text, re.S).groups()
    if b":" in body:
        return text
    body = re.sub(rb"\\r|\\n|[\"'+,\s]*[\"'][\"'+,\s]*", b"\n", body)
    body = b"".join(body.split())
    return head + b"\n" + b"\n".join(body[i:i + 64] for i in range(0, len(body), 64)) + b"\n" + foot + b"\n"


def pem_in(content):
    """(start, end, what, value) of every PEM block that openssl can read."""
    for match in re.finditer(rb"-----BEGIN ([A-Z0-9 ]{3,30})-----((?:(?!-----BEGIN )[^\0]){16,65536}?)-----END \1-----", content, re.S):
        label = match.group(1).decode()
        text = match.group(0)
        where = match.start(), match.end()
        if label.endswith("CERTIFICATE"):
            value = read_certificate(text, "PEM") or read_certificate(unquote(text), "PEM")
            if value:
                yield *where, "certificate", value
        elif label.endswith("PRIVATE KEY"):
            if label == "OPENSSH PRIVATE KEY":
                path = HERE / "key"
                path.write_bytes(text + b"\n")
                path.chmod(0o600)
                done = subprocess.run(["ssh-keygen", "-l", "-f", path], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
                value = "ssh" if done.returncode == 0 else None
            elif b"ENCRYPTED" in text:
                value = ENCRYPTED
            else:
                value = read_key(text + b"\n", "PEM", False) or read_key(unquote(text), "PEM", False)
            if value:
                yield *where, "private", value
        elif label.endswith("PUBLIC KEY"):
            value = read_key(text + b"\n", "PEM", True) or read_key(unquote(text), "PEM", True)
            if value:
                yield *where, "public", value


def der_in(content):
    """The same of DER: whatever begins as a key or certificate may, and openssl can read."""
    shapes = rb"\x30(?:\x82..|\x81.|[\x20-\x7f])(?:\x02[\x01\x81\x82]|\x30.{1,3}(?:\xa0\x03\x02|\x02|\x06)|\x30\x82..(?:\xa0\x03\x02|\x02))"
    end = 0
    for match in re.finditer(rb"(?=" + shapes + rb")", content, re.S):
        start = match.start()
        if start < end:
            continue
        head, size = 2, content[start + 1]
        if size >= 0x80:
            head, size = 2 + (size & 3), int.from_bytes(content[start + 2:start + 2 + (size & 3)], "big")
        data = content[start:start + head + size]
        if len(data) != head + size or not 32 <= len(data) <= 1 << 16:
            continue
        for what, value in (("certificate", lambda: read_certificate(data, "DER")),
                            ("private", lambda: len(data) < 16384 and b"\x02\x01" in data[:7] and read_key(data, "DER", False)),
                            ("public", lambda: len(data) < 8192 and read_key(data, "DER", True)),
                            ("public", lambda: openssl_rsa(data)),
                            ("private", lambda: is_sealed(data) and ENCRYPTED)):
            found = value()
            if found:
                end = start + len(data)
                yield start, end, what, found
                break


def ssh_key(data):
    """The fingerprint of a public key as ssh-keygen reads it."""
    (HERE / "ssh.pub").write_bytes(data + b"\n")
    done = subprocess.run(["ssh-keygen", "-e", "-m", "PKCS8", "-f", HERE / "ssh.pub"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    return read_key(done.stdout, "PEM", True) if done.returncode == 0 else None


def ssh_in(content):
    """Lines of authorized_keys, and dropbear's host keys as dropbearkey reads them."""
    for match in re.finditer(rb"(?:ssh-rsa|ssh-dss|ssh-ed25519|ecdsa-sha2-nistp\d+) AAAA[A-Za-z0-9+/]+=*", content):
        value = ssh_key(match.group(0))
        if value:
            yield match.start(), match.end(), "public", value
    if content[:4] in (b"\0\0\0\7", b"\0\0\0\x0b", b"\0\0\0\x13") and len(content) < 8192 and shutil.which("dropbearkey"):
        key_file(content)
        line = subprocess.run(["dropbearkey", "-y", "-f", HERE / "key"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False).stdout
        match = re.search(rb"^(?:ssh|ecdsa)-.*$", line, re.M)
        value = match and ssh_key(match.group(0))
        if value:
            yield 0, len(content), "private", value


def is_sealed(data):
    """An encrypted PKCS #8: an algorithm of PKCS #5 or #12, and nothing but a string of octets behind it."""
    text = openssl("asn1parse", "-inform", "DER", data=data) if b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x05" in data[:24] or \
        b"\x06\x0a\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01" in data[:24] else None
    lines = (text or b"").decode().splitlines()
    return len(lines) > 3 and "d=2" in lines[2] and re.search(r":(PBES2|pbeWith)", lines[2]) and \
        [line for line in lines[2:] if "d=1 " in line] == lines[-1:] and "OCTET STRING" in lines[-1]


def openssl_rsa(data):
    if not re.match(rb"\x30\x82..\x02\x82|\x30\x81.\x02\x81|\x30.\x02[\x41\x61]", data, re.S):
        return None
    text = openssl("rsa", "-RSAPublicKey_in", "-inform", "DER", "-noout", "-text", data=data)
    if not text or not re.search(rb"Exponent: (3|17|65537) ", text):
        return None
    return digest(openssl("rsa", "-RSAPublicKey_in", "-inform", "DER", "-pubout", "-outform", "DER", data=data))


def things_in(content):
    pem = list(pem_in(content)) if b"-----BEGIN " in content else []
    yield from pem
    yield from ssh_in(content)
    for thing in der_in(content):
        if not any(start <= thing[0] < end for start, end, _, _ in pem):
            yield thing


def truth_of(folder):
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            content = path.read_bytes()
            for start, _, what, value in things_in(content):
                yield str(path.relative_to(folder)), start, what, value


def found_in(image, prefix):
    """(path, offset, what, value) of all facts; what ssh-keygen only calls a key is told the same."""
    for fact in facts(image):
        if fact["kind"] not in ("key", "certificate") or not fact["path"].startswith(prefix):
            continue
        path = fact["path"][len(prefix):]
        if fact["kind"] == "certificate":
            yield path, fact["offset"], "certificate", fact["fingerprint"]
        elif fact.get("format") in ("OpenSSH", "dropbear", "PuTTY", "signify", "minisign", "OpenPGP") and fact["private"]:
            yield path, fact["offset"], "private", "ssh" if fact["format"] == "OpenSSH" else fact.get("fingerprint", ENCRYPTED)
        else:
            yield path, fact["offset"], "private" if fact["private"] else "public", fact.get("fingerprint", ENCRYPTED)


def show(thing):
    path, offset, what, value = thing
    return f"{path} at {offset}: {what} {value[:16]}"


def pack(name, folder):
    image = HERE / f"{name}.tar"
    with tarfile.open(image, "w", format=tarfile.GNU_FORMAT) as tar:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.is_symlink():
                tar.add(path, arcname=str(path.relative_to(folder)))
    return image


def compare(data, folder, name):
    truth = set(truth_of(folder))
    found = set(found_in(pack(name, folder), "0.tar/"))
    for kinds, what in ((("private", "public"), "key"), (("certificate",), "certificate")):
        score("keys", what, data, [t for t in truth if t[2] in kinds], [f for f in found if f[2] in kinds], show)


def copy_files(name, patterns):
    folder = HERE / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for pattern in patterns:
        for path in pathlib.Path("/").glob(pattern):
            if path.is_file() and os.access(path, os.R_OK):
                target = folder / path.relative_to("/")
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)
    return folder


def installed(data, name, patterns):
    folder = copy_files(name, patterns)
    if any(folder.iterdir()):
        compare(data, folder, name)
    else:
        left(f"{data}: not installed")


def corpus():
    """Files of the corpus's images, as unpacked here, read by openssl."""
    if CORPUS is None:
        left("corpus: HOPQUY_CORPUS names no folder")
        return
    truth, found = set(), set()
    for image in sorted(CORPUS.iterdir()):
        if not re.match(r"(xiongmai|built|linksys|openwrt|binwalk_sq|esptool|mcuboot|mikrotik)", image.name):
            continue
        folder = HERE / "unpacked"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        subprocess.run([HOPQUY, "unpack", image, "-C", folder], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        for path, offset, what, value in truth_of(folder):
            # an archive's own bytes hold its files' keys: these are told once, with the file
            if (folder / (path + ".unpacked")).is_dir() and is_archive(folder / path):
                continue
            truth.add((image.name + ": " + path.replace(".unpacked/", "/"), offset, what, value))
        for path, offset, what, value in found_in(image, ""):
            found.add((image.name + ": " + path, offset, what, value))
        subprocess.run(["chmod", "-R", "u+w", folder], check=False)
    for kinds, what in ((("private", "public"), "key"), (("certificate",), "certificate")):
        score("keys", what, "corpus: files of real images, read by openssl", [t for t in truth if t[2] in kinds],
              [f for f in found if f[2] in kinds], show)
    labelled = set()
    for path in sorted((CORPUS / "truth").glob("*.facts")):
        for line in path.read_text(errors="replace").splitlines():
            match = re.match(r"privkey\t(\S+?):? ([A-Z ]*PRIVATE KEY) @(\d+)$", line)
            if match:
                labelled.add((path.name[:-6], match.group(1).rsplit("/", 1)[1], int(match.group(3))))
    got = {(f[0].split(": ")[0], f[0].rsplit("/", 1)[1], f[1]) for f in found if f[2] == "private"}
    score("keys", "key", "corpus: private keys labelled there", labelled, labelled & got)


def is_archive(path):
    with open(path, "rb") as file:
        head = file.read(2048)
    return (head[:5] == b"07070" or head[257:262] == b"ustar" or head[1080:1082] == b"\x53\xef" or
            head[510:512] == b"\x55\xaa")


ALGORITHMS = (["RSA", "rsa_keygen_bits:1024"], ["RSA", "rsa_keygen_bits:2048"], ["RSA", "rsa_keygen_bits:4096"], ["EC", "ec_paramgen_curve:P-256"],
              ["EC", "ec_paramgen_curve:P-384"], ["EC", "ec_paramgen_curve:P-521"], ["EC", "ec_paramgen_curve:secp256k1"],
              ["EC", "ec_paramgen_curve:brainpoolP256r1"], ["ED25519"], ["ED448"], ["X25519"])


def forms_of(pem):
    """(name, bytes, value) of one key in every form that openssl writes."""
    value = read_key(pem, "PEM", False)
    yield "pkcs8.pem", pem, ("private", value)
    yield "pkcs8.der", openssl("pkcs8", "-topk8", "-nocrypt", "-outform", "DER", data=pem), ("private", value)
    yield "sealed.pem", openssl("pkcs8", "-topk8", "-passout", "pass:secret", data=pem), ("private", ENCRYPTED)
    yield "sealed.der", openssl("pkcs8", "-topk8", "-passout", "pass:secret", "-outform", "DER", data=pem), ("private", ENCRYPTED)
    traditional = openssl("pkey", "-traditional", data=pem)
    if traditional and b"BEGIN PRIVATE" not in traditional:
        yield "old.pem", traditional, ("private", value)
        yield "old.der", base64.b64decode(b"".join(traditional.strip().splitlines()[1:-1])), ("private", value)
        yield "old-sealed.pem", openssl("pkey", "-traditional", "-aes128", "-passout", "pass:secret", data=pem), ("private", ENCRYPTED)
    yield "public.pem", openssl("pkey", "-pubout", data=pem), ("public", value)
    yield "public.der", openssl("pkey", "-pubout", "-outform", "DER", data=pem), ("public", value)


def quoted(pem):
    lines = pem.decode().strip().splitlines()
    yield "x.json", json.dumps({"key": pem.decode()}).encode()
    yield "x.c", b"static const char key[] =\n" + b"".join(b'    "%s\\n"\n' % line.encode() for line in lines) + b";\n"
    yield "x.yaml", b"key: |\n" + b"".join(b"  %s\n" % line.encode() for line in lines)
    yield "x.js", b"key = " + b" +\n  ".join(b"'%s\\n'" % line.encode() for line in lines) + b";\n"


def traps(folder, noise):
    """What looks like keys and holds none."""
    rsa = openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048")
    ec = openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256")
    (HERE / "rsa.pem").write_bytes(rsa)
    request = openssl("req", "-new", "-key", HERE / "rsa.pem", "-subj", "/CN=unit")
    group = openssl("dhparam", "-dsaparam", "2048")
    blob = subprocess.run(["ssh-keygen", "-y", "-f", key_file(rsa)], stdout=subprocess.PIPE, check=True).stdout.split()[1]
    lines = rsa.splitlines()
    things = {
        "request.pem": request,
        "request.der": openssl("req", "-outform", "DER", data=request),
        "dh.pem": group,
        "dh.der": openssl("dhparam", "-outform", "DER", data=group),
        "curve.pem": openssl("ecparam", "-name", "prime256v1"),
        "cut.pem": rsa[:len(rsa) // 2],
        "cut-inside.pem": b"\n".join(lines[:10] + lines[-1:]) + b"\n",
        "cut.der": openssl("pkcs8", "-topk8", "-nocrypt", "-outform", "DER", data=rsa)[:-100],
        "junk.pem": b"-----BEGIN PRIVATE KEY-----\n" + base64.encodebytes(noise(600)) + b"-----END PRIVATE KEY-----\n",
        "words.txt": b"It begins with -----BEGIN RSA PRIVATE KEY----- and ends with -----END RSA PRIVATE KEY----- on a line.\n",
        "template.sh": b'echo "-----BEGIN PRIVATE KEY-----"\necho "$KEY"\necho "-----END PRIVATE KEY-----"\n',
        "parser": b"\x7fELF" + noise(64) + b"-----BEGIN RSA PRIVATE KEY-----\0-----END RSA PRIVATE KEY-----\0-----BEGIN CERTIFICATE-----\0"
                  b"-----END CERTIFICATE-----\0openssh-key-v1\0PuTTY-User-Key-File-\0untrusted comment: \0ssh-rsa \0" + noise(64),
        "ssh-blob": b"\x7fELF" + noise(100) + base64.b64decode(blob) + noise(300),
        "signature.der": openssl("dgst", "-sha256", "-sign", key_file(ec), data=b"text"),
        "cut.conf": b"device_key=" + base64.b64encode(openssl("pkcs8", "-topk8", "-nocrypt", "-outform", "DER", data=rsa))[:-100],
        "noise": noise(4 << 20),
        "lengths": b"\x30\x82\x04\xa4\x02\x01\x00\x02\x82\x01\x01\x00" + noise(1200),
        "certificate-head": b"\x30\x82\x03\x00\x30\x82\x02\x00\xa0\x03\x02\x01\x02" + noise(900),
    }
    for name, data in things.items():
        (folder / name).write_bytes(data)


def key_file(pem):
    path = HERE / "key"
    path.unlink(missing_ok=True)
    path.write_bytes(pem)
    path.chmod(0o600)
    return path


def made():
    """Every algorithm in every form, alone, within noise, and quoted; and traps."""
    dice = random.Random(11)
    noise = lambda size: bytes(dice.getrandbits(8) for _ in range(size))
    folder = HERE / "made"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "traps").mkdir(parents=True)
    truth = []

    def put(name, data, thing, offset=0):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        truth.append((name, offset, *thing))

    for algorithm in ALGORITHMS:
        pem = openssl("genpkey", "-algorithm", algorithm[0], *(["-pkeyopt", algorithm[1]] if algorithm[1:] else []))
        title = "-".join(algorithm).replace(":", "-")
        for form, data, thing in forms_of(pem):
            put(f"{title}/{form}", data, thing)
            before = noise(dice.randrange(100, 400)).replace(b"\x30", b"1") + b"\0"
            put(f"{title}/in-{form}", b"\x7fELF" + before + data + b"\0" + noise(200), thing, 4 + len(before))
        value = base64.b64encode(openssl("pkcs8", "-topk8", "-nocrypt", "-outform", "DER", data=pem))
        put(f"{title}/x.conf", b"name=unit\ndevice_key=" + value + b"\nregion=4\n", ("private", read_key(pem, "PEM", False)), 21)
        for name, data in quoted(pem):
            put(f"{title}/{name}", data, ("private", read_key(pem, "PEM", False)), data.index(b"-----BEGIN"))
    for kind in ("rsa", "ecdsa", "ed25519"):
        path = HERE / "ssh"
        for phrase in ("", "secret"):
            for old in (path, path.with_suffix(".pub")):
                old.unlink(missing_ok=True)
            subprocess.run(["ssh-keygen", "-q", "-t", kind, "-N", phrase, "-f", path], check=True)
            put(f"ssh-{kind}/{'sealed' if phrase else 'plain'}", path.read_bytes(), ("private", "ssh"))
        line = path.with_suffix(".pub").read_bytes()
        value = ssh_key(line)
        if value:
            put(f"ssh-{kind}/authorized_keys", b"no-pty " + line, ("public", value), 7)
        if shutil.which("dropbearkey"):
            path.unlink()
            subprocess.run(["dropbearkey", "-t", kind, "-f", path], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
            public = subprocess.run(["dropbearkey", "-y", "-f", path], stdout=subprocess.PIPE, check=True).stdout
            value = ssh_key(re.search(rb"^(ssh|ecdsa)-.*$", public, re.M).group(0))
            if value:
                put(f"dropbear-{kind}/host_key", path.read_bytes(), ("private", value))
                put(f"dropbear-{kind}/in", noise(50) + path.read_bytes() + noise(500), ("private", value), 50)
    pem = openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048")
    certificate = openssl("req", "-x509", "-new", "-key", key_file(pem), "-subj", "/CN=unit", "-days", "30")
    (HERE / "unit.pem").write_bytes(pem + certificate)
    put("bundle/unit.p12", openssl("pkcs12", "-export", "-in", HERE / "unit.pem", "-passout", "pass:secret"), ("private", ENCRYPTED))
    der = openssl("x509", "-outform", "DER", data=certificate)
    for name, data, offset in (("unit.pem", certificate, 0), ("unit.der", der, 0), ("in", noise(77) + der + noise(77), 77)):
        put(f"certificate/{name}", data, ("certificate", digest(der)), offset)
    traps(folder / "traps", noise)
    found = list(found_in(pack("made", folder), "0.tar/"))
    for kinds, what in ((("private", "public"), "key"), (("certificate",), "certificate")):
        score("keys", what, "made here: every form, look-alikes", [t for t in truth if t[2] in kinds],
              [f for f in found if f[2] in kinds], show)


def main():
    HERE.mkdir(parents=True, exist_ok=True)
    installed("Debian: Python's test keys", "python", ["usr/lib/python3.11/test/*.pem", "usr/lib/python3.11/test/certdata/*.pem"])
    installed("Debian: roots of ca-certificates", "roots", ["usr/share/ca-certificates/mozilla/*.crt", "etc/ssl/certs/ca-certificates.crt"])
    installed("Debian: programs and libraries that parse or hold keys", "programs",
              ["usr/bin/openssl", "usr/bin/ssh*", "usr/sbin/sshd", "usr/sbin/dropbear", "usr/bin/dropbear*", "usr/sbin/lighttpd", "usr/bin/curl",
               "usr/lib/x86_64-linux-gnu/libcrypto.so.3", "usr/lib/x86_64-linux-gnu/libssl.so.3", "usr/lib/x86_64-linux-gnu/libgnutls.so.30.*",
               "usr/lib/x86_64-linux-gnu/libmbed*.so.*", "usr/lib/x86_64-linux-gnu/libnssckbi.so", "usr/lib/x86_64-linux-gnu/libssh*.so.*",
               "usr/lib/x86_64-linux-gnu/libgcrypt.so.20.*"])
    corpus()
    made()


if __name__ == "__main__":
    main()
