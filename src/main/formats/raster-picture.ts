import { NebuliftError } from "../../shared/errors.ts";

/** A picture for a screen that takes pixels: rows top down, red, green and blue one after the other. */
export interface ScreenPicture {
  width: number;
  height: number;
  rgb: Uint8Array;
}

const MOST_PIXELS = 100e6;

/** Decodes a JPEG that this program made. Throws `bad-data`, `feature-missing`. */
export async function decodeJpeg(jpeg: Uint8Array): Promise<ScreenPicture> {
  const { default: sharp } = await import("sharp").catch((error: unknown) => {
    throw new NebuliftError("feature-missing", "the reader of JPEG pictures could not be loaded", error);
  });
  try {
    const picture = sharp(jpeg, { limitInputPixels: MOST_PIXELS }).toColourspace("srgb").removeAlpha().raw();
    const { data, info } = await picture.toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, rgb: info.channels === 3 ? data : grown(data) };
  } catch (error) {
    throw new NebuliftError("bad-data", error instanceof Error ? error.message : String(error), error);
  }
}

function grown(grey: Uint8Array): Uint8Array {
  const rgb = new Uint8Array(grey.length * 3);
  for (let i = 0; i < grey.length; i++) rgb.fill(grey[i], 3 * i, 3 * i + 3);
  return rgb;
}
