"""Train the student on cached teacher views. Resumable. The schedule follows the clock: a busy machine does fewer steps.

    python train.py --minutes 90                         start, or go on from .cache/checkpoint.pt
    python train.py --fresh --resume-from-onnx           start from the weights of the shipped model.onnx
    python train.py --fresh --device cuda --batch 256    with a GPU
    python train.py --workers 2 --rank 0 &               two processes that average their weights every few steps:
    python train.py --workers 2 --rank 1                 only the first writes files and says how it goes

Every few minutes the state goes to `.cache/checkpoint.pt` and the averaged (EMA) weights, f16, to `.cache/weights.pt`.
"""

from __future__ import annotations

import argparse
import copy
import math
import os
import time
from pathlib import Path

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # do not spin while others use the cores

import numpy as np
import torch
import torch.distributed as together
from torch import Tensor

import data
import whiten
from losses import RegionMemory, distillation_loss
from student import ConvNorm, Shape, Student, count_parameters
from teacher import set_names

MODEL_DEFAULT = data.HERE.parents[1] / "public" / "models" / "starter"


HEADS = ("head.weight", "direct.weight")


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
        self.known: set[str] = set()
        self.kinds: dict[str, list[CachedSet]] = {}
        self.find()
        if "photos" not in self.kinds:
            raise SystemExit(f"No cached photo views in the folder {cache}. Run teacher.py first.")

    def find(self) -> None:
        """Open sets that were finished since the last look: teacher.py may run beside the training."""
        for name in set_names(self.cache):
            if name not in self.known:
                self.known.add(name)
                self.kinds.setdefault(name.split("-")[0], []).append(CachedSet(self.cache, name))

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


def augment(pixels: Tensor) -> Tensor:
    """u8 [b,h,w,3] -> normalised f32 [b,3,h,w], colours shifted per picture: brightness, contrast, saturation, tint.
    The teacher saw the unshifted picture, so the student learns not to mind."""
    b = len(pixels)
    x = pixels.permute(0, 3, 1, 2).float() / 255
    strength = (torch.rand(b, 1, 1) < 0.7).float()

    def draw(spread: float) -> Tensor:
        return 1 + strength * (torch.rand(b, 1, 1) * 2 - 1) * spread

    grey = torch.full((1, 3, 3), 1 / 3)
    saturation = draw(0.4)
    saturation = torch.where(torch.rand(b, 1, 1) < 0.05, torch.zeros_like(saturation), saturation)
    tint = torch.diag_embed(1 + strength[:, 0] * (torch.rand(b, 3) * 2 - 1) * 0.1)
    matrix = tint @ (saturation * torch.eye(3) + (1 - saturation) * grey) * draw(0.25) * draw(0.1)
    shift = strength * (torch.rand(b, 1, 1) * 2 - 1) * 0.08
    matrix, shift = matrix.to(x.device), shift.to(x.device)
    x = (torch.einsum("bij,bjhw->bihw", matrix, x) + shift[..., None]).clamp(0, 1)
    mean = torch.from_numpy(data.MEAN).to(x.device).view(1, 3, 1, 1)
    std = torch.from_numpy(data.STD).to(x.device).view(1, 3, 1, 1)
    return ((x - mean) / std).contiguous(memory_format=torch.channels_last)


def teacher_whitening(cache: Path) -> whiten.Whitening:
    """The teacher's whitening from its cached photo tokens; kept in the cache so every run uses the same."""
    file = cache / "teacher-whitening.npz"
    if not file.exists():
        tokens = np.load(cache / "photos-0.tokens.npy", mmap_mode="r")
        moments = whiten.Moments(tokens.shape[-1])
        for start in range(0, len(tokens), 256):
            moments.add(np.asarray(tokens[start : start + 256]))
        np.savez(file, mean=moments.mean, covariance=moments.covariance)
    stored = np.load(file)
    return whiten.fit(stored["mean"], stored["covariance"])


@torch.no_grad()
def calibrate(model: Student, pixels: Tensor) -> None:
    """Give folded batch norms (running mean 0, deviation 1) real statistics from one batch without changing what the
    model computes, so that training mode does not upset it."""

    def hook(layer: ConvNorm, inputs: tuple[Tensor], output: Tensor) -> None:
        y = layer.convolve(inputs[0])
        mean, var = y.mean((0, 2, 3)), y.var((0, 2, 3))
        layer.norm.running_mean.copy_(mean)
        layer.norm.running_var.copy_(var)
        layer.norm.weight.copy_(torch.sqrt(var + layer.norm.eps))
        layer.norm.bias.add_(mean)

    handles = [m.register_forward_hook(hook) for m in model.modules() if isinstance(m, ConvNorm)]
    model.eval()(pixels)
    model.train()
    for handle in handles:
        handle.remove()


