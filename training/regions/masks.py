"""Objects of coco-bank and of the people: label maps, and cut-outs to paste elsewhere."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

OUTSIDE = 255
# Every fourth picture of the bank is never trained on: the tree and the ranking are tuned on these.
HELD_OUT_EVERY = 4
SMALLEST_CUTOUT = 48


def decode_runs(segmentation: dict) -> np.ndarray:
    """COCO run lengths (plain or compressed) -> u8 [h,w]."""
    height, width = segmentation["size"]
    counts = segmentation["counts"]
    if isinstance(counts, str):
        counts = decompress(counts)
    mask = np.zeros(height * width, np.uint8)
    at, value = 0, 0
    for count in counts:
        mask[at : at + count] = value
        at += count
        value ^= 1
    return mask.reshape(width, height).T


def decompress(text: str) -> list[int]:
    """COCO's compressed counts: base 32 in ASCII from 48, differences to the count before last from the third on."""
    counts: list[int] = []
    at = 0
    while at < len(text):
        value = shift = 0
        more = True
        while more:
            digit = ord(text[at]) - 48
            value |= (digit & 31) << shift
            more = bool(digit & 32)
            at += 1
            shift += 5
            if not more and digit & 16:
                value |= -1 << shift
        counts.append(value + counts[-2] if len(counts) > 2 else value)
    return counts


def mask_of(annotation: dict, height: int, width: int) -> np.ndarray:
    """u8 [h,w] of one COCO annotation."""
    segmentation = annotation["segmentation"]
    if isinstance(segmentation, dict):
        return decode_runs(segmentation)
    image = Image.new("L", (width, height))
    draw = ImageDraw.Draw(image)
    for polygon in segmentation:
        if len(polygon) >= 6:
            draw.polygon([float(v) for v in polygon], fill=1, outline=1)
    return np.array(image)


@dataclass
class BankPicture:
    """A COCO picture with its annotations, largest first."""

    path: Path
    width: int
    height: int
    annotations: list[dict]
    held_out: bool

    def image(self) -> Image.Image:
        return Image.open(self.path).convert("RGB")

    def masks(self) -> list[np.ndarray]:
        """Of things that are no crowds, largest first."""
        return [m for m, crowd in self._drawn() if not crowd]

    def labels(self) -> np.ndarray:
        """u8 [h,w]: 1..254 objects (small over large), 0 crowds, OUTSIDE the rest."""
        labels = np.full((self.height, self.width), OUTSIDE, np.uint8)
        drawn = self._drawn()
        for mask, crowd in drawn:
            if crowd:
                labels[mask > 0] = 0
        number = 0
        for mask, crowd in drawn:
            if not crowd and number < 254:
                number += 1
                labels[mask > 0] = number
        return labels

    def _drawn(self) -> list[tuple[np.ndarray, bool]]:
        drawn = [(mask_of(a, self.height, self.width), bool(a.get("iscrowd"))) for a in self.annotations]
        return sorted((d for d in drawn if d[0].any()), key=lambda d: -int(d[0].sum()))


def bank_pictures(root: Path, name: str = "coco-bank") -> list[BankPicture]:
    """All pictures of a COCO set, in the order of its file."""
    listing = json.loads((root / name / "annotations.json").read_text())
    by_image: dict[int, list[dict]] = {}
    for annotation in listing["annotations"]:
        by_image.setdefault(annotation["image_id"], []).append(annotation)
    return [
        BankPicture(
            root / name / "images" / image["file_name"],
            image["width"],
            image["height"],
            by_image.get(image["id"], []),
            name == "coco-bank" and index % HELD_OUT_EVERY == 0,
        )
        for index, image in enumerate(listing["images"])
    ]


def cutouts_of(pictures: list[BankPicture], root: Path) -> list[tuple[Image.Image, Image.Image]]:
    """(picture, mask) pairs, cropped to the object: things of the bank that are large enough, and people."""
    found = []
    for picture in pictures:
        image = picture.image()
        for mask in picture.masks():
            add_cutout(found, image, mask)
    folder = root / "regions" / "people"
    for file in sorted(folder.iterdir())[::4]:
        labels = np.array(Image.open(file))
        image = Image.open(root / "photos" / "people" / f"{file.stem}.webp").convert("RGB")
        add_cutout(found, image, (labels > 0).astype(np.uint8))
    return found


def add_cutout(found: list, image: Image.Image, mask: np.ndarray) -> None:
    """Appends an object unless it is small or lies at the border, where it may be cut off."""
    ys, xs = np.nonzero(mask)
    if len(xs) == 0:
        return
    left, top, right, bottom = int(xs.min()), int(ys.min()), int(xs.max()) + 1, int(ys.max()) + 1
    if min(right - left, bottom - top) < SMALLEST_CUTOUT:
        return
    if left <= 1 or top <= 1 or right >= mask.shape[1] - 1:
        return
    box = (left, top, right, bottom)
    found.append((image.crop(box), Image.fromarray(mask * 255).crop(box)))
