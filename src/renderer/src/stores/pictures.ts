import { type PictureRequest, pictureAddress } from "../../../shared/picture-address.ts";
import { nightStore } from "./night.ts";
import { settingsStore } from "./settings.ts";

/** Where the picture of a frame comes from: main's protocol, so no picture ever crosses as a message. */
export function pictureOf(id: string, what: PictureRequest["what"]): string {
  const { stretch } = settingsStore.getState();
  return pictureAddress({ id, what, stretch, version: stretch === "night" ? (nightStore.getState().head?.pictures ?? 0) : 0 });
}
