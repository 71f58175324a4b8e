import type { ScreenPicture } from "../../report-services.ts";

/** More greys than the eye tells apart beside a star field's noise; few enough for slow terminals. */
const GREYS = 64;
/** One more for what is drawn over the picture. */
const MARK = GREYS;

/**
 * A picture as sixels (DEC STD 070): grey, with coloured marks in one orange. Six rows at a time; for every colour in them
 * one line of characters, runs shortened.
 */
export function sixelOf({ width, height, rgb }: ScreenPicture): string {
  const colours = new Uint8Array(width * height);
  for (let i = 0; i < colours.length; i++) colours[i] = colourOf(rgb[3 * i], rgb[3 * i + 1], rgb[3 * i + 2]);
  const palette = Array.from({ length: GREYS }, (_, i) => {
    const percent = Math.round((100 * i) / (GREYS - 1));
    return `#${i};2;${percent};${percent};${percent}`;
  });
  const bands: string[] = [];
  for (let top = 0; top < height; top += 6) bands.push(band(colours, width, top, Math.min(6, height - top)));
  return `\u001bPq"1;1;${width};${height}${palette.join("")}#${MARK};2;100;60;0${bands.join("-")}\u001b\\`;
}

function colourOf(red: number, green: number, blue: number): number {
  // Stretched colour frames are nearly grey; only marks are this far from it.
  if (red - blue > 120) return MARK;
  return Math.round(((0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255) * (GREYS - 1));
}

function band(colours: Uint8Array, width: number, top: number, rows: number): string {
  const lines = new Map<number, Uint8Array>();
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < width; x++) {
      const colour = colours[(top + y) * width + x];
      const line = lines.get(colour) ?? new Uint8Array(width);
      lines.set(colour, line);
      line[x] |= 1 << y;
    }
  }
  return [...lines].map(([colour, line]) => `#${colour}${runs(line)}`).join("$");
}

/** Characters 63 + bits; `!n` before one that repeats; nothing for what is empty up to the end. */
function runs(line: Uint8Array): string {
  let text = "";
  let end = line.length;
  while (end > 0 && line[end - 1] === 0) end--;
  for (let x = 0; x < end; ) {
    let next = x + 1;
    while (next < end && line[next] === line[x]) next++;
    const character = String.fromCharCode(63 + line[x]);
    text += next - x > 3 ? `!${next - x}${character}` : character.repeat(next - x);
    x = next;
  }
  return text;
}
