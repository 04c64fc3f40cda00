"""Accounts, their passwords, and log-ins built into code.

Truth: passwd and shadow of real images as unsquashfs, 7z, debugfs and cpio take them out, read here by the manual's words;
the passwords that the corpus lists; hashes that mkpasswd, htpasswd, openssl and Python make of known passwords; packages of the
distribution, in which no log-in is built in; and a tree made here, full of what only looks like an account.
"""
import contextlib
import hashlib
import pathlib
import random
import re
import shutil
import sqlite3
import subprocess
import tempfile

import _truth

ACCOUNT_FILES = re.compile(r"(^|/)(passwd|shadow)[-.~_]?$")


def run(command, folder=None, data=None):
    return subprocess.run(command, cwd=folder, input=data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)


def taken_out(image, folder):
    """Where an independent tool put the files of an image, by what the tool can read."""
    name = image.name
    offsets = {"openwrt_r35817_tl-wr841n-v8-factory.bin": 912000, "openwrt_r35817_ubnt-bullet-m-factory.bin": 1048964}
    if name in offsets:
        run(["unsquashfs", "-o", str(offsets[name]), "-d", str(folder / "x"), str(image)])
    elif name.endswith(".gpt-ext4.img.xz") or "gpt-ext4" in name:
        (folder / "whole").write_bytes(run(["xz", "-dc", str(image)]).stdout)
        run(["dd", "if=whole", "of=part", "bs=1M", "skip=1"], folder)
        (folder / "x").mkdir()
        run(["debugfs", "-R", "rdump /etc x", "part"], folder)
    elif name.endswith(".swu"):
        run(["cpio", "-id", "--quiet"], folder, image.read_bytes())
        run(["unsquashfs", "-d", str(folder / "x"), str(folder / "rootfs.bin")])
    elif name.endswith(".raucb"):
        run(["unsquashfs", "-d", str(folder / "y"), str(image)])
        run(["unsquashfs", "-d", str(folder / "x"), str(folder / "y" / "rootfs.img")])
    elif name.endswith(".itb"):
        run(["dumpimage", "-T", "flat_dt", "-p", "1", "-o", str(folder / "ramdisk"), str(image)])
        run(["cpio", "-id", "--quiet", "*etc/*"], folder, run(["gzip", "-dc", str(folder / "ramdisk")]).stdout)
    else:
        run(["7z", "x", "-y", f"-o{folder / 'x'}", str(image)])


def rows_of(text, shadow):
    """(user, second field) of each row; of a passwd row that points to shadow, an empty one."""
    for line in text.splitlines():
        fields = line.split(":")
        if len(fields) != (9 if shadow else 7) or not fields[0] or fields[0].startswith("#"):
            continue
        yield fields[0], "" if not shadow and fields[1] == "x" else fields[1]


def truth_of(image):
    rows = []
    with tempfile.TemporaryDirectory() as place:
        folder = pathlib.Path(place)
        taken_out(image, folder)
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.is_symlink() and ACCOUNT_FILES.search(path.name) and "bin" not in path.parent.name:
                rows += [(image.name, path.name, user, hash_) for user, hash_ in rows_of(path.read_text(errors="replace"), "shadow" in path.name)]
    return rows


def found_in(image, source="accounts"):
    return [fact for fact in _truth.facts(image, "account") if fact["source"] == source]


def corpus():
    truth, found, listed, opened = [], [], [], []
    passwords = [line.split("\t") for line in (_truth.CORPUS / "truth" / "PASSWORDS.tsv").read_text().splitlines()[1:]]
    for image in sorted(_truth.CORPUS.iterdir()):
        names = _truth.CORPUS / "truth" / (image.name + ".files")
        if not names.exists():
            continue
        facts = found_in(image)
        wanted = any(ACCOUNT_FILES.search(line) and "/bin/" not in line for line in names.read_text().splitlines())
        rows = truth_of(image) if wanted else []
        listed += [(image.name, row[1], row[2], row[3]) for row in passwords if row[0].split(" ")[0] == image.name]
        opened += [(image.name, fact["user"], fact["hash"], fact["password"]) for fact in facts if "password" in fact]
        if wanted and not rows:
            _truth.left(f"{image.name}: no tool here takes its accounts out")
            continue
        truth += rows
        found += [(image.name, fact["path"].rsplit("/", 1)[1], fact["user"], fact.get("hash", "")) for fact in facts]
    _truth.score("accounts", "account", "passwd and shadow of the corpus", truth, found)
    _truth.score("accounts", "password", "the corpus's list", listed, opened)


