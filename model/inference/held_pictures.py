"""HeldPictures: what the screen shows when hold still is on. Follows a renderer's results."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from model.inference.hold_still import Pixels, hold_still
from model.inference.request import RenderResult
from model.inference.scene_copy import SceneCopy
from model.scene.scene import ScenePatch


class HeldPictures:
    """Between two whole pictures that differ in styles alone, drift is taken back."""

    def __init__(self) -> None:
        self._scene = SceneCopy()
        self._picture: Pixels | None = None  # as shown last
        self._styled: set[int] = set()  # instances with another style since then
        self._redrawn = True  # maps have changed since then

    def forget(self) -> None:
        """The next picture is another network's, or follows a failure."""
        self._picture, self._redrawn = None, True

    def take(self, patch: ScenePatch) -> None:
        """Note what a patch changes; to be called before its results."""
        before, styles = self._scene, self._scene.styles
        self._redrawn |= (
            before.size != patch.size
            or not np.array_equal(before.labels[patch.rect.slices], patch.labels)
            or not np.array_equal(before.instances[patch.rect.slices], patch.instances)
        )
        ids = styles.keys() | patch.styles.keys()
        self._styled |= {each for each in ids if styles.get(each) != patch.styles.get(each)}
        before.take(patch)

    def shown(self, result: RenderResult, wanted: bool) -> RenderResult:
        """The result as it is shown: previews as they are, final pictures perhaps held still."""
        if not result.final:
            return result
        if result.rect != self._scene.bounds:
            self.forget()
            return result
        if wanted and self._picture is not None and self._styled and not self._redrawn:
            edited = np.isin(self._scene.instances, list(self._styled))
            pixels = hold_still(self._picture, result.pixels, edited)
            result = replace(result, pixels=pixels, held=True)
        self._picture, self._redrawn = result.pixels, False
        self._styled.clear()
        return result
