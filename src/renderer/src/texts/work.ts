import type { ExportOutcome, SortOutcomeView, UnfinishedSort } from "../../../shared/contract.ts";
import type { SortActionName } from "../../../shared/desktop-settings.ts";
import type { ErrorCode } from "../../../shared/errors.ts";
import { counted } from "./counted.ts";
import { exportTexts } from "./export.ts";

const files = (count: number) => counted(count, "file");
const frames = (count: number) => counted(count, "frame");

const doing: Record<SortActionName, string> = { copy: "Copying", move: "Moving", link: "Linking" };
const done: Record<SortActionName, string> = { copy: "copied", move: "moved", link: "linked" };

/** Where the catalogue's own advice speaks of the command line, the window has its own. */
const advice: Partial<Record<ErrorCode, string>> = {
  "sort-folders": "Choose a folder beside the night’s own, not inside it.",
  "sort-unfinished": "Finish the earlier sort or take it back, then sort again.",
  "sort-busy": "Wait until the other one has finished, then try again.",
  "no-sort": "Sort the night again; what lies in its place is left there.",
  "disk-full": "Free some space, then finish; or take it back.",
  "copy-differs": "Check that drive before you trust it with more, then finish.",
};

/** What came of a sort, or of taking one back, in one line. */
function headline(
  by: "sort" | "finish" | "undo",
  action: SortActionName,
  outcome: Pick<SortOutcomeView, "what" | "files" | "failures">,
): string {
  if (outcome.what === "nothing-to-do") return "Nothing had to be done";
  if (outcome.what === "undone") {
    return outcome.failures === 0
      ? "Taken back: everything is as it was before"
      : `Taken back, but for ${files(outcome.failures)} that had changed since`;
  }
  return by === "finish" ? `The sort is finished: ${files(outcome.files)} ${done[action]}` : `${files(outcome.files)} ${done[action]}`;
}

