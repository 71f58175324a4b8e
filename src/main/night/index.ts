export { csvReport } from "./csv-report.ts";
export { withDecisions } from "./decided.ts";
export { evaluationPage } from "./evaluation-page.ts";
export { isApproved, listedLights } from "./export/approval.ts";
export { type CuratedExport, exportCurated } from "./export/curated.ts";
export { newFolder, writeNew } from "./export/new-files.ts";
export { type NightSort, type OpenReport, openNight, openReport, type ReportedFile } from "./export/open-report.ts";
export { subframeSelectorCsv, subframeSelectorScript } from "./export/pixinsight.ts";
export { undoJournal } from "./export/rewrite.ts";
export { exportSiril, type SirilExport } from "./export/siril.ts";
export { dssFileList, pathList } from "./export/stacker-lists.ts";
export { exportWeights, journalBeside, type WeightExport, type WeightPlace } from "./export/weights.ts";
export { titledGroups } from "./group-title.ts";
export { htmlReport } from "./html-report.ts";
export { type Amount, type FilterTime, timePerFilter } from "./integration-time.ts";
export { JudgingThread } from "./live/judging-thread.ts";
export { LiveNight } from "./live/live-night.ts";
export type { LiveUpdate } from "./live/live-update.ts";
export { type GradeOptions, gradeNight, reportOf } from "./night.ts";
export { nightStretches } from "./night-stretch.ts";
export { type PictureSources, picturesOf } from "./pictures.ts";
export { type NightState, reportText } from "./report.ts";
export { type QueueKind, reviewQueue } from "./review/queue.ts";
export { ReviewSession } from "./review/session.ts";
export { readRulesFile, rulesText, writeRulesFile } from "./rules-file.ts";
export { saveReport } from "./save-report.ts";
export { type FrameSniffer, reportPath } from "./scan.ts";
export {
  isSession,
  keptReportPath,
  planSort,
  resumeSort,
  type SortAction,
  type SortOutcome,
  type SortPlan,
  type SortProgress,
  type SortSession,
  sortedFolder,
  sortFolders,
  sortFrames,
  sortsIn,
  sortToolsHere,
  stateOf,
  stoppedIn,
  type UndoOutcome,
  undoSort,
} from "./sort/index.ts";
export { type WatchOptions, type WatchUpdate, watchFolder } from "./watch.ts";
export { worthOfGroup, worthSentences } from "./worth-report.ts";
