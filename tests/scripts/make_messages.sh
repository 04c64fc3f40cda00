#!/bin/sh
# make-messages sorts by bytes, joins files and strings, and refuses what a translator may get wrong.
set -u
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM
failed=0

# refuses NAME, po on standard input
refuses() {
	cat >"$folder/vi.po"
	if scripts/make-messages "$folder/vi.po" >"$folder/out" 2>"$folder/err"; then
		echo "make-messages accepts $1" >&2
		failed=1
	elif ! grep -q "vi.po:[0-9]*: " "$folder/err"; then
		echo "make-messages names no line for $1" >&2
		failed=1
	fi
}

refuses 'a message that stands twice' <<'END'
msgid "a"
msgstr "b"

msgid "a"
msgstr "c"
END
refuses 'conversions in another order' <<'END'
msgid "%s has %d"
msgstr "%d có %s"
END
refuses 'holes of another kind' <<'END'
msgid "{}: {~}"
msgstr "{~}: {}"
END
refuses 'a hole less' <<'END'
msgid "{} on port {}"
msgstr "ở cổng {}"
END
refuses 'holes that touch' <<'END'
msgid "{}{~} a"
msgstr "{}{~} b"
END
refuses 'a string without its end' <<'END'
msgid "a
msgstr "b"
END
refuses 'an escape it does not know' <<'END'
msgid "a\q"
msgstr "b"
END
refuses 'msgstr without msgid' <<'END'
msgstr "b"
END
refuses 'a string that belongs to nothing' <<'END'
"a"
END

cat >"$folder/vi.po" <<'END'
# header
msgid ""
msgstr "Language: vi\n"

msgid "b\n"
msgstr "1"

msgid ""
"B "
"\"%s\""
msgstr ""
"hai "
"\"%s\""

#, fuzzy
msgid "untranslated"
msgstr ""
END
printf 'msgid "a"\nmsgstr "ba"\n' >"$folder/more.vi.po"
printf 'msgid "other language"\nmsgstr "x"\n' >"$folder/fr.po"
printf '\t{"B \\"%%s\\"",\n\t "hai \\"%%s\\"", 0},\n\t{"a",\n\t "ba", 0},\n\t{"b\\n",\n\t "1", 0},\n' >"$folder/want"
scripts/make-messages "$folder/vi.po" >"$folder/out"
cmp "$folder/out" "$folder/want" || failed=1
exit $failed
