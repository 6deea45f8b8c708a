import type { Picture } from "../crop-image.ts";
import type { GlyphPainter } from "./glyph-painter.ts";
import { withoutSelectors } from "./glyph-index.ts";
import { findGlyphs } from "./lookup.ts";

/** Changes whenever the anchors or the way they are drawn change: stored descriptors of another set are stale. */
export const ANCHOR_SET = "common-1";

/**
 * Common things and stuff that compete with the person's classes without being shown: a region that resembles one of
 * these more than any class is "other". They also give a ranking over few classes its structure, and their mean is an
 * estimate of a model's mean over pictograms. Chosen to spread over what photographs show, one drawing each.
 */
const ANCHORS = `
sky 🌤
night sky 🌌
cloud ☁
sun ☀
moon 🌕
water 🌊
drop 💧
snow ❄
fire 🔥
mountain ⛰
landscape 🏞
beach 🏖
road 🛣
railway 🛤
rock 🪨
wood 🪵
brick 🧱
grass 🌾
seedling 🌱
tree 🌳
conifer 🌲
leaf 🌿
dry leaf 🍂
flower 🌼
house 🏠
office building 🏢
city 🏙
factory 🏭
bridge 🌉
door 🚪
window 🪟
mirror 🪞
chair 🪑
couch 🛋
bed 🛏
lamp 💡
picture frame 🖼
box 📦
basket 🧺
bag 🛍
cup ☕
plate 🍽
pan 🍳
bottle 🍾
fruit 🍎
vegetables 🥬
bread 🍞
meal 🍲
cake 🍰
adult 🧑
child 🧒
standing person 🧍
hand ✋
eye 👁
shirt 👕
trousers 👖
shoe 👟
hat 🧢
dog 🐕
cat 🐈
bird 🐦
horse 🐎
fish 🐟
insect 🐞
car 🚗
bus 🚌
bicycle 🚲
boat ⛵
airplane ✈
wheel 🛞
sign 🪧
clock 🕒
phone 📱
screen 🖥
keyboard ⌨
book 📕
sheet of text 📄
tool 🔧
ball ⚽
toy 🧸
wall of colour 🎨
`;

export interface Anchor {
  readonly name: string;
  readonly glyph: string;
}

export const anchors: readonly Anchor[] = ANCHORS.trim()
  .split("\n")
  .map((row) => {
    const gap = row.lastIndexOf(" ");
    return { name: row.slice(0, gap), glyph: row.slice(gap + 1) };
  });

export interface PaintedAnchor extends Anchor {
  readonly picture: Picture;
}

/** The anchors as pictures on transparent grounds. @throws whatever loading the font throws */
export async function paintAnchors(painter: GlyphPainter): Promise<readonly PaintedAnchor[]> {
  const painted: PaintedAnchor[] = [];
  for (const anchor of anchors) {
    const picture = await painter.paint(anchor.glyph);
    if (picture) {
      painted.push({ ...anchor, picture });
    }
  }
  return painted;
}

/**
 * Names of the anchors that show the same as one of the classes: they must not compete with it.
 * @param classNames as typed
 */
export async function anchorsOfClasses(classNames: readonly string[]): Promise<ReadonlySet<string>> {
  const matches = await Promise.all(classNames.map(findGlyphs));
  const glyphs = new Set(matches.flat().map(({ glyph }) => withoutSelectors(glyph)));
  return new Set(anchors.filter(({ glyph }) => glyphs.has(withoutSelectors(glyph))).map(({ name }) => name));
}
