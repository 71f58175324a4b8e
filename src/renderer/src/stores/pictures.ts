import { type PictureRequest, pictureAddress, type StretchChoice } from "../../../shared/picture-address.ts";
import { nightStore } from "./night.ts";
import { PicturePool } from "./picture-pool.ts";
import { settingsStore } from "./settings.ts";

/** Where the picture of a frame comes from: main's protocol, so no picture ever crosses as a message. */
export function pictureOf(id: string, what: PictureRequest["what"], stretch: StretchChoice = settingsStore.getState().stretch): string {
  return pictureAddress({ id, what, stretch, version: stretch === "night" ? (nightStore.getState().head?.pictures ?? 0) : 0 });
}

/** Width of the pictures in the filmstrip, which also stand in until a larger one has come. */
export const SMALL_WIDTH = 240;

/** Whole frames: the one before the eyes and those that are likely to be next. */
export const frames = new PicturePool(12);
/** What frames are compared with; a picture can be in one place only, so these are not shared. */
export const references = new PicturePool(4);
export const small = new PicturePool(80);
/** Parts at 100 %, and corners. */
export const parts = new PicturePool(10);

/** What main said when it could not make this picture; null when it says nothing that a user could use. */
export async function whyNoPicture(address: string, signal: AbortSignal): Promise<string | null> {
  try {
    const response = await fetch(address, { signal });
    return response.status === 422 ? (await response.text()).trim() || null : null;
  } catch {
    return null;
  }
}
