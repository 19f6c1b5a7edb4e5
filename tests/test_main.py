"""The command table: exit codes, lazy imports, and what an argument without a command means."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import main
from model import check_command
from model.errors import InputError

ROOT = Path(__file__).resolve().parent.parent


def run_main(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "main.py", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


@pytest.fixture
def use_command(monkeypatch):
    """Make `check` call the given function instead of its own run."""

    def use(run):
        monkeypatch.setattr(check_command, "run", run)

    return use


def test_help_names_every_command_and_loads_neither_torch_nor_qt():
    code = (
        "import sys, main\n"
        "try:\n    main.main(['--help'])\n"
        "except SystemExit as done:\n"
        "    heavy = {'torch', 'PySide6', 'cv2', 'sklearn'} & set(sys.modules)\n"
        "    sys.exit(str(heavy) if heavy else done.code)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    shown = done.stdout.replace("\n", " \n")
    assert all(f"    {name} " in shown for name in main.COMMANDS)


@pytest.mark.parametrize("name", main.COMMANDS)
def test_every_command_documents_itself(name, capsys):
    with pytest.raises(SystemExit) as done:
        main.main([name, "--help"])
    assert done.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: main.py {name}")


def test_two_words_can_name_a_command():
    assert main.with_command(["evaluate", "study", "a"]) == ["evaluate study", "a"]
    assert main.with_command(["evaluate", "styles", "a"]) == ["evaluate", "styles", "a"]


def test_no_argument_opens_the_editor():
    assert main.with_command([]) == ["edit"]


def test_a_file_without_a_command_is_edited(tmp_path):
    project = tmp_path / "street.labelbrush"
    project.touch()
    assert main.with_command([str(project)]) == ["edit", str(project)]


def test_options_without_a_command_are_the_editors():
    assert main.with_command(["--engine", "flat"]) == ["edit", "--engine", "flat"]


def test_a_misspelt_command_is_refused_in_one_sentence():
    done = run_main("rendr", "street.png")
    assert done.returncode == 2
    assert done.stderr.startswith('"rendr" is neither a file nor a command')
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


def test_refused_input_is_one_sentence_and_exit_code_2(use_command, capsys):
    def refuse(args):
        raise InputError("street.png is empty; choose a label map.")

    use_command(refuse)
    assert main.main(["check"]) == 2
    assert capsys.readouterr().err == "street.png is empty; choose a label map.\n"


def test_an_interrupt_is_exit_code_130(use_command):
    def interrupt(args):
        raise KeyboardInterrupt

    use_command(interrupt)
    assert main.main(["check"]) == 130


def test_a_commands_exit_code_is_the_process_exit_code(use_command):
    use_command(lambda args: 7)
    assert main.main(["check"]) == 7


def test_check_prints_versions_devices_and_folders(capsys):
    assert main.main(["check"]) == 0
    names = [line.split(":")[0] for line in capsys.readouterr().out.splitlines()]
    assert {"Python", "torch", "numpy", "device cpu", "checkpoints", "log"} <= set(names)


def test_a_report_in_an_impossible_place_is_refused(tmp_path, capsys):
    assert main.main(["check", "--report", str(tmp_path / "missing" / "report.txt")]) == 2
    assert "report.txt: the report cannot be written there" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a display")
def test_without_a_display_no_window_is_promised(capsys):
    assert check_command.check_window({}) == check_command.NO_DISPLAY
    assert check_command.check_window({"DISPLAY": ""}) == check_command.NO_DISPLAY
    offscreen = {"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"}
    assert check_command.check_window(offscreen) == check_command.NO_DISPLAY
    assert capsys.readouterr().err.count("No display") == 3


@pytest.mark.skipif(sys.platform != "linux", reason="the libraries are named for Linux")
def test_a_missing_library_is_named_with_its_package(capsys):
    needed = {"libc.so.6": "libc6", "libnowhere.so.1": "libnowhere1"}
    assert check_command.check_libraries(needed) == 1
    message = capsys.readouterr().err
    assert "apt-get install libnowhere1\n" in message
    assert "libc6" not in message
    assert check_command.check_libraries({"libc.so.6": "libc6"}) == 0