def made_by_tools(password, salt):
    """Hashes of one password, each by a tool that is not ours: (file, name of the scheme, text)."""
    for method, scheme in (("descrypt", "des"), ("bsdicrypt", "bsdicrypt"), ("md5crypt", "md5crypt"), ("sunmd5", "sunmd5"), ("nt", "nthash"),
                           ("sha256crypt", "sha256crypt"), ("sha512crypt", "sha512crypt"), ("bcrypt", "bcrypt"), ("bcrypt-a", "bcrypt"),
                           ("yescrypt", "yescrypt"), ("gost-yescrypt", "gost-yescrypt"), ("scrypt", "scrypt")):
        rounds = ["-R", "6"] if scheme == "bcrypt" else []
        text = run(["mkpasswd", "-m", method, *rounds, password]).stdout.decode().strip()
        if text:
            yield "shadow", scheme, text
    for option, scheme in (("-d", "des"), ("-m", "apr1"), ("-s", "sha1"), ("-B", "bcrypt"), ("-p", "plain")):
        line = run(["htpasswd", "-nb", option, "u", password]).stdout.decode().strip()
        if line:
            yield "htpasswd", scheme, line.split(":", 1)[1]
    text = run(["openssl", "passwd", "-apr1", "-salt", salt, password]).stdout.decode().strip()
    yield "htpasswd", "apr1", text
    yield "htpasswd", "md5", hashlib.md5(password.encode()).hexdigest()
    yield "htpasswd", "sha1", hashlib.sha1(password.encode()).hexdigest()
    yield "htpasswd", "sha256", hashlib.sha256(password.encode()).hexdigest().upper()


def image_of(tree, name):
    image = _truth.WORK / name
    image.unlink(missing_ok=True)
    run(["tar", "-cf", str(image), "-C", str(tree), "."])
    return image


def hashes():
    """The dictionary opens what it holds, in every scheme; and no more than that."""
    if not shutil.which("mkpasswd") or not shutil.which("htpasswd"):
        _truth.left("hashes by mkpasswd and htpasswd: they are not installed")
        return
    pairs = [line.split("\t")[:2] for line in (_truth.TOP / "data" / "default_pairs.tsv").read_text().splitlines() if not line.startswith("#")][1:]
    usual = [pair for pair in pairs[:60] if pair[0] and len(pair[1]) > 3 and ":" not in pair[1]]
    chance = random.Random(11)
    accounts, passwords, found, opened = [], [], [], []
    for number in range(6):
        known = number % 3 != 2
        user, password = chance.choice(usual) if known else ("root", "".join(chance.choices("bcdfghjklmnp", k=12)))
        for n, (store, scheme, text) in enumerate(made_by_tools(password, "saltsalt")):
            name = f"{number}.{n}"
            tree = pathlib.Path(tempfile.mkdtemp())
            (tree / "etc").mkdir()
            (tree / "etc" / store).write_text(f"{user}:{text}" + (":19000:0:99999:7:::" if store == "shadow" else "") + "\n")
            accounts.append((name, user, scheme))
            if known or scheme == "plain":
                # eight letters are all that DES reads
                passwords.append((name, scheme, password[:8] if scheme == "des" else password))
            for fact in _truth.facts(image_of(tree, "hashes.tar"), "account"):
                found.append((name, fact.get("user"), fact["scheme"]))
                if "password" in fact:
                    opened.append((name, fact["scheme"], fact["password"][:8] if fact["scheme"] == "des" else fact["password"]))
            shutil.rmtree(tree)
    _truth.score("accounts", "scheme", "hashes of mkpasswd, htpasswd, openssl and Python", accounts, found)
    _truth.score("accounts", "password", "hashes of mkpasswd, htpasswd, openssl and Python", passwords, opened)


