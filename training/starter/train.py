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
from torch import Tensor

import data
import whiten
from losses import RegionMemory, distillation_loss
from sets import Sets, augment, exchange_patches
from student import ConvNorm, Shape, Student, count_parameters
from workers import average_workers, join_workers

MODEL_DEFAULT = data.HERE.parents[1] / "public" / "models" / "starter"


HEADS = ("head.weight", "direct.weight")


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


class Training:
    """One worker's model, averaged model, optimisers and clock; kept in `<cache>/checkpoint.pt`."""

    def __init__(self, args: argparse.Namespace) -> None:
        self.args = args
        self.sets = Sets(args.cache)
        whitening = teacher_whitening(args.cache)
        self.matrix = torch.from_numpy(whitening.matrix).float().to(args.device)
        self.mean = torch.from_numpy(whitening.mean).float().to(args.device)
        model = Student(Shape())
        if args.resume_from_onnx:
            from export import load_from_onnx  # only needed here

            load_from_onnx(model, args.resume_from_onnx, whitening)
            calibrate(model, augment(self.sets.draw({"photos": 1}, 64, args.grid, np.random.default_rng(0))[0]))
        self.model = model.to(args.device).to(memory_format=torch.channels_last)
        self.average = copy.deepcopy(self.model).eval().requires_grad_(False)
        self.optimisers = build_optimisers(self.model, args.rate, args.matrix_rate, args.decay)
        self.memory = RegionMemory(len(self.mean), args.memory, args.device)
        self.step, self.spent = 0, 0.0  # seconds, over all resumed runs
        self.checkpoint = args.cache / "checkpoint.pt"
        if self.checkpoint.exists() and not args.fresh:
            self.load()
        self.rng = np.random.default_rng([self.step, args.rank])
        torch.manual_seed(self.step + args.rank)
        self.held = None
        if "held" in self.sets.kinds:
            self.held = self.sets.draw({"held": 1}, 160, args.grid, np.random.default_rng(1))

    def load(self) -> None:
        state = torch.load(self.checkpoint, map_location=self.args.device, weights_only=True)
        self.model.load_state_dict(state["model"])
        self.average.load_state_dict(state["average"])
        for optimiser, stored in zip(self.optimisers, state["optimisers"]):
            optimiser.load_state_dict(stored)
        self.step, self.spent = state["step"], state["spent"]

    def save(self) -> None:
        state = {"model": self.model.state_dict(), "average": self.average.state_dict()}
        state |= {"optimisers": [o.state_dict() for o in self.optimisers], "step": self.step, "spent": self.spent}
        partial = self.checkpoint.with_suffix(".tmp")
        torch.save(state, partial)
        partial.rename(self.checkpoint)
        half = {k: v.half() if v.dtype.is_floating_point else v for k, v in self.average.state_dict().items()}
        torch.save(half, self.args.cache / "weights.pt")

    def whiten(self, tokens: Tensor) -> Tensor:
        return (tokens.to(self.args.device) - self.mean) @ self.matrix.T

    @torch.no_grad()
    def check(self) -> str:
        """The averaged model's losses on views of pictures that are never trained on."""
        if self.held is None:
            return "no held-out set"
        random_state = torch.get_rng_state()
        torch.manual_seed(1)  # the same regions every time
        x = torch.from_numpy(data.normalise(self.held[0].numpy())).to(self.args.device)
        with torch.autocast(self.args.device, torch.bfloat16):
            out = self.average(x)
        parts = distillation_loss(out.float(), self.whiten(self.held[1]))[1]
        torch.set_rng_state(random_state)
        return " ".join(f"{name} {value:.4f}" for name, value in parts.items())

    def advance(self) -> dict[str, float]:
        """One step; returns the parts of the loss."""
        args, progress = self.args, self.spent / (self.args.minutes * 60)
        warm = min(1.0, (self.step + 1) / 80)
        height = warm * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * min(1, progress))))
        for optimiser in self.optimisers:
            for group in optimiser.param_groups:
                group["lr"] = group["peak"] * height
        whole = progress > args.full_from
        grid, batch = (data.GRID, args.batch * args.grid**2 // data.GRID**2) if whole else (args.grid, args.batch)
        shares = {"photos": 1 - args.glyphs - args.mixed, "mixed": args.mixed, "glyphs": 0 if whole else args.glyphs}
        pixels, tokens = self.sets.draw(shares, batch, grid, self.rng)
        exchange_patches(pixels, tokens)
        with torch.autocast(args.device, torch.bfloat16):
            out = self.model(augment(pixels.to(args.device)))
        loss, parts = distillation_loss(out.float(), self.whiten(tokens), memory=self.memory)
        self.model.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        for optimiser in self.optimisers:
            optimiser.step()
        self.step += 1
        return parts


def main() -> None:
    args = parse()
    torch.set_num_threads(args.threads)
    if args.workers > 1:
        join_workers(args.cache, args.rank, args.workers)
    run = Training(args)
    print({kind: run.sets.count(kind) for kind in run.sets.kinds}, flush=True)
    size = count_parameters(run.model) / 1e6
    print(f"{size:.2f} M parameters, from step {run.step}, {run.spent / 60:.1f} min spent", flush=True)
    before, started, stop = run.spent, time.time(), False
    log, logged, saved, busy = {}, time.time(), time.time(), time.process_time()
    while not stop:
        parts = run.advance()
        run.spent = before + time.time() - started
        stop = run.spent >= args.minutes * 60 or run.spent - before >= args.stop_after * 60
        if args.workers > 1:
            stop = run.step % args.every == 0 and average_workers(run.model, stop)
        if run.step % 200 == 0:
            run.sets.find()
        if args.rank > 0:
            continue
        update_average(run.average, run.model, run.step, args.average)
        for name, value in parts.items():
            log.setdefault(name, []).append(value)
        if run.step % 50 == 0:
            numbers = " ".join(f"{name} {np.mean(values):.4f}" for name, values in log.items())
            count = len(log["cosine"])
            pace, work = count / (time.time() - logged), (time.process_time() - busy) / count
            told = f"{run.spent / 60:6.1f} min step {run.step} {pace:.2f} steps/s, {work:.2f} CPU s a step"
            print(f"{told}: {numbers}", flush=True)
            log, logged, busy = {}, time.time(), time.process_time()
        if time.time() - saved > 240:
            run.save()
            print(f"       held-out, averaged weights: {run.check()}", flush=True)
            saved = time.time()
    if args.rank == 0:
        run.save()
        print(f"       held-out, averaged weights: {run.check()}", flush=True)


if __name__ == "__main__":
    main()
