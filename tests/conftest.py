"""Options, markers and fixtures shared by every test; loads neither torch nor Qt by itself."""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import settings

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OMP_NUM_THREADS", "1")

settings.register_profile("suite", deadline=None, derandomize=True, database=None)
settings.load_profile("suite")

ROOT = Path(__file__).resolve().parent.parent
GOLDEN = "golden"


def pytest_addoption(parser):
    parser.addoption("--slow", action="store_true", help="also run the tests marked slow")


def pytest_runtest_setup(item):
    if item.get_closest_marker("slow") and not item.config.getoption("--slow"):
        pytest.skip("slow: runs only with --slow")
    if item.get_closest_marker("gpu"):
        import torch

        if not torch.cuda.is_available():
            pytest.skip("no CUDA device on this machine")


@pytest.fixture(scope="session", autouse=True)
def compiled_kernels() -> None:
    """There before anything is painted: they must not come in between two pictures compared."""
    kernels = import_module("model.inference.plan.kernels")
    _ = kernels.cached_library() or kernels.made_library()


@pytest.fixture(scope="session")
def cityscapes_folder() -> Path:
    """A folder with Cityscapes' gtFine maps; skips where there is none."""
    folder = Path(os.environ.get("LABELBRUSH_CITYSCAPES", ROOT.parent / "shared" / "cityscapes"))
    if not folder.is_dir():
        pytest.skip(f"no Cityscapes maps in {folder}; set LABELBRUSH_CITYSCAPES to their folder")
    return folder


@pytest.fixture
def golden(record_property):
    """golden(network, difference, limit): fail above the limit, and note it for the final table."""

    def check(network: str, difference: float, limit: float) -> None:
        record_property(GOLDEN, [network, float(difference), float(limit)])
        assert difference <= limit, f"{network}: {difference:.3g} is above {limit:.3g}"

    return check


def pytest_terminal_summary(terminalreporter):
    """The worst difference per network over all golden tests of the run."""
    noted = [
        value
        for reports in terminalreporter.stats.values()
        for report in reports
        if getattr(report, "when", None) == "call"
        for name, value in report.user_properties
        if name == GOLDEN
    ]
    if not noted:
        return
    terminalreporter.section("golden: worst difference per network")
    terminalreporter.write_line(f"{'what':<48}{'checks':>8}{'worst':>12}{'limit':>12}")
    for network in sorted({name for name, _, _ in noted}):
        rows = [(difference, limit) for name, difference, limit in noted if name == network]
        worst, limit = max(rows, key=lambda row: row[0] / row[1] if row[1] else row[0])
        terminalreporter.write_line(f"{network:<48}{len(rows):>8}{worst:>12.2e}{limit:>12.1e}")
