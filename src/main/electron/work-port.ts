import type { ExportOutcome, MethodInput, SortOutcomeView, SortPlanView, UnfinishedSort } from "../../shared/contract.ts";
import type { SortActionName } from "../../shared/desktop-settings.ts";
import type { Report } from "../../shared/domain.ts";

/** What sorting and handing over need of the services below; DesktopWork satisfies it. */
export interface WorkPort {
  /** What a sort would do, with all of its moves: the window gets them page by page. Touches nothing. */
  planSort(night: NightToSort, wish: SortWish, signal: AbortSignal): Promise<SortPlanView>;
  sort(night: NightToSort, wish: SortWish, running: WorkRunning): Promise<SortOutcomeView>;
  undoSort(session: string, running: WorkRunning): Promise<SortOutcomeView>;
  /** Finishes a sort, or its undoing, whichever stopped in the middle. */
  finishSort(session: string, running: WorkRunning): Promise<SortOutcomeView>;
  /** Sorts that stopped in the middle and whose folders are there now. */
  unfinishedSorts(): Promise<UnfinishedSort[]>;
  /** The last sort of the frames of this folder that was not taken back; null when there is none. */
  standingSort(root: string): Promise<StandingSort | null>;
  /** Whether frames were sorted into this folder before. */
  hasSortedInto(output: string): boolean;
  /** What the user is asked when something is to be handed over. */
  exportPlace(kind: ExportKind, night: NightToSort): Promise<ExportPlace>;
  /** `agreed`: the user was shown this very name and said that what is there may be replaced. */
  export(
    night: NightToSort,
    wish: MethodInput<"export.run">,
    place: { path: string; agreed: boolean },
    running: WorkRunning,
  ): Promise<ExportOutcome>;
}

/** A night with the user's decisions, and the folder that its frames' paths are relative to. */
export interface NightToSort {
  report: Report;
  root: string;
}

export type ExportKind = MethodInput<"export.run">["kind"];
export type SortWish = Omit<MethodInput<"sort.plan">, "from">;

export interface StandingSort {
  session: string;
  output: string;
  action: SortActionName;
  files: number;
  failed: number;
  /** Where each file of the night lies in the output now, by its path in the report; relative, with `/`. */
  places: ReadonlyMap<string, string>;
}

export interface WorkRunning {
  signal: AbortSignal;
  onProgress: (done: number, total: number) => void;
}

export interface ExportPlace {
  title: string;
  /** A free name beside the night. */
  suggestion: string;
  /** Ending of the file, without its dot, and what such files are called; null for a folder that is made. */
  file: { extension: string; name: string } | null;
}
