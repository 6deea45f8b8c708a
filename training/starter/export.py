"""Write the student as ONNX, and read its weights back.

    python export.py                              .cache/weights.pt -> public/models/starter/model.onnx

The graph is built node by node (opset 20) so that names stay stable and batch norms fold into their convolutions. Weights
are stored f16 and cast to f32 on load. Everything heavy is Conv, MatMul, LayerNormalization, Softmax, Gelu, Add, Relu,
Transpose, Resize; Shape, Slice and Concat of sizes are shape arithmetic.

The head is folded with the inverse of the teacher's whitening, so the file hands out plain tokens in the teacher's space:
`last_hidden_state` f32 [b, 1 + (h/16)*(w/16), 384]; token 0 is the mean of the others (there is no class token).
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

import data
import whiten
from student import Block, ConvNorm, Shape, Student
from train import MODEL_DEFAULT, teacher_whitening

OPSET = 20


class Graph:
    """A small builder: `add` appends a node and returns its output's name; weights become f16 initialisers plus a Cast."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.initialisers: list[onnx.TensorProto] = []
        self.number = 0

    def add(self, kind: str, inputs: list[str], **attributes) -> str:
        self.number += 1
        output = attributes.pop("output", f"{kind.lower()}_{self.number}")
        self.nodes.append(helper.make_node(kind, inputs, [output], name=f"{kind}_{self.number}", **attributes))
        return output

    def weight(self, name: str, value: np.ndarray) -> str:
        """Matrices and kernels f16 with a Cast; vectors f32."""
        if value.ndim < 2:
            self.initialisers.append(numpy_helper.from_array(value.astype(np.float32), name))
            return name
        self.initialisers.append(numpy_helper.from_array(value.astype(np.float16), name))
        return self.add("Cast", [name], to=TensorProto.FLOAT, output=f"{name}.f32")

    def floats(self, name: str, values: list[float]) -> str:
        if all(i.name != name for i in self.initialisers):
            self.initialisers.append(numpy_helper.from_array(np.array(values, np.float32), name))
        return name

    def integers(self, name: str, values: list[int]) -> str:
        if all(i.name != name for i in self.initialisers):
            self.initialisers.append(numpy_helper.from_array(np.array(values, np.int64), name))
        return name


def fold(layer: ConvNorm) -> tuple[np.ndarray, np.ndarray]:
    """Convolution and batch norm as one kernel [o,i,k,k] and bias [o]."""
    scale = layer.norm.weight / torch.sqrt(layer.norm.running_var + layer.norm.eps)
    kernel = layer.conv.weight * scale[:, None, None, None]
    bias = layer.norm.bias - layer.norm.running_mean * scale
    return kernel.detach().numpy(), bias.detach().numpy()


def array(parameter: torch.Tensor) -> np.ndarray:
    return parameter.detach().float().numpy()


def conv(g: Graph, x: str, name: str, kernel: np.ndarray, bias: np.ndarray | None, groups: int = 1) -> str:
    """A 3x3 kernel slides by one; a 4x4 or 2x2 kernel [o,i,k,k] by its own size (2x2: an odd last row meets zeros)."""
    size = kernel.shape[-1]
    pads = {2: [0, 0, 1, 1], 3: [1, 1, 1, 1], 4: [0] * 4}[size]
    inputs = [x, g.weight(f"{name}.weight", kernel)]
    if bias is not None:
        inputs.append(g.weight(f"{name}.bias", bias))
    strides = [1 if size == 3 else size] * 2
    return g.add("Conv", inputs, kernel_shape=[size] * 2, pads=pads, strides=strides, group=groups)


def linear(g: Graph, x: str, name: str, weight: np.ndarray, bias: np.ndarray) -> str:
    """weight [out,in], stored transposed for MatMul."""
    y = g.add("MatMul", [x, g.weight(f"{name}.weight", np.ascontiguousarray(weight.T))])
    return g.add("Add", [y, g.weight(f"{name}.bias", bias)])


def layer_norm(g: Graph, x: str, name: str, layer: torch.nn.LayerNorm) -> str:
    inputs = [x, g.weight(f"{name}.weight", array(layer.weight)), g.weight(f"{name}.bias", array(layer.bias))]
    return g.add("LayerNormalization", inputs, axis=-1, epsilon=layer.eps)


