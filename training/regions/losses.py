"""What the network is asked: who belongs together, where boundaries run, what is a thing. Labels as in views.py."""

from __future__ import annotations

import functools

import torch
import torch.nn.functional as F

OUTSIDE = 255


@functools.cache
def nearness(height: int, width: int) -> torch.Tensor:
    """[cells, cells]: what a cell counts in the mask of an anchor."""
    ys, xs = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
    place = torch.stack([ys.flatten(), xs.flatten()], 1).float()
    return torch.exp(-torch.cdist(place, place) / 14) + 0.05


def pair_loss(embedding: torch.Tensor, labels: torch.Tensor, scale, bias, anchors: int = 24) -> torch.Tensor:
    """Masks from single cells: the embedding distance to an anchor says whether a cell is of the anchor's region.

    embedding [b,e,h,w] f32; labels i64 [b,h,w]. Near cells count more: far twins of a thing cannot be told apart.
    """
    batch, _, height, width = embedding.shape
    flat = embedding.flatten(2).transpose(1, 2)
    names = labels.flatten(1)
    # Half the anchors by area, half so that small regions come as often as large ones.
    inside = ((names > 0) & (names < OUTSIDE)).float()
    counts = torch.zeros(batch, 256).scatter_add_(1, names, torch.ones_like(inside))
    even = inside / counts.gather(1, names).clamp(min=4)
    some = inside.sum(1, keepdim=True) > 0
    chance = inside / inside.sum(1, keepdim=True).clamp(min=1) + even / even.sum(1, keepdim=True).clamp(min=1e-9)
    chosen = torch.multinomial(torch.where(some, chance, torch.ones_like(chance)), anchors, replacement=True)
    picked = flat.gather(1, chosen[..., None].expand(-1, -1, flat.shape[-1]))
    distance = (picked.square().sum(-1)[:, :, None] + flat.square().sum(-1)[:, None] - 2 * picked @ flat.transpose(1, 2))
    logits = bias - F.softplus(scale) * distance.clamp(min=0)
    own = names.gather(1, chosen)
    target = (names[:, None] == own[:, :, None]).float()
    valid = ((names > 0)[:, None] & ((own > 0) & (own < OUTSIDE))[:, :, None]).float()
    near = nearness(height, width)[chosen]
    weight = valid * near
    positive = (weight * target).sum(-1, keepdim=True)
    negative = (weight * (1 - target)).sum(-1, keepdim=True)
    # Both sides of an anchor count alike.
    weight = weight * (target / positive.clamp(min=1e-3) + (1 - target) / negative.clamp(min=1e-3))
    usable = ((positive > 0) & (negative > 0)).float()
    entropy = (usable * weight * F.binary_cross_entropy_with_logits(logits, target, reduction="none")).sum(-1)
    chance = torch.sigmoid(logits) * valid * near
    overlap = (chance * target).sum(-1)
    dice = 1 - 2 * overlap / (chance.sum(-1) + positive[..., 0]).clamp(min=1e-3)
    total = usable.sum().clamp(min=1)
    return entropy.sum() / total / 2 + (dice * usable[..., 0]).sum() / total


def boundary_target(labels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """(is a boundary cell, weight) [b,h,w]. A boundary has another region within one cell; OUTSIDE's own cells are unknown."""
    padded = F.pad(labels[:, None].float(), (1, 1, 1, 1), mode="replicate")
    around = padded.unfold(2, 3, 1).unfold(3, 3, 1).flatten(-2)[:, 0]
    unknown = (around == 0).any(-1)
    differs = (around != labels[..., None].float()).any(-1)
    weight = (~unknown & (differs | (labels != OUTSIDE))).float()
    return differs.float(), weight


def boundary_loss(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    target, weight = boundary_target(labels)
    weight = weight * torch.where(target > 0, 2.0, 1.0)
    loss = F.binary_cross_entropy_with_logits(logits, target, reduction="none")
    return (loss * weight).sum() / weight.sum().clamp(min=1)


def thing_loss(logits: torch.Tensor, labels: torch.Tensor, rule: torch.Tensor) -> torch.Tensor:
    """`rule` [b]: 0 says nothing, 1 regions are things and the rest is not, 2 regions are things, the rest is unknown."""
    target = ((labels > 0) & (labels < OUTSIDE)).float()
    known = (labels > 0).float() * (rule > 0).float()[:, None, None]
    known = known * torch.where((rule == 2)[:, None, None], target, torch.ones_like(target))
    loss = F.binary_cross_entropy_with_logits(logits, target, reduction="none")
    return (loss * known).sum() / known.sum().clamp(min=1)
