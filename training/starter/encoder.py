"""The teacher in torch with bfloat16 matrix products: the same tokens as ONNX Runtime's to a cosine distance of about
0.0001, at 1.7 times the views per CPU second on a processor with bfloat16 instructions.

The weights are read from the ONNX file: a plain pre-norm ViT whose products come as q, k, v, project, fc1, fc2 per block.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import numpy_helper
from torch import Tensor

import data

HEAD_SIZE = 64
PER_BLOCK = 6


class Encoder:
    """Callable: normalised pixels f32 [b,3,h,w] -> tokens f32 [b, 1 + h/14*w/14, D]."""

    def __init__(self, file: Path) -> None:
        if not file.is_file():
            sys.exit(f"Model not found: {file}. Pass --teacher to say where it lies.")
        graph = onnx.load(file).graph
        arrays = {i.name: numpy_helper.to_array(i).astype(np.float32) for i in graph.initializer}
        casts = {n.output[0]: n.input[0] for n in graph.node if n.op_type == "Cast"}
        adds = {n.input[0]: n.input[1] for n in graph.node if n.op_type == "Add"}

        def weight(name: str) -> Tensor | None:
            value = arrays.get(casts.get(name, name))
            return None if value is None else torch.from_numpy(value)

        norms, linears = [], []
        for node in graph.node:
            if node.op_type == "LayerNormalization":
                norms.append((weight(node.input[1]), weight(node.input[2])))
                self.epsilon = next(a.f for a in node.attribute if a.name == "epsilon")
            elif node.op_type == "MatMul" and weight(node.input[1]) is not None:
                matrix, bias = weight(node.input[1]), weight(adds[node.output[0]])
                linears.append((matrix.T.contiguous().bfloat16(), bias.bfloat16()))
        depth = len(linears) // PER_BLOCK
        if len(norms) != 2 * depth + 1 or len(linears) != PER_BLOCK * depth:
            sys.exit(f"{file} is not the plain ViT that encoder.py reads: {len(norms)} norms, {len(linears)} products.")
        self.norms, self.linears = norms, linears
        self.width = linears[0][0].shape[1]
        self.patch = weight("patch_w_f16").reshape(self.width, -1), weight("patch_b")
        self.prefix = weight("cls_token") + weight("pos_cls")
        self.grid = weight("pos_grid")
        self.positions: dict[tuple[int, int], Tensor] = {}

    def position(self, rows: int, columns: int) -> Tensor:
        """The table of positions, resized as the file's Resize node does (cubic, half pixel)."""
        if (rows, columns) not in self.positions:
            resized = F.interpolate(self.grid, (rows, columns), mode="bicubic", align_corners=False)
            self.positions[rows, columns] = resized.flatten(2).transpose(1, 2)
        return self.positions[rows, columns]

    @torch.no_grad()
    def __call__(self, pixels: Tensor) -> Tensor:
        b, _, h, w = pixels.shape
        p, width = data.TEACHER_PATCH, self.width
        rows, columns = h // p, w // p
        cells = pixels.reshape(b, 3, rows, p, columns, p).permute(0, 2, 4, 1, 3, 5).reshape(b, rows * columns, -1)
        t = F.linear(cells, *self.patch) + self.position(rows, columns)
        t = torch.cat([self.prefix.expand(b, -1, -1), t], 1)
        for i in range(len(self.linears) // PER_BLOCK):
            q, k, v, project, fc1, fc2 = self.linears[PER_BLOCK * i : PER_BLOCK * (i + 1)]
            n = F.layer_norm(t, (width,), *self.norms[2 * i], self.epsilon).bfloat16()
            parts = [F.linear(n, *m).reshape(b, -1, width // HEAD_SIZE, HEAD_SIZE).transpose(1, 2) for m in (q, k, v)]
            a = F.scaled_dot_product_attention(*parts).transpose(1, 2).reshape(b, -1, width)
            t = t + F.linear(a, *project)
            n = F.layer_norm(t, (width,), *self.norms[2 * i + 1], self.epsilon).bfloat16()
            t = t + F.linear(F.gelu(F.linear(n, *fc1)), *fc2)
        return F.layer_norm(t, (width,), *self.norms[-1], self.epsilon)

    def tokens(self, pixels: np.ndarray) -> np.ndarray:
        """u8 [b,h,w,3] -> patch tokens f32 [b, h/14, w/14, D]; the prefix token is dropped."""
        b, h, w, _ = pixels.shape
        p = data.TEACHER_PATCH
        return self(torch.from_numpy(data.normalise(pixels)))[:, 1:].reshape(b, h // p, w // p, -1).numpy()
