"""What the parts of scripts/accuracy share: facts of an image, and how a set is scored."""
import collections
import json
import os
import pathlib
import subprocess

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
HOPQUY = TOP / "build" / "release" / "hopquy"
CORPUS = pathlib.Path(os.environ["HOPQUY_CORPUS"]) if os.environ.get("HOPQUY_CORPUS") else None
WORK = TOP / "build" / "accuracy"
WORK.mkdir(parents=True, exist_ok=True)


def facts(image, kind=None):
    """All facts of an image, as dictionaries; an image in which nothing is recognised has none."""
    command = [str(HOPQUY), "facts", str(image)] + (["--kind", kind] if kind else [])
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode not in (0, 65):
        raise SystemExit(f"{image}: hopquy facts ended with {done.returncode}: {done.stderr}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def score(collector, what, data, truth, found, show=str):
    """Prints the row and the failures of one set; `truth` and `found` are iterables of comparable things."""
    wanted, got = collections.Counter(truth), collections.Counter(found)
    right = sum((wanted & got).values())
    print("row", collector, what, data, sum(wanted.values()), sum(got.values()), right, sep="\t")
    for thing in sorted((wanted - got).elements(), key=str):
        print("miss", collector, what, data, show(thing), sep="\t")
    for thing in sorted((got - wanted).elements(), key=str):
        print("extra", collector, what, data, show(thing), sep="\t")


def left(text):
    """Says that labelled data was not there."""
    print("left", text, sep="\t")