/** Words of sorting and handing over. */
export const workTexts = {
  advice,
  cancel: "Cancel",
  close: "Done",
  back: "Back",
  stop: "Stop",
  show: "Show in file manager",
  export: exportTexts,
  sort: {
    title: "Sort into folders",
    to: "Into which folder",
    choose: "Choose a folder…",
    change: "Change…",
    hint: (title: string) => `A folder beside the night’s own does well, for example “${title} sorted”.`,
    how: "How",
    actions: {
      copy: { name: "Copy", what: "Your originals stay as they are. Needs room for a second copy." },
      move: { name: "Move", what: "The frames leave the night’s folder. Can be taken back." },
      link: { name: "Link", what: "A second name for the same file, no extra room. Edit one and you edit both." },
    } satisfies Record<SortActionName, { name: string; what: string }>,
    keepFolders: "Keep the folders the frames are in",
    what: "What will happen",
    untouched: "Nothing is touched before you say so.",
    columns: { folder: "Folder", frames: "Frames", time: "Time", size: "Size" },
    into: (folder: string) => `${folder}/`,
    stays: "Stays in its place",
    staysWhat: "calibration or unreadable",
    settled: (count: number) => `${files(count)} ${count === 1 ? "lies" : "lie"} in place already.`,
    sidecars: (count: number) =>
      `${counted(count, "small file")} of the same name (.xmp, .wcs, .txt, .json) ${count === 1 ? "goes" : "go"} along.`,
    folders: (names: readonly string[]) =>
      names.length <= 4 ? `New folders: ${names.map((name) => `${name}/`).join(", ")}` : `${names.length} new folders`,
    room: (needed: string, free: string) => `Needs ${needed} of ${free} free there`,
    noRoom: "Needs no room: nothing is copied.",
    tooSmall: (lacking: string) => `That drive is ${lacking} short. Choose another drive, or free some space.`,
    doubt: (count: number) => `${frames(count)} still in doubt ${count === 1 ? "goes" : "go"} to review/.`,
    reviewFirst: "Review them first",
    missing: (count: number) => `${files(count)} ${count === 1 ? "is" : "are"} not there any more and will be left out.`,
    missingAction: "Connect the drive they were on and grade the folder again, or go on without them.",
    every: "Show every file",
    fewer: "Hide the files",
    moves: "Files and where they go",
    movedAlready: (place: string) => `These frames were moved to ${place}. Take that sort back to sort them another way.`,
    start: (action: SortActionName, count: number) => `${{ copy: "Copy", move: "Move", link: "Link" }[action]} ${files(count)}`,
    startNone: "Sort",
    another: "Choose another folder…",
    obstacles: {
      failed: "This night could not be graded, so there is nothing to sort.",
      grading: "The night is still being graded. This goes on by itself once every frame has its verdict.",
      "no-folder": "Choose the folder that the sorted frames go into.",
      trouble: "Nothing was touched.",
      looking: "Looking at both folders…",
      "too-small": "There is not enough room there. Nothing was touched.",
      nothing: "Everything lies in its place already.",
      busy: "Wait until the other work on files has finished.",
    },
  },
  running: {
    label: "Under way",
    hide: "Hide",
    goesOn: "Hidden, it goes on and is shown above the frames.",
    ready: "Making ready…",
    sort: (action: SortActionName) => `${doing[action]} files`,
    finish: "Finishing the sort",
    undo: "Taking the sort back",
    export: "Writing",
    choosing: "Choose where to in the file dialog.",
    of: (done: number, total: number) => `${done} of ${total}`,
    left: (time: string) => `about ${time} left`,
    stopping: "Stopping after this file…",
    sortSafe: "You may stop at any time: nothing is lost, and it can be finished or taken back later.",
    undoSafe: "You may stop at any time: nothing is lost, and it can be finished later.",
    exportSafe: "You may stop at any time: your frames are only read.",
    details: "Details",
  },
  outcome: {
    headline,
    where: "They lie in",
    failures: (count: number) => `${files(count)} could not be sorted and ${count === 1 ? "was" : "were"} left untouched`,
    keptBack: (count: number) => `${files(count)} ${count === 1 ? "was" : "were"} left as ${count === 1 ? "it is" : "they are"}`,
    more: (count: number) => `and ${count} more`,
    takeBack: "Take it back",
    stopped: "Stopped: nothing is lost",
    stoppedEarly: "Stopped before anything was touched",
    stoppedAt: (done: number, total: number) =>
      `${done} of ${files(total)} were done. The rest can be done now or later, or all of it taken back.`,
    undoStoppedAt: (done: number, total: number) => `${done} of ${files(total)} were taken back. The rest can be done now or later.`,
    later: "Later",
  },
  undo: {
    title: "Take the sort back",
    ask: {
      copy: (count: number, place: string) =>
        `The ${files(count)} copied to ${place} are removed again. Your originals were never touched.`,
      move: (count: number, place: string) => `The ${files(count)} moved to ${place} go back to where they were.`,
      link: (count: number, place: string) =>
        `The ${files(count)} linked in ${place} are removed again. Your originals were never touched.`,
    } satisfies Record<SortActionName, (count: number, place: string) => string>,
    safe: "Files that were changed since are left and named. Your decisions stay.",
    yes: "Take it back",
    no: "Keep it sorted",
  },
  sorted: {
    label: "Sorted",
    counts: (clean: number, contaminated: number, review: number) => `${clean} clean, ${contaminated} contaminated, ${review} in review`,
    files: (action: SortActionName, count: number) => `${files(count)} ${done[action]}`,
    failed: (count: number) => `${count} left out`,
    since: (count: number) => `${frames(count)} decided otherwise since`,
    again: "Sort again",
    show: "Show",
    takeBack: "Take back",
  },
  unfinished: {
    label: "A sort was not finished",
    /** `when` is a sentence's end such as "on Nov 27 at 02:14". */
    what: ({ doing, output, done, total }: Pick<UnfinishedSort, "doing" | "output" | "done" | "total">, when: string) =>
      `${doing === "sorting" ? "A sort into" : "Taking back the sort into"} ${output} stopped after ${done} of ${files(total)}, ${when}. Nothing is lost.`,
    finish: "Finish",
    takeBack: "Take back",
    more: (count: number) => (count === 1 ? "One more was not finished" : `${count} more were not finished`),
  },
  buttons: { sort: "Sort…", export: "Hand over…" },
  handedOver: ({ approved, lights }: Pick<ExportOutcome, "approved" | "lights">) => `${approved} of ${counted(lights, "light")} approved`,
} as const;
