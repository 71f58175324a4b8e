import { setImmediate } from "node:timers/promises";
import { Option } from "commander";
import type { ReportFrame, TrailPolicy } from "../../shared/domain.ts";
import { saveReport } from "../report-services.ts";
import { reportText, type Services, type WatchUpdate } from "../services.ts";
import type { AddCommands } from "./command-line.ts";
import { settingsFor } from "./grading.ts";
import { EXIT } from "./outcome.ts";
import { frameLines, printable, summaryLines } from "./tables.ts";

interface WatchOptions {
  json?: boolean;
  poll?: boolean;
  trails?: TrailPolicy;
  rules?: string;
  report?: string;
}

export const addWatchCommand: AddCommands = (line) => {
  line.program
    .command("watch")
    .description("grade frames as they arrive, until Ctrl-C")
    .argument("<in>", "folder that the capture program writes to")
    .option("--poll", "look every 2 seconds: for network drives that are not recognised as such")
    .addOption(new Option("--trails <policy>", "what a trail alone means").choices(["auto", "strict", "ignore"]))
    .option("--rules <file>", "limits and rules of your own (docs/rules.md)")
    .option("--report <file>", "write the report as JSON at the end")
    .option("--json", "one line of JSON for every verdict, and nothing else")
    .addHelpText("after", "\nExample: nebulift watch ~/astro/tonight --report tonight.json")
    .action((folder: string, options: WatchOptions) => line.withServices({}, (services) => watch(services, folder, options, line.signal)));
};

async function watch(services: Services, folder: string, options: WatchOptions, signal: AbortSignal): Promise<number> {
  const settings = await settingsFor(options, services.thresholds());
  const view = options.json ? jsonLines() : process.stdout.isTTY ? liveTable() : logLines();
  let night: Awaited<ReturnType<Services["watch"]>>;
  try {
    night = await services.watch(folder, { settings, signal, poll: options.poll, onNotice: view.notice }, view.update);
  } finally {
    view.close();
  }
  const report = services.report(night, settings);
  if (options.json) process.stdout.write(`${JSON.stringify({ event: "end", summary: report.summary })}\n`);
  else if (report.frames.length === 0) process.stdout.write("No frames arrived.\n");
  else process.stdout.write(`${frameLines(report.frames)}\n\n${summaryLines(report)}\n`);
  if (options.report && report.frames.length > 0) {
    await saveReport(options.report, reportText(report));
    if (!options.json) process.stdout.write(`written: ${printable(options.report)}\n`);
  }
  // What Ctrl-C ends here was done, not cancelled.
  await setImmediate();
  return report.summary.unreadable > 0 ? EXIT.someFailed : EXIT.done;
}

interface View {
  update: (update: WatchUpdate) => void;
  notice: (text: string) => void;
  close: () => void;
}

/** JSON lines: a program reads one whole object a line. */
function jsonLines(): View {
  const line = (value: object): void => void process.stdout.write(`${JSON.stringify(value)}\n`);
  return {
    update: ({ changed, gone }) => {
      for (const frame of changed) line({ event: "frame", frame });
      for (const path of gone) line({ event: "gone", path });
    },
    notice: (text) => line({ event: "notice", text }),
    close: () => undefined,
  };
}

/** One line a verdict, as they come: for logs. */
function logLines(): View {
  const before = new Map<string, string>();
  return {
    update: ({ changed, gone }) => {
      for (const frame of changed) {
        const was = before.get(frame.path);
        before.set(frame.path, frame.verdict);
        // A probability that moves a little is no news in a log.
        if (was === frame.verdict) continue;
        const [, row = ""] = frameLines([frame]).split("\n");
        process.stdout.write(`${row}${was === undefined ? "" : `  (was ${was})`}\n`);
      }
      for (const path of gone) process.stdout.write(`  ${printable(path)} is not there any more\n`);
    },
    notice: (text) => void process.stderr.write(`${printable(text)}\n`),
    close: () => undefined,
  };
}

/** A table that stays in place: the night so far, and the frames that came last. */
function liveTable(): View {
  let last: WatchUpdate | null = null;
  let notice = "";
  const order: string[] = [];
  const draw = (): void => {
    const room = (process.stdout.rows || 24) - 6;
    const counts = countsText(last?.frames ?? []);
    const byPath = new Map((last?.frames ?? []).map((frame) => [frame.path, frame]));
    const shown = order.flatMap((path) => byPath.get(path) ?? []).slice(-Math.max(1, room));
    const table = shown.length > 0 ? newestLines(shown, room) : ["  waiting for frames ..."];
    const waiting = last && last.waiting > 0 ? `${last.waiting} being written or measured` : "";
    process.stdout.write(
      `\u001b[H\u001b[2J${[counts, "", ...table, "", [waiting, notice, "Ctrl-C ends"].filter((text) => text !== "").join("   ")].join("\r\n")}`,
    );
  };
  process.stdout.write("\u001b[?1049h\u001b[?25l\u001b[?7l");
  process.stdout.on("resize", draw);
  draw();
  return {
    update: (update) => {
      last = update;
      for (const { path } of update.changed) if (!order.includes(path)) order.push(path);
      draw();
    },
    notice: (text) => {
      notice = printable(text);
      draw();
    },
    close: () => {
      process.stdout.off("resize", draw);
      process.stdout.write("\u001b[?7h\u001b[?25h\u001b[?1049l");
      if (notice !== "") process.stderr.write(`${notice}\n`);
    },
  };
}

/** As many of the newest frames as have room: reasons may take lines of their own. */
function newestLines(frames: readonly ReportFrame[], room: number): string[] {
  for (let n = frames.length; ; n--) {
    const lines = frameLines(frames.slice(-n)).split("\n");
    if (lines.length <= room + 1 || n === 1) return lines.slice(0, room + 1);
  }
}

function countsText(frames: readonly ReportFrame[]): string {
  const count = (verdict: ReportFrame["verdict"]): number => frames.filter((frame) => frame.verdict === verdict).length;
  const parts = (["clean", "contaminated", "review", "not-light", "unreadable"] as const).map(
    (verdict) => [verdict, count(verdict)] as const,
  );
  return parts.flatMap(([verdict, n]) => (n > 0 || verdict === "clean" ? [`${n} ${verdict}`] : [])).join("   ");
}
