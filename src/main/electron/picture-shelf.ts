import type { Stretch } from "../../shared/domain.ts";
import { NebuliftError } from "../../shared/errors.ts";
import type { PictureRequest } from "../../shared/picture-address.ts";
import type { PicturePort } from "./picture-port.ts";

export interface ShelfParts {
  pictures: PicturePort;
  /** Where the frame of this id lies now; null when the open night has none such. */
  pathOf: (id: string) => string | null;
  /** The stretch that the frame of this id shares with its night, as far as that is known. */
  stretchOf: (id: string) => Stretch | null;
  /** The frame before the user's eyes; null when that is not known. */
  lookedAt: () => string | null;
  /** Bytes of pictures that are kept. */
  room?: number;
}

export interface ShelfPicture {
  jpeg: Uint8Array;
  /** Picture pixels per sensor pixel; null of a small picture, which is only for recognising. */
  scale: number | null;
}

interface Making {
  picture: Promise<ShelfPicture>;
  /** How many requests wait for it: it is called off when the last of them is. */
  wanted: number;
  callOff: AbortController;
}

/** A night of 400 frames as 1400 px pictures, or some hundred large ones. */
const ROOM = 192 * 1024 * 1024;

/** Pictures this wide and less are made in one width, so that the strip, its neighbours and the list share them. */
const SMALL = 240;

/**
 * Pictures that were made lately, so that going back and forth, blinking and the film strip do not decode a frame twice.
 * The same picture asked for twice at a time is made once. What was used longest ago goes first when room runs out.
 */
export class PictureShelf {
  readonly #parts: ShelfParts;
  readonly #kept = new Map<string, ShelfPicture>();
  readonly #making = new Map<string, Making>();
  #bytes = 0;

  constructor(parts: ShelfParts) {
    this.#parts = parts;
  }

  /** Null when no frame of the open night has this id. Throws NebuliftError; `cancelled` once the signal fires. */
  async picture(given: PictureRequest, signal: AbortSignal): Promise<ShelfPicture | null> {
    const path = this.#parts.pathOf(given.id);
    if (path === null) return null;
    const request = withUsualSize(given);
    const key = keyOf(request);
    const kept = this.#take(key);
    if (kept !== null) return kept;
    if (signal.aborted) throw new NebuliftError("cancelled", "");
    const making = this.#making.get(key) ?? this.#begin(key, request, path);
    return waitFor(making, signal);
  }

  #take(key: string): ShelfPicture | null {
    const kept = this.#kept.get(key);
    if (kept === undefined) return null;
    // A Map keeps the order in which keys came: the first one is the one that was not asked for longest.
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    return kept;
  }

  #begin(key: string, request: PictureRequest, path: string): Making {
    const callOff = new AbortController();
    const making: Making = { picture: this.#make(key, request, path, callOff.signal), wanted: 0, callOff };
    this.#making.set(key, making);
    const forget = (): void => {
      if (this.#making.get(key) === making) this.#making.delete(key);
    };
    // Nobody asks again for a picture that was called off: the next one who wants it begins anew.
    callOff.signal.addEventListener("abort", forget, { once: true });
    making.picture.then(forget, forget);
    return making;
  }

  async #make(key: string, request: PictureRequest, path: string, signal: AbortSignal): Promise<ShelfPicture> {
    const { pictures, stretchOf, lookedAt } = this.#parts;
    const { what } = request;
    const small = smallOf(request);
    const made = await pictures.render(
      {
        path,
        what,
        stretch: request.stretch === "night" ? stretchOf(request.id) : null,
        thumb: small === null || this.#kept.has(keyOf(small)) ? null : SMALL,
      },
      { signal, pressing: () => !isSmall(what) && (lookedAt() ?? request.id) === request.id },
    );
    const picture = { jpeg: made.jpeg, scale: isSmall(what) ? null : made.scale };
    this.#keep(key, picture);
    if (small !== null && made.thumb !== null) this.#keep(keyOf(small), { jpeg: made.thumb, scale: null });
    return picture;
  }

  #keep(key: string, picture: ShelfPicture): void {
    this.#bytes += picture.jpeg.length - (this.#kept.get(key)?.jpeg.length ?? 0);
    this.#kept.delete(key);
    this.#kept.set(key, picture);
    for (const [oldest, { jpeg }] of this.#kept) {
      if (this.#bytes <= (this.#parts.room ?? ROOM)) return;
      this.#kept.delete(oldest);
      this.#bytes -= jpeg.length;
    }
  }
}

function isSmall(what: PictureRequest["what"]): boolean {
  return what.kind === "whole" && what.width <= SMALL;
}

function withUsualSize(request: PictureRequest): PictureRequest {
  return isSmall(request.what) ? { ...request, what: { kind: "whole", width: SMALL } } : request;
}

/** The small picture that can be made along with this one. */
function smallOf(request: PictureRequest): PictureRequest | null {
  return request.what.kind === "whole" && request.what.width > SMALL ? { ...request, what: { kind: "whole", width: SMALL } } : null;
}

function keyOf({ id, what, stretch, version }: PictureRequest): string {
  return JSON.stringify([id, what, stretch, version]);
}

/** Settles with the picture, or at once when this request is called off; the picture itself is only with the last of them. */
function waitFor(making: Making, signal: AbortSignal): Promise<ShelfPicture> {
  making.wanted++;
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      making.wanted--;
      if (making.wanted === 0) making.callOff.abort();
      reject(new NebuliftError("cancelled", ""));
    };
    signal.addEventListener("abort", leave, { once: true });
    making.picture.then(resolve, reject).finally(() => signal.removeEventListener("abort", leave));
  });
}
