import type { Stretch } from "../../shared/domain.ts";
import type { PictureRequest } from "../../shared/picture-address.ts";

/** What the window's pictures need of the services below; PictureServices satisfies it. */
export interface PicturePort {
  /**
   * An upright JPEG of the frame at this absolute path, in its own stretch where none is given. `thumb`: the width of a
   * second, small picture that comes along with a whole one. `pressing` is asked whenever one of several can be begun:
   * false, it is only got ready. Throws NebuliftError; `cancelled` once the signal fires.
   */
  render(
    wish: { path: string; what: PictureRequest["what"]; stretch: Stretch | null; thumb: number | null },
    asking: { signal: AbortSignal; pressing: () => boolean },
  ): Promise<{ jpeg: Uint8Array; thumb: Uint8Array | null; scale: number }>;
}
