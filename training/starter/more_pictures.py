"""Further pictures of single objects, from Debian packages of free pictures: photographs, and cut-outs with transparency.

    mkdir -p .cache/debian && cd .cache/debian && apt-get download tuxpaint-stamps-default gcompris-qt-data \\
        gnome-backgrounds mate-backgrounds plasma-workspace-wallpapers lomiri-wallpapers-16.04 lomiri-wallpapers-20.04
    python more_pictures.py

Writes `.cache/more/photos/*.jpg` and `.cache/more/cutouts/*.png`, at most SIDE px; data.py and mixtures.py take them from
there if they exist. Letters, signs, coins and puzzle pieces are left out.
"""

from __future__ import annotations

import argparse
import io
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from PIL import Image

import data

SIDE = 640  # px, long side of a stored picture
SMALLEST = 100  # px, short side; smaller ones are icons
LEFT_OUT = ("symbols", "cartoon", "flags", "roadsigns", "naturalforces")  # folders of stamps
BUNDLES = ("categorization", "explore_monuments", "explore_world_animals", "explore_farm_animals", "explore_world_music")


def pictures_inside(bundle: Path) -> Iterator[Image.Image]:
    """JPEG and WebP pictures in a bundle of Qt resources, which stores them as they are."""
    content = bundle.read_bytes()
    for mark, offset in ((b"WEBP", 8), (b"\xff\xd8\xff", 0)):
        at = content.find(mark)
        while at >= 0:
            try:
                image = Image.open(io.BytesIO(content[at - offset : at - offset + 4_000_000]))
                image.load()
                yield image
            except OSError:  # the mark stood there by chance
                pass
            at = content.find(mark, at + 4)


def found(folder: Path) -> Iterator[Image.Image]:
    """All pictures of the unpacked packages."""
    for file in sorted(folder.rglob("*")):
        if file.suffix == ".rcc" and file.stem in BUNDLES:
            yield from pictures_inside(file)
        elif file.suffix.lower() in data.SUFFIXES and not any(part in LEFT_OUT for part in file.parts):
            yield Image.open(file)


def main() -> None:
    argparse.ArgumentParser(description="Collect further pictures from Debian packages.").parse_args()
    packages = sorted((data.CACHE / "debian").glob("*.deb"))
    if not packages:
        sys.exit(f"No packages in {data.CACHE / 'debian'}: see the first lines of this file for the command that fetches them.")
    count = {"photos": 0, "cutouts": 0}
    for package in packages:
        unpacked = package.with_suffix("")
        subprocess.run(["dpkg", "-x", package, unpacked], check=True)
        for image in found(unpacked):
            if min(image.size) < SMALLEST:
                continue
            image = image.convert("RGBA")
            image.thumbnail((SIDE, SIDE), Image.Resampling.BICUBIC)
            clear = image.getextrema()[3][0] < 128
            kind, suffix = ("cutouts", "png") if clear else ("photos", "jpg")
            target = data.MORE / kind / f"{package.name.split('_')[0]}-{count[kind]:04d}.{suffix}"
            target.parent.mkdir(parents=True, exist_ok=True)
            (image if clear else image.convert("RGB")).save(target, **({} if clear else {"quality": 92}))
            count[kind] += 1
    print(f"{count['photos']} photographs and {count['cutouts']} cut-outs in {data.MORE}")


if __name__ == "__main__":
    main()