def block(g: Graph, x: str, name: str, layer: Block, map_shape: str) -> str:
    """One block on a map [b,c,h,w]; `map_shape` names the i64 vector (b, c, h, w)."""
    width = layer.q.in_features
    heads, each = layer.heads, width // layer.heads
    rows = g.integers(f"shape_tokens_{width}", [0, width, -1])
    split = g.integers(f"shape_heads_{width}", [0, -1, heads, each])
    joined = g.integers(f"shape_joined_{width}", [0, -1, width])

    def module(part: str) -> tuple[np.ndarray, np.ndarray]:
        m = getattr(layer, part)
        return array(m.weight), array(m.bias)

    def tokens(y: str) -> str:
        return g.add("Transpose", [g.add("Reshape", [y, rows])], perm=[0, 2, 1])

    def image(y: str) -> str:
        return g.add("Reshape", [g.add("Transpose", [y], perm=[0, 2, 1]), map_shape])

    def heads_of(y: str, perm: list[int]) -> str:
        return g.add("Transpose", [g.add("Reshape", [y, split])], perm=perm)

    x = g.add("Add", [x, conv(g, x, f"{name}.position", *module("position"), groups=width)])
    t = tokens(x)
    n = layer_norm(g, t, f"{name}.norm1", layer.norm1)
    small = n
    if layer.reduce is not None:
        quarter = array(layer.reduce).transpose(2, 0, 1)[:, None]  # [width,1,2,2]
        small = tokens(conv(g, image(n), f"{name}.reduce", quarter, None, groups=width))
    wq, bq = module("q")
    q = heads_of(linear(g, n, f"{name}.q", wq * each**-0.5, bq * each**-0.5), [0, 2, 1, 3])
    k = heads_of(linear(g, small, f"{name}.k", *module("k")), [0, 2, 3, 1])
    v = heads_of(linear(g, small, f"{name}.v", *module("v")), [0, 2, 1, 3])
    a = g.add("MatMul", [g.add("Softmax", [g.add("MatMul", [q, k])], axis=-1), v])
    a = g.add("Reshape", [g.add("Transpose", [a], perm=[0, 2, 1, 3]), joined])
    t = g.add("Add", [t, linear(g, a, f"{name}.project", *module("project"))])
    m = layer_norm(g, t, f"{name}.norm2", layer.norm2)
    m = g.add("Gelu", [linear(g, m, f"{name}.fc1", *module("fc1"))], approximate="none")
    t = g.add("Add", [t, linear(g, m, f"{name}.fc2", *module("fc2"))])
    return image(t)


def build(model: Student, whitening: whiten.Whitening) -> onnx.ModelProto:
    """The whole graph, from averaged weights and the teacher's whitening."""
    g, fine, coarse = Graph(), model.shape.fine, model.shape.coarse

    def norm_conv(x: str, name: str) -> str:
        return conv(g, x, name, *fold(model.get_submodule(name)))

    def residual(x: str, name: str) -> str:
        y = norm_conv(g.add("Relu", [norm_conv(x, f"{name}.first")]), f"{name}.second")
        return g.add("Relu", [g.add("Add", [x, y])])

    x = g.add("Relu", [norm_conv("pixel_values", "down1")])
    for i in range(len(model.stage1)):
        x = residual(x, f"stage1.{i}")
    x = g.add("Relu", [norm_conv(x, "down2")])
    for i in range(len(model.stage2)):
        x = residual(x, f"stage2.{i}")
    x = norm_conv(x, "down3")
    fine_map = g.add("Shape", [x])
    for i, layer in enumerate(model.before):
        x = block(g, x, f"before.{i}", layer, fine_map)
    y = norm_conv(x, "down4")
    coarse_map = g.add("Shape", [y])
    for i, layer in enumerate(model.coarse):
        y = block(g, y, f"coarse.{i}", layer, coarse_map)

    def tokens(m: str, width: int) -> str:
        rows = g.integers(f"shape_tokens_{width}", [0, width, -1])
        return g.add("Transpose", [g.add("Reshape", [m, rows])], perm=[0, 2, 1])

    height_width = g.add("Slice", [fine_map, g.integers("two", [2]), g.integers("four", [4])])
    batch_size = g.add("Slice", [coarse_map, g.integers("zero", [0]), g.integers("one", [1])])
    coarse_size = g.add("Slice", [coarse_map, "two", "four"])

    def double(t: str, width: int) -> str:
        """Coarse tokens -> fine map [b,width,h,w]: every place repeated, cut to the fine size when that is odd."""
        shape = g.add("Concat", [batch_size, g.integers(f"width_{width}", [width]), coarse_size], axis=0)
        m = g.add("Reshape", [g.add("Transpose", [t], perm=[0, 2, 1]), shape])
        m = g.add(
            "Resize",
            [m, "", g.floats("twice", [1, 1, 2, 2])],
            mode="nearest",
            coordinate_transformation_mode="asymmetric",
            nearest_mode="floor",
        )
        return g.add("Slice", [m, g.integers("zeros_2", [0, 0]), height_width, g.integers("axes_map", [2, 3])])

    y = layer_norm(g, tokens(y, coarse), "up_norm", model.up_norm)
    x = g.add("Add", [x, double(linear(g, y, "up", array(model.up.weight), array(model.up.bias)), fine)])
    for i, layer in enumerate(model.after):
        x = block(g, x, f"after.{i}", layer, fine_map)
    t = layer_norm(g, tokens(x, fine), "norm", model.norm)
    # z = A n + a (whitened)  ->  token = W^-1 z + mean
    head, direct = (whitening.inverse @ array(layer.weight) for layer in (model.head, model.direct))
    bias = whitening.inverse @ (array(model.head.bias) + array(model.direct.bias)) + whitening.mean
    far = g.add("MatMul", [y, g.weight("direct.weight", np.ascontiguousarray(direct.T))])
    t = g.add("Add", [linear(g, t, "head", head, bias), tokens(double(far, model.shape.out), model.shape.out)])
    mean = g.add("ReduceMean", [t, g.integers("axis_tokens", [1])], keepdims=1)
    g.add("Concat", [mean, t], axis=1, output="last_hidden_state")
    inputs = [helper.make_tensor_value_info("pixel_values", TensorProto.FLOAT, ["batch", 3, "height", "width"])]
    shape_out = ["batch", "tokens", model.shape.out]
    outputs = [helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, shape_out)]
    graph = helper.make_graph(g.nodes, "lookalike-starter", inputs, outputs, g.initialisers)
    proto = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=9)
    proto.producer_name = "lookalike training/starter/export.py"
    onnx.checker.check_model(proto, full_check=True)
    return proto


