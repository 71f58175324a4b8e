import { join } from "node:path";
import { NebuliftError } from "../shared/errors.ts";
import { DesktopMemory } from "./desktop-memory.ts";
import { DesktopRules } from "./desktop-rules.ts";
import type { Engine } from "./engine/index.ts";
import { type FrameSniffer, JudgingThread, LiveNight, type LiveUpdate } from "./night/index.ts";
import { whoIsThis } from "./report-services.ts";
import { simulatedNight } from "./simulate/index.ts";
import type { Store } from "./storage/index.ts";
import type { JudgeSettings } from "./verdict/index.ts";

export interface DesktopNightParts {
  engine: Engine;
  store: Store | null;
  sniffer: FrameSniffer;
  settle: (path: string, signal: AbortSignal) => Promise<void>;
  /** What holds without rules of the user. */
  usual: () => JudgeSettings;
  app: string;
  cacheFolder: string;
  /** The thread's program that writes simulated nights; null where there is none. */
  simulatorUrl: URL | null;
  /** The thread's program that judges the open night; null where there is none. */
  judgeUrl: URL | null;
  onTrouble: (error: NebuliftError) => void;
}

/** A night of known truth: small enough for a few seconds, long enough to tell a story. */
const DEMO = { preset: "demo", frames: "40", size: "1200x800", seed: "1" };

/** What the desktop's night pane is built on (electron/night-port.ts): one night is open at a time. */
export class DesktopNight {
  readonly memory: DesktopMemory;
  readonly rules: DesktopRules;
  readonly #parts: DesktopNightParts;
  #open: LiveNight | null = null;
  /** Started ahead, for the next night. */
  #nextJudge: JudgingThread | null = null;

  constructor(parts: DesktopNightParts) {
    this.#parts = parts;
    this.memory = new DesktopMemory(parts.store?.settings ?? null);
    this.rules = new DesktopRules({
      memory: this.memory,
      usual: parts.usual,
      night: () => this.#open,
      onTrouble: parts.onTrouble,
    });
  }

  /** A night is probably about to come: whatever takes time to start is started. */
  prepare(): void {
    const { engine, judgeUrl } = this.#parts;
    engine.rehearse();
    if (judgeUrl) this.#nextJudge ??= new JudgingThread(judgeUrl);
  }

  /** Opens a night in place of the one before, which ends. */
  open(paths: string[], { watch }: { watch: boolean }, listener: (update: LiveUpdate) => void): LiveNight {
    const { engine, sniffer, settle, store, app, judgeUrl, onTrouble } = this.#parts;
    if (!judgeUrl) throw new NebuliftError("feature-missing", "judging an open night");
    engine.warm();
    void this.#open?.close();
    const facts = { who: whoIsThis(), app };
    const night = new LiveNight(
      paths,
      {
        engine,
        settings: this.rules.settings(),
        sniffer,
        settle,
        decisions: store?.decisions ?? null,
        facts,
        judge: this.#nextJudge ?? new JudgingThread(judgeUrl),
        onTrouble,
      },
      listener,
    );
    this.#nextJudge = null;
    this.#open = night;
    night.start(watch);
    return night;
  }

  /** Ends the night that is open, at once. */
  async close(): Promise<void> {
    await Promise.all([this.#open?.close(), this.#nextJudge?.close()]);
  }

  /** The same night again where it was written before; another version of Nebulift writes its own. */
  async simulate(options: { signal: AbortSignal; onProgress: (done: number, total: number) => void }): Promise<string> {
    const { cacheFolder, simulatorUrl, app } = this.#parts;
    if (!simulatorUrl) throw new NebuliftError("feature-missing", "simulated nights");
    const folder = join(cacheFolder, "simulated", `${app}-${DEMO.frames}-${DEMO.size}-${DEMO.seed}`, "Simulated night");
    await simulatedNight(simulatorUrl, folder, DEMO, options);
    return folder;
  }
}
