#!/bin/sh
# The example of docs/ADDING.md works, and what it writes is refused until it is filled in, and then is not.
set -u
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM
failed=0
wrong() {
	echo "new-check: $1" >&2
	failed=1
}

mkdir "$folder/tree"
cp -r scripts checks tests docs po profiles firmware device "$folder/tree/"
cd "$folder/tree" || exit 70
# shellcheck disable=SC2016 # the backquotes are of the page
name=$(sed -n 's/^1\. `scripts\/new-check \([a-z0-9_\/]*\)`.*/\1/p' docs/ADDING.md)
scripts/new-check "$name" >/dev/null || wrong "the example of docs/ADDING.md, $name, does not work"
scripts/check-catalogue >"$folder/before"
for file in "checks/$name.sql" "tests/checks/$name/pass.sql" "tests/checks/$name/fail.sql" "tests/checks/$name/unseen.sql" "tests/checks/$name/unknown.sql"; do
	grep -q "^check-catalogue: $file: is not written yet: " "$folder/before" || wrong "check-catalogue does not refuse $file"
done

# Filled in, each test gives what it says: the SELECT over tables with the columns that it names.
sed -i "s/'GOOD'/'ok'/; s/'BAD'/'poor'/; s/A GOOD PRODUCT/It is well/; s/A BAD PRODUCT/It is not/; s/A SUBJECT/it/; s/SUBJECT/image/
	s/KIND/setting/g; s/'SOURCE'/'settings'/g; s/SOURCE/settings/g; s/COLUMN/value/g; s/WHAT/one/g" "checks/$name.sql" "tests/checks/$name"/*.sql
scripts/check-catalogue >"$folder/after"
grep "is not written yet" "$folder/after" && wrong "check-catalogue refuses what is written"
python3 - "checks/$name.sql" "tests/checks/$name" <<'END' || wrong "a test does not give what it expects"
import pathlib
import sqlite3
import sys

wrong = 0
for test in sorted(pathlib.Path(sys.argv[2]).glob("*.sql")):
    database = sqlite3.connect(":memory:")
    database.executescript("CREATE TABLE subject (fact, type, name); CREATE TABLE setting (fact, subject, source, value);"
                           "CREATE TABLE looked (fact, subject, source, kind, from_source, complete);" + test.read_text())
    verdicts = {row[1] for row in database.execute(pathlib.Path(sys.argv[1]).read_text())}
    expected = test.read_text().rsplit("-- expect: ", 1)[1].strip()
    if verdicts != {expected}:
        print(f"{test}: {verdicts}, wanted {expected}", file=sys.stderr)
        wrong = 1
sys.exit(wrong)
END
exit "$failed"
