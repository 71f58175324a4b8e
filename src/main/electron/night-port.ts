import type { FrameDetail, NightHead, RecentNight, RulesDocument, RulesState, RulesTrial } from "../../shared/contract.ts";
import type { DesktopSettings, Pane } from "../../shared/desktop-settings.ts";
import type { DecidedVerdict, ReasonCode, Report, ReportFrame, ReportGroup, ReportSummary, Stretch } from "../../shared/domain.ts";
import type { ErrorEnvelope } from "../../shared/errors.ts";
import type { PicturePort } from "./picture-port.ts";
import type { WorkPort } from "./work-port.ts";

/** What the desktop needs of the services below it; services.ts satisfies it, the desktop knows nothing else of them. */
export interface DesktopServices {
  night: NightPort;
  rules: RulesPort;
  memory: MemoryPort;
  settings: SettingsPort;
  pictures: PicturePort;
  work: WorkPort;
  /** Where settings and decisions are kept, and what can be made again. */
  folders: { data: string; cache: string };
  /** Whether a file of this name may be a frame; their endings are for dialogs. */
  frameEndings: readonly string[];
  /** Ends all work and closes files; called once, before the app quits. */
  close(): Promise<void>;
}

export interface NightPort {
  /**
   * Starts grading the frames in these folders (and single files), and with `watch` what arrives later. Returns at once;
   * everything that happens is told to `listener`, in order, one call after the other. Errors of single frames are in
   * their rows.
   */
  open(paths: string[], options: { watch: boolean }, listener: (update: NightUpdate) => void): NightHandle;

  /** A night is probably about to come: starts whatever takes time to start. */
  prepare(): void;

  /** Writes a night of known truth, or finds the one that was written before; returns its folder. Throws `disk-full`, `cancelled`... */
  simulate(options: { signal: AbortSignal; onProgress: (done: number, total: number) => void }): Promise<string>;
}

/** An open night. Frames are named by their paths in the report. */
export interface NightHandle {
  /** Resolves when nothing of it runs any more, within about a second. Frames graded so far stay. Idempotent. */
  cancel(): Promise<void>;
  /** Ends it for good and at once; nothing is told any more. */
  close(): Promise<void>;
  /** Throws `not-watchable`. */
  watch(on: boolean): Promise<void>;
  /** Durable when it returns; what changed has been told by then. */
  decide(paths: readonly string[], verdict: DecidedVerdict | null, cause: ReasonCode | null): DecidedPaths;
  /** Null when there is nothing to take back, or to make again. */
  undo(): DecidedPaths | null;
  redo(): DecidedPaths | null;
  /** Null when there is no such frame. */
  detail(path: string): Promise<Omit<FrameDetail, "id"> | null>;
  /** The stretch that a frame is shown in with its group; null before it was measured. */
  stretchOf(path: string): Stretch | null;
  /** With decisions. */
  report(): Promise<Report>;
  /** These frames were taken elsewhere by sorting: the night keeps them though their files have gone from where they were. */
  movedAway(paths: Iterable<string>): void;
}

export interface DecidedPaths {
  paths: string[];
  verdict: DecidedVerdict | null;
}

export interface NightUpdate {
  state: Exclude<NightHead["state"], "simulating">;
  /** Why the night as a whole failed (`folder-missing`, `no-frames`...), with state `failed`. */
  error?: ErrorEnvelope;
  progress: NightHead["progress"];
  /** The folder that the frames' paths are relative to; empty before it is known. */
  root: string;
  /** Frames that are new, or of which something else holds than before; complete each. */
  frames: ReportFrame[];
  /** Paths of frames that are no longer there. */
  gone: string[];
  groups: ReportGroup[];
  summary: ReportSummary | null;
  watch: NightHead["watch"];
  undo: number;
  redo: number;
  rules: NightHead["rules"];
  pictures: number;
}

export interface RulesPort {
  get(): RulesState;
  /** Keeps the document and has the open night judged by it. Throws `bad-rules`. */
  set(document: RulesDocument): Promise<RulesState>;
  /** What the document, or its last rule, would do to the open night. Throws `bad-rules`, `no-night`, `cancelled` for one that another has overtaken. */
  try(document: RulesDocument, lastRule: boolean, signal: AbortSignal): Promise<RulesTrial>;
  /** Reads a rules file. Throws `bad-rules`. */
  read(path: string): Promise<RulesDocument>;
  /** Writes one; what has that name is replaced as a whole. Throws `output-unwritable`, `disk-full`. */
  write(path: string, document: RulesDocument): Promise<void>;
}

/** Nights before and where the user was, across starts. */
export interface MemoryPort {
  nights(): NightBefore[];
  keepNights(nights: NightBefore[]): void;
  /** The night that was open when this was last kept; null when it was closed. */
  place(): NightPlace | null;
  keepPlace(place: NightPlace | null): void;
}

export type NightBefore = Omit<RecentNight, "present">;

export interface NightPlace {
  title: string;
  paths: string[];
  watch: boolean;
  state: NightHead["state"];
  pane: Pane;
  /** Of the frame that was looked at: its path in the report. */
  framePath: string | null;
  found: number;
  finished: number;
  review: number;
}

interface SettingsPort {
  desktop(): DesktopSettings;
  /** Remembered across starts; returns the whole. */
  changeDesktop(change: Partial<DesktopSettings>): DesktopSettings;
}
