/**
 * Takes one plane out of samples that lie side by side: `into` gets sample `plane` of each of its pixels from `pixels`,
 * which holds as many pixels of `planes` samples of `bytes` bytes.
 */
export function pickPlane(pixels: Uint8Array, planes: number, plane: number, bytes: number, into: Uint8Array): void {
  const count = into.length / bytes;
  if (bytes === 1) {
    for (let i = 0, from = plane; i < count; i++, from += planes) into[i] = pixels[from];
    return;
  }
  if ((bytes === 2 || bytes === 4) && pixels.byteOffset % bytes === 0 && into.byteOffset % bytes === 0) {
    const source = words(pixels, bytes);
    const target = words(into, bytes);
    for (let i = 0, from = plane; i < count; i++, from += planes) target[i] = source[from];
    return;
  }
  for (let i = 0, from = plane * bytes; i < into.length; i += bytes, from += planes * bytes) {
    for (let j = 0; j < bytes; j++) into[i + j] = pixels[from + j];
  }
}

function words(bytes: Uint8Array, size: 2 | 4): Uint16Array | Uint32Array {
  const { buffer, byteOffset, length } = bytes;
  return size === 2 ? new Uint16Array(buffer, byteOffset, length / 2) : new Uint32Array(buffer, byteOffset, length / 4);
}
