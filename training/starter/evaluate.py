"""The figures in MODEL_CARD.md, all from one run.

    python evaluate.py                 everything; the teacher's vectors are cached in .cache/
    python evaluate.py --no-teacher    only the starter and mean colour

Objects are ground-truth masks of coco-bank and coco-dev (COCO instance format), no crowds, at least objects.MIN_AREA source pixels.
A region is classified by comparing it with the regions of all *other* pictures (leave one picture out); classes seen in
one picture only are left out. For the pictograms' figures, emoji are the only references.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

import data
import pictograms
import whiten
from objects import load_objects
from teacher import TEACHER_DEFAULT, open_session, patch_tokens
from pictogram_answers import read_answers
from token_statistics import STUDENT_CELLS, TEACHER_CELLS, coverage_cells, fit_cells
from token_statistics import glyph_vectors, measure, pick, picture_tokens, pool
from train import MODEL_DEFAULT, teacher_whitening

@dataclass(frozen=True)
class Space:
    """How one model's pooled vectors become descriptors: domain means [D], a whitening matrix [D,D] and its regulariser."""

    photo_mean: np.ndarray
    pictogram_mean: np.ndarray
    matrix: np.ndarray
    regulariser: float

    def firmer(self, firm: float = 5.0) -> np.ndarray:
        """The matrix P for pictograms so that (W x)(P y) is their product under the regulariser `firm`: what the app does
        (workers/features/cross-domain.ts)."""
        size = len(self.matrix)
        energy = np.trace(np.linalg.inv(self.matrix.T @ self.matrix)) / (size * (1 + self.regulariser))
        grown = np.eye(size) + (firm - self.regulariser) * energy * self.matrix @ self.matrix.T
        return np.linalg.solve(grown, self.matrix)

    def describe(self, pooled: np.ndarray, whitened: bool, pictogram: bool = False) -> np.ndarray:
        """[..., D] -> unit vectors. Raw keeps the vector as it is."""
        if whitened:
            pooled = (pooled - (self.pictogram_mean if pictogram else self.photo_mean)) @ self.matrix.T
        return pooled / np.maximum(np.linalg.norm(pooled, axis=-1, keepdims=True), 1e-9)


def object_cells(item: dict, rows: int, columns: int) -> np.ndarray:
    """Share of each patch inside the object's mask, f32 [rows, columns]."""
    mask = Image.new("L", item["size"], 0)
    draw = ImageDraw.Draw(mask)
    for polygon in item["polygons"]:
        if len(polygon) >= 6:
            draw.polygon(polygon, fill=255)
    return coverage_cells(np.asarray(mask, np.float32) / 255, rows, columns)


def colour_tokens(image: Image.Image) -> np.ndarray:
    """The control: mean colour of each cell, f32 [rows, columns, 3] in 0..1."""
    return np.asarray(image.resize(fit_cells(image.size, TEACHER_CELLS), Image.Resampling.BOX), np.float32) / 255


