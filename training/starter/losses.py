"""What the student is asked for, all in the teacher's whitened space (see whiten.py).

    token     each patch token: 1 - cosine, and smooth L1
    region    the same for means over feature regions of one picture: what the app matches is pooled, not single tokens
    relation  a student region must rank all teacher regions of the batch as its own teacher region does
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
    relation: float = 0.3


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


def distillation_loss(student: Tensor, target: Tensor, weights: Weights = Weights()) -> tuple[Tensor, dict[str, float]]:
    """student, target f32 [b,g,g,D], both whitened -> (loss, its parts for the log)."""
    cosine = (1 - F.cosine_similarity(student, target, dim=-1)).mean()
    smooth = F.smooth_l1_loss(student, target)
    pool = assign_regions(target)
    b, g, _, d = target.shape
    x = F.normalize((pool @ student.reshape(b, g * g, d)).reshape(-1, d), dim=-1)
    y = F.normalize((pool @ target.reshape(b, g * g, d)).reshape(-1, d), dim=-1)
    region = (1 - (x * y).sum(-1)).mean()
    wanted = F.softmax(y @ y.T / TEMPERATURE, dim=-1)
    relation = F.kl_div(F.log_softmax(x @ y.T / TEMPERATURE, dim=-1), wanted, reduction="batchmean")
    loss = weights.cosine * cosine + weights.smooth * smooth + weights.region * region + weights.relation * relation
    parts = {"cosine": cosine, "smooth": smooth, "region": region, "relation": relation}
    return loss, {name: float(value.detach()) for name, value in parts.items()}
