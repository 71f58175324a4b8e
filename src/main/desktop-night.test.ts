import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { measuredFrame, skyOf } from "../../test/fixtures/measured-night.ts";
import { playedEngine } from "../../test/fixtures/played-engine.ts";
import type { RulesDocument } from "../shared/contract.ts";
import type { NebuliftError } from "../shared/errors.ts";
import { DesktopMemory } from "./desktop-memory.ts";
import { DesktopRules } from "./desktop-rules.ts";
import { JudgingThread, LiveNight, type LiveUpdate } from "./night/index.ts";
import { simulatedNight } from "./simulate/index.ts";
import { openStore, type Store, settingGroup } from "./storage/index.ts";
import { DEFAULT_SETTINGS } from "./verdict/index.ts";

const NAMES = Array.from({ length: 9 }, (_, i) => `light-${i}.fits`);
const sky = skyOf(5);
const FRAMES = new Map(NAMES.map((name, i) => [name, measuredFrame(name, sky, i + 1)]));
const NEVER = new AbortController().signal;

let home: string;
let store: Store;
let troubles: NebuliftError[];
let night: LiveNight | null;
let told: LiveUpdate[];
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "nebulift-desktop-"));
  troubles = [];
  night = null;
  told = [];
  open();
});
afterEach(async () => {
  await night?.close();
  store.close();
  rmSync(home, { recursive: true, force: true });
});

function open(): void {
  store = openStore({ data: join(home, "data"), cache: join(home, "cache") }, { onTrouble: (error) => troubles.push(error) });
}

function rulesHere(): DesktopRules {
  return new DesktopRules({
    memory: new DesktopMemory(store.settings),
    usual: () => DEFAULT_SETTINGS,
    night: () => night,
    onTrouble: (error) => troubles.push(error),
  });
}

async function openNight(rules: DesktopRules): Promise<void> {
  await night?.close();
  const folder = mkdtempSync(join(home, "night-"));
  for (const name of NAMES) writeFileSync(join(folder, name), name);
  await new Promise<void>((done) => {
    night = new LiveNight(
      [folder],
      {
        engine: playedEngine(FRAMES).engine,
        settings: rules.settings(),
        sniffer: { byName: (name) => name.endsWith(".fits"), byContent: () => false },
        settle: async () => undefined,
        decisions: store.decisions,
        facts: { who: "ada", app: "test" },
        judge: new JudgingThread(new URL("./night/live/judge-worker.ts", import.meta.url)),
        onTrouble: (error) => troubles.push(error),
      },
      (update) => {
        told.push(update);
        if (update.state === "done") done();
      },
    );
    night.start(false);
  });
}

const ALL: RulesDocument = { rules: [{ name: "all", metric: "fwhm", above: 1, verdict: "review" }] };

