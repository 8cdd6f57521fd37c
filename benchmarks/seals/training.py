"""How the small networks of this folder are fitted: one cycle of the learning rate, by the clock."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import torch
from torch import nn

Batch = tuple[torch.Tensor, ...]
Draw = Callable[[np.random.Generator], Batch]
Loss = Callable[[Batch], torch.Tensor]

_RATE, _WARM, _LAST, _CHECKS = 2e-3, 100, 0.02, 6


class Step(nn.Sequential):
    """Convolution, normalisation, rectifier."""

    def __init__(
        self, inner: int, outer: int, side: int = 3, stride: int = 1, wide: int = 1
    ) -> None:
        super().__init__(
            nn.Conv2d(inner, outer, side, stride, wide * (side // 2), dilation=wide, bias=False),
            nn.BatchNorm2d(outer),
            nn.ReLU(inplace=True),
        )


class Around(nn.Module):
    """A step added to what it was given."""

    def __init__(self, width: int, wide: int) -> None:
        super().__init__()
        self.step = Step(width, width, wide=wide)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the sum."""
        return x + self.step(x)


def one_cycle(net: nn.Module, draw: Draw, check: Draw, loss: Loss, seconds: float) -> None:
    """Fit the network for so many seconds on batches of ``draw``, the next made meanwhile.

    ``check`` draws batches that are only looked at; ``loss`` runs the network on a batch.
    """
    print(f"{sum(w.numel() for w in net.parameters())} weights")
    rng = np.random.default_rng(1)
    fit = torch.optim.AdamW(net.parameters(), _RATE, weight_decay=1e-3)
    ahead = ThreadPoolExecutor(1)
    coming = ahead.submit(draw, rng)
    started, step, shown = time.monotonic(), 0, 0.0
    while (share := (time.monotonic() - started) / seconds) < 1:
        for group in fit.param_groups:
            fallen = _LAST + (1 - _LAST) * 0.5 * (1 + np.cos(np.pi * share))
            group["lr"] = _RATE * min(1.0, step / _WARM) * fallen
        batch = coming.result()
        coming = ahead.submit(draw, rng)
        now = loss(batch)
        fit.zero_grad()
        now.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        fit.step()
        step += 1
        shown = now.item() if step == 1 else 0.98 * shown + 0.02 * now.item()
        if step % _WARM == 0:
            print(
                f"step {step}, {100 * share:.0f} % of the time, loss {shown:.4f}, "
                f"check {_checked(net, check, loss):.4f}",
                flush=True,
            )
    ahead.shutdown()
    net.eval()


def _checked(net: nn.Module, check: Draw, loss: Loss) -> float:
    """Return the loss on what is not trained on."""
    rng = np.random.default_rng(2)
    net.eval()
    with torch.no_grad():
        total = sum(loss(check(rng)).item() for _ in range(_CHECKS))
    net.train()
    return total / _CHECKS
