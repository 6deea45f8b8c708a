/** Plurals that no rule gives. */
const IRREGULAR: ReadonlyMap<string, string> = new Map([
  ["people", "person"],
  ["men", "man"],
  ["women", "woman"],
  ["children", "child"],
  ["mice", "mouse"],
  ["geese", "goose"],
  ["teeth", "tooth"],
  ["feet", "foot"],
  ["oxen", "ox"],
  ["leaves", "leaf"],
  ["knives", "knife"],
  ["wolves", "wolf"],
  ["loaves", "loaf"],
  ["calves", "calf"],
  ["shelves", "shelf"],
  ["scarves", "scarf"],
  ["potatoes", "potato"],
  ["tomatoes", "tomato"],
  ["mangoes", "mango"],
  ["buses", "bus"],
  ["buffaloes", "buffalo"],
]);

/** Words that end in s and are no plurals, or whose singular is another thing or none. */
const KEPT = new Set(["bus", "scissors", "grass", "glass", "cactus", "octopus", "tennis", "dress", "chess"]);

/** The singular of an English noun, as far as simple rules go; other words stay. */
export function singular(word: string): string {
  const irregular = IRREGULAR.get(word);
  if (irregular !== undefined) {
    return irregular;
  }
  if (KEPT.has(word) || word.length < 4 || !word.endsWith("s") || /(?:ss|us|is)$/u.test(word)) {
    return word;
  }
  if (word.endsWith("ies") && word.length > 4) {
    return word === "cookies" || word === "pies" ? word.slice(0, -1) : `${word.slice(0, -3)}y`;
  }
  return /(?:s|x|z|ch|sh)es$/u.test(word) ? word.slice(0, -2) : word.slice(0, -1);
}

/** Lower case words of a text: letters with their marks, digits, hyphens and apostrophes inside them. */
export function wordsOf(text: string): readonly string[] {
  return (
    text
      .normalize("NFC")
      .toLowerCase()
      .replace(/[’‘]/gu, "'")
      .match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}]*(?:[-'][\p{L}\p{N}][\p{L}\p{N}\p{M}]*)*/gu) ?? []
  );
}

/** Words that say how a thing is, not what it is: "red car" is looked up as "car". */
const QUALITIES = new Set(
  (
    "a an the my your his her our their some red green blue yellow black white grey gray brown pink purple golden " +
    "silver dark light bright colourful colorful big large small little tiny huge tall short long old new young " +
    "wooden metal plastic leather paper stone concrete brick round square wet dry empty full open closed broken " +
    "dirty clean beautiful wild tame domestic parked running sitting standing flying swimming sleeping"
  ).split(" "),
);

export const isQuality = (word: string): boolean => QUALITIES.has(word);

/** Equal for spellings that differ in spaces, hyphens and apostrophes only: "key board", "key-board", "keyboard". */
export const compactKey = (text: string): string => wordsOf(text).join("").replace(/['-]/gu, "");

/** As compactKey, and equal for "vélo" and "velo": names in other languages are often typed without their accents. */
export const foldedKey = (text: string): string =>
  compactKey(text)
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/gu, "")
    .normalize("NFC");
