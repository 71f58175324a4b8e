import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { NebuliftError } from "../../shared/errors.ts";
import { Engine, type EngineOptions } from "./engine.ts";
import type { CachedFrame, FrameResult, MeasurementMemory } from "./result.ts";
import { SKIP_NOT_LIGHTS } from "./skip.ts";

const WORKER = new URL("../../../test/fixtures/measuring-worker.ts", import.meta.url);

let folder: string;
let files = 0;
let engine: Engine | null = null;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "nebulift-engine-"));
});
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(async () => {
  await engine?.close();
  engine = null;
});

function start(options: Partial<EngineOptions> = {}): Engine {
  engine = new Engine({ workerUrl: WORKER, version: "test", threads: 2, ...options });
  return engine;
}

/** A file that tells the test's measuring thread what to do. */
function frame(deed: string): string {
  const path = join(folder, `${String(files++).padStart(4, "0")}.frame`);
  writeFileSync(path, deed);
  return path;
}

async function measure(target: Engine, paths: Iterable<string> | AsyncIterable<string>, options = {}) {
  const results = new Map<string, FrameResult>();
  const summary = await target.measure(paths, {
    onResult: (result) => {
      expect(results.has(result.path), "a frame was delivered twice").toBe(false);
      results.set(result.path, result);
    },
    ...options,
  });
  return { results, summary };
}

function codeOf(result: FrameResult | undefined) {
  return result?.error?.code;
}

describe("measuring a batch", () => {
  it("delivers every frame once with what its thread found", async () => {
    const paths = Array.from({ length: 20 }, (_, i) => frame(`stars ${i}`));
    const { results, summary } = await measure(start(), paths);
    expect([...results.keys()].sort()).toEqual(paths);
    paths.forEach((path, i) => {
      const result = results.get(path);
      expect(result?.measurement?.stars.count).toBe(i);
      expect(result?.measurement?.list.x.length).toBe(i);
      expect(result?.error).toBeNull();
    });
    expect(summary).toMatchObject({ frames: 20, measured: 20, failed: 0, fromCache: 0, skipped: 0, cancelled: false });
  });

  it("gives each frame's own error without stopping", async () => {
    const good = frame("stars 1");
    const bad = frame("refuse");
    const empty = frame("");
    const gone = join(folder, "gone.frame");
    const { results, summary } = await measure(start(), [gone, bad, empty, folder, good]);
    expect(codeOf(results.get(gone))).toBe("file-missing");
    expect(results.get(bad)?.error).toMatchObject({ code: "truncated", detail: "half of it is missing" });
    expect(codeOf(results.get(empty))).toBe("file-empty");
    expect(codeOf(results.get(folder))).toBe("not-an-image");
    expect(results.get(good)?.measurement?.stars.count).toBe(1);
    expect(summary).toMatchObject({ frames: 5, measured: 1, failed: 4 });
  });

  it("spares the pixels of frames that are not lights", async () => {
    const dark = frame("dark stars 3");
    const light = frame("stars 3");
    const { results, summary } = await measure(start(), [dark, light], { skip: SKIP_NOT_LIGHTS });
    expect(results.get(dark)).toMatchObject({ skipped: true, measurement: null, error: null });
    expect(results.get(dark)?.summary?.metadata.imageType).toBe("dark");
    expect(results.get(light)?.skipped).toBe(false);
    expect(summary).toMatchObject({ measured: 1, skipped: 1 });
  });

  it("keeps the event loop free while threads compute", async () => {
    const paths = Array.from({ length: 2 }, () => frame("work 1500"));
    let longest = 0;
    let last = performance.now();
    const heartbeat = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 5);
    await measure(start(), paths);
    clearInterval(heartbeat);
    // Measured on this thread, a frame would hold the heart still for its 1500 ms.
    expect(longest).toBeLessThan(1200);
  });

  it("waits for files that are still being written", async () => {
    const path = frame("");
    const growing = frame("stars 1");
    const target = start({
      settle: async (file) => {
        if (file === path) writeFileSync(path, "stars 7");
        else throw new NebuliftError("file-growing", "after 1 s");
      },
    });
    const { results } = await measure(target, [path, growing]);
    expect(results.get(path)?.measurement?.stars.count).toBe(7);
    expect(codeOf(results.get(growing))).toBe("file-growing");
  });
});

