"""How programs were built and what they import, against checksec, hardening-check and readelf, over programs of Debian for
several machines and over those in real firmware; who signed what boots, against sbverify, dumpimage and imgtool."""
import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import subprocess

import _truth

ARCHITECTURES = ("armhf", "arm64", "mipsel", "i386", "amd64")
PACKAGES = ("busybox", "busybox-static", "dropbear-bin", "openssh-client", "libssl3", "openssl", "lighttpd", "mosquitto", "curl",
            "libcurl4", "libc6", "libstdc++6", "zlib1g", "libexpat1", "libgnutls30", "hostapd", "wpasupplicant", "dnsmasq-base",
            "ethtool", "iproute2", "util-linux", "coreutils", "libjpeg62-turbo", "snmpd")
MOST = 60  # files of one architecture, or a few more: every n-th
IMAGES = ("openwrt_r35817_tl-wr841n-v8-factory.bin", "xiongmai_gm8135s_romfs-x.cramfs.img", "xiongmai_gm8135s_user-web.cramfs.img",
          "linksys_wrt54gl_4.30.18.006_oem.bin", "binwalk_squashfs2.0-be_router.bin", "built_debian-armhf_rauc-verity.raucb")
FLAGS = ("nx", "pie", "relro", "canary", "fortify", "stripped", "rpath", "soname", "build_id", "branch_protection")
NAMES = set(re.findall(r"^IMPORT\((\w+),", (_truth.TOP / "firmware/collectors/elf_imports.def").read_text(), re.M))
PRINTING = re.compile(r"^v?(f|s|sn|d|as)?(printf|wprintf)$|^v?syslog$")


def run(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, errors="replace", check=False,
                          env={**os.environ, "LC_ALL": "C"}).stdout


