export { withDecisions } from "./decided.ts";
export { htmlReport } from "./html-report.ts";
export { type LiveNight, type LiveUpdate, watchGrading } from "./live.ts";
export { type GradeOptions, gradeNight, reportOf } from "./night.ts";
export { picturesOf } from "./pictures.ts";
export { type NightState, reportText } from "./report.ts";
export { readRulesFile } from "./rules-file.ts";
export type { FrameSniffer } from "./scan.ts";