describe("frames that take their thread with them", () => {
  it.each([
    ["exit 3", "worker-crashed", "exit code 3"],
    ["later", "worker-crashed", "thrown where nobody catches"],
    ["trap", "internal", "unreachable"],
    ["fault", "internal", "x is not a function"],
  ])("%s costs exactly that frame", async (deed, code, detail) => {
    const before = Array.from({ length: 3 }, () => frame("stars 5"));
    const poison = frame(deed);
    const after = Array.from({ length: 3 }, () => frame("stars 6"));
    let attempts = 0;
    const { results, summary } = await measure(start(), [...before, poison, ...after], {
      onStart: (path: string) => {
        if (path === poison) attempts++;
      },
    });
    expect(results.get(poison)?.error).toMatchObject({ code, detail });
    expect(attempts).toBe(1);
    expect(summary).toMatchObject({ frames: 7, measured: 6, failed: 1 });
  });

  it("a hang is ended by the watchdog", async () => {
    const poison = frame("hang");
    const good = Array.from({ length: 4 }, () => frame("stars 5"));
    const { results, summary } = await measure(start({ watchdogMs: 2000 }), [poison, ...good]);
    expect(results.get(poison)?.error).toMatchObject({ code: "worker-crashed", detail: "no result after 2 s" });
    expect(summary).toMatchObject({ measured: 4, failed: 1 });
  });

  it("running out of memory is named and survived", async () => {
    const poison = frame("heap");
    const good = Array.from({ length: 3 }, () => frame("stars 5"));
    const { results, summary } = await measure(start({ heapMegabytes: 64 }), [poison, ...good]);
    expect(codeOf(results.get(poison))).toBe("out-of-memory");
    expect(summary).toMatchObject({ measured: 3, failed: 1 });
  });

  it("a night of nothing but poison ends, each frame tried once", async () => {
    const paths = Array.from({ length: 8 }, () => frame("exit 1"));
    const { results, summary } = await measure(start(), paths);
    expect([...results.values()].map(codeOf)).toEqual(paths.map(() => "worker-crashed"));
    expect(summary.failed).toBe(8);
  });

  it("threads that cannot start end the batch instead of failing every frame", async () => {
    const target = start({ workerUrl: new URL("file:///nowhere/worker.js") });
    const measuring = measure(
      target,
      Array.from({ length: 5 }, () => frame("stars 1")),
    );
    await expect(measuring).rejects.toMatchObject({ code: "internal", detail: expect.stringContaining("do not start") });
  });

  it("a thread that grew too large is replaced", async () => {
    const target = start({ threads: 1, memoryLimit: 64 * 1024 * 1024 });
    const before = process.memoryUsage().rss;
    const { summary } = await measure(
      target,
      Array.from({ length: 12 }, () => frame("keep 100")),
    );
    // Twelve frames leave 100 MiB each behind in their thread; only threads that end give it back.
    expect(process.memoryUsage().rss - before).toBeLessThan(700 * 1024 * 1024);
    expect(summary).toMatchObject({ measured: 12, failed: 0 });
  });
});

describe("cancelling", () => {
  it.each(["work 60000", "wait 60000", "hang"])("ends in the middle of '%s'", async (deed) => {
    const target = start();
    const quick = frame("stars 1");
    const controller = new AbortController();
    const delivered: string[] = [];
    const first = Promise.withResolvers<void>();
    async function* source() {
      yield quick;
      await first.promise;
      for (let i = 0; i < 6; i++) yield frame(deed);
    }
    let begun = 0;
    const summary = await target.measure(source(), {
      signal: controller.signal,
      onStart: () => {
        if (++begun === 3) setTimeout(() => controller.abort(), 200);
      },
      onResult: ({ path }) => {
        delivered.push(path);
        first.resolve();
      },
    });
    expect(summary).toMatchObject({ cancelled: true, frames: 1 });
    expect(delivered).toEqual([quick]);
    // The engine is as good as new.
    const again = await measure(target, [frame("stars 9")]);
    expect([...again.results.values()][0]?.measurement?.stars.count).toBe(9);
  });

  it("does not wait for a source that has nothing to give", async () => {
    const controller = new AbortController();
    async function* source() {
      yield frame("stars 2");
      await sleep(60_000, undefined, { ref: false });
      yield frame("stars 3");
    }
    const { results, summary } = await measure(start(), source(), {
      signal: controller.signal,
      onResult: (result: FrameResult) => {
        expect(result.measurement?.stars.count).toBe(2);
        controller.abort();
      },
    });
    expect(summary).toMatchObject({ cancelled: true, frames: 1 });
    expect(results.size).toBe(0);
  });

  it("begins nothing when cancelled beforehand", async () => {
    const { summary } = await measure(start(), [frame("stars 1")], { signal: AbortSignal.abort() });
    expect(summary).toMatchObject({ cancelled: true, frames: 0 });
  });

  it("closing the engine ends a batch and further work", async () => {
    const target = start();
    const began = Promise.withResolvers<void>();
    const running = measure(target, [frame("hang")], { onStart: () => began.resolve() });
    await began.promise;
    await target.close();
    expect((await running).summary.frames).toBe(0);
    await expect(target.header(frame("stars 1"))).rejects.toMatchObject({ code: "cancelled" });
  });
});

