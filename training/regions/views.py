"""Training views: squares of photographs with their regions, and the patch tokens of two encoders.

    python views.py                 everything below; finished sets are left alone

Two kinds of sets lie under `.cache/`:

- `photos-N`: labels for the views that `../starter/teacher.py --rounds N` has cached (same pictures, same boxes: the
  random numbers are drawn again), for pictures of `regions/` and `clothing-bank`;
- `bank-N`: views of our own, of coco-bank pictures and of unlabelled photographs, with objects of other coco-bank
  pictures and people pasted in: their masks are exact.

A set is `<name>.pixels.npy` u8 [n,256,256,3], `<name>.tokens.npy` f16 [n,16,16,384] (the teacher's
patch tokens, whitened, unit length), `<name>.starter.npy` (the starter's, of every fourth view), `<name>.labels.npy` u8 [n,3,64,64] (up to three
annotators) and `<name>.kinds.npy` u8 [n]. Labels: 0 unknown, 1..254 a region, OUTSIDE = in no region, but not known to
be one thing.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np
from PIL import Image

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "starter"))

import data  # noqa: E402
import teacher as teachers  # noqa: E402
from masks import bank_pictures, cutouts_of  # noqa: E402

CACHE = HERE / ".cache"
CELLS = 64
OUTSIDE = 255
KINDS = ["bank", "pasted", "people", "nature", "facades", "streets", "clothing-bank"]
VIEW = 448
# Every so many views have the starter's tokens as well.
STARTER_EVERY = 4


def label_files(path: Path, root: Path) -> tuple[str, list[Path]] | None:
    """Kind and region label files of a photograph; None without any."""
    if path.parent.parent.name == "photos":
        kind = path.parent.name
        folder = root / "regions" / kind
        files = [folder / f"{path.stem}.png", *(folder / f"{path.stem}.{n}.png" for n in range(3))]
    elif path.parent.parent.name == "clothing-bank":
        kind, files = "clothing-bank", [root / "clothing-bank" / "labels" / f"{path.stem}.png"]
    else:
        return None
    found = [f for f in files if f.exists()]
    return (kind, found) if found else None


def cut_labels(labels: np.ndarray, box: tuple[float, ...], flip: bool, cells: int = CELLS) -> np.ndarray:
    """The label at the middle of every cell of a box."""
    left, top, right, bottom = box
    height, width = labels.shape
    middle = (np.arange(cells) + 0.5) / cells
    xs = np.clip((left + middle * (right - left)).astype(int), 0, width - 1)
    ys = np.clip((top + middle * (bottom - top)).astype(int), 0, height - 1)
    cut = labels[ys][:, xs]
    return cut[:, ::-1] if flip else cut


def load_regions(file: Path, kind: str) -> np.ndarray:
    """Label map with OUTSIDE where a set of people leaves the ground unlabelled."""
    labels = np.array(Image.open(file).convert("L"))
    if kind in ("people", "clothing-bank"):
        labels[labels == 0] = OUTSIDE
    return labels


def photo_set(number: int, root: Path, views_cache: Path, whiten, starter, cache: Path) -> None:
    """Labels and tokens for the cached views of round `number` that have regions."""
    name = f"photos-{number}"
    if (cache / f"{name}.kinds.npy").exists():
        return
    pictures = [p for p in data.list_pictures(root) if not data.is_held_out(p)]
    pixels = np.load(views_cache / f"{name}.pixels.npy", mmap_mode="r")
    tokens = np.load(views_cache / f"{name}.tokens.npy", mmap_mode="r")
    if len(pixels) != len(pictures):
        sys.exit(f"{name} was cached from other pictures.")
    rng = np.random.default_rng(1000 * number)
    rows, labels, kinds = [], [], []
    for index, path in enumerate(pictures):
        size = Image.open(path).size
        box, flip = data.sample_box(size, rng), rng.random() < 0.5
        found = label_files(path, root)
        if found is None:
            continue
        kind, files = found
        maps = []
        for file in files:
            regions = load_regions(file, kind)
            scale = (regions.shape[1] / size[0], regions.shape[0] / size[1])
            maps.append(cut_labels(regions, (box[0] * scale[0], box[1] * scale[1], box[2] * scale[0], box[3] * scale[1]), flip))
        rows.append(index)
        kinds.append(KINDS.index(kind))
        labels.append(np.stack([maps[n % len(maps)] for n in range(3)]))
    save_set(cache, name, pixels[rows], tokens[rows], np.stack(labels), np.array(kinds, np.uint8), whiten, starter)


def paste(view: Image.Image, ids: np.ndarray, pool: list, rng: np.random.Generator) -> Image.Image:
    """Pastes one to four cut-outs into a view and writes their numbers into its label map."""
    for _ in range(rng.integers(1, 5)):
        picture, mask = pool[rng.integers(len(pool))]
        side = np.exp(rng.uniform(np.log(60), np.log(340)))
        scale = side / max(picture.size)
        size = (max(8, round(picture.width * scale)), max(8, round(picture.height * scale)))
        thing = picture.resize(size, Image.Resampling.BICUBIC)
        alpha = mask.resize(size, Image.Resampling.BILINEAR)
        if rng.random() < 0.5:
            thing, alpha = (i.transpose(Image.Transpose.FLIP_LEFT_RIGHT) for i in (thing, alpha))
        if rng.random() < 0.5:
            gain = rng.uniform(0.7, 1.3, 3) * rng.uniform(0.75, 1.25)
            thing = Image.fromarray(np.clip(np.asarray(thing) * gain, 0, 255).astype(np.uint8))
        x = int(rng.uniform(-0.3 * size[0], VIEW - 0.7 * size[0]))
        y = int(rng.uniform(-0.3 * size[1], VIEW - 0.7 * size[1]))
        view.paste(thing, (x, y), alpha)
        inside = np.zeros((VIEW, VIEW), bool)
        hard = np.asarray(alpha) > 127
        x0, y0, x1, y1 = max(0, x), max(0, y), min(VIEW, x + size[0]), min(VIEW, y + size[1])
        inside[y0:y1, x0:x1] = hard[y0 - y : y1 - y, x0 - x : x1 - x]
        free = [i for i in range(1, 255) if not (ids == i).any()]
        ids[inside] = free[0]
    return view


def bank_set(number: int, count: int, root: Path, session, whiten, starter, cache: Path) -> None:
    """`count` views of coco-bank pictures (half of them with pasted things) and of unlabelled photographs (all)."""
    name = f"bank-{number}"
    if (cache / f"{name}.kinds.npy").exists():
        return
    rng = np.random.default_rng(77 + number)
    bank = [p for p in bank_pictures(root) if not p.held_out]
    pool = cutouts_of(bank, root)
    loose = [p for kind in ("objects", "everyday") for p in sorted((root / "photos" / kind).iterdir())]
    loose = [p for p in loose if not data.is_held_out(p)]
    pixels = np.zeros((count, 256, 256, 3), np.uint8)
    labels = np.zeros((count, CELLS, CELLS), np.uint8)
    kinds = np.zeros(count, np.uint8)
    tokens, waiting, started = [], [], time.time()
    for index in range(count):
        from_bank = rng.random() < 0.75
        if from_bank:
            source = bank[index % len(bank)]
            image, regions = source.image(), source.labels()
        else:
            image = data.load_rgb(loose[rng.integers(len(loose))])
            regions = np.full((image.height, image.width), OUTSIDE, np.uint8)
        box, flip = data.sample_box(image.size, rng), rng.random() < 0.5
        view = image.resize((VIEW, VIEW), Image.Resampling.BICUBIC, box=box)
        if flip:
            view = view.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        ids = cut_labels(regions, box, flip, VIEW).copy()
        pasted = not from_bank or rng.random() < 0.45
        if pasted:
            view = paste(view, ids, pool, rng)
        kinds[index] = KINDS.index("pasted" if not from_bank else "bank")
        pixels[index] = np.asarray(view.resize((256, 256), Image.Resampling.BICUBIC))
        labels[index] = ids[3::7, 3::7]
        waiting.append(np.asarray(view.resize((224, 224), Image.Resampling.BICUBIC)))
        if len(waiting) == 8 or index == count - 1:
            tokens.append(teachers.patch_tokens(session, np.stack(waiting), data.TEACHER_PATCH).astype(np.float16))
            waiting.clear()
        if index % 200 == 0:
            print(name, index, f"{index / (time.time() - started):.1f} views/s", flush=True)
    save_set(cache, name, pixels, np.concatenate(tokens), np.repeat(labels[:, None], 3, 1), kinds, whiten, starter)


def save_set(cache: Path, name: str, pixels, tokens, labels, kinds, whiten, starter) -> None:
    """Writes a set; `kinds` last, as the mark that it is whole."""
    np.save(cache / f"{name}.pixels.npy", pixels)
    np.save(cache / f"{name}.tokens.npy", unit(whiten["teacher"], tokens))
    made = []
    for start in range(0, len(pixels[::STARTER_EVERY]), 8):
        some = np.asarray(pixels[::STARTER_EVERY][start : start + 8])
        raw = teachers.patch_tokens(starter, some, data.STUDENT_PATCH)
        made.append(unit(whiten["starter"], raw))
    np.save(cache / f"{name}.starter.npy", np.concatenate(made))
    np.save(cache / f"{name}.labels.npy", labels)
    np.save(cache / f"{name}.kinds.npy", kinds)
    print(f"{name}: {len(kinds)} views", dict(zip(*np.unique([KINDS[k] for k in kinds], return_counts=True))), flush=True)


def unit(whitening: tuple[np.ndarray, np.ndarray], tokens: np.ndarray) -> np.ndarray:
    """Whitened tokens of unit length, f16. `whitening` is (mean [D], matrix [D,D])."""
    mean, matrix = whitening
    white = (tokens.astype(np.float32) - mean) @ matrix.T
    return (white / np.maximum(1e-6, np.linalg.norm(white, axis=-1, keepdims=True))).astype(np.float16)


def starter_whitening(folder: Path) -> tuple[np.ndarray, np.ndarray]:
    """What ships with the starter."""
    manifest = json.loads((folder / "model.json").read_text())
    numbers = np.fromfile(folder / manifest["statistics"]["file"], np.float32)
    take = lambda span: numbers[span["offset"] : span["offset"] + span["length"]]  # noqa: E731
    dimensions = manifest["dimensions"]
    return take(manifest["statistics"]["photoMean"]), take(manifest["statistics"]["whitening"]).reshape(dimensions, dimensions)


def teacher_whitening(views_cache: Path) -> tuple[np.ndarray, np.ndarray]:
    """Estimated as the app does for a model that it has not seen: covariance, half its mean eigenvalue added."""
    tokens = np.load(views_cache / "photos-0.tokens.npy", mmap_mode="r")
    some = tokens[::6].reshape(-1, tokens.shape[-1])[::3].astype(np.float64)
    values, vectors = np.linalg.eigh(np.cov(some.T))
    matrix = vectors @ np.diag(1 / np.sqrt(np.maximum(values, 0) + 0.5 * values.mean())) @ vectors.T
    return some.mean(0).astype(np.float32), matrix.astype(np.float32)


def main() -> None:
    parser = argparse.ArgumentParser(description="Make training views with regions.")
    parser.add_argument("--data", type=Path, default=data.DATA_DEFAULT)
    parser.add_argument("--teacher", type=Path, default=teachers.TEACHER_DEFAULT)
    parser.add_argument("--starter", type=Path, default=HERE.parents[1] / "public" / "models" / "starter")
    parser.add_argument("--views", type=Path, default=data.CACHE, help="where ../starter/teacher.py put its views")
    parser.add_argument("--cache", type=Path, default=CACHE)
    parser.add_argument("--rounds", type=int, nargs="*", default=[0, 1])
    parser.add_argument("--bank", type=int, nargs="*", default=[0, 1, 2])
    parser.add_argument("--count", type=int, default=1000, help="views in a bank set")
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    args.cache.mkdir(parents=True, exist_ok=True)
    session = teachers.open_session(args.teacher, args.threads)
    starter = teachers.open_session(args.starter / "model.onnx", args.threads)
    whiten = {"teacher": teacher_whitening(args.views), "starter": starter_whitening(args.starter)}
    for number in args.bank:
        bank_set(number, args.count, args.data, session, whiten, starter, args.cache)
    for number in args.rounds:
        photo_set(number, args.data, args.views, whiten, starter, args.cache)


if __name__ == "__main__":
    main()
