"""Writes the network as ONNX: `public/models/regions/{model.onnx,model.json}`.

    python export.py --name 1

Batch norms are folded, weights stored as f16, every operator has a WebGPU form. In: `pixel_values` f32 [1,3,16r,16c]
(RGB/255, ImageNet mean and deviation) and `tokens` f32 [1,r,c,D], whitened, of any length and any D. Out: `boundary` and
`thing` f32 [1,1,4r,4c] in 0..1, `embedding` f32 [1,4r,4c,16], scaled so that two cells are of one thing with the chance
sigmoid(pairBias - squared distance).
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import torch
import torch.nn.functional as F
from onnx import TensorProto, helper, numpy_helper

from network import EMBEDDING, OFFSETS, REACH, RegionNetwork
from views import CACHE, HERE

OUT = HERE.parents[1] / "public" / "models" / "regions"
OPSET = 17


class Graph:
    """Collects nodes; every method returns the name of its output."""

    def __init__(self) -> None:
        self.nodes, self.initialisers = [], []

    def add(self, op: str, inputs: list[str], outputs: int = 1, **attributes):
        names = [f"{op}_{len(self.nodes)}_{n}" for n in range(outputs)]
        self.nodes.append(helper.make_node(op, inputs, names, **attributes))
        return names[0] if outputs == 1 else names

    def constant(self, values: np.ndarray) -> str:
        name = f"constant_{len(self.initialisers)}"
        self.initialisers.append(numpy_helper.from_array(values, name))
        return name

    def whole(self, *values: int) -> str:
        return self.constant(np.array(values, np.int64))

    def weight(self, values: torch.Tensor) -> str:
        """Stored as f16, used as f32."""
        stored = self.constant(values.detach().numpy().astype(np.float16))
        return self.add("Cast", [stored], to=TensorProto.FLOAT)

    def number(self, value: float) -> str:
        return self.constant(np.array(value, np.float32))

    def conv(self, block, x: str) -> str:
        """A convolution, with its batch norm folded when it has one."""
        layer, norm = (block[0], block[1]) if isinstance(block, torch.nn.Sequential) else (block, None)
        weight, bias = layer.weight, layer.bias
        if norm is not None:
            gain = norm.weight / torch.sqrt(norm.running_var + norm.eps)
            weight, bias = weight * gain[:, None, None, None], norm.bias - norm.running_mean * gain
        pad = layer.padding[0]
        return self.add(
            "Conv", [x, self.weight(weight), self.constant(bias.detach().numpy().astype(np.float32))],
            kernel_shape=list(layer.kernel_size), strides=list(layer.stride), pads=[pad] * 4,
        )  # fmt: skip

    def relu(self, x: str) -> str:
        return self.add("Relu", [x])

    def sum(self, a: str, b: str) -> str:
        return self.add("Add", [a, b])

    def residual(self, block, x: str) -> str:
        return self.relu(self.sum(x, self.conv(block.second, self.relu(self.conv(block.first, x)))))

    def double(self, x: str) -> str:
        scales = self.constant(np.array([1, 1, 2, 2], np.float32))
        return self.add("Resize", [x, "", scales], mode="linear", coordinate_transformation_mode="half_pixel")


def unit_tokens(graph: Graph) -> str:
    squares = graph.add("Mul", ["tokens", "tokens"])
    total = graph.add("ReduceSum", [squares, graph.whole(-1)], keepdims=1)
    length = graph.add("Sqrt", [graph.add("Max", [total, graph.number(1e-12)])])
    return graph.add("Div", ["tokens", length])


def neighbour_cosines(graph: Graph, tokens: str) -> str:
    """[1,r,c,D] -> [1,r,c,16]."""
    padded = graph.add("Pad", [tokens, graph.whole(0, 0, REACH, 0, 0, REACH, REACH, 0)])
    far = np.iinfo(np.int64).max
    found = []
    for dy, dx in OFFSETS:
        right = dx - REACH
        ends = [far if dy == REACH else dy - REACH, far if right == 0 else right]
        shifted = graph.add("Slice", [padded, graph.whole(dy, REACH + dx), graph.whole(*ends), graph.whole(1, 2)])
        found.append(graph.add("ReduceSum", [graph.add("Mul", [tokens, shifted]), graph.whole(-1)], keepdims=1))
    return graph.add("Concat", found, axis=3)


def gather(graph: Graph, block, x: str, cosines: str) -> str:
    """x [1,w,r,c]; cosines [1,n,n]."""
    heads = block.heads
    width = block.values.weight.shape[0]
    values = graph.add("Reshape", [graph.conv(block.values, x), graph.whole(1, heads, width // heads, -1)])
    scales = graph.constant(block.scales.detach().numpy().astype(np.float32).reshape(1, heads, 1, 1))
    weights = graph.add("Softmax", [graph.add("Mul", [graph.add("Unsqueeze", [cosines, graph.whole(1)]), scales])], axis=-1)
    # The cosines are symmetric, the weights are not.
    mixed = graph.add("MatMul", [values, graph.add("Transpose", [weights], perm=[0, 1, 3, 2])])
    shaped = graph.add("Reshape", [mixed, graph.add("Shape", [x])])
    return graph.relu(graph.sum(x, graph.conv(block.out, shaped)))


def build(network: RegionNetwork) -> onnx.ModelProto:
    graph = Graph()
    n = network
    x4 = graph.relu(graph.conv(n.down4, graph.relu(graph.conv(n.stem, "pixel_values"))))
    x4 = graph.relu(graph.sum(x4, graph.conv(n.body4, x4)))
    x8 = graph.residual(n.body8, graph.relu(graph.conv(n.down8, x4)))
    x16 = graph.relu(graph.conv(n.down16, x8))
    tokens = unit_tokens(graph)
    shape = graph.add("Shape", ["tokens"])
    width = graph.add("Slice", [shape, graph.whole(3), graph.whole(4)])
    flat = graph.add("Reshape", [tokens, graph.add("Concat", [graph.whole(1, -1), width], axis=0)])
    cosines = graph.add("MatMul", [flat, graph.add("Transpose", [flat], perm=[0, 2, 1])])
    grid = graph.add("Concat", [graph.add("Slice", [shape, graph.whole(0), graph.whole(3)]), graph.whole(1)], axis=0)
    density = graph.add("Reshape", [graph.add("ReduceMean", [cosines], axes=[2], keepdims=1), grid])
    near = graph.add("Concat", [neighbour_cosines(graph, tokens), density], axis=3)
    affinity = graph.relu(graph.conv(n.affinity, graph.add("Transpose", [near], perm=[0, 3, 1, 2])))
    x = graph.relu(graph.conv(n.join, graph.add("Concat", [x16, affinity], axis=1)))
    x = graph.residual(n.body16a, gather(graph, n.gather1, x, cosines))
    x = graph.residual(n.body16b, gather(graph, n.gather2, x, cosines))
    x = graph.relu(graph.sum(x8, graph.double(graph.conv(n.up8, x))))
    x = graph.relu(graph.sum(x, graph.conv(n.back8, x)))
    x = graph.relu(graph.sum(x4, graph.double(graph.conv(n.up4, x))))
    x = graph.residual(n.back4, x)
    with torch.no_grad():
        scale = torch.ones(EMBEDDING + 2)
        scale[2:] = F.softplus(n.pair_scale).sqrt()
        n.head.weight *= scale[:, None, None, None]
        n.head.bias *= scale
    parts = graph.add("Split", [graph.conv(n.head, x), graph.whole(1, 1, EMBEDDING)], outputs=3, axis=1)
    for name, op, part in [("boundary", "Sigmoid", parts[0]), ("thing", "Sigmoid", parts[1])]:
        graph.nodes.append(helper.make_node(op, [part], [name]))
    graph.nodes.append(helper.make_node("Transpose", [parts[2]], ["embedding"], perm=[0, 2, 3, 1]))
    value = lambda name, dims: helper.make_tensor_value_info(name, TensorProto.FLOAT, dims)  # noqa: E731
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "regions",
            [value("pixel_values", [1, 3, "height", "width"]), value("tokens", [1, "rows", "columns", "dimensions"])],
            [
                value("boundary", [1, 1, "map_rows", "map_columns"]),
                value("thing", [1, 1, "map_rows", "map_columns"]),
                value("embedding", [1, "map_rows", "map_columns", EMBEDDING]),
            ],
            graph.initialisers,
        ),
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=8,
        producer_name="lookalike",
    )
    onnx.checker.check_model(model)
    return model


def load_network(cache: Path, name: str) -> RegionNetwork:
    """The averaged weights of a run."""
    state = torch.load(cache / f"{name}-checkpoint.pt", weights_only=False)["average"]
    network = RegionNetwork()
    network.load_state_dict({k.removeprefix("module."): v for k, v in state.items() if k.startswith("module.")})
    return network.eval()


def largest_difference(network: RegionNetwork, model: onnx.ModelProto) -> float:
    """Largest difference of a boundary or thing chance between PyTorch (f32 weights) and the file (f16 weights)."""
    rng = np.random.default_rng(0)
    pixels = rng.standard_normal((1, 3, 160, 208)).astype(np.float32)
    tokens = rng.standard_normal((1, 10, 13, 96)).astype(np.float32)
    with torch.no_grad():
        out = network(torch.from_numpy(pixels), F.normalize(torch.from_numpy(tokens), dim=-1))
    session = ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    boundary, thing, _ = session.run(None, {"pixel_values": pixels, "tokens": tokens})
    wanted = torch.sigmoid(out[:, :2]).numpy()
    return float(max(np.abs(boundary[:, 0] - wanted[:, 0]).max(), np.abs(thing[:, 0] - wanted[:, 1]).max()))


def main() -> None:
    parser = argparse.ArgumentParser(description="Export the region network.")
    parser.add_argument("--cache", type=Path, default=CACHE)
    parser.add_argument("--run", default="regions", help="name of the training run")
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--name", default="1", help="version")
    args = parser.parse_args()
    network = load_network(args.cache, args.run)
    model = build(load_network(args.cache, args.run))
    print(f"largest difference {largest_difference(network, model):.4f}")
    args.out.mkdir(parents=True, exist_ok=True)
    data = model.SerializeToString()
    (args.out / "model.onnx").write_bytes(data)
    manifest = {
        "id": f"regions-{args.name}",
        "name": f"Learned regions {args.name}",
        "version": args.name,
        "licence": "Apache-2.0",
        "file": "model.onnx",
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "pairBias": round(float(network.pair_bias), 4),
    }
    (args.out / "model.json").write_text(json.dumps(manifest, indent=2) + "\n")
    print(f"{len(data) / 1e6:.2f} MB, {sum(p.numel() for p in network.parameters()) / 1e6:.2f} M weights")


if __name__ == "__main__":
    main()