def download(architecture):
    """The packages of one architecture, without touching this machine's own state; None when they cannot be had."""
    folder = _truth.WORK / "debs" / architecture
    if not (folder / "complete").exists():
        for part in ("state/lists/partial", "cache/archives/partial"):
            (folder / part).mkdir(parents=True, exist_ok=True)
        (folder / "state/status").touch()
        apt = ["apt-get", "-qq", "-o", f"Dir::State={folder}/state", "-o", f"Dir::State::status={folder}/state/status",
               "-o", f"Dir::Cache={folder}/cache", "-o", f"APT::Architecture={architecture}",
               "-o", f"APT::Architectures={architecture}", "-o", "APT::Sandbox::User=root", "-o", "Debug::NoLocking=1"]
        subprocess.run([*apt, "update"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        for package in PACKAGES:
            subprocess.run([*apt, "download", package], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        if not list(folder.glob("*.deb")):
            return None
        (folder / "complete").touch()
    return folder


def unpack_packages(architecture):
    """A squashfs of the programs, and where each lies."""
    folder = download(architecture)
    if folder is None:
        return None, None
    root, image = _truth.WORK / f"root-{architecture}", _truth.WORK / f"programs-{architecture}.squashfs"
    if not image.exists():
        shutil.rmtree(root, ignore_errors=True)
        for package in sorted(folder.glob("*.deb")):
            subprocess.run(["dpkg-deb", "-x", str(package), str(root)], check=True)
        files = [path for path in sorted(root.rglob("*")) if path.is_file() and not path.is_symlink()]
        programs = [path for path in files if path.read_bytes()[:4] == b"\x7fELF"]
        for path in set(files) - set(programs[:: max(1, len(programs) // MOST)]):
            path.unlink()
        subprocess.run(["mksquashfs", str(root), str(image), "-noappend", "-quiet", "-no-progress", "-all-root"], check=True,
                       stdout=subprocess.DEVNULL)
    return image, root


def unpack_image(name):
    """A real image, and its files as the independent extraction of the same program lays them out."""
    image = _truth.CORPUS / name
    root = _truth.WORK / "unpacked" / name
    if not root.exists():
        root.mkdir(parents=True)
        subprocess.run([str(_truth.HOPQUY), "unpack", str(image), "-C", str(root)], stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, check=False)
    return image, root


def place(root, path):
    """A file within a file is unpacked beside it, in NAME.unpacked."""
    at = root
    parts = path.split("/")
    for part in parts[:-1]:
        at = at / (part + ".unpacked" if (at / part).is_file() else part)
    return at / parts[-1]


def symbols(path):
    """Names of the dynamic symbols: those asked of others, and those that are its own."""
    asked, own = set(), set()
    # some real firmware has no section headers: --use-dynamic reads as a loader does
    for line in (run("readelf", "--dyn-syms", "-W", str(path)) or run("readelf", "-sDW", str(path))).splitlines():
        fields = line.split()
        if len(fields) >= 8 and fields[0].endswith(":") and fields[0] != "Num:":
            (asked if fields[6] == "UND" else own).add(fields[7].split("@")[0])
    return asked, own


def protection(machine, notes):
    """As readelf prints the property; none only where a compiler could have declared it."""
    found = re.search(r"(?:x86|AArch64) feature: (.*)", notes)
    kinds = {"IBT": "ibt", "SHSTK": "shstk", "BTI": "bti", "PAC": "pac"}
    parts = [kinds[word] for word in kinds if found and re.search(rf"\b{word}\b", found.group(1))]
    if parts:
        return "+".join(parts)
    return "none" if machine in ("AArch64", "Intel 80386", "Advanced Micro Devices X86-64") else None


def truth_of(path):
    """What independent tools say; None where they cannot know."""
    said = json.loads(run("checksec", "--format=json", f"--file={path}") or "{}")
    said = next(iter(said.values()), None)
    headers = run("readelf", "-hldW", str(path))
    if said is None or not re.search(r"Type:\s+(EXEC|DYN)", headers):
        return None
    machine = re.search(r"Machine:\s+(.*)", headers).group(1).strip()
    notes = run("readelf", "-nW", str(path))
    asked, own = symbols(path)
    is_dynamic = "Dynamic section at" in headers
    result = {
        "relro": said["relro"].replace("no", "none"),
        "nx": said["nx"] == "yes",
        "pie": said["pie"] != "no",
        "stripped": said["symbols"] == "no",
        "canary": said["canary"] == "yes",
        "soname": next(iter(re.findall(r"\(SONAME\).*\[(.*)\]", headers)), None),
        "rpath": next(iter(re.findall(r"\((?:RPATH|RUNPATH)\).*\[(.*)\]", headers)), None),
        "build_id": next(iter(re.findall(r"Build ID: (\w+)", notes)), None),
        "branch_protection": protection(machine, notes),
    }
    if "GNU_STACK" not in headers and (machine in ("AArch64", "RISC-V") or not is_dynamic):
        result["nx"] = None  # checksec says "no"; the kernel decides
    guards = {"__stack_chk_fail", "__stack_chk_guard"}
    if not is_dynamic or (guards & own and not guards & asked):
        result["canary"] = None  # checksec finds the name of what is there for others
    elif re.search(r"Number of section headers:\s+0\b", headers):
        result["canary"] = bool(guards & asked)  # checksec reads by sections alone
    # checksec takes the names of this machine's libc for any program; hardening-check looks at the symbols
    fortified = re.search(r"Fortify Source functions: (\w+)", run("hardening-check", "-c", str(path)) or "")
    word = fortified.group(1) if fortified and is_dynamic else "unknown"
    result["fortify"] = {"yes": True, "no": False}.get(word)
    if word == "no" and not any(PRINTING.match(name) for name in asked):
        result["fortify"] = None  # memcpy and its like stay as they are where the size is not known
    imports = {("library", name) for name in re.findall(r"\(NEEDED\).*\[(.*)\]", headers)}
    imports |= {("function", name) for name in asked & NAMES}
    return result, imports


def found_in(image):
    """Of each program of an image: its flags, and what it imports."""
    flags, imports = {}, {}
    for fact in _truth.facts(image):
        if fact["kind"] == "elf" and fact.get("type") in ("program", "library"):
            flags[fact["path"]] = {name: fact.get(name) for name in FLAGS}
        elif fact["kind"] == "import":
            thing = ("function", fact["symbol"]) if "symbol" in fact else ("library", fact["library"])
            imports.setdefault(fact["path"], set()).add(thing)
    return flags, imports


def measure(data, image, root, base):
    flags, imports = found_in(image)
    wanted_flags, got_flags, wanted_imports, got_imports = [], [], [], []
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        truths = dict(zip(flags, pool.map(lambda path: truth_of(place(root, path[len(base):])), flags)))
    for path, truth in truths.items():
        if truth is None:
            continue
        for name in FLAGS:
            wanted, got = truth[0][name], flags[path][name]
            if wanted is not None:
                wanted_flags.append((path, name, wanted))
                if got is not None:
                    got_flags.append((path, name, got))
            elif got is not None and name in ("soname", "rpath", "build_id"):
                got_flags.append((path, name, got))
        wanted_imports += [(path, *thing) for thing in truth[1]]
        got_imports += [(path, *thing) for thing in imports.get(path, ())]

    def show(thing):
        return f"{thing[0]}: {thing[1]} {thing[2]}"

    _truth.score("elf_hardening", "flags", data, wanted_flags, got_flags, show)
    _truth.score("elf_imports", "import", data, wanted_imports, got_imports, show)


def name_of(path):
    """The file a fact is about, or the one its region lies in."""
    return next((part for part in reversed(path.split("/")) if not re.fullmatch(r"[0-9a-f]+\.[a-z_0-9]+", part)), "")


def boot_of(image):
    return [(name_of(fact["path"]), fact["mechanism"], {True: "on", False: "off"}.get(fact.get("active"), "there"))
            for fact in _truth.facts(image, "boot_verification") if fact["mechanism"] != "overlay"]


def measure_corpus():
    """Boot images, by what dumpimage and imgtool wrote beside them, and by their makers' names."""
    wanted, got = [], []
    for said in sorted((_truth.CORPUS / "truth").iterdir()):
        name, _, kind = said.name.rpartition(".")
        image = _truth.CORPUS / name
        if kind not in ("dumpimage", "imgtool") or not image.exists():
            continue
        text = said.read_text(errors="replace")
        if kind == "imgtool":
            signed = re.search(r"type: (RSA|ECDSA|ED25519)\w* ", text)
            wanted.append((name, "MCUboot", "there" if signed else "off"))
        elif name.endswith(".itb"):  # of FIT images with their data outside dumpimage prints little
            wanted.append((name, "FIT signature", "there" if "Sign value:" in text else "off"))
        elif "HAB Blocks" in text or "i.MX" in text or name.endswith(".imx"):
            wanted.append((name, "i.MX HAB", "there" if "HAB Blocks" in text else "off"))
        got += [(name, mechanism, state) for _, mechanism, state in boot_of(image)]
    for name, mechanism in (("esptool_bootloader_signed_v2_rsa.bin", "ESP secure boot v2"),
                            ("esptool_hello-world-signed.bin", "ESP secure boot v1"), ("esptool_bootloader_unsigned_v2.bin", None)):
        if (_truth.CORPUS / name).exists():
            wanted += [(name, mechanism, "there")] if mechanism else []
            got += [(name, found, state) for _, found, state in boot_of(_truth.CORPUS / name)]
    _truth.score("boot_verification", "mechanism", "corpus: boot images", wanted, got, lambda thing: ": ".join(thing))


UEFI_PACKAGES = ("shim-signed", "shim-unsigned", "grub-efi-amd64-signed", "systemd-boot-efi")


def measure_uefi():
    """Programs of UEFI in Debian, signed and not, by sbverify."""
    folder = download("amd64")
    if folder is None or shutil.which("sbverify") is None:
        _truth.left("programs of UEFI: no packages, or no sbverify")
        return
    root, image = _truth.WORK / "uefi", _truth.WORK / "uefi.squashfs"
    if not image.exists():
        (root / "debs").mkdir(parents=True, exist_ok=True)
        subprocess.run(["apt-get", "-qq", "download", *UEFI_PACKAGES], cwd=root / "debs", stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, check=False)
        for package in sorted((root / "debs").glob("*.deb")):
            subprocess.run(["dpkg-deb", "-x", str(package), str(root / "tree")], check=True)
        if not (root / "tree").exists():
            _truth.left("programs of UEFI: no packages")
            return
        subprocess.run(["mksquashfs", str(root / "tree"), str(image), "-noappend", "-quiet", "-no-progress"], check=True,
                       stdout=subprocess.DEVNULL)
    wanted = []
    for path in sorted((root / "tree").rglob("*")):
        if path.is_symlink() or not path.is_file() or path.read_bytes()[:2] != b"MZ":
            continue
        if "signature 1" in run("sbverify", "--list", str(path)):
            wanted.append((path.name, "UEFI secure boot", "there"))
    _truth.score("boot_verification", "mechanism", "Debian: programs of UEFI", wanted, boot_of(image), lambda thing: ": ".join(thing))


TREE = """/dts-v1/;
/ {{ model = "board"; chosen {{ bootargs = "{arguments}"; }}; {extra} }};
"""


ITS = """/dts-v1/;
/ { description = "made"; #address-cells = <1>;
images { kernel { data = /incbin/("kernel"); type = "kernel"; arch = "arm"; os = "linux"; compression = "none"; load = <0>; entry = <0>;
hash { algo = "sha256"; }; }; };
configurations { default = "conf"; conf { kernel = "kernel"; signature { algo = "sha256,rsa2048"; key-name-hint = "dev"; sign-images = "kernel"; }; }; }; };
"""


def make_signed(folder):
    """FIT images and control trees by U-Boot's own mkimage, a hash tree by veritysetup; what they are."""
    work = _truth.WORK / "signing"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    (work / "kernel").write_bytes(os.urandom(5000))
    (work / "made.its").write_text(ITS)
    quiet = {"cwd": work, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": True}
    subprocess.run(["openssl", "genrsa", "-out", "dev.key", "2048"], **quiet)
    subprocess.run(["openssl", "req", "-batch", "-new", "-x509", "-key", "dev.key", "-out", "dev.crt"], **quiet)
    made = []
    for name, more, state in (("asked", ["-r"], "on"), ("unasked", [], "off")):
        subprocess.run(["dtc", "-q", "-I", "dts", "-O", "dtb", "-o", f"{name}.dtb"], input=TREE.format(arguments="", extra="").encode(),
                       **{**quiet, "stdout": None})
        subprocess.run(["mkimage", "-f", "made.its", "-k", ".", "-K", f"{name}.dtb", *more, f"{name}.itb"], **quiet)
        shutil.copy(work / f"{name}.itb", folder)
        # behind a boot loader, as it lies in flash
        (folder / f"{name}.bin").write_bytes(b"U-Boot 2023.01 " + bytes(1001) + (work / f"{name}.dtb").read_bytes())
        made += [(f"{name}.itb", "FIT signature", "there"), (f"{name}.bin", "FIT signature", state)]
    subprocess.run(["mksquashfs", "kernel", "dev.crt", "verity.img", "-noappend", "-quiet", "-no-progress"], **quiet)
    size = (work / "verity.img").stat().st_size  # of whole blocks
    subprocess.run(["veritysetup", "format", "verity.img", "verity.img", f"--data-blocks={size // 4096}", f"--hash-offset={size}"],
                   **quiet)
    shutil.copy(work / "verity.img", folder)
    return [*made, ("verity.img", "dm-verity", "there")]


def measure_made():
    """Control trees, command lines, hash trees, and their look-alikes."""
    missing = [tool for tool in ("dtc", "mkimage", "veritysetup", "openssl") if shutil.which(tool) is None]
    if missing:
        _truth.left(f"verified boot, made here: no {' '.join(missing)}")
        return
    key = 'signature {{ key-dev {{ {required} algo = "sha256,rsa2048"; key-name-hint = "dev"; }}; }};'
    verity = "root=/dev/dm-0 ro dm-mod.create=\\\"vroot,,,ro,0 8 verity 1 /dev/a /dev/b 4096 4096 1 1 sha256 00 00\\\""
    made = {
        "required.dtb": (TREE.format(arguments="root=/dev/mtdblock2", extra=key.format(required='required = "conf";')), "FIT signature", "on"),
        "image.dtb": (TREE.format(arguments="", extra=key.format(required='required = "image";')), "FIT signature", "on"),
        "lax.dtb": (TREE.format(arguments="", extra=key.format(required="")), "FIT signature", "off"),
        "plain.dtb": (TREE.format(arguments="root=/dev/mtdblock2 ro", extra='signatures { key-dev { required = "conf"; }; };'), None, ""),
        "deep.dtb": (TREE.format(arguments="", extra='soc { signature { key-dev { required = "conf"; }; }; };'), None, ""),
        "verity.dtb": (TREE.format(arguments=verity, extra=""), "dm-verity", "on"),
    }
    texts = {
        "loader.conf": ("options root=/dev/sda2 roothash=" + "0123456789abcdef" * 4 + "\n", "dm-verity", "on"),
        "lvm.conf": ("options root=/dev/dm-1 rw cryptdevice=/dev/sda2\n", None, ""),
        "manual.txt": ("# dm-mod.create=<name>, roothash=HASH, ima_appraise=off\nima_appraise=off\n", None, ""),
        "init": ("#!/bin/sh\nveritysetup open /dev/a root /dev/b \"$(cat /hash)\"\n", "dm-verity", "there"),
        "ima.conf": ("options root=/dev/sda2 ima_appraise=enforce\n", "IMA", "on"),
        "readme": ("veritysetup open is what the initramfs calls\n", None, ""),
    }
    folder = _truth.WORK / "boot"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    wanted = make_signed(folder)
    for name, (text, mechanism, state) in made.items():
        subprocess.run(["dtc", "-q", "-I", "dts", "-O", "dtb", "-o", str(folder / name)], input=text, text=True, check=True)
        wanted += [(name, mechanism, state)] if mechanism else []
    for name, (text, mechanism, state) in texts.items():
        (folder / name).write_text(text)
        wanted += [(name, mechanism, state)] if mechanism else []
    image = _truth.WORK / "boot.squashfs"
    subprocess.run(["mksquashfs", str(folder), str(image), "-noappend", "-quiet", "-no-progress"], check=True, stdout=subprocess.DEVNULL)
    _truth.score("boot_verification", "mechanism", "made here, with look-alikes", wanted, boot_of(image), lambda thing: ": ".join(thing))


def main():
    missing = [tool for tool in ("checksec", "hardening-check", "readelf", "mksquashfs") if shutil.which(tool) is None]
    if missing:
        raise SystemExit(f"not installed: {' '.join(missing)}")
    for architecture in ARCHITECTURES:
        image, root = unpack_packages(architecture)
        if image is None:
            _truth.left(f"programs of Debian for {architecture}: the packages cannot be downloaded")
            continue
        measure(f"Debian 12, {architecture}", image, root, "0.squashfs/")
    measure_uefi()
    measure_made()
    if _truth.CORPUS is None:
        _truth.left("programs and boot images of real firmware: HOPQUY_CORPUS names no folder")
        return
    for name in IMAGES:
        if (_truth.CORPUS / name).exists():
            measure(f"corpus: {name}", *unpack_image(name), "")
    measure_corpus()


if __name__ == "__main__":
    main()
