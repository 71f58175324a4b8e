/** East Asian wide and full-width ranges (Unicode 15, EastAsianWidth.txt, W and F), without emoji, which have a property of their own. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f200}-\u{1f2ff}\u{20000}-\u{3fffd}]/u;
const segments = new Intl.Segmenter("en", { granularity: "grapheme" });

/** Terminal columns of one character as people see it: marks that combine take none, CJK and emoji two. */
function columnsOfOne(grapheme: string): number {
  if (/^\p{M}*$/u.test(grapheme)) return 0;
  return /\p{Emoji_Presentation}|\ufe0f/u.test(grapheme) || WIDE.test(grapheme) ? 2 : 1;
}

export function columnsOf(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: plain ASCII is the rule and needs no segmenting
  if (/^[\u0000-\u007f]*$/.test(text)) return text.length;
  let columns = 0;
  for (const { segment } of segments.segment(text)) columns += columnsOfOne(segment);
  return columns;
}

export function padEndTo(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - columnsOf(text)));
}

/** The end of a text that is too long: of paths the end tells the frame. */
export function endWithin(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  const kept: string[] = [];
  let room = columns - 1;
  for (const { segment } of [...segments.segment(text)].reverse()) {
    room -= columnsOfOne(segment);
    if (room < 0) break;
    kept.unshift(segment);
  }
  return `…${kept.join("")}`;
}

/** Lines of at most so many columns, broken between words; a word that is longer stands alone. */
export function wrapped(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && columnsOf(longer) > columns) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}
