/**
 * Addresses of pictures on the app's own scheme: made by the window, read by main. Only numbers and a frame's id are in
 * them, never a path. Coordinates are sensor pixels of the upright picture, (0, 0) its upper left corner.
 */
export const FRAME_ID = /^[a-z0-9]{1,16}-[0-9]{1,9}$/;

/** `night`: the stretch that all frames of the group share, so that a cloud stays visible; `frame`: the frame's own. */
export type StretchChoice = "night" | "frame";

/** Width of the black lines between the nine parts of a `corners` picture, px. */
export const MOSAIC_GAP = 2;

export interface PictureRequest {
  id: string;
  what:
    | { kind: "whole"; width: number }
    /**
     * A part at one picture pixel per measured pixel: a sensor pixel, or with a colour filter array a square of 2 or 3. Clipped to
     * the frame, so what begins or ends inside such a square is shown whole.
     */
    | { kind: "crop"; x: number; y: number; width: number; height: number }
    /**
     * Nine square parts at 100 %, corners, edges and centre, as one picture of 3 x 3 tiles of this side with MOSAIC_GAP between
     * them. A frame that is smaller gives smaller tiles.
     */
    | { kind: "corners"; side: number };
  stretch: StretchChoice;
  /** Changes with the night's stretch, so that a picture made with an earlier one is not shown again. */
  version: number;
}

const LIMITS = { width: [64, 4096], side: [64, 512], part: [16, 4096], place: [0, 1_000_000], version: [0, 1_000_000_000] } as const;

export function pictureAddress({ id, what, stretch, version }: PictureRequest): string {
  const place =
    what.kind === "whole"
      ? `w=${what.width}`
      : what.kind === "corners"
        ? `t=${what.side}`
        : `x=${what.x}&y=${what.y}&w=${what.width}&h=${what.height}`;
  return `/picture/${what.kind}/${id}?${place}&s=${stretch}&v=${version}`;
}

/** The request behind an address, or null for anything that pictureAddress would not have made; sizes are brought within limits. */
export function readPictureAddress(url: { pathname: string; searchParams: { get(name: string): string | null } }): PictureRequest | null {
  const [, kind, id] = /^\/picture\/(whole|crop|corners)\/([^/]+)$/.exec(url.pathname) ?? [];
  if (kind === undefined || id === undefined || !FRAME_ID.test(id)) return null;
  const number = (name: string, [least, most]: readonly [number, number]): number | null => {
    const text = url.searchParams.get(name);
    const value = Number(text);
    return text === null || text === "" || !Number.isInteger(value) ? null : Math.min(Math.max(value, least), most);
  };
  const stretch = url.searchParams.get("s");
  const version = number("v", LIMITS.version);
  if ((stretch !== "night" && stretch !== "frame") || version === null) return null;
  const what = whatOf(kind, number);
  return what === null ? null : { id, what, stretch, version };
}

function whatOf(kind: string, number: (name: string, limits: readonly [number, number]) => number | null): PictureRequest["what"] | null {
  if (kind === "whole") {
    const width = number("w", LIMITS.width);
    return width === null ? null : { kind, width };
  }
  if (kind === "corners") {
    const side = number("t", LIMITS.side);
    return side === null ? null : { kind, side };
  }
  const [x, y, width, height] = [number("x", LIMITS.place), number("y", LIMITS.place), number("w", LIMITS.part), number("h", LIMITS.part)];
  return x === null || y === null || width === null || height === null ? null : { kind: "crop", x, y, width, height };
}
