/**
 * The checksum of FITS 4.0, 4.4.2.7 and appendix J (Seaman, Pence & Rots): 32-bit ones' complement sum of big-endian
 * words. `bytes` is a multiple of four long but for its end; `from` is the sum of what came before.
 */
export function sumOf(bytes: Uint8Array, from = 0): number {
  const whole = bytes.length & ~3;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // Below 2^53 for 2^21 words: longer runs are folded on the way.
  let sum = from;
  for (let at = 0; at < whole; at += 4) {
    sum += view.getUint32(at);
    if ((at & 0xfffff) === 0) sum = folded(sum);
  }
  for (let at = whole; at < bytes.length; at++) sum += bytes[at] * 2 ** (24 - 8 * (at - whole));
  return folded(sum);
}

/** Carries are added at the low end. */
function folded(sum: number): number {
  let rest = sum;
  while (rest > 0xffffffff) rest = Math.floor(rest / 0x100000000) + (rest % 0x100000000);
  return rest;
}

/** ASCII punctuation between digits and letters, which the encoding steps over. */
const EXCLUDED = new Set([0x3a, 0x3b, 0x3c, 0x3d, 0x3e, 0x3f, 0x40, 0x5b, 0x5c, 0x5d, 0x5e, 0x5f, 0x60]);

/** The sixteen characters for CHECKSUM that bring the whole HDU's sum to minus zero; `sum` is the one with sixteen zeros there. */
export function encodedChecksum(sum: number): string {
  const complement = 0xffffffff - sum;
  const letters = new Array<string>(16);
  for (let byte = 0; byte < 4; byte++) {
    const value = Math.floor(complement / 2 ** (24 - 8 * byte)) % 256;
    const quarter = Math.floor(value / 4) + 0x30;
    const parts = [quarter + (value % 4), quarter, quarter, quarter];
    // Pairs move apart together, so that their sum stays.
    for (let change = true; change; ) {
      change = false;
      for (const pair of [0, 2]) {
        if (!EXCLUDED.has(parts[pair]) && !EXCLUDED.has(parts[pair + 1])) continue;
        parts[pair]++;
        parts[pair + 1]--;
        change = true;
      }
    }
    parts.forEach((part, i) => {
      letters[4 * i + byte] = String.fromCharCode(part);
    });
  }
  // The value begins at column 12 of its card, one byte off the words.
  return letters[15] + letters.slice(0, 15).join("");
}