class Colours:
    """Mean colour with the session's interface, so that glyphs go the same way."""

    def run(self, _, feed):
        x = feed["pixel_values"].transpose(0, 2, 3, 1) * data.STD + data.MEAN
        b, h, w, _ = x.shape
        cells = x.reshape(b, h // 14, 14, w // 14, 14, 3).mean((2, 4)).reshape(b, -1, 3)
        return [np.concatenate([cells[:, :1], cells], 1)]


def object_vectors(objects: list[dict], tokens_of) -> np.ndarray:
    """Pooled vectors f32 [objects, D]; `tokens_of(image)` gives the tokens of a picture."""
    out, last, tokens = [], None, None
    for item in objects:
        if item["file"] != last:
            last, tokens = item["file"], tokens_of(data.load_rgb(item["file"]))
        out.append(pool(tokens, object_cells(item, *tokens.shape[:2])))
    return np.stack(out)


def leave_one_out(x: np.ndarray, labels: np.ndarray, pictures: np.ndarray) -> dict[str, np.ndarray]:
    """Unit descriptors [n,D] -> for each rule, which objects [n] are labelled right. No picture is its own reference."""
    classes = labels.max() + 1
    onehot = np.eye(classes)[labels]
    sums = onehot.T @ x
    right = {rule: np.zeros(len(x), bool) for rule in ("nearest", "prototype", "both")}
    for picture in np.unique(pictures):
        inside = pictures == picture
        prototypes = sums - onehot[inside].T @ x[inside]
        known = (onehot[~inside].sum(0)) > 0
        prototypes /= np.maximum(np.linalg.norm(prototypes, axis=1, keepdims=True), 1e-9)
        similar = x[inside] @ x[~inside].T
        best = np.stack([similar[:, labels[~inside] == c].max(1, initial=-9) for c in range(classes)], 1)
        mean = np.where(known, x[inside] @ prototypes.T, -9)
        for rule, score in (("nearest", best), ("prototype", mean), ("both", (best + mean) / 2)):
            right[rule][inside] = score.argmax(1) == labels[inside]
    return right


def from_pictograms(x: np.ndarray, names: list[str], glyphs: dict[str, np.ndarray]) -> tuple[float, float]:
    """Objects [n,D] against glyph descriptors per class [k,D]: (top-1, top-5) over objects whose class has glyphs."""
    order = sorted(glyphs)
    score = np.stack(
        [
            (x @ glyphs[c].T).max(1) / 2 + x @ (glyphs[c].mean(0) / np.linalg.norm(glyphs[c].mean(0))) / 2
            for c in order
        ],
        1,
    )
    asked = np.array([n in glyphs for n in names])
    truth = np.array([order.index(n) if n in glyphs else -1 for n in names])
    ranked = (-score).argsort(1)
    top = ranked == truth[:, None]
    return float(top[asked, 0].mean()), float(top[asked, :5].any(1).mean())


def linear_fit(student: list[np.ndarray], teacher: list[np.ndarray]) -> tuple[float, float]:
    """Least squares student -> teacher on the first half of pictures, mean cosine on the second: (raw, teacher centred)."""
    half = len(student) // 2
    flat = lambda items: np.concatenate([t.reshape(-1, t.shape[-1]) for t in items]).astype(np.float64)
    a, b = flat(student[:half]), flat(teacher[:half])
    ma, mb = a.mean(0), b.mean(0)
    ridge = 1e-3 * np.trace(np.cov(a.T)) / a.shape[1] * len(a) * np.eye(a.shape[1])
    fit = np.linalg.solve((a - ma).T @ (a - ma) + ridge, (a - ma).T @ (b - mb))
    p, q = (flat(student[half:]) - ma) @ fit, flat(teacher[half:]) - mb
    cosine = lambda u, v: float(((u * v).sum(1) / np.linalg.norm(u, axis=1) / np.linalg.norm(v, axis=1)).mean())
    return cosine(p + mb, q + mb), cosine(p, q)


def agreement(student: np.ndarray, teacher: np.ndarray, whitening: whiten.Whitening) -> np.ndarray:
    """Cosine [n] of two models' vectors [n,D] of the same objects, both under the teacher's whitening."""
    a, b = whitening.apply(student), whitening.apply(teacher)
    return (a * b).sum(1) / np.linalg.norm(a, axis=1) / np.linalg.norm(b, axis=1)


def time_ratio(starter, teacher, student_cells: int, repeats: int = 7) -> tuple[float, float]:
    """Median seconds for square pictures, the two models taking turns: (starter with so many patches a side, teacher)."""
    rng = np.random.default_rng(0)
    took = ([], [])
    sides = (student_cells * data.STUDENT_PATCH, TEACHER_CELLS * data.TEACHER_PATCH)
    pixels = [rng.integers(0, 255, (1, side, side, 3), np.uint8) for side in sides]
    for turn in range(repeats + 1):
        for which, session in enumerate((starter, teacher)):
            feed = {"pixel_values": data.normalise(pixels[which])}
            began = time.perf_counter()
            session.run(None, feed)
            if turn:
                took[which].append(time.perf_counter() - began)
    return float(np.median(took[0])), float(np.median(took[1]))


def read_space(folder: Path) -> Space:
    """The statistics that ship with the model."""
    card = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    numbers = np.fromfile(folder / card["statistics"]["file"], "<f4").astype(np.float64)
    d = card["dimensions"]
    part = lambda key: numbers[card["statistics"][key]["offset"] :][: card["statistics"][key]["length"]]
    matrix = part("whitening").reshape(d, d)
    return Space(part("photoMean"), part("pictogramMean"), matrix, card["statistics"]["whitening"]["regulariser"])


def report(name: str, space: Space, vectors: np.ndarray, objects: list[dict], glyphs: dict[str, np.ndarray]) -> None:
    """Print the rows of one model."""
    names = [o["name"] for o in objects]
    where = {n: {o["file"] for o in objects if o["name"] == n} for n in set(names)}
    keep = np.array([len(where[n]) >= 2 for n in names])
    order = sorted({n for n, k in zip(names, keep) if k})
    labels = np.array([order.index(n) for n, k in zip(names, keep) if k])
    pictures = np.unique([str(o["file"]) for o, k in zip(objects, keep) if k], return_inverse=True)[1]
    dev = np.array([o["dev"] for o, k in zip(objects, keep) if k])
    for whitened in (False, True):
        right = leave_one_out(space.describe(vectors[keep], whitened), labels, pictures)
        kind = "whitened" if whitened else "raw"
        cells = "  ".join(f"{rule} {r.mean():.3f} (dev {r[dev].mean():.3f})" for rule, r in right.items())
        per_class = np.mean([right["both"][labels == c].mean() for c in range(len(order))])
        print(f"{name:8} {kind:8} {cells}  class mean {per_class:.3f}  [{len(labels)} objects, {len(order)} classes]")
        described = {c: space.describe(v, whitened, pictogram=True) for c, v in glyphs.items()}
        top1, top5 = from_pictograms(space.describe(vectors, whitened), names, described)
        print(f"{name:8} {kind:8} pictograms only: top-1 {top1:.3f}, top-5 {top5:.3f}  [{len(glyphs)} classes]", flush=True)
    told = pictograms_as_the_app(space, vectors, names, glyphs)
    print(f"{name:8} as the app compares, pictograms only: {told}", flush=True)


def pictograms_as_the_app(space: Space, vectors: np.ndarray, names: list[str], glyphs: dict[str, np.ndarray]) -> str:
    """Pictograms under a firmer regulariser than photographs."""
    partner = replace(space, matrix=space.firmer())
    described = {c: partner.describe(v, True, pictogram=True) for c, v in glyphs.items()}
    top1, top5 = from_pictograms(space.describe(vectors, True), names, described)
    return f"top-1 {top1:.3f}, top-5 {top5:.3f}  [{len(glyphs)} classes]"


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the starter against mean colour and the teacher.")
    parser.add_argument("--data", type=Path, default=data.DATA_DEFAULT)
    parser.add_argument("--model", type=Path, default=MODEL_DEFAULT)
    parser.add_argument("--teacher", type=Path, default=TEACHER_DEFAULT)
    parser.add_argument("--cache", type=Path, default=data.CACHE)
    parser.add_argument("--font", type=Path, default=pictograms.FONT_DEFAULT)
    parser.add_argument("--no-teacher", action="store_true")
    parser.add_argument("--cells", type=int, default=STUDENT_CELLS, help="patches along the long side for the starter")
    args = parser.parse_args()
    objects = load_objects(args.data / "coco-bank") + load_objects(args.data / "coco-dev")
    objects.sort(key=lambda o: str(o["file"]))
    font = pictograms.open_font(args.font)
    table = pictograms.coco_glyphs()
    pictures = data.list_pictures(args.data)

    def glyphs_of(vectors_of) -> dict[str, np.ndarray]:
        found = {c: vectors_of(g) for c, g in table.items()}
        found = {c: v.reshape(-1, v.shape[-1]) for c, v in found.items()}
        return {c: v[~np.isnan(v).any(1)] for c, v in found.items()}

    answers = read_answers(args.model)
    shipped = {c: [answers[k] for g in table[c] if (k := g.replace("\ufe0f", "")) in answers] for c in table}
    shipped = {c: np.stack(v) for c, v in shipped.items() if v}
    starter = open_session(args.model / "model.onnx")
    student_tokens = lambda image: picture_tokens(starter, image, data.STUDENT_PATCH, args.cells)
    vectors = object_vectors(objects, student_tokens)
    glyphs = glyphs_of(lambda g: glyph_vectors(starter, font, g, data.STUDENT_PATCH))
    report("starter", read_space(args.model), vectors, objects, glyphs)
    if shipped:
        told = pictograms_as_the_app(read_space(args.model), vectors, [o["name"] for o in objects], shipped)
        print(f"starter  with the pictograms' vectors that ship, as the app compares: {told}", flush=True)
    if args.no_teacher:
        return

    colours = Colours()
    few = pictograms.training_glyphs()[::9]
    mean, covariance, pictogram_mean = measure(colours, 14, TEACHER_CELLS, pick(pictures, 120), font, few)
    space = Space(mean, pictogram_mean, whiten.fit(mean, covariance).matrix, whiten.REGULARISER)
    colour_glyphs = glyphs_of(lambda g: glyph_vectors(colours, font, g, 14))
    report("colour", space, object_vectors(objects, colour_tokens), objects, colour_glyphs)

    teacher = open_session(args.teacher)
    teacher_tokens = lambda image: picture_tokens(teacher, image, data.TEACHER_PATCH, TEACHER_CELLS)
    stored = args.cache / "teacher-figures.npz"
    if not stored.exists():
        print("measuring the teacher once ...", flush=True)
        own = glyphs_of(lambda g: glyph_vectors(teacher, font, g, 14))
        every = glyph_vectors(teacher, font, pictograms.training_glyphs()[::18], 14)
        held = [p for p in pictures if data.is_held_out(p)]
        held = held[:: max(1, len(held) // 32)]
        parts = {f"glyph {c}": v for c, v in own.items()}
        parts |= {f"held {i}": teacher_tokens(data.load_rgb(p)) for i, p in enumerate(held)}
        parts |= {"pictogram": np.nanmean(every, axis=(0, 1)), "held": np.array([str(p) for p in held])}
        np.savez(stored, objects=object_vectors(objects, teacher_tokens), **parts)
    kept = np.load(stored)
    whitening = teacher_whitening(args.cache)
    space = Space(whitening.mean, kept["pictogram"], whitening.matrix, whiten.REGULARISER)
    own = {k.removeprefix("glyph "): kept[k] for k in kept.files if k.startswith("glyph ")}
    report("teacher", space, kept["objects"], objects, own)
    alike, dev = agreement(vectors, kept["objects"], whitening), np.array([o["dev"] for o in objects])
    print(f"cosine to the teacher on objects: {alike[~dev].mean():.3f} in pictures trained on, {alike[dev].mean():.3f} in others")
    # Patch by patch, so with as many as the teacher has.
    patches = lambda image: picture_tokens(starter, image, data.STUDENT_PATCH, TEACHER_CELLS)
    student_held = [patches(data.load_rgb(Path(p))) for p in kept["held"]]
    raw, centred = linear_fit(student_held, [kept[f"held {i}"] for i in range(len(kept["held"]))])
    print(f"linear fit to the teacher on held-out pictures: mean cosine {raw:.3f}, centred {centred:.3f}")
    for cells in (TEACHER_CELLS, args.cells):
        fast, slow = time_ratio(starter, teacher, cells)
        print(
            f"2 threads: starter with {cells} x {cells} patches {fast * 1000:.0f} ms, teacher with "
            f"{TEACHER_CELLS} x {TEACHER_CELLS} {slow * 1000:.0f} ms, ratio {slow / fast:.2f}"
        )


if __name__ == "__main__":
    main()