describe("backpressure", () => {
  it("pulls no more than it can use while results are not taken", async () => {
    let pulled = 0;
    let open = 0;
    let mostOpen = 0;
    let worst = 0;
    let delivered = 0;
    async function* source() {
      for (let i = 0; i < 40; i++) {
        pulled++;
        worst = Math.max(worst, pulled - delivered);
        yield frame("stars 1");
      }
    }
    const { summary } = await measure(start(), source(), {
      onResult: async () => {
        open++;
        mostOpen = Math.max(mostOpen, open);
        await sleep(10);
        open--;
        delivered++;
      },
    });
    expect(summary.measured).toBe(40);
    expect(mostOpen).toBe(1);
    expect(worst).toBeLessThanOrEqual(2 + 2 + 1);
  });

  it("rejects with what the consumer throws, and stops", async () => {
    let delivered = 0;
    const measuring = start().measure(
      Array.from({ length: 30 }, () => frame("stars 1")),
      {
        onResult: () => {
          delivered++;
          throw new NebuliftError("disk-full", "the report");
        },
      },
    );
    await expect(measuring).rejects.toMatchObject({ code: "disk-full" });
    expect(delivered).toBe(1);
  });

  it("rejects with what the source throws", async () => {
    async function* source() {
      yield frame("stars 1");
      throw new NebuliftError("folder-unreadable", "M 31");
    }
    await expect(measure(start(), source())).rejects.toMatchObject({ code: "folder-unreadable" });
  });

  it("runs no more frames at a time than asked for", async () => {
    let running = 0;
    let most = 0;
    const { summary } = await measure(
      start({ threads: 3 }),
      Array.from({ length: 6 }, () => frame("work 30")),
      {
        concurrency: 1,
        onStart: () => {
          running++;
          most = Math.max(most, running);
        },
        onResult: () => {
          running--;
        },
      },
    );
    expect(summary.measured).toBe(6);
    // A result may be on its way while the next frame begins.
    expect(most).toBeLessThanOrEqual(2);
  });
});

describe("someone is looking", () => {
  it("a preview overtakes the batch", async () => {
    const target = start({ threads: 1 });
    const order: string[] = [];
    const looked = Promise.withResolvers<void>();
    const batch = target.measure(
      Array.from({ length: 10 }, () => frame("work 50")),
      {
        onStart: () => {
          if (order.length > 0) return;
          order.push("begun");
          void target.preview(frame("stars 42")).then(({ jpeg }) => {
            order.push(`preview ${jpeg[0]}`);
            looked.resolve();
          });
        },
        onResult: () => {
          order.push("frame");
        },
      },
    );
    await Promise.all([batch, looked.promise]);
    // The frame that had begun is finished first, and perhaps delivered in the same breath; none after it.
    expect(order.indexOf("preview 42")).toBeGreaterThan(0);
    expect(order.indexOf("preview 42")).toBeLessThanOrEqual(2);
  });

  it("reads a header without measuring, and passes errors on", async () => {
    const target = start();
    expect((await target.header(frame("dark"))).metadata.imageType).toBe("dark");
    await expect(target.header(frame("refuse"))).rejects.toMatchObject({ code: "truncated" });
    await expect(target.preview(frame("refuse"))).rejects.toBeInstanceOf(NebuliftError);
  });

  it("a picture that somebody waits for overtakes those that are only got ready, also when that was not known before", async () => {
    const target = start({ threads: 1 });
    const order: number[] = [];
    let looked = 0;
    const ask = (star: number, pressing?: () => boolean): Promise<unknown> =>
      target.preview(frame(`work 20 stars ${star}`), { pressing }).then(({ jpeg }) => order.push(jpeg[0] ?? -1));
    // The first has begun before the others are asked for.
    const all = [ask(1), ask(2, () => looked === 2), ask(3, () => looked === 3), ask(4, () => looked === 4)];
    looked = 4;
    all.push(ask(5));
    await Promise.all(all);
    expect(order).toEqual([1, 4, 5, 2, 3]);
  });

  it("remembers what was measured of a file until it changes", async () => {
    const kept = new Map<string, CachedFrame>();
    const memory: MeasurementMemory = { find: (id) => kept.get(id) ?? null, keep: (id, _version, found) => void kept.set(id, found) };
    const target = start({ memory });
    const path = frame("stars 12");
    expect(await target.remembered(path)).toBeNull();
    await measure(target, [path]);
    expect((await target.remembered(path))?.stars.count).toBe(12);
    writeFileSync(path, "stars 13");
    expect(await target.remembered(path)).toBeNull();
  });

  it("a preview nobody waits for any more is given up, queued or begun", async () => {
    const target = start({ threads: 1 });
    const controller = new AbortController();
    const begun = target.preview(frame("work 60000"), { signal: controller.signal });
    const queued = target.preview(frame("stars 1"), { signal: controller.signal });
    setTimeout(() => controller.abort(), 50);
    const outcomes = await Promise.allSettled([begun, queued]);
    for (const outcome of outcomes) expect(outcome).toMatchObject({ status: "rejected", reason: { code: "cancelled" } });
  });
});

