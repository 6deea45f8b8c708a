"""Training in several processes of one machine that now and then take the mean of their weights."""

from __future__ import annotations

import os
from pathlib import Path

import torch
import torch.distributed as together
from torch import nn


def join_workers(cache: Path, rank: int, workers: int) -> None:
    """Meet the other processes of this run on this machine. They find one another by a file in the cache."""
    os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo")
    meeting = f"file://{(cache / 'workers').resolve()}"
    together.init_process_group("gloo", init_method=meeting, rank=rank, world_size=workers)


@torch.no_grad()
def average_workers(model: nn.Module, stop: bool) -> bool:
    """Give all workers the mean of their weights and of batch norm's running numbers. True when any of them stops."""
    parts = [v for v in model.state_dict().values() if v.dtype.is_floating_point]
    flat = torch.cat([torch.tensor([float(stop)])] + [v.reshape(-1) for v in parts])
    together.all_reduce(flat)
    flat /= together.get_world_size()
    for part, mean in zip(parts, flat[1:].split([v.numel() for v in parts])):
        part.copy_(mean.view(part.shape))
    return bool(flat[0] > 0)
