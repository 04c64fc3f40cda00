#!/bin/sh
# Our bills of materials must be valid by the schema of CycloneDX 1.6, and the same image must give the same bytes.
# usage: BUILD=build/release tests/oracles/sbom.sh
set -eu
here=$(cd "$(dirname "$0")" && pwd)
hopquy=${BUILD:-build/release}/hopquy
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM

# Packages, programs, a kernel's module, odd licences and names, one component seen in several ways.
root=$folder/root
mkdir -p "$root/usr/lib/opkg" "$root/bin" "$root/lib" "$root/etc" "$root/var/lib/dpkg" "$root/usr/lib/node_modules/x"
printf 'Package: dropbear\nVersion: 2011.54-2\nStatus: install user installed\nLicense: MIT and "more" \\ <x>\n\n' \
	>"$root/usr/lib/opkg/status"
printf 'Package: libssl3\nSource: openssl\nVersion: 1:3.0.11-1~deb12u2+b1\nArchitecture: armhf\nMaintainer: A <a@b>\nStatus: install ok installed\n\n' \
	>"$root/var/lib/dpkg/status"
printf '{"name":"@s/x","version":"1.0.0","license":"(MIT OR Apache-2.0)"}' >"$root/usr/lib/node_modules/x/package.json"
{ printf '\177ELF'; head -c 60 /dev/zero; printf 'SSH-2.0-dropbear_2011.54\0OpenSSL 3.0.11 19 Sep 2023\0*** Booting Zephyr OS build abcdef ***\0'; } >"$root/bin/x"
cp "$root/bin/x" "$root/lib/libcrypto.so.3"
printf 'ID="debian"\nVERSION_ID="12"\n' >"$root/etc/os-release"
tar -C "$root" -cf "$folder/one.tar" .
tar -cf "$folder/two.tar" -C "$folder" one.tar

images="$folder/one.tar $folder/two.tar"
for name in openwrt_r35817_tl-wr841n-v8-factory.bin esptool_esp_idf_blink_esp32s2.bin built_debian-armhf_fit-signed.itb; do
	if [ -n "${HOPQUY_CORPUS:-}" ] && [ -f "$HOPQUY_CORPUS/$name" ]; then
		images="$images $HOPQUY_CORPUS/$name"
	fi
done
for image in $images; do
	"$hopquy" sbom "$image" -o "$folder/sbom.json"
	"$hopquy" sbom "$image" >"$folder/again.json"
	cmp "$folder/sbom.json" "$folder/again.json" || {
		echo "oracle: two bills of the same image differ" >&2
		exit 1
	}
	SOURCE_DATE_EPOCH=1700000000 "$hopquy" sbom "$image" >"$folder/timed.json"
	"$hopquy" sbom "$image" --now 2023-11-14T22:13:20Z | cmp - "$folder/timed.json"
	/usr/bin/python3 "$here/sbom.py" "$here/cyclonedx" "$folder/sbom.json" "$folder/timed.json"
done
# What must be in the first of them.
"$hopquy" sbom "$folder/one.tar" --firmware-version 1.2 --supplier Maker --author Laboratory >"$folder/sbom.json"
/usr/bin/python3 "$here/sbom.py" "$here/cyclonedx" "$folder/sbom.json" dropbear@2011.54 openssl@3.0.11 debian@12 zephyr npm:x@1.0.0
# And the schema is one that refuses.
sed 's/"type":"firmware"/"type":"toaster"/' "$folder/sbom.json" >"$folder/bad.json"
if /usr/bin/python3 "$here/sbom.py" "$here/cyclonedx" "$folder/bad.json" 2>/dev/null; then
	echo "oracle: a bill that is not valid is not refused" >&2
	exit 1
fi
