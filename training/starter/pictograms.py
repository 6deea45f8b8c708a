"""Pictograms: colour emoji glyphs drawn on varied grounds, for training and for the "pictograms only" figures.

Glyphs come from NotoColorEmoji.ttf (SIL OFL 1.1), the bitmap build in Debian's `fonts-noto-color-emoji`; its strikes are
109 px. The list of emoji comes from the npm package `emojibase-data` (MIT), which the app depends on anyway.
Get the font without installing it:

    apt-get download fonts-noto-color-emoji && dpkg -x fonts-noto-color-emoji_*.deb .cache/font
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

import data

FONT_DEFAULT = Path(
    os.environ.get("LOOKALIKE_EMOJI_FONT", data.CACHE / "font/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf")
)
EMOJI_LIST = data.HERE.parents[1] / "node_modules" / "emojibase-data" / "en" / "compact.json"
STRIKE = 109  # px, the font's only bitmap size
GRID = 12  # patches a side in a training view
# emojibase groups: 0 smileys, 1 people, 3 animals, 4 food, 5 travel, 6 activities, 7 objects, 8 symbols; not 9, flags
GROUPS = {0, 1, 3, 4, 5, 6, 7, 8}

# The glyphs that stand for each COCO class in `evaluate.py`. Classes without a fitting glyph are left out.
COCO_GLYPHS: dict[str, str] = {
    "person": "🧍 🚶 🏃 🧑 👨 👩 👦 👧",
    "bicycle": "🚲 🚴",
    "car": "🚗 🚙 🚘 🚖",
    "motorcycle": "🏍 🛵",
    "airplane": "✈ 🛩 🛫",
    "bus": "🚌 🚍 🚎",
    "train": "🚆 🚂 🚅 🚄",
    "truck": "🚚 🚛 🛻",
    "boat": "⛵ 🛶 🚤 🛥 ⛴",
    "traffic light": "🚦 🚥",
    "stop sign": "🛑",
    "parking meter": "🅿",
    "bench": "🪑",
    "bird": "🐦 🦜 🕊 🦆 🦅",
    "cat": "🐈 🐱",
    "dog": "🐕 🐶 🐩 🦮",
    "horse": "🐎 🐴 🏇",
    "sheep": "🐑 🐏",
    "cow": "🐄 🐮 🐂",
    "elephant": "🐘",
    "bear": "🐻 🐼",
    "zebra": "🦓",
    "giraffe": "🦒",
    "backpack": "🎒",
    "umbrella": "☂ ☔ 🌂 ⛱",
    "handbag": "👜 👛",
    "tie": "👔",
    "suitcase": "🧳",
    "frisbee": "🥏",
    "skis": "🎿 ⛷",
    "snowboard": "🏂",
    "sports ball": "⚽ 🏀 🎾 ⚾",
    "kite": "🪁",
    "baseball bat": "🏏",
    "baseball glove": "🥎",
    "skateboard": "🛹",
    "surfboard": "🏄",
    "tennis racket": "🎾 🏸",
    "bottle": "🍾 🍼",
    "wine glass": "🍷 🥂",
    "cup": "☕ 🥤 🍵",
    "fork": "🍴",
    "knife": "🔪",
    "spoon": "🥄",
    "bowl": "🥣 🥗",
    "banana": "🍌",
    "apple": "🍎 🍏",
    "sandwich": "🥪 🍔",
    "orange": "🍊",
    "broccoli": "🥦",
    "carrot": "🥕",
    "hot dog": "🌭",
    "pizza": "🍕",
    "donut": "🍩",
    "cake": "🎂 🍰",
    "chair": "🪑",
    "couch": "🛋",
    "potted plant": "🪴",
    "bed": "🛏 🛌",
    "dining table": "🍽",
    "toilet": "🚽",
    "tv": "📺 🖥",
    "laptop": "💻",
    "mouse": "🖱",
    "remote": "🎛",
    "keyboard": "⌨",
    "cell phone": "📱 📲",
    "microwave": "♨",
    "sink": "🚰",
    "refrigerator": "🧊",
    "book": "📖 📚 📕",
    "clock": "🕰 🕒 ⏰",
    "vase": "🏺 ⚱",
    "scissors": "✂",
    "teddy bear": "🧸",
    "toothbrush": "🪥",
}
# Too loose to count as a picture of the class: excluded from the figures.
LOOSE = {"parking meter", "microwave", "refrigerator", "remote", "baseball glove"}


def coco_glyphs() -> dict[str, list[str]]:
    """Class name -> its glyphs."""
    return {name: glyphs.split() for name, glyphs in COCO_GLYPHS.items() if name not in LOOSE}


def training_glyphs() -> list[str]:
    """Every emoji but flags and skin tones, in the list's order."""
    if not EMOJI_LIST.is_file():
        sys.exit(f"Emoji list not found: {EMOJI_LIST}. Run the package manager's install in the repository first.")
    entries = json.loads(EMOJI_LIST.read_text(encoding="utf-8"))
    return [e["unicode"] for e in entries if e.get("group") in GROUPS]


