#!/bin/sh
# What mkimage, rauc, mender-artifact, mkeficapsule, signify and openssl sign, hopquy verifies: with the right key alone, unchanged alone.
# usage: tests/oracles/update_signature.sh
set -eu
cd "$(dirname "$0")/../.."
python3 tests/accuracy/update_signature.py --made >build/update_signature.txt
cut -f1-3,5- build/update_signature.txt
! grep -q "^\(miss\|extra\)" build/update_signature.txt
