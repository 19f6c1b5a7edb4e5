"""FEATURES.md names tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAMED = re.compile(r"`(?:([\w/]+\.py))?(?:::(test_\w+))?`")


def test_every_test_that_the_feature_table_names_exists():
    missing, checked = [], 0
    for line in (ROOT / "FEATURES.md").read_text(encoding="utf-8").splitlines():
        file = ""
        for path, test in NAMED.findall(line) if line.startswith("|") else ():
            file = path or file
            found = next((r for r in (ROOT / "tests" / file, ROOT / file) if r.is_file()), None)
            checked += 1
            if found is None or (test and f"def {test}(" not in found.read_text(encoding="utf-8")):
                missing.append(f"{file}::{test}")
    assert not missing
    assert checked > 30
