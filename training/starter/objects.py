"""Objects with ground-truth masks, from folders in the COCO instance format."""

from __future__ import annotations

import json
from pathlib import Path

MIN_AREA = 48 * 48  # source pixels; smaller objects are left out


def load_objects(folder: Path) -> list[dict]:
    """Objects of one COCO-format folder: {file, size, polygons, name, area}."""
    file = folder / "annotations.json"
    if not file.is_file():
        raise SystemExit(f"Annotations not found: {file}. Pass --data to say where the data lie.")
    table = json.loads(file.read_text(encoding="utf-8"))
    names = {c["id"]: c["name"] for c in table["categories"]}
    images = {i["id"]: i for i in table["images"]}
    out = []
    for a in table["annotations"]:
        if a.get("iscrowd") or a["area"] < MIN_AREA or not isinstance(a["segmentation"], list):
            continue
        image = images[a["image_id"]]
        out.append(
            {
                "file": folder / "images" / image["file_name"],
                "size": (image["width"], image["height"]),
                "polygons": a["segmentation"],
                "name": names[a["category_id"]],
                "dev": folder.name == "coco-dev",
            }
        )
    return out
