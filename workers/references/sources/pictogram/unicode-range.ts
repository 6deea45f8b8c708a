/** A test for the code points of a CSS unicode-range, such as "U+23,U+1f300-1f320". */
export function codePointsIn(range: string): (point: number) => boolean {
  const spans = range.split(",").map((span) => {
    const [first = "", last = first] = span.trim().slice(2).split("-");
    return [Number.parseInt(first, 16), Number.parseInt(last, 16)] as const;
  });
  return (point) => spans.some(([first, last]) => first <= point && point <= last);
}
