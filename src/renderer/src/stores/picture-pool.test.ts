import { describe, expect, test } from "vitest";
import { PicturePool } from "./picture-pool.ts";

/** What the pool needs of an image element, with decoding in the test's hand. */
class Element {
  src = "";
  draggable = true;
  isConnected = false;
  calledOff = false;
  settle: (good: boolean) => void = () => {};
  decode(): Promise<void> {
    return new Promise((done, fail) => {
      this.settle = (good) => (good ? done() : fail(new Error("cannot be decoded")));
    });
  }
  removeAttribute(): void {
    this.calledOff = true;
    this.settle(false);
  }
}

function poolOf(most: number) {
  const made: Element[] = [];
  const pool = new PicturePool(most, () => {
    const element = new Element();
    made.push(element);
    return element as unknown as HTMLImageElement;
  });
  return { pool, made };
}

describe("the pool of pictures", () => {
  test("asks for a picture once and gives the same element again", async () => {
    const { pool, made } = poolOf(3);
    const first = pool.get("/a");
    expect(first.state).toBe("loading");
    made[0].settle(true);
    expect(await first.done).toBe(true);
    expect(pool.get("/a")).toBe(first);
    expect(pool.peek("/a")?.state).toBe("ready");
    expect(made).toHaveLength(1);
  });

  test("asks again for what failed, and not by itself", async () => {
    const { pool, made } = poolOf(3);
    const first = pool.get("/a");
    made[0].settle(false);
    expect(await first.done).toBe(false);
    expect(pool.peek("/a")?.state).toBe("failed");
    pool.get("/a");
    expect(made).toHaveLength(2);
  });

  test("holds no more than it may, and lets the longest unused go first", async () => {
    const { pool, made } = poolOf(2);
    for (const address of ["/a", "/b"]) pool.get(address);
    for (const element of made) element.settle(true);
    await Promise.resolve();
    pool.get("/a");
    pool.get("/c");
    expect([pool.peek("/a"), pool.peek("/b"), pool.peek("/c")].map((entry) => entry !== null)).toEqual([true, false, true]);
  });

  test("never takes away what is in the page", async () => {
    const { pool, made } = poolOf(1);
    pool.get("/a");
    made[0].isConnected = true;
    pool.get("/b");
    expect(pool.peek("/a")).not.toBeNull();
  });

  test("calls off what is on its way and no longer wanted, and leaves what is ready", async () => {
    const { pool, made } = poolOf(5);
    const ready = pool.get("/a");
    made[0].settle(true);
    await ready.done;
    const gone = pool.get("/b");
    pool.get("/c");
    pool.only(["/c"]);
    expect(made.map(({ calledOff }) => calledOff)).toEqual([false, true, false]);
    expect(await gone.done).toBe(false);
    expect(pool.peek("/a")?.state).toBe("ready");
    expect(pool.peek("/b")).toBeNull();
  });
});
