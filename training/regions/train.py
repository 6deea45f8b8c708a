"""Trains the region network; the same command again goes on where it stopped.

    python train.py --minutes 60
"""

from __future__ import annotations

import argparse
import math
import time
from pathlib import Path

import numpy as np
import torch
from torch import distributed, nn

from losses import boundary_loss, pair_loss, thing_loss
from network import RegionNetwork
from views import CACHE, KINDS, STARTER_EVERY

# How often a view of a kind comes, per view there is, and what its labels say of things (see thing_loss).
SHARE = {"bank": 2.0, "pasted": 1.0, "people": 0.5, "nature": 1.2, "facades": 0.8, "streets": 0.8, "clothing-bank": 1.0}
RULE = {"bank": 1, "pasted": 2, "people": 1, "nature": 0, "facades": 0, "streets": 0, "clothing-bank": 1}
# Where workers of one machine meet.
MEETING = "tcp://127.0.0.1:29471"
STEPS_BETWEEN_MEETINGS = 12
MEAN = torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1)
STD = torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1)


class Views:
    """All finished sets of the cache, opened and not read. Sets that are finished later are found by `look`."""

    def __init__(self, cache: Path) -> None:
        self.cache = cache
        self.marks: list[Path] = []
        self.look()

    def look(self) -> None:
        cache, marks = self.cache, sorted(self.cache.glob("*.kinds.npy"))
        if marks == self.marks:
            return
        self.marks, self.sets, kinds, where = marks, [], [], []
        for mark in marks:
            name = mark.name.removesuffix(".kinds.npy")
            load = lambda part: np.load(cache / f"{name}.{part}.npy", mmap_mode="r")  # noqa: E731, B023
            self.sets.append((load("pixels"), load("tokens"), load("starter"), np.load(cache / f"{name}.labels.npy")))
            own = np.load(mark)
            kinds.append(own)
            where += [(len(self.sets) - 1, row) for row in range(len(own))]
        self.kinds, self.where = np.concatenate(kinds), where
        share = np.array([SHARE[kind] for kind in KINDS])[self.kinds]
        self.chance = share / share.sum()
        counts = {kind: int((self.kinds == n).sum()) for n, kind in enumerate(KINDS)}
        print(f"{len(where)} views: {counts}", flush=True)

    def batch(self, size: int, rng: np.random.Generator):
        rows = rng.choice(len(self.where), size, replace=True, p=self.chance)
        pixels, tokens, labels = [], [], []
        for row in rows:
            which, at = self.where[row]
            px, teacher, starter, names = self.sets[which]
            use_starter = at % STARTER_EVERY == 0 and rng.random() < 0.6
            tk = (starter[at // STARTER_EVERY] if use_starter else teacher[at]).astype(np.float32)
            px = px[at]
            lb = names[at][rng.integers(3)]
            if rng.random() < 0.5:
                px, tk, lb = px[:, ::-1], tk[:, ::-1], lb[:, ::-1]
            pixels.append(np.ascontiguousarray(px))
            tokens.append(np.ascontiguousarray(tk))
            labels.append(np.ascontiguousarray(lb))
        rule = torch.tensor([RULE[KINDS[k]] for k in self.kinds[rows]])
        x = torch.from_numpy(np.stack(pixels)).permute(0, 3, 1, 2).float() / 255
        return jitter(x, rng), noisy(torch.from_numpy(np.stack(tokens)), rng), torch.from_numpy(np.stack(labels)).long(), rule


def jitter(x: torch.Tensor, rng: np.random.Generator) -> torch.Tensor:
    """Brightness, contrast, colour balance, saturation; normalised."""
    size = len(x)
    draw = lambda low, high, *shape: torch.from_numpy(rng.uniform(low, high, (size, *shape)).astype(np.float32))  # noqa: E731
    x = x * draw(0.7, 1.3, 1, 1, 1) * draw(0.88, 1.12, 3, 1, 1)
    grey = x.mean(1, keepdim=True)
    x = grey + (x - grey) * draw(0.4, 1.4, 1, 1, 1)
    middle = x.mean((1, 2, 3), keepdim=True)
    x = middle + (x - middle) * draw(0.7, 1.3, 1, 1, 1)
    return (x.clamp(0, 1) - MEAN) / STD


def noisy(tokens: torch.Tensor, rng: np.random.Generator) -> torch.Tensor:
    """Encoders differ: tokens of unit length with up to as much noise as blurs their cosines by a fifth."""
    amount = torch.from_numpy(rng.uniform(0, 0.5, (len(tokens), 1, 1, 1)).astype(np.float32))
    noise = torch.randn_like(tokens) / math.sqrt(tokens.shape[-1])
    return nn.functional.normalize(tokens + amount * noise, dim=-1)


def meet(network: nn.Module, seconds: float, workers: int) -> float:
    """Every worker goes on with the mean of all weights, and with the first one's clock, so that all stop at the same step."""
    values = [v for v in network.state_dict().values() if v.is_floating_point()]
    flat = torch.cat([v.flatten() for v in values])
    distributed.all_reduce(flat)
    at = 0
    for value in values:
        value.copy_(flat[at : at + value.numel()].view_as(value) / workers)
        at += value.numel()
    clock = torch.tensor([seconds], dtype=torch.float64)
    distributed.broadcast(clock, 0)
    return float(clock)


def main() -> None:
    parser = argparse.ArgumentParser(description="Train the region network.")
    parser.add_argument("--cache", type=Path, default=CACHE)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--name", default="regions")
    parser.add_argument("--workers", type=int, default=1, help="processes that share the work; start each by hand")
    parser.add_argument("--rank", type=int, default=0, help="which of them this is; 0 writes the checkpoints")
    args = parser.parse_args()
    if args.workers > 1:
        distributed.init_process_group("gloo", init_method=MEETING, rank=args.rank, world_size=args.workers)
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    views = Views(args.cache)
    network = RegionNetwork().to(memory_format=torch.channels_last)
    average = torch.optim.swa_utils.AveragedModel(network, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.99), use_buffers=True)
    decayed = [p for p in network.parameters() if p.ndim > 1]
    others = [p for p in network.parameters() if p.ndim <= 1]
    optimiser = torch.optim.AdamW([{"params": decayed, "weight_decay": 0.02}, {"params": others, "weight_decay": 0.0}], lr=args.rate)
    file = args.cache / f"{args.name}-checkpoint.pt"
    spent, step = 0.0, 0
    if file.exists():
        state = torch.load(file, weights_only=False)
        network.load_state_dict(state["network"])
        average.load_state_dict(state["average"])
        optimiser.load_state_dict(state["optimiser"])
        spent, step = state["spent"], state["step"]
        print(f"going on after {spent / 60:.1f} minutes, {step} steps")
    torch.manual_seed(args.seed + step + 100_000 * args.rank)
    rng = np.random.default_rng(args.seed + step + 100_000 * args.rank)
    sums, began, saved = np.zeros(4), time.time(), time.time()
    before = spent

    def save() -> None:
        state = {"network": network.state_dict(), "average": average.state_dict(), "optimiser": optimiser.state_dict()}
        torch.save({**state, "spent": spent, "step": step}, file.with_suffix(".partial"))
        file.with_suffix(".partial").rename(file)

    network.train()
    while spent < args.minutes * 60:
        progress = spent / (args.minutes * 60)
        rate = args.rate * min(1, (step + 1) / 100) * (0.5 + 0.5 * math.cos(math.pi * progress) + 0.01)
        for group in optimiser.param_groups:
            group["lr"] = rate
        pixels, tokens, labels, rule = views.batch(args.batch, rng)
        with torch.autocast("cpu", torch.bfloat16):
            out = network(pixels.to(memory_format=torch.channels_last), tokens)
        out = out.float()
        boundary = boundary_loss(out[:, 0], labels)
        thing = thing_loss(out[:, 1], labels, rule)
        pair = pair_loss(out[:, 2:], labels, network.pair_scale, network.pair_bias)
        loss = pair + boundary + 0.5 * thing
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 5.0)
        optimiser.step()
        average.update_parameters(network)
        step += 1
        sums += [pair.item(), boundary.item(), thing.item(), 1]
        if args.workers == 1:
            spent = before + time.time() - began
        elif step % STEPS_BETWEEN_MEETINGS == 0:
            with torch.no_grad():
                spent = meet(network, before + time.time() - began, args.workers)
        if step % 50 == 0:
            mean = sums[:3] / sums[3]
            print(f"step {step} {spent / 60:.1f} min rate {rate:.1e} pair {mean[0]:.4f} boundary {mean[1]:.4f} thing {mean[2]:.4f}", flush=True)
            sums[:] = 0
        if time.time() - saved > 120:
            saved = time.time()
            if args.rank == 0:
                save()
            views.look()
    if args.rank == 0:
        save()


if __name__ == "__main__":
    main()