def open_font(path: Path) -> ImageFont.FreeTypeFont:
    """The colour font at its bitmap size."""
    if not path.is_file():
        sys.exit(f"Emoji font not found: {path}. See the top of pictograms.py for how to get it.")
    return ImageFont.truetype(str(path), STRIKE)


def draw_glyph(font: ImageFont.FreeTypeFont, glyph: str) -> Image.Image | None:
    """The glyph as RGBA, cropped to its ink; None when the font has no picture for it."""
    # U+FE0F asks for the coloured form.
    text = glyph if "\ufe0f" in glyph or len(glyph) > 1 else glyph + "\ufe0f"
    canvas = Image.new("RGBA", (STRIKE * 3, STRIKE * 2), (0, 0, 0, 0))
    ImageDraw.Draw(canvas).text((20, 30), text, font=font, embedded_color=True)
    box = canvas.getchannel("A").getbbox()
    return canvas.crop(box) if box else None


def compose(
    glyph: Image.Image | None, ground: Image.Image, fill: float, at: tuple[float, float]
) -> tuple[Image.Image, np.ndarray]:
    """Lay the glyph on the ground; `fill` is its long side as a share of the canvas, `at` its place in the free room.
    Returns the RGB picture and the glyph's coverage f32 [h,w] in 0..1."""
    side = ground.width
    layer = Image.new("RGBA", ground.size, (0, 0, 0, 0))
    if glyph is not None:
        scale = fill * side / max(glyph.size)
        w, h = max(1, round(glyph.width * scale)), max(1, round(glyph.height * scale))
        small = glyph.resize((w, h), Image.Resampling.BICUBIC)
        layer.paste(small, (round((side - w) * at[0]), round((side - h) * at[1])))
    picture = Image.alpha_composite(ground.convert("RGBA"), layer).convert("RGB")
    return picture, np.asarray(layer.getchannel("A"), np.float32) / 255


def neutral_view(font: ImageFont.FreeTypeFont, glyph: str, side: int, grey: int) -> tuple[np.ndarray, np.ndarray]:
    """The view used for references: centred, three quarters of the canvas, on one grey. (u8 [s,s,3], coverage f32 [s,s])"""
    ground = Image.new("RGB", (side, side), (grey, grey, grey))
    picture, coverage = compose(draw_glyph(font, glyph), ground, 0.75, (0.5, 0.5))
    return np.asarray(picture, np.uint8), coverage


def random_ground(side: int, rng: np.random.Generator) -> Image.Image:
    """Greys mostly, else one colour, else a smooth gradient between two colours."""
    kind = rng.random()
    if kind < 0.5:
        grey = int(rng.integers(60, 256))
        return Image.new("RGB", (side, side), (grey, grey, grey))
    first = rng.integers(40, 256, 3)
    if kind < 0.7:
        return Image.new("RGB", (side, side), tuple(int(v) for v in first))
    second = rng.integers(40, 256, 3)
    corners = np.stack([first, second, (first + second) // 2, first])[rng.permutation(4)].reshape(2, 2, 3)
    return Image.fromarray(corners.astype(np.uint8)).resize((side, side), Image.Resampling.BICUBIC)


def random_view(font: ImageFont.FreeTypeFont, glyph: str, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """One training view of a glyph: (teacher pixels u8 [168,168,3], student pixels u8 [192,192,3])."""
    drawn = draw_glyph(font, glyph)
    if drawn is not None:
        if rng.random() < 0.5:
            drawn = drawn.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        drawn = drawn.rotate(float(rng.uniform(-12, 12)), Image.Resampling.BICUBIC, expand=True)
    fill, at = float(rng.uniform(0.45, 1.0)), (float(rng.random()), float(rng.random()))
    ground = random_ground(GRID * data.STUDENT_PATCH * 2, rng)
    large, _ = compose(drawn, ground, fill, at)
    views = [
        np.asarray(large.resize((GRID * patch,) * 2, Image.Resampling.BICUBIC), np.uint8)
        for patch in (data.TEACHER_PATCH, data.STUDENT_PATCH)
    ]
    return views[0], views[1]
