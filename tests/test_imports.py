"""The import rules of ARCHITECTURE.md, checked on the sources: at any depth, reached or not."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TORCH = {"torch", "torchvision", "sklearn"}
FORBIDDEN = {  # folder or file -> what nothing in it may import
    "model": {"PySide6", "shiboken6", "app", "tests", "main"},
    "app": {*TORCH, "tests", "main"},
    "model/scene": {*TORCH, "moderngl"},
    "model/formats": {*TORCH, "moderngl"},
    "model/streets": {*TORCH},
    "model/evaluation/preference.py": {*TORCH},
    "model/evaluation/sitting.py": {*TORCH},
    "model/inference/request.py": {*TORCH},
    "model/inference/flat.py": {*TORCH},
    "model/inference/frame.py": {*TORCH},
    "model/inference/hold_still.py": {*TORCH},
    "model/inference/held_pictures.py": {*TORCH},
    "model/inference/scene_copy.py": {*TORCH},
    "model/inference/thumbnails.py": {*TORCH},
    "model/inference/trial.py": {*TORCH},
    "model/styles/book.py": {*TORCH},
    "model/styles/library.py": {*TORCH},
    "model/styles/space.py": {*TORCH},
}
OWN_ONLY = {  # folder -> the only modules of ours that anything in it may import
    "model/networks": ("model.networks",),
    "model/scene": ("model.scene", "model.errors"),
    "model/formats": ("model.formats", "model.scene", "model.errors"),
    "model/streets": ("model.streets", "model.scene", "model.errors"),
}
APP_MAY_IMPORT = (
    "app",
    "model.errors",
    "model.evaluation.preference",
    "model.evaluation.sitting",
    "model.formats",
    "model.scene",
    "model.styles.book",
    "model.inference.card",
    "model.styles.library",
    "model.styles.space",
    "model.inference.flat",
    "model.inference.preload",
    "model.inference.priority",
    "model.inference.request",
)
WORKER_MAY_IMPORT = (
    *APP_MAY_IMPORT,
    "model.checkpoint",
    "model.inference.engine",
    "model.inference.failure",
    "model.inference.held_pictures",
)
TABLES = {
    "model/formats/__init__.py",
    "app/tools/__init__.py",
    "app/panels/__init__.py",
    "model/networks/__init__.py",
}
WITHOUT_TORCH = (
    "app.canvas",
    "app.main",
    "app.study.command",
    "model.scene.document",
    "model.scene.maps",
    "model.inference.card",
    "model.inference.failure",
    "model.inference.request",
    "model.inference.flat",
    "model.styles.book",
    "model.styles.library",
    "model.styles.space",
)


def sources(place: str) -> list[Path]:
    path = ROOT / place
    return [path] if path.suffix == ".py" else sorted(path.rglob("*.py"))


def imported_names(source: str) -> set[str]:
    """Every imported module, `from a import b` as a.b; raises on relative imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                raise ValueError(f"relative import in line {node.lineno}")
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


def is_within(name: str, module: str) -> bool:
    return name == module or name.startswith(module + ".")


def is_own(name: str) -> bool:
    return is_within(name, "app") or is_within(name, "model")


@pytest.mark.parametrize("place", FORBIDDEN)
def test_a_layer_does_not_import_what_is_forbidden_to_it(place):
    for path in sources(place):
        for name in imported_names(path.read_text(encoding="utf-8")):
            broken = [module for module in FORBIDDEN[place] if is_within(name, module)]
            assert not broken, f"{path.relative_to(ROOT)} imports {name}; {place} must not"


@pytest.mark.parametrize("place", OWN_ONLY)
def test_a_lower_layer_imports_nothing_of_ours_above_it(place):
    for path in sources(place):
        for name in filter(is_own, imported_names(path.read_text(encoding="utf-8"))):
            allowed = any(is_within(name, module) for module in OWN_ONLY[place])
            assert allowed, f"{path.relative_to(ROOT)} imports {name}"


def test_the_window_sees_the_neural_side_only_through_its_worker():
    for path in sources("app"):
        worker = path == ROOT / "app" / "rendering" / "worker.py"
        may_import = WORKER_MAY_IMPORT if worker else APP_MAY_IMPORT
        for name in filter(is_own, imported_names(path.read_text(encoding="utf-8"))):
            allowed = any(is_within(name, module) for module in may_import)
            assert allowed, f"{path.relative_to(ROOT)} imports {name}"


def test_package_files_are_empty_except_the_tables():
    for path in [*sources("app"), *sources("model")]:
        if path.name == "__init__.py" and str(path.relative_to(ROOT)) not in TABLES:
            assert not path.read_text(encoding="utf-8").strip(), f"{path} is not empty"


def test_importing_the_editors_side_does_not_load_torch():
    code = (
        "import importlib, sys\n"
        f"for name in {WITHOUT_TORCH}:\n"
        "    importlib.import_module(name)\n"
        "    if 'torch' in sys.modules:\n"
        "        sys.exit(f'{name} loads torch')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "source",
    [
        "import torch",
        "if False:\n    import torch",
        "def later():\n    from torch import nn",
        "import torch.nn.functional as F",
        "try:\n    import torch\nexcept ImportError:\n    pass",
    ],
)
def test_an_import_is_seen_wherever_it_hides(source):
    assert any(is_within(name, "torch") for name in imported_names(source))


def test_a_relative_import_is_refused():
    with pytest.raises(ValueError, match="relative"):
        imported_names("from .document import Document")


def test_painting_does_not_wait_for_what_only_fitting_needs():
    code = "import sys, model.inference.engine; sys.exit('sklearn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0
