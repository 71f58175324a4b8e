import type { Measurement, StarList } from "../../shared/domain.ts";
import { NebuliftError } from "../../shared/errors.ts";
import { measurementSchema } from "./measurement-schema.ts";

/** Layout of the packed star list: bump when it changes; older bytes are then refused and the frame is measured anew. */
const LIST_VERSION = 1;
/** Version, three spare bytes, star count (u32, little endian): the columns begin 4-byte aligned. */
const HEADER_BYTES = 8;
const FLOAT_COLUMNS = ["x", "y", "flux", "snr", "fwhm", "hfr", "eccentricity", "angle"] as const;
const BYTES_PER_STAR = FLOAT_COLUMNS.length * 4 + 1;
/** Far above the 500 that a list holds: only bounds what garbled bytes can claim. */
const MOST_STARS = 100_000;

export interface EncodedMeasurement {
  /** Everything but the star list; exact, since JSON prints a double so that it reads back the same. */
  json: string;
  /** The star list: header, then each column whole, floats little endian. */
  list: Uint8Array;
}

export function encodeMeasurement(measurement: Measurement): EncodedMeasurement {
  const { list, ...rest } = measurement;
  return { json: JSON.stringify(rest), list: packList(list) };
}

/** Throws NebuliftError `bad-data` when either part is not what `encodeMeasurement` wrote. */
export function decodeMeasurement(encoded: EncodedMeasurement): Measurement {
  let parsed: unknown;
  try {
    parsed = JSON.parse(encoded.json);
  } catch (error) {
    throw new NebuliftError("bad-data", "stored measurement is not JSON", error);
  }
  const checked = measurementSchema.safeParse(parsed);
  if (!checked.success) {
    const issue = checked.error.issues[0];
    throw new NebuliftError("bad-data", `stored measurement: ${issue?.path.join(".") ?? ""} ${issue?.message ?? "invalid"}`, checked.error);
  }
  return { ...checked.data, list: unpackList(encoded.list) };
}

function packList(list: StarList): Uint8Array {
  const count = list.x.length;
  if (count > MOST_STARS || FLOAT_COLUMNS.some((name) => list[name].length !== count) || list.flags.length !== count) {
    throw new NebuliftError("internal", `star list of ${count} with unequal columns`);
  }
  const bytes = new Uint8Array(HEADER_BYTES + count * BYTES_PER_STAR);
  const view = new DataView(bytes.buffer);
  bytes[0] = LIST_VERSION;
  view.setUint32(4, count, true);
  let at = HEADER_BYTES;
  for (const name of FLOAT_COLUMNS) {
    const column = list[name];
    for (let i = 0; i < count; i++, at += 4) view.setFloat32(at, column[i] ?? 0, true);
  }
  bytes.set(list.flags, at);
  return bytes;
}

function unpackList(bytes: Uint8Array): StarList {
  if (bytes.length < HEADER_BYTES) throw new NebuliftError("bad-data", `star list of ${bytes.length} bytes`);
  if (bytes[0] !== LIST_VERSION) throw new NebuliftError("bad-data", `star list version ${bytes[0]}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = view.getUint32(4, true);
  if (count > MOST_STARS || bytes.length !== HEADER_BYTES + count * BYTES_PER_STAR) {
    throw new NebuliftError("bad-data", `star list of ${bytes.length} bytes claims ${count} stars`);
  }
  let at = HEADER_BYTES;
  const next = (): Float32Array => {
    const column = new Float32Array(count);
    for (let i = 0; i < count; i++, at += 4) column[i] = view.getFloat32(at, true);
    return column;
  };
  const [x, y, flux, snr, fwhm, hfr, eccentricity, angle] = [next(), next(), next(), next(), next(), next(), next(), next()];
  return { x, y, flux, snr, fwhm, hfr, eccentricity, angle, flags: bytes.slice(at, at + count) };
}
