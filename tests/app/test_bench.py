"""`bench editor`: that it measures what it says; no figure is checked."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget

from app import bench
from app.first_paint import FirstPaint
from model.inference.preload import LIBRARIES

ROOT = Path(__file__).resolve().parent.parent.parent


def test_a_first_paint_is_told_once_and_not_before_it(qapp):
    widget, told = QWidget(), []
    painted = FirstPaint(widget)
    painted.happened.connect(lambda: told.append(widget.isVisible()))
    qapp.processEvents()
    assert told == []
    widget.show()
    while not told:
        qapp.processEvents()
    widget.repaint()
    qapp.processEvents()
    assert told == [True]


def test_the_window_is_painted_before_the_picture_and_strokes_reach_the_screen():
    figures = bench.measured("pointer", ["--engine", "flat"])
    ((window,), (picture,)) = figures["window"], figures["picture"]
    assert 0 < window < picture
    strokes = figures["pointer"]
    assert 0 < len(strokes) <= bench.MOVES + 1
    assert min(strokes) > 0


def test_flat_colours_do_not_pass_for_a_picture(tmp_path):
    with pytest.raises(subprocess.CalledProcessError):
        bench.measured("start", ["--checkpoint", str(tmp_path / "gone")])


def test_a_row_has_the_median_the_longest_and_the_99th_percentile():
    row = bench.row("x", 16.0, [float(n) for n in range(101)], p99=True)
    assert (row["ms"], row["p99"], row["longest"]) == (50.0, 99.0, 100.0)


@pytest.mark.skipif(not LIBRARIES, reason="nothing is loaded beforehand on this system")
def test_torch_finds_its_libraries_loaded():
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from model.inference.preload import preload\n"
        "def there(): return 'libtorch_cpu.so' in Path('/proc/self/maps').read_text()\n"
        "assert not there()\n"
        "thread = preload()\n"
        "thread.join()\n"
        "assert there() and 'torch' not in sys.modules\n"
        "import torch\n"
        "assert preload() is None and float(torch.ones(3).sum()) == 3\n"
    )
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)


def test_the_garbage_collector_passes_over_what_was_there_after_an_import():
    script = (
        "import gc\n"
        "from model.inference.preload import import_for_good\n"
        "assert import_for_good('json.tool').__name__ == 'json.tool'\n"
        "there = gc.get_freeze_count()\n"
        "assert there > 5000 and gc.isenabled()\n"
        "import_for_good('json.tool')\n"
        "assert gc.get_freeze_count() == there\n"
        "try:\n"
        "    import_for_good('json.nothing')\n"
        "except ImportError:\n"
        "    assert gc.isenabled()\n"
        "else:\n"
        "    raise SystemExit('found')\n"
    )
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)
