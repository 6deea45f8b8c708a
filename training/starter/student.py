"""The student: a convolutional stem to stride 16, attention at stride 16 and 32, and back up to stride 16.

    pixels f32 [b,3,h,w], normalised, h and w multiples of 16
      stem      4x4 stride 4 -> residual 3x3 pairs -> 2x2 stride 2 -> residual 3x3 pairs -> 2x2 stride 2
      fine      blocks at stride 16 whose keys and values lie on a half-size grid
      coarse    2x2 stride 2, then blocks at stride 32 with full attention: most of the weights, a quarter of the places
      merge     doubled back to stride 16, added to the fine map, then further fine blocks
      head      layer norm, linear to 384 numbers in the *whitened* space of the teacher

There is no table of positions: the depthwise convolutions and their zero padding tell a patch where it is, so every
height and width works. Whitening is undone in the exported file, which hands out plain tokens (see export.py).
Training wants an even number of patches a side; the exported file does not.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn


@dataclass(frozen=True)
class Shape:
    """Sizes of one student. `stem` = channels at stride 4 and 8; `residuals` = residual pairs there."""

    stem: tuple[int, int] = (48, 96)
    residuals: tuple[int, int] = (1, 1)
    fine: int = 192
    before: int = 1  # fine blocks before the coarse ones
    after: int = 1
    coarse: int = 288
    depth: int = 4  # coarse blocks
    head_size: int = 48
    mlp: int = 3  # times the width
    out: int = 384


class ConvNorm(nn.Module):
    """Convolution and batch norm (folded into one convolution on export). `stride` 1: 3x3; else the kernel is as large as
    the stride, and training does it as one matrix product, many times faster here than a strided convolution's gradient."""

    def __init__(self, inputs: int, outputs: int, stride: int = 1) -> None:
        super().__init__()
        self.stride = stride
        size, padding = (3, 1) if stride == 1 else (stride, 0)
        self.conv = nn.Conv2d(inputs, outputs, size, stride, padding, bias=False)
        self.norm = nn.BatchNorm2d(outputs)

    def convolve(self, x: Tensor) -> Tensor:
        if self.stride == 1:
            return self.conv(x)
        b, c, h, w = x.shape
        k = self.stride
        cells = x.permute(0, 2, 3, 1).reshape(b, h // k, k, w // k, k, c).transpose(2, 3)
        weight = self.conv.weight.permute(0, 2, 3, 1).reshape(-1, k * k * c)
        return F.linear(cells.reshape(b, h // k, w // k, k * k * c), weight).permute(0, 3, 1, 2)

    def forward(self, x: Tensor) -> Tensor:
        return self.norm(self.convolve(x))


class Residual(nn.Module):
    """x + conv(relu(conv(x))), then relu."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = ConvNorm(channels, channels)
        self.second = ConvNorm(channels, channels)
        nn.init.zeros_(self.second.norm.weight)

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(x + self.second(F.relu(self.first(x))))


class Block(nn.Module):
    """Depthwise position, attention (`half`: keys and values on a half-size grid), MLP; pre-norm. [b,c,h,w] -> the same."""

    def __init__(self, width: int, head_size: int, mlp: int, half: bool) -> None:
        super().__init__()
        self.heads = width // head_size
        self.position = nn.Conv2d(width, width, 3, 1, 1, groups=width)
        self.norm1 = nn.LayerNorm(width, eps=1e-6)
        self.reduce = nn.Parameter(torch.full((2, 2, width), 0.25)) if half else None
        self.q = nn.Linear(width, width)
        self.k = nn.Linear(width, width)
        self.v = nn.Linear(width, width)
        self.project = nn.Linear(width, width)
        self.norm2 = nn.LayerNorm(width, eps=1e-6)
        self.fc1 = nn.Linear(width, mlp)
        self.fc2 = nn.Linear(mlp, width)
        nn.init.zeros_(self.position.bias)
        nn.init.normal_(self.position.weight, std=0.02)
        for layer in (self.q, self.k, self.v, self.project, self.fc1, self.fc2):
            nn.init.trunc_normal_(layer.weight, std=0.03)
            nn.init.zeros_(layer.bias)

    def forward(self, x: Tensor) -> Tensor:
        b, c, h, w = x.shape
        x = x + self.position(x)
        t = x.flatten(2).transpose(1, 2)
        n = self.norm1(t)
        small = n
        if self.reduce is not None:
            cells = n.reshape(b, h // 2, 2, w // 2, 2, c)
            small = torch.einsum("bhywxc,yxc->bhwc", cells, self.reduce).reshape(b, -1, c)

        def split(y: Tensor) -> Tensor:
            return y.reshape(b, -1, self.heads, c // self.heads).transpose(1, 2)

        scale = (c // self.heads) ** -0.5
        a = (split(self.q(n) * scale) @ split(self.k(small)).transpose(2, 3)).softmax(-1) @ split(self.v(small))
        t = t + self.project(a.transpose(1, 2).reshape(b, -1, c))
        t = t + self.fc2(F.gelu(self.fc1(self.norm2(t))))
        return t.transpose(1, 2).reshape(b, c, h, w)


class Student(nn.Module):
    """pixels [b,3,h,w] -> whitened tokens [b, h/16, w/16, out]."""

    def __init__(self, shape: Shape = Shape()) -> None:
        super().__init__()
        self.shape = shape
        first, second = shape.stem
        self.down1 = ConvNorm(3, first, 4)
        self.stage1 = nn.Sequential(*[Residual(first) for _ in range(shape.residuals[0])])
        self.down2 = ConvNorm(first, second, 2)
        self.stage2 = nn.Sequential(*[Residual(second) for _ in range(shape.residuals[1])])
        fine, coarse, mlp = shape.fine, shape.coarse, shape.mlp

        def blocks(count: int, width: int, half: bool) -> nn.ModuleList:
            return nn.ModuleList([Block(width, shape.head_size, width * mlp, half) for _ in range(count)])

        self.down3 = ConvNorm(second, fine, 2)
        self.before = blocks(shape.before, fine, True)
        self.down4 = ConvNorm(fine, coarse, 2)
        self.coarse = blocks(shape.depth, coarse, False)
        self.up_norm = nn.LayerNorm(coarse, eps=1e-6)
        self.up = nn.Linear(coarse, fine)
        self.after = blocks(shape.after, fine, True)
        self.norm = nn.LayerNorm(fine, eps=1e-6)
        self.direct = nn.Linear(coarse, shape.out)
        self.head = nn.Linear(fine, shape.out)

    def forward(self, x: Tensor) -> Tensor:
        x = self.stage1(F.relu(self.down1(x)))
        x = self.stage2(F.relu(self.down2(x)))
        x = self.down3(x)
        for block in self.before:
            x = block(x)
        y = self.down4(x)
        for block in self.coarse:
            y = block(y)
        y = self.up_norm(y.permute(0, 2, 3, 1))
        x = x + double(self.up(y)).permute(0, 3, 1, 2)
        for block in self.after:
            x = block(x)
        return self.head(self.norm(x.permute(0, 2, 3, 1))) + double(self.direct(y))


def double(y: Tensor) -> Tensor:
    """[b,h,w,c] -> [b,2h,2w,c], every place repeated."""
    b, h, w, c = y.shape
    return y[:, :, None, :, None].expand(b, h, 2, w, 2, c).reshape(b, 2 * h, 2 * w, c)


def count_parameters(model: nn.Module) -> int:
    return sum(p.numel() for p in model.parameters())
