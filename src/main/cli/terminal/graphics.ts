import type { ScreenPicture } from "../../report-services.ts";
import { pngOf } from "./png.ts";
import { sixelOf } from "./sixel.ts";

export type Graphics = "kitty" | "iterm2" | "sixel" | "none";

/** Where on the screen, in character cells from 1, and how many cells at most. */
export interface Place {
  row: number;
  column: number;
  rows: number;
  columns: number;
}

/** Pixels of one character cell. */
export interface CellSize {
  width: number;
  height: number;
}

/** Most terminals are near this where they do not tell. */
const USUAL_CELL: CellSize = { width: 10, height: 20 };

/**
 * Questions to the terminal, all at once: whether it draws kitty's pictures (an action that shows nothing), its name, the
 * size of a cell, and last its device attributes, which every terminal answers: nothing comes after that.
 */
export const QUESTIONS = "\u001b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\u001b\\\u001b[>q\u001b[16t\u001b[14t\u001b[c";

/** Whether this is the answer that ends them: primary device attributes. */
export function isLastAnswer(reply: string): boolean {
  return reply.startsWith("\u001b[?") && /^[\d;]*c$/.test(reply.slice(3));
}

/** What the terminal can show, from its answers and, for iTerm2's pictures, which cannot be asked for, its name. */
export function graphicsOf(replies: readonly string[], environment: Readonly<Record<string, string | undefined>>): Graphics {
  if (replies.some((reply) => reply.startsWith("\u001b_Gi=31;OK"))) return "kitty";
  // Inside tmux and screen the name is that of the terminal around them, which does not see what is written here.
  const within = Boolean(environment["TMUX"]) || (environment["TERM"] ?? "").startsWith("screen");
  const names = [environment["TERM_PROGRAM"], environment["LC_TERMINAL"]].join(" ");
  const answered = replies.find((reply) => reply.startsWith("\u001bP>|")) ?? "";
  if (/iTerm2/.test(answered) || (!within && /iTerm|WezTerm|mintty/.test(names))) return "iterm2";
  const attributes = replies.find(isLastAnswer)?.match(/\d+/g) ?? [];
  return attributes.slice(1).includes("4") ? "sixel" : "none";
}

export function cellSizeOf(replies: readonly string[], screen: { rows: number; columns: number }): CellSize {
  const numbers = (kind: number): [number, number] | null => {
    const found = replies
      .map((reply) => new RegExp(`^\\u001b\\[${kind};(\\d{1,5});(\\d{1,5})t$`).exec(reply))
      .find((match) => match !== null);
    return found && Number(found[1]) > 0 && Number(found[2]) > 0 ? [Number(found[1]), Number(found[2])] : null;
  };
  const cell = numbers(6);
  if (cell) return { width: cell[1], height: cell[0] };
  const window = numbers(4);
  return window ? { width: window[1] / screen.columns, height: window[0] / screen.rows } : USUAL_CELL;
}

/** Width in pixels that a picture of this shape should have to fill the place, and the cells it then takes. */
export function sizeWithin(
  shape: { width: number; height: number },
  place: Place,
  cell: CellSize,
): { width: number; rows: number; columns: number } {
  const scale = Math.min((place.columns * cell.width) / shape.width, (place.rows * cell.height) / shape.height);
  const columns = Math.max(1, Math.min(place.columns, Math.floor((shape.width * scale) / cell.width)));
  const rows = Math.max(1, Math.min(place.rows, Math.ceil((shape.height * scale) / cell.height)));
  return { width: Math.max(16, Math.floor(shape.width * scale)), rows, columns };
}

/** The text that shows a picture there. */
export function pictureText(kind: Exclude<Graphics, "none">, picture: ScreenPicture, place: Place): string {
  const at = `\u001b[${place.row};${place.column}H`;
  if (kind === "sixel") return at + sixelOf(picture);
  const png = Buffer.from(pngOf(picture)).toString("base64");
  if (kind === "iterm2") {
    const size = `size=${Math.floor((png.length * 3) / 4)};width=${place.columns};height=${place.rows}`;
    return `${at}\u001b]1337;File=inline=1;${size};preserveAspectRatio=1:${png}\u0007`;
  }
  return at + kittyText(png, place);
}

/** Takes kitty's pictures off the screen; others are written over with the text. */
export function clearText(kind: Graphics): string {
  return kind === "kitty" ? "\u001b_Ga=d,d=A,q=2\u001b\\" : "";
}

/** sw.kovidgoyal.net/kitty/graphics-protocol: base64 in pieces of 4096; q=2 asks for no answer, C=1 leaves the cursor. */
function kittyText(png: string, place: Place): string {
  const pieces = png.match(/.{1,4096}/g) ?? [];
  return pieces
    .map((piece, i) => {
      const first = i === 0 ? `a=T,f=100,c=${place.columns},r=${place.rows},q=2,C=1,` : "";
      return `\u001b_G${first}m=${i < pieces.length - 1 ? 1 : 0};${piece}\u001b\\`;
    })
    .join("");
}
