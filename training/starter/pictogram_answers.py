"""What is seen in pictograms, mostly by the teacher, to be shipped with the starter.

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
from teacher import TEACHER_DEFAULT, open_session, patch_tokens
from token_statistics import GLYPH_CELLS, GREYS, coverage_cells, pool, sha256
from train import MODEL_DEFAULT

FILE = "pictograms.bin"
BATCH = 16
SHARE = 0.6  # of the teacher; on the even half of coco-dev 0.5 to 1 are alike, the sample scenes lose from 0.7 on


def see(tokens_of, patch: int, font, glyphs: list[str]) -> np.ndarray:
    """A model's mean token in each glyph, f32 [n,D]. `tokens_of`: u8 [b,s,s,3] -> [b,g,g,D]."""
    side, vectors = GLYPH_CELLS * patch, []
    for start in range(0, len(glyphs), BATCH):
        views = [pictograms.neutral_view(font, glyph, side, GREYS[0]) for glyph in glyphs[start : start + BATCH]]
        tokens = tokens_of(np.stack([picture for picture, _ in views]))
        vectors += [pool(t, coverage_cells(c, GLYPH_CELLS, GLYPH_CELLS)) for t, (_, c) in zip(tokens, views)]
    return np.stack(vectors).astype(np.float32)


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
    font = pictograms.open_font(args.font)
    names = dict.fromkeys(glyph.replace("\ufe0f", "") for glyph in pictograms.training_glyphs())
    glyphs = [glyph for glyph in names if len(glyph) == 1 and pictograms.draw_glyph(font, glyph) is not None]
    stored = args.cache / "teacher-answers.npz"
    if not stored.exists():
        np.savez(stored, vectors=see(Encoder(args.teacher).tokens, data.TEACHER_PATCH, font, glyphs))
    taught = np.load(stored)["vectors"]
    session = open_session(args.out / "model.onnx", args.threads)
    own = see(lambda pixels: patch_tokens(session, pixels, data.STUDENT_PATCH), data.STUDENT_PATCH, font, glyphs)
    vectors = SHARE * (taught - taught.mean(0)) + (1 - SHARE) * (own - own.mean(0))
    card = json.loads((args.out / "model.json").read_text(encoding="utf-8"))
    place = card["statistics"]["pictogramMean"]
    mean = np.fromfile(args.out / card["statistics"]["file"], "<f4")[place["offset"] :][: place["length"]]
    file = args.out / FILE
    file.write_bytes(pack(vectors + mean))
    card["pictograms"] = {"file": FILE, "sha256": sha256(file), "glyphs": " ".join(glyphs)}
    (args.out / "model.json").write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{FILE}: {file.stat().st_size} bytes, {len(glyphs)} emoji")


if __name__ == "__main__":
    main()
