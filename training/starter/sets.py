"""The cached views of teacher.py, drawn as batches and recoloured."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor

import data
from teacher import set_names


class CachedSet:
    """One set of teacher.py: pixels, tokens, and how often each view is drawn (mean weight 1 where none were stored)."""

    def __init__(self, cache: Path, name: str) -> None:
        self.pixels = np.load(cache / f"{name}.pixels.npy", mmap_mode="r")
        self.tokens = np.load(cache / f"{name}.tokens.npy", mmap_mode="r")
        stored = cache / f"{name}.weights.npy"
        weights = np.load(stored) if stored.exists() else np.ones(len(self.tokens))
        self.steps = np.cumsum(weights / weights.mean())
        self.weight = float(self.steps[-1])


class Sets:
    """The cached sets, opened as memory maps. `photos`, `mixed` and `glyphs` are trained on, `held` is only measured."""

    def __init__(self, cache: Path) -> None:
        self.cache = cache
        self.known: dict[str, CachedSet] = {}
        self.kinds: dict[str, list[CachedSet]] = {}
        self.find()
        if "photos" not in self.kinds:
            raise SystemExit(f"No cached photo views in the folder {cache}. Run teacher.py first.")

    def find(self) -> None:
        """Open sets that were finished since the last look, and drop those deleted: teacher.py may run beside the training."""
        names = set(set_names(self.cache))
        for name in names - self.known.keys():
            self.known[name] = CachedSet(self.cache, name)
        for name in self.known.keys() - names:
            del self.known[name]
        self.kinds = {}
        for name in sorted(self.known):
            self.kinds.setdefault(name.split("-")[0], []).append(self.known[name])

    def count(self, kind: str) -> int:
        return sum(len(s.tokens) for s in self.kinds.get(kind, []))

    def draw(self, shares: dict[str, float], batch: int, grid: int, rng: np.random.Generator) -> tuple[Tensor, Tensor]:
        """`batch` random views, cut to grid x grid patches: (pixels u8 [b,s,s,3], tokens f32 [b,g,g,D]).
        `shares` says how often each kind is drawn; kinds without a set are left out."""
        kinds = [kind for kind in shares if kind in self.kinds]
        chances = np.array([shares[kind] for kind in kinds])
        patch = data.STUDENT_PATCH
        pixels_out, tokens_out = [], []
        for choice in rng.choice(len(kinds), batch, p=chances / chances.sum()):
            sets = self.kinds[kinds[choice]]
            chosen = sets[rng.choice(len(sets), p=np.array([s.weight for s in sets]) / sum(s.weight for s in sets))]
            index = int(np.searchsorted(chosen.steps, rng.random() * chosen.weight, side="right"))
            room = chosen.tokens.shape[1] - grid
            top, left = rng.integers(0, room + 1, 2)
            pixels = chosen.pixels[index, top * patch : (top + grid) * patch, left * patch : (left + grid) * patch]
            tokens = chosen.tokens[index, top : top + grid, left : left + grid]
            # The teacher's tokens of a mirrored view are very nearly the mirrored tokens.
            mirrored = rng.random() < 0.5
            pixels_out.append(pixels[:, ::-1] if mirrored else pixels)
            tokens_out.append(tokens[:, ::-1] if mirrored else tokens)
        return torch.from_numpy(np.stack(pixels_out)), torch.from_numpy(np.stack(tokens_out)).float()


def exchange_patches(pixels: Tensor, tokens: Tensor, share: float = 0.2) -> None:
    """In `share` of the pictures a rectangle of whole patches comes from another picture of the batch, with its tokens (the
    teacher saw them in their own picture, which is near enough). pixels u8 [b,s,s,3], tokens [b,g,g,D], changed in place."""
    patch, grid = data.STUDENT_PATCH, tokens.shape[1]
    source_pixels, source_tokens = pixels.clone(), tokens.clone()
    for index in torch.nonzero(torch.rand(len(tokens)) < share).flatten().tolist():
        other = (index + 1) % len(tokens)
        h, w = (int(v) for v in torch.randint(grid // 3, grid - 2, (2,)))
        (y, x), (v, u) = ([int(torch.randint(0, grid - n + 1, (1,))) for n in (h, w)] for _ in range(2))
        tokens[index, y : y + h, x : x + w] = source_tokens[other, v : v + h, u : u + w]
        pixels[index, y * patch : (y + h) * patch, x * patch : (x + w) * patch] = source_pixels[
            other, v * patch : (v + h) * patch, u * patch : (u + w) * patch
        ]


def soften(x: Tensor) -> Tensor:
    """f32 [b,3,h,w] in 0..1: a fifth of the pictures is blurred, a fifth gets noise."""
    b = len(x)
    blurred = torch.nn.functional.avg_pool2d(x, 3, 1, 1, count_include_pad=False)
    blur = ((torch.rand(b) < 0.2) * torch.rand(b)).view(b, 1, 1, 1).to(x.device)
    noise = ((torch.rand(b) < 0.2) * torch.rand(b) * 0.06).view(b, 1, 1, 1).to(x.device)
    return x + blur * (blurred - x) + noise * torch.randn_like(x)


def augment(pixels: Tensor) -> Tensor:
    """u8 [b,h,w,3] -> normalised f32 [b,3,h,w], changed per picture: brightness, contrast, saturation, tint, blur, noise.
    The teacher saw the unshifted picture, so the student learns not to mind."""
    b = len(pixels)
    x = pixels.permute(0, 3, 1, 2).float() / 255
    strength = (torch.rand(b, 1, 1) < 0.8).float()

    def draw(spread: float) -> Tensor:
        return 1 + strength * (torch.rand(b, 1, 1) * 2 - 1) * spread

    grey = torch.full((1, 3, 3), 1 / 3)
    saturation = draw(0.5)
    saturation = torch.where(torch.rand(b, 1, 1) < 0.08, torch.zeros_like(saturation), saturation)
    tint = torch.diag_embed(1 + strength[:, 0] * (torch.rand(b, 3) * 2 - 1) * 0.15)
    matrix = tint @ (saturation * torch.eye(3) + (1 - saturation) * grey) * draw(0.4) * draw(0.15)
    shift = strength * (torch.rand(b, 1, 1) * 2 - 1) * 0.08
    matrix, shift = matrix.to(x.device), shift.to(x.device)
    x = soften(torch.einsum("bij,bjhw->bihw", matrix, x) + shift[..., None]).clamp(0, 1)
    mean = torch.from_numpy(data.MEAN).to(x.device).view(1, 3, 1, 1)
    std = torch.from_numpy(data.STD).to(x.device).view(1, 3, 1, 1)
    return ((x - mean) / std).contiguous(memory_format=torch.channels_last)
