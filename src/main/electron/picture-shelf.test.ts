import { describe, expect, test } from "vitest";
import type { Stretch } from "../../shared/domain.ts";
import { NebuliftError } from "../../shared/errors.ts";
import type { PictureRequest } from "../../shared/picture-address.ts";
import type { PicturePort } from "./picture-port.ts";
import { PictureShelf, type ShelfParts } from "./picture-shelf.ts";

const NIGHT: Stretch = { shadows: 0.1, midtones: 0.2, highlights: 1, range: [0, 65535] };

type Rendering = {
  wish: Parameters<PicturePort["render"]>[0];
  pressing: () => boolean;
  signal: AbortSignal;
  done: (bytes?: number) => void;
};

/** A shelf over a renderer that waits until a test lets a picture be done. */
function shelf(own: Partial<ShelfParts> = {}) {
  const begun: Rendering[] = [];
  const pictures: PicturePort = {
    render: (wish, { signal, pressing }) =>
      new Promise((resolve, reject) => {
        signal.addEventListener("abort", () => reject(new NebuliftError("cancelled", "")));
        begun.push({
          wish,
          pressing,
          signal,
          done: (bytes = 100) =>
            resolve({ jpeg: new Uint8Array(bytes), thumb: wish.thumb === null ? null : new Uint8Array(5).fill(7), scale: 0.25 }),
        });
      }),
  };
  const parts = {
    pictures,
    pathOf: (id: string) => (id.startsWith("n-") ? `/night/${id}.fits` : null),
    stretchOf: () => NIGHT,
    lookedAt: () => null,
    ...own,
  };
  return { shelf: new PictureShelf(parts), begun };
}

const whole = (id: string, width = 1400, over: Partial<PictureRequest> = {}): PictureRequest => ({
  id,
  what: { kind: "whole", width },
  stretch: "night",
  version: 1,
  ...over,
});
const live = (): AbortSignal => new AbortController().signal;

describe("a shelf of pictures", () => {
  test("makes a picture once, however often and at the same time it is asked for", async () => {
    const { shelf: pictures, begun } = shelf();
    const both = [pictures.picture(whole("n-1"), live()), pictures.picture(whole("n-1"), live())];
    begun[0]?.done();
    const [one, two] = await Promise.all(both);
    expect(one?.jpeg).toBe(two?.jpeg);
    expect((await pictures.picture(whole("n-1"), live()))?.jpeg).toBe(one?.jpeg);
    expect(begun.length).toBe(1);
    expect(one?.scale).toBe(0.25);
  });

  test("knows no frame but those of the open night", async () => {
    const { shelf: pictures, begun } = shelf();
    expect(await pictures.picture(whole("x-1"), live())).toBeNull();
    expect(begun).toEqual([]);
  });

  test("asks for the stretch that was wanted, and keeps the two apart", async () => {
    const { shelf: pictures, begun } = shelf();
    void pictures.picture(whole("n-1"), live());
    void pictures.picture(whole("n-1", 1400, { stretch: "frame", version: 0 }), live());
    void pictures.picture(whole("n-1", 1400, { version: 2 }), live());
    expect(begun.map(({ wish }) => wish.stretch)).toEqual([NIGHT, null, NIGHT]);
  });

  test("gets the small picture with the whole one, and reads no frame again for it", async () => {
    const { shelf: pictures, begun } = shelf();
    const waiting = pictures.picture(whole("n-1"), live());
    begun[0]?.done();
    await waiting;
    const small = await pictures.picture(whole("n-1", 96), live());
    expect(small).toEqual({ jpeg: new Uint8Array(5).fill(7), scale: null });
    expect(begun.map(({ wish }) => wish.thumb)).toEqual([240]);
    // It is there: a larger one of the same frame need not bring it again.
    void pictures.picture(whole("n-1", 2000), live());
    expect(begun.map(({ wish }) => wish.thumb)).toEqual([240, null]);
  });

  test("makes small pictures in one width, whatever width is asked for", async () => {
    const { shelf: pictures, begun } = shelf();
    const waiting = [64, 128, 240].map((width) => pictures.picture(whole("n-1", width), live()));
    begun[0]?.done();
    await Promise.all(waiting);
    expect(begun.map(({ wish }) => wish.what)).toEqual([{ kind: "whole", width: 240 }]);
  });

  test("calls a picture off with the last who waits for it, and begins anew for whoever comes then", async () => {
    const { shelf: pictures, begun } = shelf();
    const [first, second] = [new AbortController(), new AbortController()];
    const one = pictures.picture(whole("n-1"), first.signal);
    const two = pictures.picture(whole("n-1"), second.signal);
    first.abort();
    await expect(one).rejects.toMatchObject({ code: "cancelled" });
    expect(begun[0]?.signal.aborted).toBe(false);
    second.abort();
    await expect(two).rejects.toMatchObject({ code: "cancelled" });
    expect(begun[0]?.signal.aborted).toBe(true);
    const three = pictures.picture(whole("n-1"), live());
    expect(begun.length).toBe(2);
    begun[1]?.done();
    expect((await three)?.jpeg.length).toBe(100);
  });

  test("forgets a failure: a drive that is back gives its pictures", async () => {
    let there = false;
    const pictures = shelf({
      pictures: {
        render: async () => {
          if (!there) throw new NebuliftError("file-missing", "");
          return { jpeg: new Uint8Array(1), thumb: null, scale: 1 };
        },
      },
    }).shelf;
    await expect(pictures.picture(whole("n-1"), live())).rejects.toMatchObject({ code: "file-missing" });
    there = true;
    expect((await pictures.picture(whole("n-1"), live()))?.jpeg.length).toBe(1);
  });

  test("lets go of what was used longest ago when room runs out", async () => {
    const { shelf: pictures, begun } = shelf({ room: 350 });
    const corners = (id: string): PictureRequest => ({ ...whole(id), what: { kind: "corners", side: 256 } });
    const make = async (id: string): Promise<void> => {
      const before = begun.length;
      const waiting = pictures.picture(corners(id), live());
      begun[before]?.done();
      await waiting;
    };
    for (const id of ["n-1", "n-2", "n-3"]) await make(id);
    await make("n-1");
    expect(begun.length).toBe(3);
    await make("n-4");
    await make("n-1");
    expect(begun.length).toBe(4);
    await make("n-2");
    expect(begun.map(({ wish }) => wish.path.slice(7, 10))).toEqual(["n-1", "n-2", "n-3", "n-4", "n-2"]);
  });

  test("presses for the frame that is looked at, and changes its mind with the eyes", async () => {
    let looked: string | null = null;
    const { shelf: pictures, begun } = shelf({ lookedAt: () => looked });
    for (const request of [whole("n-1"), whole("n-2"), whole("n-1", 96)]) void pictures.picture(request, live());
    const pressing = () => begun.map((one) => one.pressing());
    expect(pressing()).toEqual([true, true, false]);
    looked = "n-1";
    expect(pressing()).toEqual([true, false, false]);
    looked = "n-2";
    expect(pressing()).toEqual([false, true, false]);
  });
});
