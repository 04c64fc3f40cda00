#!/bin/sh
# One thing has one word in Vietnamese: a dossier, a case and a profile are not all "hồ sơ".
set -u
python3 - po/*.po <<'END'
import re
import sys

# what is wrong, and what it is called here
WORDS = (
    (r"(?<!xét trên )(?<!xét )\bhồ sơ\b(?! kỹ thuật| đánh giá)", "hồ sơ kỹ thuật (dossier), hồ sơ đánh giá (case) or bộ yêu cầu (profile)"),
    (r"giải thích", "giải trình (what the supplier says), nhận diện (what was recognised) or làm rõ"),
    (r"chưa xác định được", "chưa kết luận được"),
    (r"phần mềm thiết bị", "firmware"),
    (r"kịch bản", "tập lệnh"),
    (r"kết luận: chưa ai", "chưa ai kết luận"),
)
wrong = 0
for name in sys.argv[1:]:
    text = open(name, encoding="utf-8").read()
    for message in re.finditer(r'^msgstr "(.*)"((?:\n".*")*)', text, re.M):
        words = message[1] + "".join(re.findall(r'^"(.*)"$', message[2], re.M))
        line = text.count("\n", 0, message.start()) + 1
        for pattern, right in WORDS:
            if re.search(pattern, words, re.I):
                print(f"{name}:{line}: {words[:60]}…: {right}", file=sys.stderr)
                wrong = 1
sys.exit(wrong)
END
