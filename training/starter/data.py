"""Pictures for training: which files there are, which are held out, and the square views cut from them.

A *view* is one square cut of one picture, resized twice: VIEW_TEACHER px for the teacher (patch 14) and VIEW_STUDENT px
for the student (patch 16), so both see the same GRID x GRID cells and tokens correspond one to one.

The data folder holds `photos/<kind>/*.webp`, `coco-bank/images/*.jpg`, `clothing-bank/images/*.jpg`, and the cache what
more_pictures.py put there; nothing of it is copied into the repository. `coco-dev` and `clothing-dev` are never read here.
"""

from __future__ import annotations

import hashlib
import math
import os
import sys
from pathlib import Path

import numpy as np
from PIL import Image

HERE = Path(__file__).resolve().parent
CACHE = HERE / ".cache"
MORE = CACHE / "more"  # made by more_pictures.py
DATA_DEFAULT = Path(os.environ.get("LOOKALIKE_DATA", HERE.parents[1] / ".." / "shared" / "data"))

TEACHER_PATCH = 14
STUDENT_PATCH = 16
GRID = 16
VIEW_TEACHER = GRID * TEACHER_PATCH
VIEW_STUDENT = GRID * STUDENT_PATCH
# Every picture is measured as if its long side were this many teacher pixels: the scale the app works at.
REFERENCE_LONG_SIDE = 448

MEAN = np.array([0.485, 0.456, 0.406], np.float32)
STD = np.array([0.229, 0.224, 0.225], np.float32)

SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}
HELD_OUT_SHARE = 0.05


def need_folder(path: Path, what: str) -> Path:
    """Return `path`, or end the program with a plain message that says what is missing."""
    if not path.is_dir():
        sys.exit(f"{what} not found: expected the folder {path}. Pass --data to say where the data lie.")
    return path


def list_pictures(data: Path) -> list[Path]:
    """All training pictures, sorted, held-out ones included (see `is_held_out`)."""
    need_folder(data, "Training data")
    folders = [data / "photos", data / "coco-bank" / "images", data / "clothing-bank" / "images"]
    for folder in folders:
        need_folder(folder, "Training pictures")
    folders.append(MORE / "photos")  # optional
    found = [p for folder in folders for p in folder.rglob("*") if p.suffix.lower() in SUFFIXES]
    if not found:
        sys.exit(f"No pictures under {', '.join(map(str, folders))}.")
    return sorted(found)


def is_held_out(path: Path) -> bool:
    """True for the fixed twentieth of the photographs that is only ever measured on (by hash of kind and name).
    Bank pictures are never held out here: coco-dev plays that part."""
    if path.parent.parent.name != "photos":
        return False
    digest = hashlib.sha256(f"{path.parent.name}/{path.name}".encode()).digest()
    return digest[0] / 256 < HELD_OUT_SHARE


def load_rgb(path: Path) -> Image.Image:
    """Open as RGB; transparency is laid on mid grey."""
    image = Image.open(path)
    if image.mode in ("RGBA", "LA", "P"):
        image = image.convert("RGBA")
        ground = Image.new("RGBA", image.size, (128, 128, 128, 255))
        return Image.alpha_composite(ground, image).convert("RGB")
    return image.convert("RGB")


def sample_box(size: tuple[int, int], rng: np.random.Generator) -> tuple[float, float, float, float]:
    """A crop box (left, top, right, bottom) in source pixels for one view.

    Its sides are drawn log-uniformly between 130 and the whole of the picture, in a frame whose long side is
    REFERENCE_LONG_SIDE; 224 there is the scale the app works at. The aspect may be off square by up to 4:3.
    """
    width, height = size
    frame = REFERENCE_LONG_SIDE / max(width, height)
    low, high = math.log(130), math.log(360)
    side = math.exp(rng.uniform(low, high)) / frame
    aspect = math.exp(rng.uniform(-0.5, 0.5) * math.log(4 / 3))
    w = min(side * aspect, width)
    h = min(side / aspect, height)
    if w / h > 1.5:
        w = h * 1.5
    if h / w > 1.5:
        h = w * 1.5
    left = rng.uniform(0, width - w)
    top = rng.uniform(0, height - h)
    return left, top, left + w, top + h


def cut_view(image: Image.Image, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """One random view: (teacher pixels u8 [224,224,3], student pixels u8 [256,256,3])."""
    box = sample_box(image.size, rng)
    flip = rng.random() < 0.5
    views = []
    for side in (VIEW_TEACHER, VIEW_STUDENT):
        view = image.resize((side, side), Image.Resampling.BICUBIC, box=box, reducing_gap=None)
        if flip:
            view = view.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        views.append(np.asarray(view, np.uint8))
    return views[0], views[1]


def normalise(pixels: np.ndarray) -> np.ndarray:
    """u8 [b,h,w,3] -> f32 [b,3,h,w] with the ImageNet mean and deviation."""
    x = (pixels.astype(np.float32) / 255.0 - MEAN) / STD
    return np.ascontiguousarray(x.transpose(0, 3, 1, 2))
