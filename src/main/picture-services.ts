import type { Stretch } from "../shared/domain.ts";
import type { PictureRequest } from "../shared/picture-address.ts";
import type { Engine } from "./engine/index.ts";

export interface PictureWish {
  /** Absolute path of the frame. */
  path: string;
  what: PictureRequest["what"];
  /** The frame's own when null. */
  stretch: Stretch | null;
  /** Width of a small picture that comes along with a whole one; null for none. */
  thumb: number | null;
}

export interface PictureMade {
  jpeg: Uint8Array;
  thumb: Uint8Array | null;
  /** Picture pixels per sensor pixel. */
  scale: number;
}

/** Star shapes are judged at 100 %: what a stronger compression does to them would be taken for coma. */
const QUALITY = { whole: 85, crop: 92, corners: 92 } as const;

/** Pictures of frames for a window. */
export class PictureServices {
  readonly #engine: Engine;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /**
   * An upright JPEG. Overtakes a batch that is being measured; `pressing` says whether somebody waits for it or it is only
   * got ready, and may change its mind. Throws the frame's error, and `cancelled` once the signal fires.
   */
  async render(
    { path, what, stretch, thumb }: PictureWish,
    asking: { signal: AbortSignal; pressing: () => boolean },
  ): Promise<PictureMade> {
    const look = { ...asking, stretch, quality: QUALITY[what.kind] };
    const made = await this.#engine.preview(path, { ...look, ...partOf(what, thumb) });
    return { jpeg: made.jpeg, thumb: made.thumb, scale: made.scale };
  }
}

function partOf(what: PictureRequest["what"], thumb: number | null) {
  switch (what.kind) {
    case "whole":
      return { width: what.width, ...(thumb === null ? {} : { thumb }) };
    case "crop":
      return { crop: { x: what.x, y: what.y, width: what.width, height: what.height, upright: true } };
    case "corners":
      return { mosaic: what.side };
  }
}
