"""ImagePool: earlier samples that the discriminator may be shown instead of the newest."""

from __future__ import annotations

import random


class ImagePool[Sample]:
    """Up to `size` earlier samples (Shrivastava et al., CVPR 2017), as in the official code.

    While it fills, samples pass through. Once it is full, half of them pass through, and the
    others take the place of an earlier one, which is given out instead.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self.samples: list[Sample] = []

    def exchange(self, sample: Sample, rng: random.Random) -> Sample:
        """What is to be shown now: `sample` or an earlier one."""
        if not self.size:
            return sample
        if len(self.samples) < self.size:
            self.samples.append(sample)
            return sample
        if rng.uniform(0, 1) <= 0.5:
            return sample
        place = rng.randint(0, self.size - 1)
        earlier, self.samples[place] = self.samples[place], sample
        return earlier
