import type { CfaPattern } from "../../shared/domain.ts";
import { CFA_COLOURS, type ColourPicture } from "./colour-preview.ts";
import type { Image } from "./frame-file.ts";
import { type Numbers, numbersOf } from "./samples.ts";

interface Neighbour {
  dx: number;
  dy: number;
  weight: number;
}

/**
 * Full-size colours of a mosaic: a pixel keeps its own colour; the others are means of the same colour around it, bilinear
 * for Bayer (3 x 3), weighted by 1 / distance^2 over 5 x 5 for X-Trans. At the borders what is outside does not count.
 */
export function debayer(image: Image, cfa: CfaPattern): ColourPicture {
  const { width, height } = image;
  const data = numbersOf(image.data);
  const room = () => new Float32Array(width * height);
  const planes: ColourPicture["planes"] = [room(), room(), room()];
  const { side } = cfa;
  const radius = side === 2 ? 1 : 2;
  for (let phase = 0; phase < side * side; phase++) {
    const px = phase % side;
    const py = Math.floor(phase / side);
    planes.forEach((plane, colour) => {
      const around = neighbours(cfa, px, py, colour, radius);
      for (let y = py; y < height; y += side) {
        for (let x = px; x < width; x += side) plane[y * width + x] = weighted(data, width, height, x, y, around);
      }
    });
  }
  return { width, height, planes };
}

function neighbours(cfa: CfaPattern, px: number, py: number, colour: number, radius: number): Neighbour[] {
  const { side, colours } = cfa;
  const colourAt = (x: number, y: number) => CFA_COLOURS.indexOf(colours[((y + 2 * side) % side) * side + ((x + 2 * side) % side)]);
  if (colourAt(px, py) === colour) return [{ dx: 0, dy: 0, weight: 1 }];
  const found: Neighbour[] = [];
  for (let dy = -radius; dy <= radius; dy++) {
    for (let dx = -radius; dx <= radius; dx++) {
      if (colourAt(px + dx, py + dy) === colour) found.push({ dx, dy, weight: radius === 1 ? 1 : 1 / (dx * dx + dy * dy) });
    }
  }
  return found;
}

function weighted(data: Numbers, width: number, height: number, x: number, y: number, around: Neighbour[]): number {
  let sum = 0;
  let weights = 0;
  for (const { dx, dy, weight } of around) {
    const nx = x + dx;
    const ny = y + dy;
    if (nx < 0 || ny < 0 || nx >= width || ny >= height) continue;
    sum += weight * data[ny * width + nx];
    weights += weight;
  }
  return sum / weights;
}
