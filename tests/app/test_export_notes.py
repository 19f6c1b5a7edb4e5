"""Exported pictures say whether drift was taken back."""

from __future__ import annotations

import pytest
from PIL import ExifTags, Image

from model.scene.scene import Style
from tests.app.test_exporting import export, story

__all__ = ["story"]


@pytest.mark.parametrize("suffix", ["png", "jpg", "webp", "tiff"])
@pytest.mark.parametrize("kind", ["export_picture", "export_side_by_side"])
def test_exports_record_whether_the_picture_is_held_still(
    kind, suffix, story, window, wait_until, tmp_path
):
    document = window.session.document
    held, raw = (tmp_path / f"{name}.{suffix}" for name in ("held", "raw"))
    everything = [info.instance_id for info in document.instances()]
    document.set_styles("Style", dict.fromkeys(everything, Style((1.0,), 1)))
    wait_until(lambda: window.controller.idle)
    assert window.table.by_id["hold_still"].isChecked()  # at the first start, too
    export(story, kind, held, wait_until)
    assert note_in(held) == "Labelbrush: held still"
    story.act("hold_still")
    wait_until(lambda: window.controller.idle)
    export(story, kind, raw, wait_until)
    assert note_in(raw) == "Labelbrush: as the network paints it"


def note_in(path) -> str:
    with Image.open(path) as image:
        return image.info.get("Comment") or image.getexif()[ExifTags.Base.ImageDescription]