def build_optimisers(model: Student, rate: float, matrix_rate: float, decay: float) -> list[torch.optim.Optimizer]:
    """Muon (orthogonalised momentum) for the blocks' matrices, AdamW for kernels, vectors and the head."""
    matrices = [p for name, p in model.named_parameters() if p.ndim == 2 and name not in HEADS]
    kernels = [p for name, p in model.named_parameters() if p.ndim == 4 or name in HEADS]
    vectors = [p for p in model.parameters() if p.ndim in (1, 3)]
    groups = [{"params": kernels, "weight_decay": decay}, {"params": vectors, "weight_decay": 0.0}]
    made = [
        torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.98), fused=True),
        torch.optim.Muon(matrices, lr=matrix_rate, weight_decay=decay, adjust_lr_fn="match_rms_adamw"),
    ]
    for optimiser in made:
        for group in optimiser.param_groups:
            group["peak"] = group["lr"]
    return made


@torch.no_grad()
def update_average(average: Student, model: Student, step: int, decay: float) -> None:
    """EMA of parameters; batch norm's running numbers are averaged too."""
    decay = min(decay, (1 + step) / (10 + step))
    for mine, theirs in zip(average.state_dict().values(), model.state_dict().values()):
        if mine.dtype.is_floating_point:
            mine.lerp_(theirs, 1 - decay)
        else:
            mine.copy_(theirs)


def join_workers(cache: Path, rank: int, workers: int) -> None:
    """Meet the other processes of this run on this machine. They find one another by a file in the cache."""
    os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo")
    meeting = f"file://{(cache / 'workers').resolve()}"
    together.init_process_group("gloo", init_method=meeting, rank=rank, world_size=workers)


@torch.no_grad()
def average_workers(model: Student, stop: bool) -> bool:
    """Give all workers the mean of their weights and of batch norm's running numbers. True when any of them stops."""
    parts = [v for v in model.state_dict().values() if v.dtype.is_floating_point]
    flat = torch.cat([torch.tensor([float(stop)])] + [v.reshape(-1) for v in parts])
    together.all_reduce(flat)
    flat /= together.get_world_size()
    for part, mean in zip(parts, flat[1:].split([v.numel() for v in parts])):
        part.copy_(mean.view(part.shape))
    return bool(flat[0] > 0)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Distil the student from cached teacher views.")
    parser.add_argument("--cache", type=Path, default=data.CACHE)
    parser.add_argument("--minutes", type=float, default=90, help="length of the whole schedule, over all resumed runs")
    parser.add_argument("--stop-after", type=float, default=1e9, help="minutes after which this run stops")
    parser.add_argument("--batch", type=int, default=24)
    parser.add_argument("--rate", type=float, default=1.5e-3)
    parser.add_argument("--matrix-rate", type=float, default=3.5e-3, help="peak rate of Muon")
    parser.add_argument("--decay", type=float, default=0.05, help="weight decay")
    parser.add_argument("--average", type=float, default=0.997, help="EMA decay per step")
    parser.add_argument("--grid", type=int, default=12, help="patches a side for most of the schedule")
    parser.add_argument("--full-from", type=float, default=0.85, help="share of the schedule after which views stay whole")
    parser.add_argument("--glyphs", type=float, default=0.12, help="share of views with one pictogram")
    parser.add_argument("--mixed", type=float, default=0.4, help="share of composed views")
    parser.add_argument("--memory", type=int, default=4096, help="teacher regions remembered for the relation loss")
    parser.add_argument("--workers", type=int, default=1, help="processes that train together (CPU)")
    parser.add_argument("--rank", type=int, default=0, help="which of them this one is")
    parser.add_argument("--every", type=int, default=8, help="steps between averages over the workers")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--fresh", action="store_true", help="ignore the checkpoint")
    parser.add_argument("--resume-from-onnx", type=Path, nargs="?", const=MODEL_DEFAULT / "model.onnx")
    return parser.parse_args()


