#!/usr/bin/python3
"""Bills of materials against the schema of CycloneDX 1.6 and what it cannot say.

usage: sbom.py SCHEMAS BILL.json… [bom-ref…]     the bom-refs must be in the last bill
"""
import json
import pathlib
import re
import sys

import jsonschema

folder = pathlib.Path(sys.argv[1])
bills = [name for name in sys.argv[2:] if name.endswith(".json")]
wanted = [name for name in sys.argv[2:] if not name.endswith(".json")]
schemas = {path.name: json.loads(path.read_text()) for path in folder.glob("*.schema.json")}
main = schemas["bom-1.6.schema.json"]
store = {schema["$id"]: schema for schema in schemas.values()}
base = main["$id"].rsplit("/", 1)[0]
store.update({f"{base}/{name}": schema for name, schema in schemas.items()})
store.update({f"{base}/{name.replace('.schema', '.SNAPSHOT.schema')}": schema for name, schema in schemas.items()})
resolver = jsonschema.RefResolver(main["$id"], main, store)
validator = jsonschema.Draft7Validator(main, resolver=resolver, format_checker=jsonschema.FormatChecker())
PURL = re.compile(r"pkg:[a-z][a-z0-9.+-]*(/[A-Za-z0-9._~%-]+)+(@[A-Za-z0-9._~%-]+)?(\?[a-z]+=[A-Za-z0-9._~%-]+(&[a-z]+=[A-Za-z0-9._~%-]+)*)?")
CPE = re.compile(r"cpe:2\.3:[aho](:([A-Za-z0-9._-]|\\.)+){3}(:(\*|[a-z0-9]+)){7}")


def wrong(bill, text):
    sys.exit(f"oracle: {bill}: {text}")


for name in bills:
    bill = json.loads(pathlib.Path(name).read_text())
    errors = sorted(validator.iter_errors(bill), key=str)
    if errors:
        wrong(name, f"{list(errors[0].absolute_path)}: {errors[0].message[:300]}")
    references = [component["bom-ref"] for component in bill["components"]]
    if len(set(references)) != len(references):
        wrong(name, "a bom-ref is there twice")
    (whole,) = bill["dependencies"]
    if whole["ref"] != "image" or sorted(whole["dependsOn"]) != sorted(references):
        wrong(name, "the image does not depend on what is in it")
    reasons = [one["value"] for one in bill["metadata"].get("properties", []) if one["name"] == "hopquy:not-read"]
    if len(set(reasons)) != len(reasons):
        wrong(name, "a reason is there twice")
    for component in bill["components"]:
        if not PURL.fullmatch(component["purl"]):
            wrong(name, f"{component['purl']} is no package URL")
        if "cpe" in component and not CPE.fullmatch(component["cpe"]):
            wrong(name, f"{component['cpe']} is no CPE 2.3")
        if not component["evidence"]["occurrences"] or not component["evidence"]["identity"]:
            wrong(name, f"{component['bom-ref']} has no evidence")
    for reference in wanted:
        if references.count(reference) != 1:
            wrong(name, f"{reference} is there {references.count(reference)} times")
