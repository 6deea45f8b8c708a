"""The student: a convolutional stem to stride 16, then a few attention blocks at patch resolution.

    pixels f32 [b,3,h,w], normalised, h and w multiples of 16
      stem      3x3 stride 2 -> 3x3 stride 2 -> residual 3x3 pairs -> 3x3 stride 2 -> residual pairs -> 3x3 stride 2
      blocks    depthwise 3x3 (position, any size), attention whose keys and values lie on a half-size grid, MLP
      head      layer norm, linear to 384 numbers in the *whitened* space of the teacher

There is no table of positions: the depthwise convolutions and their zero padding tell a patch where it is, so every
height and width works. Whitening is undone in the exported file, which hands out plain tokens (see export.py).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn


@dataclass(frozen=True)
class Shape:
    """Sizes of one student. `stem` = channels at stride 2, 4, 8; `residuals` = residual pairs at stride 4 and 8."""

    stem: tuple[int, int, int] = (32, 48, 96)
    residuals: tuple[int, int] = (0, 2)
    width: int = 256
    depth: int = 4
    heads: int = 4
    mlp: int = 768
    out: int = 384

    def as_dict(self) -> dict:
        return asdict(self)


class ConvNorm(nn.Module):
    """3x3 convolution and batch norm (folded into one convolution on export)."""

    def __init__(self, inputs: int, outputs: int, stride: int = 1) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.norm = nn.BatchNorm2d(outputs)

    def forward(self, x: Tensor) -> Tensor:
        return self.norm(self.conv(x))


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
    """Depthwise position, attention with half-size keys and values, MLP; pre-norm. [b,c,h,w] -> [b,c,h,w]."""

    def __init__(self, width: int, heads: int, mlp: int) -> None:
        super().__init__()
        self.heads = heads
        self.position = nn.Conv2d(width, width, 3, 1, 1, groups=width)
        self.norm1 = nn.LayerNorm(width, eps=1e-6)
        self.reduce = nn.Conv2d(width, width, 3, 2, 1, groups=width)
        self.q = nn.Linear(width, width)
        self.k = nn.Linear(width, width)
        self.v = nn.Linear(width, width)
        self.project = nn.Linear(width, width)
        self.norm2 = nn.LayerNorm(width, eps=1e-6)
        self.fc1 = nn.Linear(width, mlp)
        self.fc2 = nn.Linear(mlp, width)
        nn.init.constant_(self.reduce.weight, 1 / 9)
        for layer in (self.position, self.reduce):
            nn.init.zeros_(layer.bias)
        nn.init.normal_(self.position.weight, std=0.02)
        for layer in (self.q, self.k, self.v, self.project, self.fc1, self.fc2):
            nn.init.trunc_normal_(layer.weight, std=0.03)
            nn.init.zeros_(layer.bias)

    def forward(self, x: Tensor) -> Tensor:
        b, c, h, w = x.shape
        x = x + self.position(x)
        t = x.flatten(2).transpose(1, 2)
        n = self.norm1(t)
        small = self.reduce(n.transpose(1, 2).reshape(b, c, h, w)).flatten(2).transpose(1, 2)

        def split(y: Tensor) -> Tensor:
            return y.reshape(b, -1, self.heads, c // self.heads).transpose(1, 2)

        a = F.scaled_dot_product_attention(split(self.q(n)), split(self.k(small)), split(self.v(small)))
        t = t + self.project(a.transpose(1, 2).reshape(b, -1, c))
        t = t + self.fc2(F.gelu(self.fc1(self.norm2(t))))
        return t.transpose(1, 2).reshape(b, c, h, w)


class Student(nn.Module):
    """pixels [b,3,h,w] -> whitened tokens [b, h/16, w/16, out]."""

    def __init__(self, shape: Shape = Shape()) -> None:
        super().__init__()
        self.shape = shape
        first, second, third = shape.stem
        self.down1 = ConvNorm(3, first, 2)
        self.down2 = ConvNorm(first, second, 2)
        self.stage2 = nn.Sequential(*[Residual(second) for _ in range(shape.residuals[0])])
        self.down3 = ConvNorm(second, third, 2)
        self.stage3 = nn.Sequential(*[Residual(third) for _ in range(shape.residuals[1])])
        self.down4 = ConvNorm(third, shape.width, 2)
        self.blocks = nn.ModuleList([Block(shape.width, shape.heads, shape.mlp) for _ in range(shape.depth)])
        self.norm = nn.LayerNorm(shape.width, eps=1e-6)
        self.head = nn.Linear(shape.width, shape.out)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(self.down1(x))
        x = self.stage2(F.relu(self.down2(x)))
        x = self.stage3(F.relu(self.down3(x)))
        x = self.down4(x)
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x.permute(0, 2, 3, 1)))


def count_parameters(model: nn.Module) -> int:
    return sum(p.numel() for p in model.parameters())
