import type { Picture } from "../crop-image.ts";
import type { GlyphPainter } from "./glyph-painter.ts";

/** Changes whenever the anchors or the way they are drawn change: stored descriptors of another set are stale. */
export const ANCHOR_SET = "common-1";

/**
 * Common things and stuff: their mean is an estimate of a model's mean over pictograms. Chosen to spread over what
 * photographs show, one drawing each.
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
