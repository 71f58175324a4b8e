import assert from "node:assert/strict";
import { basename } from "node:path";
import type { FrameRow } from "../../../src/shared/contract.ts";
import { finalVerdict } from "../../../src/shared/final-verdict.ts";
import type { RunningApp } from "../launch.ts";
import { NightPage } from "./night-page.ts";
import { SortDialog } from "./sort-dialog.ts";

/** A user who has dropped a folder and does everything else by keys. */
export class Walk {
  readonly app: RunningApp;
  readonly night: NightPage;
  readonly sort: SortDialog;

  constructor(app: RunningApp) {
    this.app = app;
    this.night = new NightPage(app.page);
    this.sort = new SortDialog(app.page);
  }

  press(key: string): Promise<void> {
    return this.app.page.keyboard.press(key);
  }

  /** Takes a queue in the review pane, by keys. */
  async queue(name: "Doubtful" | "Flagged" | "All"): Promise<void> {
    const kinds = this.app.page.getByRole("toolbar", { name: "Frames to look at" });
    await kinds.getByRole("button", { name: new RegExp(`^${name}`) }).press("Enter");
    await this.app.page.locator(".why-panel h2").waitFor();
  }

  /** The frame before the eyes in the review pane, as the night has it. */
  async shown(): Promise<FrameRow> {
    const name = await this.app.page.locator(".why-panel h2").textContent();
    const row = (await this.night.snapshot()).rows.find((one) => one.name === name);
    assert.ok(row !== undefined, `no frame ${name}`);
    return row;
  }

  async rowOf(id: string): Promise<FrameRow> {
    const row = (await this.night.snapshot()).rows.find((one) => one.id === id);
    assert.ok(row !== undefined);
    return row;
  }

  /** Decides the frame before the eyes by this key and resolves once main has it on the disk. */
  async decide(key: "k" | "x" | "r", verdict: "clean" | "contaminated" | "review"): Promise<FrameRow> {
    const frame = await this.shown();
    await this.press(key);
    await untilAsync(async () => (await this.rowOf(frame.id)).frame.decided?.verdict === verdict);
    return frame;
  }

  /** Sorts into `output` by keys alone; the folder dialog is the system's and gets its answer ready. */
  async sortInto(output: string): Promise<void> {
    await this.sort.open();
    this.app.host.dialogAnswers.push([output]);
    await this.sort.dialog.getByRole("button", { name: /^(Choose a folder|Change)…$/ }).press("Enter");
    await this.sort.plan();
  }

  async places(): Promise<Map<string, string>> {
    const { rows } = await this.night.snapshot();
    const lights = rows.filter(({ frame }) => frame.verdict !== "unreadable" && finalVerdict(frame) !== "not-light");
    return new Map(lights.map(({ frame }) => [frame.path, `${finalVerdict(frame)}/${basename(frame.path)}`]));
  }
}

/** Resolves once it is true; throws when it never comes true. */
export async function untilAsync(look: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 20_000;
  while (!(await look())) {
    if (Date.now() > end) throw new Error(`never came true: ${look.toString()}`);
    await new Promise((done) => setTimeout(done, 30));
  }
}
