"""What the student is asked for, all in the teacher's whitened space (see whiten.py).

    token     each patch token: 1 - cosine, and smooth L1
    region    the same for means over feature regions of one picture: what the app matches is pooled, not single tokens
    relation  a student region must rank all teacher regions of the batch, and those remembered from earlier batches, as
              its own teacher region does: ranking references is what the app does with descriptors
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

REGIONS = 6  # per picture
TEMPERATURE = 0.1


@dataclass(frozen=True)
class Weights:
    cosine: float = 1.0
    smooth: float = 0.5
    region: float = 1.0
    relation: float = 0.5


class RegionMemory:
    """The last `size` teacher regions, unit vectors f32 [size, D], oldest overwritten first."""

    def __init__(self, width: int, size: int, device: str) -> None:
        self.vectors = torch.zeros(size, width, device=device)
        self.filled, self.next = 0, 0

    def known(self) -> Tensor:
        return self.vectors[: self.filled]

    def add(self, regions: Tensor) -> None:
        """regions [n,D], n at most the size."""
        size = len(self.vectors)
        places = (self.next + torch.arange(len(regions), device=regions.device)) % size
        self.vectors[places] = regions
        self.next = (self.next + len(regions)) % size
        self.filled = min(size, self.filled + len(regions))


def assign_regions(target: Tensor, regions: int = REGIONS, distance: float = 0.03) -> Tensor:
    """Soft picture regions from teacher tokens [b,g,g,D]: every token joins the most similar of `regions` random seeds,
    nearer ones preferred. Returns pooling weights [b, regions, g*g], rows summing to one."""
    b, g, _, d = target.shape
    flat = F.normalize(target.reshape(b, g * g, d), dim=-1)
    seeds = torch.rand(b, g * g, device=target.device).argsort(1)[:, :regions]
    chosen = flat.gather(1, seeds[..., None].expand(-1, -1, d))
    similar = flat @ chosen.transpose(1, 2)
    axis = torch.arange(g, dtype=torch.float32, device=target.device)
    place = torch.stack(torch.meshgrid(axis, axis, indexing="ij"), -1).reshape(1, g * g, 2).expand(b, -1, -1)
    away = torch.cdist(place, place.gather(1, seeds[..., None].expand(-1, -1, 2)))
    member = F.one_hot((similar - distance * away).argmax(-1), regions).float()
    return (member / member.sum(1, keepdim=True).clamp(min=1)).transpose(1, 2)


def distillation_loss(
    student: Tensor, target: Tensor, weights: Weights = Weights(), memory: RegionMemory | None = None
) -> tuple[Tensor, dict[str, float]]:
    """student, target f32 [b,g,g,D], both whitened -> (loss, its parts for the log). `memory` gains the batch's regions."""
    cosine = (1 - F.cosine_similarity(student, target, dim=-1)).mean()
    smooth = F.smooth_l1_loss(student, target)
    pool = assign_regions(target)
    b, g, _, d = target.shape
    x = F.normalize((pool @ student.reshape(b, g * g, d)).reshape(-1, d), dim=-1)
    y = F.normalize((pool @ target.reshape(b, g * g, d)).reshape(-1, d), dim=-1)
    region = (1 - (x * y).sum(-1)).mean()
    others = y if memory is None else torch.cat([y, memory.known()])
    wanted = F.softmax(y @ others.T / TEMPERATURE, dim=-1)
    relation = F.kl_div(F.log_softmax(x @ others.T / TEMPERATURE, dim=-1), wanted, reduction="batchmean")
    if memory is not None:
        memory.add(y)
    loss = weights.cosine * cosine + weights.smooth * smooth + weights.region * region + weights.relation * relation
    parts = {"cosine": cosine, "smooth": smooth, "region": region, "relation": relation}
    return loss, {name: float(value.detach()) for name, value in parts.items()}
