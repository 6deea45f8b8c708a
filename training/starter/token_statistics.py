"""Measure the exported model's statistics and write `statistics.bin` and `model.json` beside it.

    python token_statistics.py --name 1

`statistics.bin` is f32 little-endian: photoMean [D], pictogramMean [D], whitening [D,D] row by row. A descriptor is
x = normalise(W (pooled - mean)), with the mean of the domain that the mask comes from. The photo mean is that of patch tokens
of training photographs at the app's scale. W whitens means over random rectangles of them, because what the app compares are
means over regions, and a mean has less of what single tokens differ in. pictogramMean is the mean over emoji of tokens pooled
by the glyph's mask. (The file is not called statistics.py because Python has a module of that name.)
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
from PIL import Image

import data
import pictograms
import whiten
from teacher import open_session, patch_tokens
from train import MODEL_DEFAULT

STUDENT_CELLS = 42  # patches along a picture's long side: larger pictures make up for the student's weaker eye
TEACHER_CELLS = 32
GLYPH_CELLS = 16
GREYS = (128, 235)
RECTANGLES = 8  # a picture
REGULARISER = 2.0  # chosen on the even half of coco-dev; the teacher's own is whiten.REGULARISER


def fit_cells(size: tuple[int, int], long_cells: int) -> tuple[int, int]:
    """(columns, rows) of patches for a picture (width, height): the long side gets `long_cells`."""
    width, height = size
    scale = long_cells / max(width, height)
    return max(1, round(width * scale)), max(1, round(height * scale))


def picture_tokens(session, image: Image.Image, patch: int, long_cells: int) -> np.ndarray:
    """Tokens f32 [rows, columns, D] of a whole picture with so many patches along its long side."""
    columns, rows = fit_cells(image.size, long_cells)
    resized = image.resize((columns * patch, rows * patch), Image.Resampling.BICUBIC)
    return patch_tokens(session, np.asarray(resized, np.uint8)[None], patch)[0]


def coverage_cells(coverage: np.ndarray, rows: int, columns: int) -> np.ndarray:
    """Mask f32 [h,w] -> share of each cell inside it, f32 [rows, columns]."""
    return np.asarray(Image.fromarray(coverage.astype(np.float32)).resize((columns, rows), Image.Resampling.BOX))


def pool(tokens: np.ndarray, cells: np.ndarray) -> np.ndarray:
    """Mean token [D] of tokens [r,c,D] weighed by cells [r,c]."""
    return np.tensordot(cells, tokens, 2) / max(float(cells.sum()), 1e-6)


def glyph_vectors(session, font, glyphs: list[str], patch: int) -> np.ndarray:
    """Pooled descriptors f32 [glyphs, greys, D], each glyph centred on a grey; NaN where the font has no glyph."""
    side, out = GLYPH_CELLS * patch, []
    for glyph in glyphs:
        views = [pictograms.neutral_view(font, glyph, side, grey) for grey in GREYS]
        tokens = patch_tokens(session, np.stack([v[0] for v in views]), patch)
        cells = coverage_cells(views[0][1], GLYPH_CELLS, GLYPH_CELLS)
        vectors = np.stack([pool(t, cells) for t in tokens])
        out.append(vectors if cells.sum() > 0 else np.full_like(vectors, np.nan))
    return np.stack(out)


def rectangle_means(tokens: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """Means [count, D] of tokens [r,c,D] over random rectangles, each side from three patches to half the picture."""
    rows, columns, width = tokens.shape
    out = np.empty((count, width), tokens.dtype)
    for i in range(count):
        h, w = (int(rng.integers(min(3, n), max(4, n // 2 + 1))) for n in (rows, columns))
        top, left = rng.integers(0, max(1, rows - h + 1)), rng.integers(0, max(1, columns - w + 1))
        out[i] = tokens[top : top + h, left : left + w].mean((0, 1))
    return out


def measure(session, patch: int, long_cells: int, pictures: list[Path], font, glyphs: list[str]):
    """(photo mean [D], covariance of regions [D,D], pictogram mean [D]) of one model."""
    rng, single, pooled = np.random.default_rng(0), None, None
    for path in pictures:
        tokens = picture_tokens(session, data.load_rgb(path), patch, long_cells)
        width = tokens.shape[-1]
        single, pooled = single or whiten.Moments(width), pooled or whiten.Moments(width)
        single.add(tokens)
        pooled.add(rectangle_means(tokens, RECTANGLES, rng))
    pictogram_mean = np.nanmean(glyph_vectors(session, font, glyphs, patch), axis=(0, 1))
    return single.mean, pooled.covariance, pictogram_mean


def pick(pictures: list[Path], count: int, seed: int = 7) -> list[Path]:
    """A fixed random choice of training pictures (held-out ones left out)."""
    pictures = [p for p in pictures if not data.is_held_out(p)]
    chosen = np.random.default_rng(seed).permutation(len(pictures))[:count]
    return [pictures[i] for i in sorted(chosen)]


def sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure statistics, write statistics.bin and model.json.")
    parser.add_argument("--data", type=Path, default=data.DATA_DEFAULT)
    parser.add_argument("--out", type=Path, default=MODEL_DEFAULT)
    parser.add_argument("--font", type=Path, default=pictograms.FONT_DEFAULT)
    parser.add_argument("--name", default="1", help="version")
    parser.add_argument("--pictures", type=int, default=600)
    parser.add_argument("--every-glyph", type=int, default=3, help="use each n-th emoji")
    args = parser.parse_args()
    model = args.out / "model.onnx"
    session = open_session(model)
    pictures = pick(data.list_pictures(args.data), args.pictures)
    glyphs = pictograms.training_glyphs()[:: args.every_glyph]
    mean, covariance, pictogram_mean = measure(
        session, data.STUDENT_PATCH, STUDENT_CELLS, pictures, pictograms.open_font(args.font), glyphs
    )
    d = len(mean)
    whitening = whiten.fit(mean, covariance, REGULARISER)
    parts = np.concatenate([mean, pictogram_mean, whitening.matrix.reshape(-1)]).astype("<f4")
    numbers = args.out / "statistics.bin"
    numbers.write_bytes(parts.tobytes())
    card = {
        "id": f"starter-{args.name}",
        "name": "Lookalike starter",
        "version": args.name,
        "licence": "Apache-2.0",
        "file": model.name,
        "bytes": model.stat().st_size,
        "sha256": sha256(model),
        "patch": data.STUDENT_PATCH,
        "dimensions": d,
        "prefixTokens": 1,
        "input": {
            "name": "pixel_values",
            "mean": [0.485, 0.456, 0.406],
            "std": [0.229, 0.224, 0.225],
            "preferredLongSide": STUDENT_CELLS * data.STUDENT_PATCH,
        },
        "output": {"name": "last_hidden_state"},
        "statistics": {
            "file": numbers.name,
            "sha256": sha256(numbers),
            "photoMean": {"offset": 0, "length": d},
            "pictogramMean": {"offset": d, "length": d},
            "whitening": {
                "offset": 2 * d,
                "length": d * d,
                "layout": "row-major",
                "regulariser": REGULARISER,
            },
        },
    }
    (args.out / "model.json").write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
    print(f"{card['id']}: {card['bytes']} bytes, statistics over {len(pictures)} pictures and {len(glyphs)} emoji")


if __name__ == "__main__":
    main()
