#!/usr/bin/env python3
"""What starts at boot: images read by hand, and systems of Debian's packages as systemctl and update-rc.d see them."""
import collections
import os
import shutil
import subprocess

import _truth

HERE = _truth.TOP / "tests" / "accuracy"
PACKAGES = ["openssh-server", "lighttpd", "mosquitto", "dropbear-bin", "dropbear", "snmpd", "vsftpd", "tftpd-hpa", "openbsd-inetd",
            "nginx-common", "avahi-daemon", "cron", "rsyslog", "chrony", "dnsmasq", "redis-server", "proftpd-core", "xinetd",
            "inetutils-inetd", "nfs-kernel-server", "rpcbind", "hostapd", "wpasupplicant", "openvpn", "smartmontools", "systemd",
            "sysvinit-utils", "bluez", "cups-daemon", "miniupnpd", "minidlna", "stunnel4", "pure-ftpd", "lldpd", "systemd-sysv"]
# Of each three units one stays as the package's maker has it, one is turned off, one is masked; every run the same.
STATES = ["enable", "disable", "enable", "mask", "enable"]


def quiet(command, **more):
    return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False, **more).returncode


def packages():
    """A folder with the files of the packages; None where they cannot be had."""
    folder = _truth.WORK / "boot_services"
    root = folder / "root"
    if (folder / "complete").exists():
        return root
    shutil.rmtree(folder, ignore_errors=True)
    root.mkdir(parents=True)
    for name in PACKAGES:
        quiet(["apt-get", "download", "-qq", name], cwd=folder)
    debs = sorted(folder.glob("*.deb"))
    if len(debs) < len(PACKAGES) // 2:
        return None
    for deb in debs:
        if quiet(["dpkg-deb", "-x", str(deb), str(root)]) != 0:
            return None
    (folder / "complete").write_text("yes\n")
    return root


def trim(source, target):
    """What decides of starting, without the programs' bulk: they stay as empty files."""
    shutil.rmtree(target, ignore_errors=True)
    for at, folders, files in os.walk(source):
        place = target / os.path.relpath(at, source)
        place.mkdir(parents=True, exist_ok=True)
        if "usr/share" in at:
            folders[:] = []
            continue
        for name in files + [f for f in folders if os.path.islink(os.path.join(at, f))]:
            path = os.path.join(at, name)
            if os.path.islink(path):
                os.symlink(os.readlink(path), place / name)
            elif os.path.getsize(path) < 200000 and "/lib" not in at.replace("/lib/systemd", "").replace("/lib/lsb", ""):
                shutil.copy2(path, place / name)
            else:
                (place / name).write_bytes(b"\x7fELF")
                (place / name).chmod(0o755)


def image_of(root, name):
    image = _truth.WORK / "boot_services" / f"{name}.squashfs"
    image.unlink(missing_ok=True)
    quiet(["mksquashfs", str(root), str(image), "-all-root", "-noappend", "-no-progress", "-quiet"])
    return image


def told(image, key):
    """What is said of each thing: True where any of it is surely started, False where none is, nothing where it is open."""
    said = collections.defaultdict(set)
    for fact in _truth.facts(image, "boot_service"):
        said[key(fact)].add(fact.get("enabled"))
    return {(name, True in states) for name, states in said.items() if True in states or states == {False}}


def corpus():
    labels = collections.defaultdict(list)
    for line in (HERE / "boot_services.tsv").read_text().splitlines():
        if not line.startswith("#"):
            image, service, enabled, port = (line.split("\t") + [""])[:4]
            labels[image].append((service, enabled == "1", port))
    for image, services in labels.items():
        path = _truth.CORPUS / image
        truth = {(service, enabled) for service, enabled, _ in services}
        _truth.score("boot_services", "service", image, truth, told(path, lambda fact: fact["name"]), lambda t: f"{t[0]} {t[1]}")
        ports = {(service, int(port)) for service, _, port in services if port}
        found = {(fact["name"], fact["listen_port"]) for fact in _truth.facts(path, "boot_service")
                 if fact.get("listen_port") and fact.get("enabled") is not False}
        names = {service for service, _ in ports}
        _truth.score("boot_services", "port", image, ports, {(n, p) for n, p in found if n in names}, lambda t: f"{t[0]} {t[1]}")


