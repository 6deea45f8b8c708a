"""Composed views: crops side by side, and cut-out objects and emoji laid on photographs.

There are few photographs, and in each of them the object and its surroundings come together. A composed view breaks that
up, and because the teacher looks at the composed picture itself, its answer is exact. Pictures of single objects are drawn
more often than streets, facades and portraits, of which there are many alike. Masks of `coco-bank` serve as scissors; its
class names are not used. `coco-dev` is never read here.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

import data
import pictograms
from objects import load_objects

SIDE = data.VIEW_STUDENT  # px of the canvas; the teacher's view is resized from it
PIECE = 256  # px, long side of a stored cut-out
KEPT = 640  # px, long side of the decoded pictures kept in memory
BLENDED = 0.1  # share of views that are a mean of two
# How often a picture of each folder is drawn, by folder name.
WEIGHTS = {"objects": 4, "coco-bank": 4, "everyday": 3, "nature": 2, "kodak": 2, "more": 1.5, "clothing-bank": 0.7, "people": 0.5}
OTHER_WEIGHT = 0.4


def picture_weight(path: Path) -> float:
    """The drawing weight of one training picture."""
    folder = path.parent.name if path.parent.name not in ("images", "photos") else path.parent.parent.name
    return WEIGHTS.get(folder, OTHER_WEIGHT)


def cut_objects(folder: Path) -> list[Image.Image]:
    """Objects of a folder with COCO annotations, as RGBA pictures cropped to their masks."""
    pieces, last, image = [], None, None
    for item in sorted(load_objects(folder), key=lambda o: str(o["file"])):
        if item["file"] != last:
            last, image = item["file"], data.load_rgb(item["file"])
        mask = Image.new("L", item["size"], 0)
        draw = ImageDraw.Draw(mask)
        for polygon in item["polygons"]:
            if len(polygon) >= 6:
                draw.polygon(polygon, fill=255)
        box = mask.getbbox()
        if box is None:
            continue
        piece = image.convert("RGBA")
        piece.putalpha(mask)
        piece = piece.crop(box)
        piece.thumbnail((PIECE, PIECE), Image.Resampling.BICUBIC)
        pieces.append(piece)
    return pieces


def load_cutouts(folder: Path) -> list[Image.Image]:
    """RGBA pictures of `folder`, cropped to what is not clear. Empty where the folder is missing."""
    pieces = []
    for file in sorted(folder.glob("*.png")):
        piece = Image.open(file).convert("RGBA")
        piece = piece.crop(piece.getchannel("A").getbbox())
        piece.thumbnail((PIECE, PIECE), Image.Resampling.BICUBIC)
        pieces.append(piece)
    return pieces


class Mixer:
    """Draws composed views. `view(rng)` -> (teacher pixels u8 [224,224,3], student pixels u8 [256,256,3])."""

    def __init__(self, folder: Path, font: ImageFont.FreeTypeFont) -> None:
        self.pictures = [p for p in data.list_pictures(folder) if not data.is_held_out(p)]
        weights = np.array([picture_weight(p) for p in self.pictures])
        self.chances = weights / weights.sum()
        self.pieces = cut_objects(folder / "coco-bank") + load_cutouts(data.MORE / "cutouts")
        self.kept: dict[int, Image.Image] = {}
        self.font = font
        self.glyphs = pictograms.training_glyphs()

    def crop(self, rng: np.random.Generator) -> Image.Image:
        """A random square cut of a random picture, SIDE px."""
        index = int(rng.choice(len(self.pictures), p=self.chances))
        if index not in self.kept:
            decoded = data.load_rgb(self.pictures[index])
            decoded.thumbnail((KEPT, KEPT), Image.Resampling.BICUBIC)
            self.kept[index] = decoded
        image = self.kept[index]
        view = image.resize((SIDE, SIDE), Image.Resampling.BICUBIC, box=data.sample_box(image.size, rng))
        return view.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if rng.random() < 0.5 else view

    def tiles(self, rng: np.random.Generator) -> Image.Image:
        """Two or four cuts that meet at a random point."""
        canvas = self.crop(rng)
        x, y = (int(rng.uniform(0.3, 0.7) * SIDE) for _ in range(2))
        corners = [[(x, 0)], [(0, y)], [(x, 0), (0, y), (x, y)]][rng.integers(3)]
        for corner in corners:
            canvas.paste(self.crop(rng), corner)
        return canvas

    def lay_on(self, canvas: Image.Image, rng: np.random.Generator) -> None:
        """Lay one to three cut-outs on the canvas; they may stick out of it."""
        for _ in range(rng.integers(1, 4)):
            piece = self.pieces[rng.integers(len(self.pieces))]
            if rng.random() < 0.4:
                piece = pictograms.draw_glyph(self.font, self.glyphs[rng.integers(len(self.glyphs))])
                if piece is None:
                    continue
            if rng.random() < 0.5:
                piece = piece.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
            piece = piece.rotate(float(rng.uniform(-15, 15)), Image.Resampling.BICUBIC, expand=True)
            scale = rng.uniform(0.25, 0.85) * SIDE / max(piece.size)
            w, h = (max(4, round(v * scale)) for v in piece.size)
            piece = piece.resize((w, h), Image.Resampling.BICUBIC)
            at = (int(rng.uniform(-w / 4, SIDE - 3 * w / 4)), int(rng.uniform(-h / 4, SIDE - 3 * h / 4)))
            canvas.paste(piece, at, piece)

    def view(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """One composed view, or now and then a mean of two, which is like no photograph but has an exact answer too."""
        canvas = self.compose(rng)
        if rng.random() < BLENDED:
            canvas = Image.blend(canvas, self.compose(rng), float(rng.uniform(0.25, 0.5)))
        small = canvas.resize((data.VIEW_TEACHER, data.VIEW_TEACHER), Image.Resampling.BICUBIC)
        return np.asarray(small, np.uint8), np.asarray(canvas, np.uint8)

    def compose(self, rng: np.random.Generator) -> Image.Image:
        """A canvas of SIDE px: a plain cut (3 in 10), cut-outs on a cut (3), tiles (2.5), or cut-outs on tiles (1.5)."""
        kind = rng.random()
        canvas = self.crop(rng) if kind < 0.6 else self.tiles(rng)
        if 0.3 <= kind < 0.6 or kind >= 0.85:
            self.lay_on(canvas, rng)
        return canvas
