#!/bin/bash
# What real SNMP, MQTT and CoAP servers give: hopquy's facts against net-snmp's, mosquitto's and libcoap's own clients.
# usage: tests/oracles/small_protocols.sh [PROGRAM]    (as root: in a network namespace of its own)
set -eu
here=$(cd "$(dirname "$0")/../.." && pwd)
program=${1:-$here/build/release/hopquy}
if [ -z "${HOPQUY_OWN_NETWORK:-}" ]; then
	HOPQUY_OWN_NETWORK=1 exec unshare -n bash "$here/tests/oracles/small_protocols.sh" "$program"
fi
ip link set lo up
work=$(mktemp -d)
: >"$work/pids"
end() {
	while read -r pid; do kill "$pid" 2>/dev/null || true; done <"$work/pids"
	rm -rf "$work"
}
trap end EXIT
cd "$work"
agree=0 differ=0
serve() {
	"$@" >/dev/null 2>&1 &
	echo $! >>pids
}
# compare WHAT OURS THEIRS
compare() {
	if [ "$2" = "$3" ]; then
		agree=$((agree + 1))
	else
		differ=$((differ + 1))
		printf '%s: hopquy "%s", the other "%s"\n' "$1" "$2" "$3"
	fi
}
yes_of() {
	if "$@" >/dev/null 2>&1; then echo yes; else echo no; fi
}

cat >snmpd.conf <<END
rocommunity public
rwcommunity private
createUser admin SHA-256 "password"
createUser monitor
createUser root SHA-512 "12345678"
rouser admin auth
rouser monitor noauth
rouser root auth
sysdescr IPCamera HI3516 uClinux 2.6
sysname camera
END
printf 'per_listener_settings true\nlistener 1883 127.0.0.1\nallow_anonymous true\n' >mosquitto.conf
mosquitto_passwd -c -b passwords admin admin 2>/dev/null
printf 'listener 1884 127.0.0.1\nallow_anonymous false\npassword_file %s\n' "$work/passwords" >>mosquitto.conf
chmod -R a+rX "$work"
SNMP_PERSISTENT_DIR=$work/snmp serve snmpd -f -Lo -C -c snmpd.conf udp:127.0.0.1:161
serve mosquitto -c mosquitto.conf
serve coap-server-notls -A 127.0.0.1 -p 5683
sleep 2
mosquitto_pub -h 127.0.0.1 -t cam/1/motion -m x -r
timeout 110 "$program" probe 127.0.0.1 --state initialised --level stress --ports 1883,1884 \
	--only snmp,mqtt,coap,default_passwords >facts 2>/dev/null

# field NAME: of the facts that come in
field() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }
disclosed() { grep '"kind":"disclosure"' facts | grep "\"type\":\"$1\"" | field value; }
get() { timeout 10 snmpget -r 0 -t 1 -Oqvn "$@" 2>/dev/null; }
next() { timeout 10 snmpget -r 0 -t 1 -Oqvnx "$@" 2>/dev/null; }

compare sysDescr "$(disclosed version)" "$(get -v2c -c public 127.0.0.1 .1.3.6.1.2.1.1.1.0 | tr -d '"')"
compare sysName "$(disclosed hostname)" "$(get -v1 -c public 127.0.0.1 .1.3.6.1.2.1.1.5.0 | tr -d '"')"
compare sysObjectID "$(disclosed other | grep '^1\.')" "$(get -v2c -c public 127.0.0.1 .1.3.6.1.2.1.1.2.0 | sed 's/^\.//')"
compare engine "$(disclosed other | sed -n 's/^engine \([0-9a-f]*\),.*/\1/p')" \
	"$(next -v2c -c public 127.0.0.1 .1.3.6.1.6.3.10.2.1.1.0 | tr -d '" \n' | tr A-F a-f)"
grep '"kind":"login_attempt"' facts | grep '"user":""' | grep '"control":false' >attempts
while read -r line; do
	community=$(printf '%s\n' "$line" | field password)
	ours=no
	case $line in *'"accepted":true'*) ours=yes ;; esac
	# shellcheck disable=SC2016
	case $community in public | private | admin | cisco | 's!a@m#n$p%c' | Public)
		compare "community $community" "$ours" "$(yes_of get -v2c -c "$community" 127.0.0.1 .1.3.6.1.2.1.1.1.0)"
		;;
	esac
done <attempts
for community in public private; do
	compare "write by $community" "$(yes_of grep "the community $community can write it" facts)" \
		"$(yes_of timeout 10 snmpset -r 0 -t 1 -v2c -c "$community" 127.0.0.1 .1.3.6.1.2.1.1.4.0 s root)"
done
compare "user monitor" "$(yes_of grep 'user monitor without a password' facts)" \
	"$(yes_of get -v3 -l noAuthNoPriv -u monitor 127.0.0.1 .1.3.6.1.2.1.1.1.0)"
compare "user admin" "$(yes_of grep '"user":"admin","password":"password","accepted":true' facts)" \
	"$(yes_of get -v3 -l authNoPriv -u admin -a SHA-256 -A password 127.0.0.1 .1.3.6.1.2.1.1.1.0)"

compare "topics of #" "$(grep '"name":"#"' facts | grep '"port":1883' | field detail)" \
	"1 messages in 2 s: $(mosquitto_sub -h 127.0.0.1 -t '#' -C 1 -W 3 -v | cut -d' ' -f1)"
compare "a stranger at port 1884" "$(grep '"name":"#"' facts | grep '"port":1884' | grep -o '"needs_login":[a-z]*')" \
	"\"needs_login\":$(mosquitto_sub -h 127.0.0.1 -p 1884 -t '#' -C 1 -W 3 >/dev/null 2>&1 && echo false || echo true)"
compare "admin at port 1884" "$(yes_of grep '"protocol":"mqtt","user":"admin","password":"admin","accepted":true' facts)" \
	"$(yes_of mosquitto_pub -h 127.0.0.1 -p 1884 -u admin -P admin -t x -m x)"

coap() { timeout 20 coap-client-notls -v 0 -B 10 -m get "coap://127.0.0.1$1" 2>/dev/null; }
grep '"protocol":"coap"' facts | grep '"kind":"resource"' | field name | sort >ours
coap /.well-known/core | tr ',' '\n' | sed -n 's/^<\([^>]*\)>.*/\1/p' | sort >theirs
compare "resources" "$(tr '\n' ' ' <ours)" "$(tr '\n' ' ' <theirs)"
while read -r path; do
	size=$(grep "\"name\":\"$path\"" facts | field detail | sed -n 's/^2\.05, \([0-9]*\) bytes.*/\1/p')
	# the first block alone; coap-client ends in a line of its own
	theirs=$(($(coap "$path" | wc -c) - 1))
	[ "$theirs" -le 1024 ] || theirs=1024
	compare "bytes of $path" "$size" "$theirs"
done <ours
echo "$agree agree, $differ differ"
[ "$differ" -eq 0 ]
