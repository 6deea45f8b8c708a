"""What the teacher sees in pictograms, to be shipped with the starter.

    python pictogram_answers.py                after token_statistics.py: writes pictograms.bin, and adds it to model.json

Emoji are the same for everyone, so the starter need not look at them: the teacher has. The starter's own answers are in the
teacher's space, and a photograph seen by the starter meets the teacher's answer on an emoji better than its own (see
evaluate.py). One mean token for each emoji, on grey, pooled by the glyph's mask; rounded to 8 bits with a scale of its own.
`pictograms.bin` is little-endian: f32 scales [emoji], then i8 [emoji, D]. The emoji are listed in `model.json` in that order.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import torch

import data
import pictograms
from encoder import Encoder
from teacher import TEACHER_DEFAULT
from token_statistics import GLYPH_CELLS, GREYS, coverage_cells, pool, sha256
from train import MODEL_DEFAULT

FILE = "pictograms.bin"
BATCH = 16


def see(encoder: Encoder, font, glyphs: list[str]) -> tuple[list[str], np.ndarray]:
    """The glyphs that the font has, and the teacher's mean token in each, f32 [n,D]."""
    side, kept, vectors = GLYPH_CELLS * data.TEACHER_PATCH, [], []
    for start in range(0, len(glyphs), BATCH):
        group = [g for g in glyphs[start : start + BATCH] if pictograms.draw_glyph(font, g) is not None]
        views = [pictograms.neutral_view(font, glyph, side, GREYS[0]) for glyph in group]
        tokens = encoder.tokens(np.stack([picture for picture, _ in views]))
        vectors += [pool(t, coverage_cells(c, GLYPH_CELLS, GLYPH_CELLS)) for t, (_, c) in zip(tokens, views)]
        kept += group
    return kept, np.stack(vectors).astype(np.float32)


def pack(vectors: np.ndarray) -> bytes:
    scales = (np.abs(vectors).max(1) / 127).astype("<f4")
    return scales.tobytes() + np.rint(vectors / scales[:, None]).astype(np.int8).tobytes()


def unpack(content: bytes, count: int) -> np.ndarray:
    """f32 [count, D]"""
    scales = np.frombuffer(content, "<f4", count)
    return np.frombuffer(content, np.int8, offset=4 * count).reshape(count, -1) * scales[:, None]


def read_answers(folder: Path) -> dict[str, np.ndarray]:
    """What ships in a model's folder: glyph without U+FE0F -> mean token [D]; empty where nothing does."""
    listed = json.loads((folder / "model.json").read_text(encoding="utf-8")).get("pictograms")
    if not listed:
        return {}
    glyphs = listed["glyphs"].split(" ")
    return dict(zip(glyphs, unpack((folder / listed["file"]).read_bytes(), len(glyphs))))


def main() -> None:
    parser = argparse.ArgumentParser(description="Write what the teacher sees in pictograms.")
    parser.add_argument("--out", type=Path, default=MODEL_DEFAULT)
    parser.add_argument("--teacher", type=Path, default=TEACHER_DEFAULT)
    parser.add_argument("--cache", type=Path, default=data.CACHE)
    parser.add_argument("--font", type=Path, default=pictograms.FONT_DEFAULT)
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    names = dict.fromkeys(glyph.replace("\ufe0f", "") for glyph in pictograms.training_glyphs())
    wanted = [glyph for glyph in names if len(glyph) == 1]
    stored = args.cache / "teacher-answers.npz"
    if not stored.exists():
        glyphs, vectors = see(Encoder(args.teacher), pictograms.open_font(args.font), wanted)
        np.savez(stored, glyphs=glyphs, vectors=vectors)
    glyphs, vectors = np.load(stored)["glyphs"], np.load(stored)["vectors"]
    card = json.loads((args.out / "model.json").read_text(encoding="utf-8"))
    place = card["statistics"]["pictogramMean"]
    mean = np.fromfile(args.out / card["statistics"]["file"], "<f4")[place["offset"] :][: place["length"]]
    file = args.out / FILE
    file.write_bytes(pack(vectors - vectors.mean(0) + mean))
    card["pictograms"] = {"file": FILE, "sha256": sha256(file), "glyphs": " ".join(glyphs)}
    (args.out / "model.json").write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{FILE}: {file.stat().st_size} bytes, {len(glyphs)} emoji")


if __name__ == "__main__":
    main()