def main() -> None:
    args = parse()
    torch.set_num_threads(args.threads)
    if args.workers > 1:
        join_workers(args.cache, args.rank, args.workers)
    sets = Sets(args.cache)
    print({kind: sets.count(kind) for kind in sets.kinds}, flush=True)
    whitening = teacher_whitening(args.cache)
    matrix = torch.from_numpy(whitening.matrix).float().to(args.device)
    mean = torch.from_numpy(whitening.mean).float().to(args.device)

    model = Student(Shape())
    if args.resume_from_onnx:
        from export import load_from_onnx  # only needed here

        load_from_onnx(model, args.resume_from_onnx, whitening)
        calibrate(model, augment(sets.draw({"photos": 1}, 64, args.grid, np.random.default_rng(0))[0]))
    model = model.to(args.device).to(memory_format=torch.channels_last)
    average = copy.deepcopy(model).eval().requires_grad_(False)
    optimisers = build_optimisers(model, args.rate, args.matrix_rate, args.decay)
    step, spent = 0, 0.0
    checkpoint = args.cache / "checkpoint.pt"
    if checkpoint.exists() and not args.fresh:
        state = torch.load(checkpoint, map_location=args.device, weights_only=True)
        model.load_state_dict(state["model"])
        average.load_state_dict(state["average"])
        for optimiser, stored in zip(optimisers, state["optimisers"]):
            optimiser.load_state_dict(stored)
        step, spent = state["step"], state["spent"]
    print(f"{count_parameters(model) / 1e6:.2f} M parameters, from step {step}, {spent / 60:.1f} min spent", flush=True)

    held = sets.draw({"held": 1}, 160, args.grid, np.random.default_rng(1)) if "held" in sets.kinds else None

    @torch.no_grad()
    def check() -> str:
        if held is None:
            return ""
        torch.manual_seed(1)
        x = torch.from_numpy(data.normalise(held[0].numpy())).to(args.device)
        with torch.autocast(args.device, torch.bfloat16):
            out = average(x)
        parts = distillation_loss(out.float(), (held[1].to(args.device) - mean) @ matrix.T)[1]
        torch.manual_seed(step)
        return " ".join(f"{name} {value:.4f}" for name, value in parts.items())

    def save() -> None:
        state = {"model": model.state_dict(), "average": average.state_dict()}
        state |= {"optimisers": [o.state_dict() for o in optimisers], "step": step, "spent": spent}
        torch.save(state, checkpoint.with_suffix(".tmp"))
        checkpoint.with_suffix(".tmp").rename(checkpoint)
        half = {k: v.half() if v.dtype.is_floating_point else v for k, v in average.state_dict().items()}
        torch.save(half, args.cache / "weights.pt")

    rng = np.random.default_rng([step, args.rank])
    memory = RegionMemory(len(mean), args.memory, args.device)
    torch.manual_seed(step)
    before, started, log, logged, saved = spent, time.time(), {}, time.time(), time.time()
    busy = time.process_time()
    stop = False
    while not stop:
        progress = spent / (args.minutes * 60)
        warm = min(1.0, (step + 1) / 80)
        height = warm * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * min(1, progress))))
        for optimiser in optimisers:
            for group in optimiser.param_groups:
                group["lr"] = group["peak"] * height
        whole = progress > args.full_from
        grid, batch = (data.GRID, args.batch * args.grid**2 // data.GRID**2) if whole else (args.grid, args.batch)
        shares = {"photos": 1 - args.glyphs - args.mixed, "mixed": args.mixed, "glyphs": 0 if whole else args.glyphs}
        pixels, tokens = sets.draw(shares, batch, grid, rng)
        target = (tokens.to(args.device) - mean) @ matrix.T
        with torch.autocast(args.device, torch.bfloat16):
            out = model(augment(pixels.to(args.device)))
        loss, parts = distillation_loss(out.float(), target, memory=memory)
        model.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for optimiser in optimisers:
            optimiser.step()
        step += 1
        spent = before + time.time() - started
        stop = spent >= args.minutes * 60 or spent - before >= args.stop_after * 60
        if args.workers > 1:
            stop = step % args.every == 0 and average_workers(model, stop)
        if step % 200 == 0:
            sets.find()
        if args.rank > 0:
            continue
        update_average(average, model, step, args.average)
        for name, value in parts.items():
            log.setdefault(name, []).append(value)
        if step % 50 == 0 and log:
            numbers = " ".join(f"{name} {np.mean(values):.4f}" for name, values in log.items())
            pace = 50 / (time.time() - logged)
            work = (time.process_time() - busy) / 50
            print(f"{spent / 60:6.1f} min step {step} {pace:.2f} steps/s, {work:.2f} CPU s a step: {numbers}", flush=True)
            log, logged, busy = {}, time.time(), time.process_time()
        if time.time() - saved > 240:
            save()
            print(f"       held-out, averaged weights: {check()}", flush=True)
            saved = time.time()
    if args.rank == 0:
        save()


if __name__ == "__main__":
    main()
