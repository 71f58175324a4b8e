/** One number in a frame's header. */
export interface HeaderKeyword {
  name: string;
  value: number;
  comment: string;
}

/** How a file changes: `oldLength` bytes at `start` become `bytes`; everything else stays, byte for byte. */
export interface HeaderEdit {
  start: number;
  oldLength: number;
  bytes: Uint8Array;
}
