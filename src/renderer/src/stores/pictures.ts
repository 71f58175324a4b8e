/** Where the picture of a frame comes from: main's protocol, so no picture ever crosses as a message. */
export function pictureOf(frameId: string, width: number): string {
  return `/preview/${frameId}?w=${width}`;
}