describe("the window's rules", () => {
  test("outlive the app, hold for the night that is open and for the next", async () => {
    const rules = rulesHere();
    await openNight(rules);
    expect(rules.get()).toMatchObject({ document: {}, limits: DEFAULT_SETTINGS.limits, trails: "auto" });
    const document: RulesDocument = { ...ALL, limits: { fwhmRatio: 1.2 }, trails: "strict" };
    expect(await rules.set(document)).toMatchObject({ document, limits: { fwhmRatio: 1.2 }, usual: { fwhmRatio: 1.35 }, trails: "strict" });
    expect(told.at(-1)).toMatchObject({ summary: { review: 9 }, rules: [{ name: "all", frames: 9 }] });
    store.close();
    open();
    const again = rulesHere();
    await openNight(again);
    expect(told.at(-1)?.summary?.review).toBe(9);
    await again.set({});
    expect(told.at(-1)?.summary?.review).toBe(0);
  });

  test("that make no sense are refused by name and field, and the ones before stay", async () => {
    const rules = rulesHere();
    await rules.set(ALL);
    const wrong: RulesDocument = { rules: [{ metric: "fwhn", above: 3 }] };
    await expect(rules.set(wrong)).rejects.toMatchObject({
      code: "bad-rules",
      detail: expect.stringMatching(/^these rules, rules\[0\]\.metric: .*fwhm/),
    });
    expect(rules.get().document).toEqual(ALL);
  });

  test("that a later version wrote are left alone, and said not to hold", () => {
    const later = { rules: [{ metric: "a-later-metric", above: 1 }] };
    new DesktopMemory(store.settings).keepRules(later);
    const rules = rulesHere();
    expect(rules.settings()).toEqual(DEFAULT_SETTINGS);
    expect(rules.settings()).toEqual(DEFAULT_SETTINGS);
    expect(troubles.map(({ code }) => code)).toEqual(["bad-rules"]);
    expect(rules.get().document).toEqual(later);
  });

  test("are tried: the last one alone, or all of them", async () => {
    const rules = rulesHere();
    await openNight(rules);
    const two: RulesDocument = { rules: [...(ALL.rules ?? []), { metric: "fwhm", above: 100 }] };
    expect(await rules.try(two, true, NEVER)).toMatchObject({ affected: { frames: 0 }, review: { frames: 9 }, changed: 9 });
    expect(await rules.try(ALL, false, NEVER)).toMatchObject({ affected: null, review: { frames: 9, minutes: 18 } });
    const ofFilter: RulesDocument = { filters: { L: { rules: [{ metric: "fwhm", above: 1 }] } } };
    expect(await rules.try(ofFilter, true, NEVER)).toMatchObject({ affected: { frames: 9 } });
    await expect(rules.try({}, true, NEVER)).rejects.toMatchObject({ code: "bad-rules" });
    expect(rules.get().document).toEqual({});
    expect(told.at(-1)?.summary?.review).toBe(0);
  });

  test("only the latest of many trials is made", async () => {
    const rules = rulesHere();
    await openNight(rules);
    const trials = [1, 2, 3].map((above) => rules.try({ rules: [{ metric: "fwhm", above }] }, true, NEVER));
    const outcomes = await Promise.allSettled(trials);
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected", "fulfilled"]);
    expect(outcomes[0]).toMatchObject({ reason: { code: "cancelled" } });
    await expect(rules.try(ALL, true, AbortSignal.abort())).rejects.toMatchObject({ code: "cancelled" });
  });

  test("cannot be tried without a night", async () => {
    await expect(rulesHere().try(ALL, true, NEVER)).rejects.toMatchObject({ code: "no-night" });
  });

  test("are written and read as the files that the command line takes", async () => {
    const rules = rulesHere();
    const path = join(home, "rules.json");
    writeFileSync(path, "what was there before, and was agreed to be replaced");
    await rules.write(path, ALL);
    expect(JSON.parse(readFileSync(path, "utf8"))).toEqual(ALL);
    expect(readdirSync(home).filter((name) => name.endsWith(".part"))).toEqual([]);
    expect(await rules.read(path)).toEqual(ALL);
    writeFileSync(path, '{\n "rules": [\n  { "metric": "fwhn", "above": 3 }]}');
    await expect(rules.read(path)).rejects.toMatchObject({ code: "bad-rules", detail: expect.stringContaining("line 3") });
    await expect(rules.write(join(home, "no", "such", "folder.json"), ALL)).rejects.toMatchObject({ code: "output-unwritable" });
  });
});

describe("the window's memory", () => {
  test("outlives the app", () => {
    const id = "0123456789abcdef";
    const recent = { id, title: "M31", paths: ["/n"], opened: 5, frames: 3, review: 1, minutes: 12.5 };
    const place = {
      title: "M31",
      paths: ["/n"],
      watch: true,
      state: "watching" as const,
      pane: "review" as const,
      framePath: "a.fits",
      found: 3,
      finished: 3,
      review: 1,
    };
    const memory = new DesktopMemory(store.settings);
    memory.keepNights([recent]);
    memory.keepPlace(place);
    store.close();
    open();
    const again = new DesktopMemory(store.settings);
    expect([again.nights(), again.place()]).toEqual([[recent], place]);
    again.keepPlace(null);
    expect(again.place()).toBeNull();
  });

  test("starts afresh from what it does not understand", () => {
    const anything = settingGroup<{ place: unknown }>("place", z.strictObject({ place: z.unknown() }), { place: null });
    store.settings.change(anything, { place: { paths: 7, from: "a later version" } });
    expect(new DesktopMemory(store.settings).place()).toBeNull();
  });
});

describe("a simulated night", () => {
  const worker = new URL("./simulate/worker.ts", import.meta.url);
  const given = { preset: "demo", frames: "3", size: "160x120", seed: "1" };

  test("is written on another thread, whole, and only once", async () => {
    const folder = join(home, "simulated", "night");
    const progress: [number, number][] = [];
    await simulatedNight(worker, folder, given, { onProgress: (written, total) => progress.push([written, total]) });
    expect(readdirSync(folder).filter((name) => name.endsWith(".fits"))).toHaveLength(3);
    expect(progress).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ]);
    await simulatedNight(new URL("file:///no/such/worker.js"), folder, given);
    expect(readdirSync(join(home, "simulated"))).toEqual(["night"]);
  });

  test("that is called off leaves nothing behind, and can be had afterwards", async () => {
    const folder = join(home, "simulated", "night");
    const stop = new AbortController();
    const work = simulatedNight(worker, folder, given, { signal: stop.signal, onProgress: () => stop.abort() });
    await expect(work).rejects.toMatchObject({ code: "cancelled" });
    expect(readdirSync(join(home, "simulated"))).toEqual([]);
    await simulatedNight(worker, folder, given);
    expect(existsSync(join(folder, "truth.csv"))).toBe(true);
  });

  test("says when it cannot be written", async () => {
    writeFileSync(join(home, "simulated"), "a file in its way");
    await expect(simulatedNight(worker, join(home, "simulated", "night"), given)).rejects.toMatchObject({ code: "output-unwritable" });
  });
});