def load_from_onnx(model: Student, file: Path, whitening: whiten.Whitening) -> None:
    """Put an exported file's weights into `model` (same Shape). A folded batch norm comes back as the identity with a
    bias; the head is whitened again. Training goes on from there; the optimiser starts anew."""
    if not file.is_file():
        raise SystemExit(f"Model not found: {file}.")
    stored = {i.name: numpy_helper.to_array(i).astype(np.float64) for i in onnx.load(file).graph.initializer}
    each = model.shape.head_size

    def put(parameter: torch.Tensor, value: np.ndarray) -> None:
        with torch.no_grad():
            parameter.copy_(torch.from_numpy(value).to(parameter.dtype).reshape(parameter.shape))

    for name, module in model.named_modules():
        if isinstance(module, Block) and module.reduce is not None:
            put(module.reduce, stored[f"{name}.reduce.weight"][:, 0].transpose(1, 2, 0))
        elif isinstance(module, ConvNorm):
            put(module.conv.weight, stored[f"{name}.weight"])
            put(module.norm.bias, stored[f"{name}.bias"])
            module.norm.weight.data.fill_(1.0)
            module.norm.running_mean.zero_()
            module.norm.running_var.fill_(1.0 - module.norm.eps)
        elif isinstance(module, torch.nn.Linear) and name == "head":
            put(module.weight, whitening.matrix @ stored["head.weight"].T)
            put(module.bias, whitening.matrix @ (stored["head.bias"] - whitening.mean))
        elif isinstance(module, torch.nn.Linear) and name == "direct":
            put(module.weight, whitening.matrix @ stored["direct.weight"].T)
            module.bias.data.zero_()
        elif isinstance(module, torch.nn.Linear):
            scale = each**0.5 if name.endswith(".q") else 1.0
            put(module.weight, stored[f"{name}.weight"].T * scale)
            put(module.bias, stored[f"{name}.bias"] * scale)
        elif isinstance(module, torch.nn.LayerNorm) or (isinstance(module, torch.nn.Conv2d) and module.bias is not None):
            put(module.weight, stored[f"{name}.weight"])
            put(module.bias, stored[f"{name}.bias"])


def main() -> None:
    parser = argparse.ArgumentParser(description="Export the student to ONNX.")
    parser.add_argument("--cache", type=Path, default=data.CACHE)
    parser.add_argument("--out", type=Path, default=MODEL_DEFAULT)
    args = parser.parse_args()
    weights = args.cache / "weights.pt"
    if not weights.is_file():
        raise SystemExit(f"No trained weights at {weights}. Run train.py first.")
    model = Student(Shape()).eval()
    stored = torch.load(weights, weights_only=True)
    model.load_state_dict({k: v.float() if v.dtype == torch.float16 else v for k, v in stored.items()})
    whitening = teacher_whitening(args.cache)
    args.out.mkdir(parents=True, exist_ok=True)
    target = args.out / "model.onnx"
    onnx.save(build(model, whitening), target)

    import onnxruntime as ort

    session = ort.InferenceSession(str(target), providers=["CPUExecutionProvider"])
    x = torch.randn(2, 3, 96, 224)
    tokens = session.run(None, {"pixel_values": x.numpy()})[0]
    with torch.no_grad():
        z = model(x).reshape(2, -1, model.shape.out).numpy()
    expected = z @ whitening.inverse.T + whitening.mean
    a, b = tokens[:, 1:].reshape(-1, model.shape.out), expected.reshape(-1, model.shape.out)
    agree = (a * b).sum(1) / np.linalg.norm(a, axis=1) / np.linalg.norm(b, axis=1)
    size = target.stat().st_size
    print(f"{target.name}: {size} bytes, {tokens.shape}, agrees with the trained model to cosine {agree.min():.5f}")


if __name__ == "__main__":
    main()
