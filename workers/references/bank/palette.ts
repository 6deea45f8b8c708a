/**
 * Class colours. The first twenty were chosen for distance from each other in OKLab as seen with full colour vision and
 * with red-green blindness (both kinds), the most distant first; later ones walk round the hue circle.
 */
const CHOSEN: readonly string[] = [
  "#0793ee",
  "#f7c613",
  "#b5190b",
  "#43e6e6",
  "#654a8f",
  "#d98274",
  "#13725c",
  "#b167ab",
  "#8eb4fb",
  "#f6b294",
  "#275fd4",
  "#b37903",
  "#fb7ab7",
  "#39b7cb",
  "#e39c1f",
  "#c42a5c",
  "#8e5c89",
  "#b56f7c",
  "#8346b3",
  "#5571ee",
];

/** The turn that keeps any number of hues apart, in degrees. */
const GOLDEN_ANGLE = 180 * (3 - Math.sqrt(5));

const toByte = (linear: number): number => {
  const clipped = Math.min(1, Math.max(0, linear));
  const encoded = clipped <= 0.0031308 ? 12.92 * clipped : 1.055 * clipped ** (1 / 2.4) - 0.055;
  return Math.round(encoded * 255);
};

/** OKLCH to #rrggbb, clipped to sRGB. Hue in degrees. Matrices: B. Ottosson, "A perceptual color space for image processing". */
function oklchToHex(lightness: number, chroma: number, hue: number): string {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const bytes = [
    toByte(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    toByte(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    toByte(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
  return `#${bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/** Colour number `index` (0, 1, ...), as #rrggbb; always the same one. */
export function paletteColour(index: number): string {
  const chosen = CHOSEN[index];
  if (chosen !== undefined) {
    return chosen;
  }
  const turn = index - CHOSEN.length;
  // Three lightnesses in turn part hues that come close after many turns.
  return oklchToHex(0.58 + 0.11 * (turn % 3), 0.13, (turn * GOLDEN_ANGLE) % 360);
}

/** The first colour of the palette that no class has. */
export function freeColour(used: Iterable<string>): string {
  const taken = new Set([...used].map((colour) => colour.toLowerCase()));
  for (let index = 0; index < taken.size + 256; index++) {
    const colour = paletteColour(index);
    if (!taken.has(colour)) {
      return colour;
    }
  }
  return paletteColour(taken.size);
}
