import type { DesktopSettings } from "../../shared/desktop-settings.ts";
import type { ReportFrame, ReportGroup, ReportSummary } from "../../shared/domain.ts";
import type { ErrorEnvelope } from "../../shared/errors.ts";

/** What the desktop needs of the services below it; services.ts satisfies it, the desktop knows nothing else of them. */
export interface DesktopServices {
  night: NightPort;
  settings: SettingsPort;
  /** Ends all work and closes files; called once, before the app quits. */
  close(): Promise<void>;
}

export interface NightPort {
  /**
   * Starts grading the frames in these folders (and single files). Returns at once; everything that happens is told to
   * `listener`, in order, one call after the other. Errors of single frames are in their rows.
   */
  openFolder(paths: string[], listener: (update: NightUpdate) => void): NightHandle;

  /**
   * An upright 8-bit JPEG of the frame at this absolute path, `width` px wide or less, in the night's stretch.
   * Throws NebuliftError; `cancelled` once the signal fires.
   */
  preview(path: string, options: { width: number; signal: AbortSignal }): Promise<Uint8Array>;
}

export interface NightHandle {
  /** Resolves when nothing of it runs any more, within about a second. Frames graded so far stay. Idempotent. */
  cancel(): Promise<void>;
}

export interface NightUpdate {
  state: "scanning" | "grading" | "done" | "cancelled" | "failed";
  /** Why the night as a whole failed (`folder-missing`, `no-frames`...), with state `failed`. */
  error?: ErrorEnvelope;
  progress: NightProgress;
  /** The folder that the frames' paths are relative to; with every update that has frames. */
  root?: string;
  /** Frames that are new, or whose verdict changed because the baseline did, since the update before; complete each. */
  frames: ReportFrame[];
  /** All groups, when any of them changed. */
  groups?: ReportGroup[];
  /** When it changed. */
  summary?: ReportSummary;
}

interface NightProgress {
  found: number;
  finished: number;
  /** Frames per second over the last seconds; null until it is known. */
  rate: number | null;
  /** Seconds until the last frame; null until it is known. */
  eta: number | null;
}

interface SettingsPort {
  desktop(): DesktopSettings;
  /** Remembered across starts; returns the whole. */
  changeDesktop(change: Partial<DesktopSettings>): DesktopSettings;
}