def systemd(source):
    """Each unit that can be enabled, as `systemctl is-enabled` says it is."""
    root = _truth.WORK / "boot_services" / "systemd"
    trim(source, root)
    (root / "etc" / "machine-id").write_text("0123456789abcdef0123456789abcdef\n")
    units = sorted(path.name for path in (root / "lib/systemd/system").glob("*.service")
                   if "[Install]" in path.read_text(errors="replace") and "@" not in path.name and not path.is_symlink())
    for i, unit in enumerate(units):
        quiet(["systemctl", f"--root={root}", STATES[i % len(STATES)], unit])
    truth = set()
    for unit in units:
        state = subprocess.run(["systemctl", f"--root={root}", "is-enabled", unit], stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, text=True, check=False).stdout.strip()
        text = (root / "lib/systemd/system" / unit).read_text(errors="replace")
        # what runs once is no service; a socket may be what is open
        if state in ("enabled", "disabled") and "Type=oneshot" not in text and "ExecStart=" in text:
            truth.add((unit, state == "enabled"))
    found = {(name, state) for name, state in told(image_of(root, "systemd"), lambda fact: fact["path"].split("/")[-1])
             if name in {unit for unit, _ in truth}}
    _truth.score("boot_services", "service", "Debian packages, systemctl is-enabled", truth, found, lambda t: f"{t[0]} {t[1]}")


def system_v(source):
    """Each script, as update-rc.d linked it."""
    root = _truth.WORK / "boot_services" / "sysv"
    trim(source, root)
    shutil.rmtree(root / "lib" / "systemd", ignore_errors=True)
    shutil.rmtree(root / "usr" / "lib" / "systemd", ignore_errors=True)
    (root / "etc" / "inittab").write_text("id:2:initdefault:\nsi::sysinit:/etc/init.d/rcS\nl2:2:wait:/etc/init.d/rc 2\n")
    (root / "etc" / "init.d" / "rcS").write_text("#!/bin/sh\nexec /etc/init.d/rc S\n")
    (root / "etc" / "init.d" / "rc").write_text("#!/bin/sh\n")
    (root / "sbin").mkdir(exist_ok=True)
    scripts = sorted(path.name for path in (root / "etc/init.d").iterdir() if path.name not in ("rc", "rcS"))
    (root / "var/lib/dpkg").mkdir(parents=True, exist_ok=True)
    for i, script in enumerate(scripts):
        quiet(["update-rc.d", script, "defaults"], env={**os.environ, "DPKG_ROOT": str(root)})
        if i % 2 == 1:
            quiet(["update-rc.d", script, "disable"], env={**os.environ, "DPKG_ROOT": str(root)})
    links = {path.name[3:] for path in (root / "etc").glob("rc2.d/S*")}
    if not links:
        _truth.left("System V links: update-rc.d does not work on another root here")
        return
    daemons = [script for script in scripts if "start-stop-daemon" in (root / "etc/init.d" / script).read_text(errors="replace") or
               "start_daemon" in (root / "etc/init.d" / script).read_text(errors="replace")]
    truth = {(script, script in links) for script in daemons}

    def name(fact):
        last = fact["path"].split("/")[-1]
        return last[3:] if last[:1] == "S" and last[1:3].isdigit() else last

    found = {(script, state) for script, state in told(image_of(root, "sysv"), name) if script in daemons}
    _truth.score("boot_services", "service", "Debian packages, update-rc.d", truth, found, lambda t: f"{t[0]} {t[1]}")


def main():
    if _truth.CORPUS is None:
        _truth.left("boot services of the corpus: HOPQUY_CORPUS is not set")
    else:
        corpus()
    source = packages()
    if source is None:
        _truth.left("boot services of Debian's packages: they cannot be downloaded")
        return
    systemd(source)
    system_v(source)


if __name__ == "__main__":
    main()
