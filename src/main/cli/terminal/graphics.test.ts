import sharp from "sharp";
import { describe, expect, it } from "vitest";
import type { Reason } from "../../../shared/domain.ts";
import type { ScreenPicture } from "../../report-services.ts";
import { cellSizeOf, type Graphics, graphicsOf, pictureText, sizeWithin } from "./graphics.ts";
import { withMarks } from "./marks.ts";

/** Greys from 0 to 255 over the whole picture, in no order. */
function sky(width: number, height: number): ScreenPicture {
  const rgb = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) rgb.fill(Math.imul(i ^ (i >> 7), 0x9e3779b1) >>> 24, 3 * i, 3 * i + 3);
  return { width, height, rgb };
}

const place = { row: 2, column: 1, rows: 20, columns: 60 };

describe("what a terminal can show", () => {
  it.each<[name: string, replies: string[], environment: Record<string, string>, expected: Graphics]>([
    ["kitty", ["\u001b_Gi=31;OK\u001b\\", "\u001b[?62;c"], {}, "kitty"],
    ["a terminal that knows kitty's pictures and refuses them", ["\u001b_Gi=31;ENOTSUP:no\u001b\\", "\u001b[?62;4c"], {}, "sixel"],
    ["xterm -ti vt340", ["\u001b[?63;1;2;4;6;9;15;22c"], {}, "sixel"],
    ["xterm", ["\u001b[?64;1;2;6;9;15;16;17;18;21;22;28c"], {}, "none"],
    ["a VT of class 4 without sixel", ["\u001b[?4;6c"], {}, "none"],
    ["iTerm2", ["\u001bP>|iTerm2 3.5\u001b\\", "\u001b[?62;4c"], {}, "iterm2"],
    ["iTerm2 by its name", ["\u001b[?62c"], { TERM_PROGRAM: "iTerm.app" }, "iterm2"],
    ["tmux in iTerm2", ["\u001b[?1;2c"], { TERM_PROGRAM: "iTerm.app", TMUX: "/tmp/tmux" }, "none"],
    ["one that never answers", [], {}, "none"],
  ])("%s", (_, replies, environment, expected) => {
    expect(graphicsOf(replies, environment)).toBe(expected);
  });

  it("is measured in its own cells where it says how large they are", () => {
    const screen = { rows: 40, columns: 100 };
    expect(cellSizeOf(["\u001b[6;18;9t", "\u001b[4;600;800t"], screen)).toEqual({ width: 9, height: 18 });
    expect(cellSizeOf(["\u001b[4;600;800t"], screen)).toEqual({ width: 8, height: 15 });
    expect(cellSizeOf(["\u001b[4;0;0t"], screen)).toEqual({ width: 10, height: 20 });
    const wide = sizeWithin({ width: 6000, height: 4000 }, place, { width: 10, height: 20 });
    expect(wide).toEqual({ width: 600, rows: 20, columns: 60 });
    const tall = sizeWithin({ width: 1000, height: 4000 }, place, { width: 10, height: 20 });
    expect(tall).toEqual({ width: 100, rows: 20, columns: 10 });
  });
});

describe("pictures on a terminal", () => {
  it("are whole PNGs in kitty's pieces, and in iTerm2's file", async () => {
    const picture = sky(113, 71);
    const kitty = pictureText("kitty", picture, place);
    const pieces = kitty.slice(kitty.indexOf("\u001b_G")).split("\u001b\\").slice(0, -1);
    expect(pieces.length).toBeGreaterThan(1);
    pieces.forEach((piece, i) => {
      expect(piece.startsWith("\u001b_G")).toBe(true);
      expect(/m=([01]);/.exec(piece)?.[1]).toBe(i < pieces.length - 1 ? "1" : "0");
      expect(piece.length).toBeLessThan(4200);
    });
    const iterm = pictureText("iterm2", picture, place);
    const size = Number(/size=(\d+)/.exec(iterm)?.[1]);
    for (const base64 of [pieces.map((piece) => piece.slice(piece.indexOf(";") + 1)).join(""), iterm.slice(iterm.indexOf(":") + 1, -1)]) {
      const png = Buffer.from(base64, "base64");
      expect(Math.abs(size - png.length)).toBeLessThanOrEqual(2);
      const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
      expect([info.width, info.height, info.channels]).toEqual([113, 71, 3]);
      expect(Buffer.compare(data, picture.rgb)).toBe(0);
    }
  });

  it("are the same in sixels, to the nearest of 64 greys, with marks in colour", () => {
    const picture = sky(50, 40);
    picture.rgb.set([255, 150, 0], 3 * (17 * 50 + 23));
    const seen = decodeSixel(pictureText("sixel", picture, place));
    expect([seen.width, seen.height]).toEqual([50, 40]);
    for (let i = 0; i < 50 * 40; i++) {
      const [red, , blue] = seen.pixels[i] ?? [-1, -1, -1];
      if (i === 17 * 50 + 23) expect([red, blue]).toEqual([100, 0]);
      else expect(Math.abs(red * 2.55 - picture.rgb[3 * i])).toBeLessThan(4);
    }
  });
});

