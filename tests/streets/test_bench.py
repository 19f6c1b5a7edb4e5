"""`bench streets`: that it measures what it says; no figure is checked."""

from __future__ import annotations

import main
from model.streets import bench


def test_the_rows_are_printed_in_columns(renderer, monkeypatch, capsys):
    monkeypatch.setattr(bench, "CASES", (((128, 64), 2, 4.0),))
    monkeypatch.setattr(bench, "SEEDS", range(1, 2))
    assert main.main(["bench", "streets"]) == 0
    _machine, head, row = capsys.readouterr().out.splitlines()
    assert head.split() == ["seconds", "goal", "slowest", "per", "hour"]
    seconds, goal, slowest, per_hour = (float(value) for value in row.split()[-4:])
    assert row.startswith("128x64, 2 views a scene")
    assert 0 < seconds == slowest
    assert goal == 4
    assert abs(per_hour * seconds / 3600 - 1) < 0.01
