"""The region network: from a picture and its patch tokens to boundaries, an embedding and thingness at 1/4 resolution.

It never sees a token's numbers, only how alike tokens are (cosines), so that it goes with any encoder, of any width:
cosines to near neighbours are input channels at patch resolution, and two blocks let every patch gather from the patches
that are like it (attention whose weights are the cosines, at temperatures that are learned).

One patch is 16 x 16 pixels of the network's picture whatever the encoder's own patch is.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import nn

EMBEDDING = 16
OUTPUTS = EMBEDDING + 2
# Half of a 5 x 5 neighbourhood, then four steps of three patches: (rows, columns).
OFFSETS = [(0, 1), (0, 2), (1, -2), (1, -1), (1, 0), (1, 1), (1, 2), (2, -2), (2, -1), (2, 0), (2, 1), (2, 2)]
OFFSETS += [(0, 4), (4, 0), (3, 3), (3, -3)]
REACH = 4


def conv(inputs: int, outputs: int, stride: int = 1, size: int = 3) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(inputs, outputs, size, stride, size // 2, bias=False), nn.BatchNorm2d(outputs))


class Residual(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.first, self.second = conv(width, width), conv(width, width)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return F.relu(x + self.second(F.relu(self.first(x))))


class Gather(nn.Module):
    """Every patch takes in what the patches like it know. `scales` are inverse temperatures, one a head."""

    def __init__(self, width: int, heads: int = 4) -> None:
        super().__init__()
        self.heads = heads
        self.scales = nn.Parameter(torch.tensor([4.0, 8.0, 16.0, 30.0][:heads]))
        self.values = nn.Conv2d(width, width, 1)
        self.out = conv(width, width, size=1)

    def forward(self, x: torch.Tensor, cosines: torch.Tensor) -> torch.Tensor:
        batch, width, rows, columns = x.shape
        values = self.values(x).reshape(batch, self.heads, width // self.heads, rows * columns)
        weights = torch.softmax(cosines[:, None] * self.scales[None, :, None, None], -1)
        gathered = torch.matmul(values, weights.transpose(-1, -2)).reshape(batch, width, rows, columns)
        return F.relu(x + self.out(gathered))


def neighbour_cosines(tokens: torch.Tensor) -> torch.Tensor:
    """[b,r,c,D] unit tokens -> [b,16,r,c]; 0 beyond the border."""
    _, rows, columns, _ = tokens.shape
    padded = F.pad(tokens, (0, 0, REACH, REACH, 0, REACH))
    found = [
        (tokens * padded[:, dy : dy + rows, REACH + dx : REACH + dx + columns]).sum(-1) for dy, dx in OFFSETS
    ]
    return torch.stack(found, 1)


class RegionNetwork(nn.Module):
    def __init__(self, narrow: int = 32, middle: int = 64, wide: int = 128) -> None:
        super().__init__()
        self.stem = conv(3, narrow // 2, 2)
        self.down4, self.body4 = conv(narrow // 2, narrow, 2), conv(narrow, narrow)
        self.down8, self.body8 = conv(narrow, middle, 2), Residual(middle)
        self.down16 = conv(middle, wide, 2)
        self.affinity = conv(len(OFFSETS) + 1, 32)
        self.join = conv(wide + 32, wide, size=1)
        self.gather1, self.body16a = Gather(wide), Residual(wide)
        self.gather2, self.body16b = Gather(wide), Residual(wide)
        self.up8, self.back8 = conv(wide, middle, size=1), conv(middle, middle)
        self.up4, self.back4 = conv(middle, narrow, size=1), Residual(narrow)
        self.head = nn.Conv2d(narrow, OUTPUTS, 1)
        # Logit of "same thing" for a squared embedding distance d: bias - scale * d.
        self.pair_scale = nn.Parameter(torch.tensor(1.0))
        self.pair_bias = nn.Parameter(torch.tensor(2.0))

    def forward(self, pixels: torch.Tensor, tokens: torch.Tensor) -> torch.Tensor:
        """pixels [b,3,16r,16c], tokens [b,r,c,D] of unit length -> [b,18,4r,4c]: boundary and thing logits, embedding."""
        x4 = F.relu(self.down4(F.relu(self.stem(pixels))))
        x4 = F.relu(x4 + self.body4(x4))
        x8 = self.body8(F.relu(self.down8(x4)))
        x16 = F.relu(self.down16(x8))
        flat = tokens.flatten(1, 2)
        cosines = torch.matmul(flat, flat.transpose(1, 2))
        batch, _, rows, columns = x16.shape
        density = cosines.mean(-1).reshape(batch, 1, rows, columns)
        affinity = F.relu(self.affinity(torch.cat([neighbour_cosines(tokens), density], 1)))
        x = F.relu(self.join(torch.cat([x16, affinity], 1)))
        x = self.body16a(self.gather1(x, cosines))
        x = self.body16b(self.gather2(x, cosines))
        x = F.relu(x8 + F.interpolate(self.up8(x), scale_factor=2, mode="bilinear", align_corners=False))
        x = F.relu(x + self.back8(x))
        x = F.relu(x4 + F.interpolate(self.up4(x), scale_factor=2, mode="bilinear", align_corners=False))
        return self.head(self.back4(x))