describe("marks", () => {
  const reason = (where: Reason["where"]): Reason => ({
    code: "trail",
    severity: "info",
    metric: "trail",
    value: 1,
    unit: "",
    baseline: null,
    z: null,
    limit: null,
    where,
  });
  const dark = { picture: { width: 160, height: 120, rgb: new Uint8Array(160 * 120 * 3) }, scale: 0.1, flipped: false };
  const lit = ({ width, rgb }: ScreenPicture): [number, number][] =>
    Array.from({ length: rgb.length / 3 }, (_, i) => i).flatMap((i) =>
      rgb[3 * i] === 255 ? [[i % width, Math.floor(i / width)] as [number, number]] : [],
    );

  it("outline the cell that is meant, upright whichever way rows are stored", () => {
    const cell = lit(withMarks(dark, [reason({ cells: [[2, 1]] })]));
    expect([Math.min(...cell.map(([x]) => x)), Math.max(...cell.map(([x]) => x))]).toEqual([40, 60]);
    expect([Math.min(...cell.map(([, y]) => y)), Math.max(...cell.map(([, y]) => y))]).toEqual([20, 40]);
    const turned = lit(withMarks({ ...dark, flipped: true }, [reason({ cells: [[2, 1]] })]));
    expect([Math.min(...turned.map(([, y]) => y)), Math.max(...turned.map(([, y]) => y))]).toEqual([79, 99]);
  });

  it("run on both sides of a trail, not on it, and stay within the picture for any numbers", () => {
    const beside = lit(withMarks(dark, [reason({ lines: [[0, 600, 1600, 600]] })]));
    expect(new Set(beside.map(([, y]) => y))).toEqual(new Set([55, 65]));
    expect(lit(withMarks(dark, [reason({ lines: [[-1e12, -5, 1e15, 1e15]], cells: [[99, -4]] }), reason(null)])).length).toBeLessThan(4000);
    expect(dark.picture.rgb.every((value) => value === 0)).toBe(true);
  });
});

/** A reader of sixels by DEC STD 070: raster attributes, colour registers in RGB percent, repeat, carriage return, next line. */
function decodeSixel(text: string): { width: number; height: number; pixels: (readonly number[])[] } {
  const body = text.slice(text.indexOf("q") + 1, text.lastIndexOf("\u001b\\"));
  const [, , width, height] = (/^"(\d+);(\d+);(\d+);(\d+)/.exec(body)?.slice(1) ?? []).map(Number);
  const registers = new Map<number, number[]>();
  const pixels: (readonly number[])[] = [];
  let [x, y, colour] = [0, 0, 0];
  for (const [token] of body.slice(body.indexOf("#")).matchAll(/#\d+(?:;\d+)*|!\d+[?-~]|[?-~$-]/g)) {
    if (token.startsWith("#")) {
      const [register, ...rest] = token.slice(1).split(";").map(Number);
      colour = register;
      if (rest.length === 4) registers.set(register, rest.slice(1));
    } else if (token === "$") x = 0;
    else if (token === "-") [x, y] = [0, y + 6];
    else {
      const count = token.startsWith("!") ? Number(token.slice(1, -1)) : 1;
      const bits = token.charCodeAt(token.length - 1) - 63;
      for (let i = 0; i < count; i++, x++)
        for (let bit = 0; bit < 6; bit++) if (bits & (1 << bit)) pixels[(y + bit) * width + x] = registers.get(colour) ?? [];
    }
  }
  return { width, height, pixels };
}