describe("remembering", () => {
  class Shelf implements MeasurementMemory {
    readonly entries = new Map<string, CachedFrame>();
    find(identity: string, version: string): CachedFrame | null {
      return this.entries.get(`${version} ${identity}`) ?? null;
    }
    keep(identity: string, version: string, frame: CachedFrame): void {
      this.entries.set(`${version} ${identity}`, frame);
    }
  }

  it("gives the same measurement without a thread the second time", async () => {
    const memory = new Shelf();
    const paths = Array.from({ length: 5 }, (_, i) => frame(`stars ${i}`));
    const first = await measure(start({ memory }), paths);
    await engine?.close();
    // Threads that cannot start show that none is needed.
    const second = await measure(start({ memory, workerUrl: new URL("file:///nowhere/worker.js") }), paths);
    expect(second.summary).toMatchObject({ fromCache: 5, measured: 0 });
    for (const path of paths) {
      expect(second.results.get(path)?.measurement).toEqual(first.results.get(path)?.measurement);
      expect(second.results.get(path)?.summary).toEqual(first.results.get(path)?.summary);
    }
  });

  it("measures anew what changed, what another version measured, and what is garbled", async () => {
    const memory = new Shelf();
    const [same, touched, garbled] = [frame("stars 1"), frame("stars 2"), frame("stars 3")];
    const first = await measure(start({ memory }), [same, touched, garbled]);
    await engine?.close();
    utimesSync(touched, 1e9, 1e9);
    const entry = memory.find(first.results.get(garbled)?.identity ?? "", "test");
    if (entry === null) throw new Error("nothing was kept");
    memory.keep(first.results.get(garbled)?.identity ?? "", "test", { ...entry, measurement: { json: "{", list: new Uint8Array(3) } });
    const second = await measure(start({ memory }), [same, touched, garbled]);
    expect([...second.results.values()].filter(({ fromCache }) => fromCache).map(({ path }) => path)).toEqual([same]);
    await engine?.close();
    const newer = await measure(start({ memory, version: "newer" }), [same]);
    expect(newer.summary).toMatchObject({ measured: 1, fromCache: 0 });
    await engine?.close();
    const anew = await measure(start({ memory }), [same], { lookUp: false });
    expect(anew.summary.measured).toBe(1);
  });

  it("does not remember failures", async () => {
    const memory = new Shelf();
    await measure(start({ memory }), [frame("refuse"), frame("exit 1")]);
    expect(memory.entries.size).toBe(0);
  });
});

describe("rehearsing", () => {
  it("keeps no frame waiting: it ends when there is something to do", async () => {
    const target = start({ graceMs: 30_000 });
    target.rehearse();
    const { results } = await measure(target, [frame("stars 3"), frame("stars 4")]);
    expect([...results.values()].map(({ measurement }) => measurement?.stars.count).sort()).toEqual([3, 4]);
  });

  it("gives way to somebody who looks at a frame, and to the end", async () => {
    const target = start({ threads: 1, graceMs: 30_000 });
    target.rehearse();
    expect([...(await target.preview(frame("stars 5"))).jpeg]).toEqual([5]);
    target.rehearse();
    await target.close();
  });

  it("is done once for each thread, not again for one that is warm", async () => {
    const target = start({ threads: 1 });
    await measure(target, [frame("stars 1")]);
    target.rehearse();
    // A rehearsal of this thread would take the only one there is, for ever.
    const { results } = await measure(target, [frame("stars 2")]);
    expect(results.size).toBe(1);
  });
});
