import type { CfaPattern, FrameMetadata, FrameWarning } from "../../shared/domain.ts";
import { cfaFromKeywords, type RowOrder } from "./cfa-keywords.ts";
import { addExif } from "./exif.ts";
import { Keywords } from "./keywords.ts";
import { metadataFromKeywords } from "./metadata.ts";
import type { TiffDirectory, TiffFile } from "./tiff-directory.ts";

/** What a TIFF page says about itself. Its own colour filter array comes before one in a FITS header text. */
export function describeRaster(
  tiff: TiffFile,
  page: TiffDirectory,
  stored: { cfa: CfaPattern | null; rowOrder: RowOrder; height: number },
  warnings: FrameWarning[],
): { metadata: FrameMetadata; cfa: CfaPattern | null } {
  const keywords = new Keywords();
  addExif(tiff, page, keywords, warnings);
  return { metadata: metadataFromKeywords(keywords), cfa: stored.cfa ?? cfaFromKeywords(keywords, stored.rowOrder, stored.height) };
}