def fixtures():
    """A tree made here: fixtures/accounts/TREE beside truth.tsv (path, user, scheme)."""
    top = _truth.TOP / "fixtures" / "accounts"
    image = image_of(top / "tree", "accounts.tar")
    lines = [line.split("\t") for line in (top / "truth.tsv").read_text().splitlines() if line and not line.startswith("#")]
    truth = [(path, user, scheme) for what, path, user, scheme in lines if what == "account"]
    found = [(fact["path"][len("0.tar"):], fact.get("user", ""), fact["scheme"]) for fact in _truth.facts(image, "account")]
    _truth.score("accounts", "account", "made here, with look-alikes", truth, found)
    truth = [(path, user) for what, path, user, _ in lines if what == "login"]
    found = [(fact["path"][len("0.tar"):], fact.get("name", "")) for fact in _truth.facts(image, "secret") if fact["source"] == "hard_coded_login"]
    _truth.score("hard_coded_login", "log-in", "made here, with look-alikes", truth, found)


PACKAGES = ("adduser", "passwd", "login", "cloud-init", "lighttpd", "snmpd", "mosquitto", "phpmyadmin", "roundcube-core", "wordpress", "dokuwiki",
            "cacti", "munin", "smokeping", "netdata", "zabbix-frontend-php", "ddclient", "pppoeconf", "hostapd", "wpasupplicant")


def users_of_databases(package):
    """What SQLite itself finds in a package's databases: (path, user)."""
    with tempfile.TemporaryDirectory() as place:
        run(["dpkg-deb", "-x", str(package), place])
        for path in sorted(pathlib.Path(place).rglob("*")):
            if not path.is_file() or path.is_symlink() or path.read_bytes()[:16] != b"SQLite format 3\0":
                continue
            with contextlib.closing(sqlite3.connect(path)) as database:
                for (table,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
                    columns = [row[1] for row in database.execute(f'PRAGMA table_info("{table}")')]
                    users = [name for name in columns if name in ("user", "username", "login")]
                    secrets = [name for name in columns if name in ("pass", "passwd", "password", "pwd")]
                    if users and secrets:
                        for (user,) in database.execute(f'SELECT "{users[0]}" FROM "{table}" WHERE "{secrets[0]}" <> \'\''):
                            yield "/" + str(path.relative_to(place)), user


def packages():
    """Programs of the distribution have no log-in built in, and no accounts but those of a test database, whatever their code says of passwords."""
    place = _truth.WORK / "packages"
    place.mkdir(exist_ok=True)
    truth, accounts, logins, read = [], [], [], 0
    for name in PACKAGES:
        if not list(place.glob(f"{name}_*.deb")):
            run(["apt-get", "download", name], place)
        for package in place.glob(f"{name}_*.deb"):
            facts = _truth.facts(package)
            read += 1
            truth += [(name, path, user) for path, user in users_of_databases(package)]
            accounts += [(name, fact["path"].split("/0.tar", 1)[-1], fact.get("user")) for fact in facts if fact["kind"] == "account"]
            logins += [(name, fact["path"], fact.get("name")) for fact in facts if fact["kind"] == "secret" and fact["source"] == "hard_coded_login"]
    if read == 0:
        _truth.left("packages of the distribution: none could be fetched")
        return
    _truth.score("accounts", "account", f"{read} packages of the distribution", truth, accounts)
    _truth.score("hard_coded_login", "log-in", f"{read} packages of the distribution, none with log-ins", [], logins)


if __name__ == "__main__":
    if _truth.CORPUS:
        corpus()
    else:
        _truth.left("the corpus: HOPQUY_CORPUS is not set")
    hashes()
    fixtures()
    packages()
