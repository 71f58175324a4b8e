import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openStore, type Store } from "../storage/index.ts";
import { DEFAULT_SETTINGS } from "../verdict/index.ts";
import { parseThresholds, ThresholdStore } from "./thresholds.ts";

let folder: string;
let store: Store;
const open = (): Store => openStore({ data: folder, cache: folder }, { onTrouble: (error) => expect.unreachable(error.message) });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nebulift-thresholds-"));
  store = open();
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

const PROPOSAL = {
  thresholds: { review: [0.2, 0.6] as [number, number], calibration: { kind: "logit" as const, slope: 0.8, offset: -0.1 } },
  made: 1_790_000_000_000,
  labels: 200,
  nights: 3,
};

test("built in until promoted; a proposal changes nothing; both outlive the program; reset goes back and keeps the proposal", () => {
  const thresholds = new ThresholdStore(store.settings);
  expect(thresholds.inForce()).toEqual(DEFAULT_SETTINGS);
  expect(() => thresholds.promoteProposal()).toThrow(expect.objectContaining({ code: "bad-thresholds" }));
  thresholds.propose(PROPOSAL);
  expect(thresholds.inForce()).toEqual(DEFAULT_SETTINGS);
  thresholds.promoteProposal();
  store.close();
  store = open();
  const again = new ThresholdStore(store.settings);
  expect(again.inForce()).toEqual({ ...DEFAULT_SETTINGS, ...PROPOSAL.thresholds });
  expect(again.proposed()).toEqual(PROPOSAL);
  again.reset();
  expect(again.inForce()).toEqual(DEFAULT_SETTINGS);
  expect(again.proposed()).toEqual(PROPOSAL);
});

test("a promoted file replaces all that was in force; a promoted proposal keeps the limits", () => {
  const thresholds = new ThresholdStore(store.settings);
  thresholds.promote({ limits: { weight: 0.4 }, trails: "strict" });
  thresholds.propose(PROPOSAL);
  expect(thresholds.promoteProposal()).toEqual({
    ...DEFAULT_SETTINGS,
    ...PROPOSAL.thresholds,
    trails: "strict",
    limits: { ...DEFAULT_SETTINGS.limits, weight: 0.4 },
  });
  thresholds.promote({ leastGroup: 5 });
  expect(thresholds.inForce()).toEqual({ ...DEFAULT_SETTINGS, leastGroup: 5 });
});

test("without a store the built-in judgement holds, and promoting says so", () => {
  const thresholds = new ThresholdStore(null);
  expect(thresholds.inForce()).toEqual(DEFAULT_SETTINGS);
  expect(() => thresholds.reset()).toThrow(expect.objectContaining({ code: "bad-usage" }));
});

test("thresholds that cannot be saved are not said to be in force", () => {
  const file = join(folder, "a file");
  writeFileSync(file, "");
  const nowhere = openStore({ data: join(file, "data"), cache: join(file, "cache") }, { onTrouble: () => undefined });
  expect(() => new ThresholdStore(nowhere.settings).promote({ trails: "strict" })).toThrow(
    expect.objectContaining({ code: "output-unwritable" }),
  );
  nowhere.close();
});

test("what show-thresholds prints is understood, also with every limit moved", () => {
  const { limits, trails, leastGroup, review, calibration, notable } = DEFAULT_SETTINGS;
  const shown = JSON.stringify({ inForce: { limits, trails, leastGroup, review, calibration, notable }, changed: null, proposed: null });
  expect(parseThresholds(shown, "t.json")).toEqual({ limits, trails, leastGroup, review, calibration, notable });
});

test.each([
  ["no JSON", "review: [0.2, 0.4]", "no JSON"],
  ["no object", "[]", "object"],
  ["an unknown limit", '{"limits":{"wieght":0.4}}', "wieght"],
  ["a share above 1", '{"limits":{"weight":1.4}}', "share"],
  ["a band that ends before it begins", '{"review":[0.5,0.4]}', "band"],
  ["a band above what a trail's policy says", '{"review":[0.5,0.95]}', "review"],
  ["knots that fall", '{"calibration":{"kind":"knots","knots":[[0,1],[1,0]]}}', "rise"],
  ["a slope that turns good and bad round", '{"calibration":{"kind":"logit","slope":-1,"offset":0}}', "slope"],
  ["an unknown member", '{"rules":[]}', "rules"],
])("%s is refused with its place", (_, text, part) => {
  expect(() => parseThresholds(text, "t.json")).toThrow(
    expect.objectContaining({ code: "bad-thresholds", detail: expect.stringMatching(new RegExp(`^t.json.*${part}`)) }),
  );
});
