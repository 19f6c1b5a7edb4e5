from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from model.training.batches import BatchSource
from model.training.config import Stage, TrainingConfig, load_config
from model.training.memory import LiveBytes, peak_bytes
from model.training.run import open_data
from model.training.trainer import Trainer, build_networks

CPU = torch.device("cpu")
GIB = 2**30


@pytest.mark.parametrize(("recompute", "precision"), [(False, "float32"), (True, "bfloat16")])
def test_a_step_that_is_only_counted_holds_what_a_real_step_holds(
    streets_data: Path, tiny_config: TrainingConfig, recompute: bool, precision: str
) -> None:
    stage = Stage(crop=(128, 192))
    config = replace(tiny_config, recompute=recompute, precision=precision, stages=(stage,))
    data = open_data(streets_data, config, CPU)
    batch = BatchSource(data.training, data.cache, config).batch(0)
    with LiveBytes() as memory:
        trainer = Trainer(build_networks(config), config, CPU)
        trainer.objective.present_labels = lambda batch: None
        trainer.step(batch)
        memory.peak = memory.live
        trainer.step(batch)
    counted = peak_bytes(config, stage, (128, 192))
    assert counted == pytest.approx(memory.peak, rel=0.1)


def test_tensors_that_are_gone_are_not_counted() -> None:
    with LiveBytes() as memory:
        kept = torch.zeros(1000)
        gone = torch.zeros(5000)
        del gone
        view = kept[10:]
        assert (memory.live, memory.peak) == (4000, 24000)
        del kept
        assert memory.live == 4000
        del view
    assert memory.live == 0


@pytest.mark.parametrize(("recompute", "limit"), [(False, 20.0), (True, 10.0)])
def test_the_papers_full_size_fits_the_cards_it_is_meant_for(recompute: bool, limit: float) -> None:
    """24 GB without and 12 GB with recomputation, with room for what is not counted."""
    config = replace(load_config("local-1024p"), precision="bfloat16", recompute=recompute)
    assert 5 < peak_bytes(config, config.stages[-1], (1024, 2048)) / GIB < limit
