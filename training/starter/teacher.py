"""The teacher: run it, and cache its tokens for many views so that training never waits for it.

    python teacher.py --rounds 0 1 2 3        one view of every training picture per round
    python teacher.py --rounds 0 --held-out   one view of the pictures that are never trained on
    python teacher.py --rounds 0 1 --glyphs   pictograms on varied grounds
    python teacher.py --rounds 0 1 --mixed    composed views, see mixtures.py

A cached set is `<cache>/<name>.pixels.npy` u8 [n,s,s,3] (student pixels) and `<cache>/<name>.tokens.npy` f16
[n,g,g,384] (the teacher's patch tokens; s = 16 g), and for photographs `<cache>/<name>.weights.npy`. Everything lies under `.cache/`, outside version control.

The teacher is any ONNX file with the DINOv2 contract: `pixel_values` f32 [b,3,h,w] -> `last_hidden_state`
f32 [b, 1 + h/14*w/14, 384]. Caching runs it through encoder.py, the figures through ONNX Runtime.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

import numpy as np
import onnxruntime as ort
import torch

import data
import pictograms
from encoder import Encoder
from mixtures import Mixer, picture_weight

TEACHER_DEFAULT = Path(
    os.environ.get(
        "LOOKALIKE_TEACHER",
        data.HERE.parents[1] / ".." / "shared" / "models" / "dinov2-small-dav2" / "model.onnx",
    )
)
WIDTH = 384
MIXED_COUNT = 2000  # composed views per round


def open_session(path: Path, threads: int = 2) -> ort.InferenceSession:
    """An ONNX Runtime CPU session for a model file with the features contract."""
    if not path.is_file():
        sys.exit(f"Model not found: {path}. Pass --teacher (or --model) to say where it lies.")
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # others use the cores too
    return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def patch_tokens(session: ort.InferenceSession, pixels: np.ndarray, patch: int) -> np.ndarray:
    """u8 [b,h,w,3] -> patch tokens f32 [b, h/patch, w/patch, D]; the prefix token is dropped."""
    x = data.normalise(pixels)
    tokens = session.run(None, {"pixel_values": x})[0][:, 1:]
    return tokens.reshape(len(x), x.shape[2] // patch, x.shape[3] // patch, -1)


def set_names(cache: Path) -> list[str]:
    """Names of all finished sets in the cache."""
    return sorted(p.name.removesuffix(".tokens.npy") for p in cache.glob("*.tokens.npy"))


def forget_set(cache: Path, name: str) -> None:
    """Delete a set, if it is there. A training that reads it just then keeps its memory maps."""
    for part in ("tokens", "pixels", "weights"):
        (cache / f"{name}.{part}.npy").unlink(missing_ok=True)


def write_set(cache: Path, name: str, count: int, grid: int, views, encoder: Encoder, weights=None, batch: int = 16) -> None:
    """Run the teacher over `views` (an iterator of (teacher u8, student u8)) and write the set; skips a finished one.
    `weights` [n] says how often each view is drawn in training."""
    final = cache / f"{name}.tokens.npy"
    if final.exists():
        print(f"{name}: already cached")
        return
    side = grid * data.STUDENT_PATCH
    pixels_file = cache / f"{name}.pixels.npy"
    partial = cache / f"{name}.partial"
    pixels = np.lib.format.open_memmap(pixels_file, "w+", np.uint8, (count, side, side, 3))
    tokens = np.lib.format.open_memmap(partial, "w+", np.float16, (count, grid, grid, WIDTH))
    started, done, waiting = time.time(), 0, []

    def flush() -> None:
        nonlocal done
        if not waiting:
            return
        tokens[done : done + len(waiting)] = encoder.tokens(np.stack(waiting))
        done += len(waiting)
        waiting.clear()

    for index, (for_teacher, for_student) in enumerate(views):
        pixels[index] = for_student
        waiting.append(for_teacher)
        if len(waiting) == batch:
            flush()
            if done % (batch * 50) == 0:
                print(f"{name}: {done}/{count}, {done / (time.time() - started):.1f} views/s", flush=True)
    flush()
    pixels.flush()
    tokens.flush()
    del pixels, tokens
    if weights is not None:
        np.save(cache / f"{name}.weights.npy", np.asarray(weights, np.float32))
    partial.rename(final)
    print(f"{name}: {done} views in {time.time() - started:.0f} s", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description="Cache teacher tokens for training views.")
    parser.add_argument("--data", type=Path, default=data.DATA_DEFAULT)
    parser.add_argument("--teacher", type=Path, default=TEACHER_DEFAULT)
    parser.add_argument("--cache", type=Path, default=data.CACHE)
    parser.add_argument("--rounds", type=int, nargs="+", default=[0])
    parser.add_argument("--held-out", action="store_true")
    parser.add_argument("--glyphs", action="store_true")
    parser.add_argument("--mixed", action="store_true")
    parser.add_argument("--keep", type=int, default=1000, help="how many rounds of composed views stay on the disk")
    parser.add_argument("--font", type=Path, default=pictograms.FONT_DEFAULT)
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    args.cache.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(args.threads)
    encoder, mixer = Encoder(args.teacher), None
    for number in args.rounds:
        rng = np.random.default_rng(1000 * number + 100 * args.glyphs + args.held_out + 10 * args.mixed)
        if args.glyphs:
            font = pictograms.open_font(args.font)
            glyphs = pictograms.training_glyphs()
            views = (pictograms.random_view(font, g, rng) for g in glyphs)
            write_set(args.cache, f"glyphs-{number}", len(glyphs), pictograms.GRID, views, encoder)
            continue
        if args.mixed:
            mixer = mixer or Mixer(args.data, pictograms.open_font(args.font))
            forget_set(args.cache, f"mixed-{number - args.keep}")
            views = (mixer.view(rng) for _ in range(MIXED_COUNT))
            write_set(args.cache, f"mixed-{number}", MIXED_COUNT, data.GRID, views, encoder)
            continue
        pictures = [p for p in data.list_pictures(args.data) if data.is_held_out(p) == args.held_out]
        views = (data.cut_view(data.load_rgb(p), rng) for p in pictures)
        name = f"{'held' if args.held_out else 'photos'}-{number}"
        weights = [picture_weight(p) for p in pictures]
        write_set(args.cache, name, len(pictures), data.GRID, views, encoder, weights)


if __name__ == "__main__":
    main()
