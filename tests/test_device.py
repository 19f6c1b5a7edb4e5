"""Choice of device and precision."""

from __future__ import annotations

import sys
import threading

import pytest
import torch

from model import device
from model.device import choose_target
from model.errors import InputError


@pytest.fixture
def without_accelerators(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)


@pytest.mark.usefixtures("without_accelerators")
def test_without_accelerators_the_cpu_is_chosen():
    assert choose_target("auto", "float32").device == torch.device("cpu")


@pytest.mark.parametrize("there", ["cuda", "mps"])
@pytest.mark.usefixtures("without_accelerators")
def test_an_accelerator_is_chosen_when_there(monkeypatch, there):
    module = torch.cuda if there == "cuda" else torch.backends.mps
    monkeypatch.setattr(module, "is_available", lambda: True)
    assert choose_target("auto", "float32").device.type == there


@pytest.mark.parametrize("name", ["cuda", "cuda:1", "mps"])
@pytest.mark.usefixtures("without_accelerators")
def test_a_device_that_is_not_there_is_refused(name):
    with pytest.raises(InputError, match=f"{name} was asked for.*--device auto"):
        choose_target(name)


@pytest.mark.parametrize("name", ["tpu", "cuda:x", "", "cpu:3"])
def test_an_unknown_device_is_refused(name):
    with pytest.raises(InputError, match="device"):
        choose_target(name)


def test_an_unknown_precision_is_refused():
    with pytest.raises(InputError, match="no precision 'int8'"):
        choose_target("cpu", "int8")


def test_float16_on_the_cpu_is_refused():
    with pytest.raises(InputError, match="float16"):
        choose_target("cpu", "float16")


@pytest.mark.parametrize(("factor", "chosen"), [(1.1, "float32"), (1.5, "bfloat16")])
def test_bfloat16_is_chosen_only_where_it_is_measured_to_pay(monkeypatch, factor, chosen):
    def seconds(probe):
        return 1.0 if probe._x.dtype == torch.bfloat16 else factor

    monkeypatch.setattr(device._Probe, "seconds", seconds)
    device._bfloat16_pays.cache_clear()
    assert choose_target("cpu").precision == chosen
    device._bfloat16_pays.cache_clear()


def test_the_measurement_is_made_once(monkeypatch):
    asked = []
    monkeypatch.setattr(device._Probe, "seconds", lambda probe: asked.append(probe) or 1.0)
    device._bfloat16_pays.cache_clear()
    choose_target("cpu")
    once = len(asked)
    choose_target("cpu")
    assert len(asked) == once > 0
    device._bfloat16_pays.cache_clear()


@pytest.mark.skipif(sys.platform != "linux", reason="no fine clock of a thread's own time")
def test_waiting_for_other_programs_is_not_measured(monkeypatch):
    """A convolution that is held up ten times as long as it computes takes no longer."""
    convolve = device.functional.conv2d

    def held_up(x, *arguments, **options):
        threading.Event().wait(0.02)
        return convolve(x, *arguments, **options)

    probe = device._Probe(torch.device("cpu"), torch.float32)
    monkeypatch.setattr(device.functional, "conv2d", held_up)
    assert probe.seconds() < 0.02
