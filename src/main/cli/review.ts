import type { Report, ReportFrame } from "../../shared/domain.ts";
import { NebuliftError, toNebuliftError } from "../../shared/errors.ts";
import { finalVerdict } from "../../shared/final-verdict.ts";
import { nightStretchOf, type OpenReport, type QueueKind, type ReportedFile, type ReviewSession, saveReport } from "../report-services.ts";
import { reportText, type Services } from "../services.ts";
import type { AddCommands } from "./command-line.ts";
import { EXIT } from "./outcome.ts";
import { KEYS, reviewLines } from "./review-screen.ts";
import { printable } from "./tables.ts";
import { clearText, pictureText, sizeWithin } from "./terminal/graphics.ts";
import { type MarkedPicture, withMarks } from "./terminal/marks.ts";
import { Terminal } from "./terminal/terminal.ts";

interface ReviewOptions {
  all?: boolean;
  flagged?: boolean;
  write?: boolean;
  root?: string;
}

export const addReviewCommand: AddCommands = (line) => {
  line.program
    .command("review")
    .description("go through doubtful frames by key; each decision is saved at once")
    .argument("<report>", "a report that batch --report wrote")
    .option("--flagged", "everything that was flagged, not only what is doubtful")
    .option("--all", "every light")
    .option("--write", "put the decisions into the report file, too, when finished")
    .option("--root <folder>", "where the frames lie now, if they were moved")
    .addHelpText(
      "after",
      `\nKeys:\n${KEYS.map(([keys, does]) => `  ${keys.padEnd(9)} ${does}`).join("\n")}\n\nExample: nebulift review night.json --flagged`,
    )
    .action((report: string, options: ReviewOptions) =>
      line.withServices({}, (services) => review(services, report, options, line.signal)),
    );
};

async function review(services: Services, path: string, options: ReviewOptions, signal: AbortSignal): Promise<number> {
  if (options.all && options.flagged) throw new NebuliftError("bad-usage", "--all and --flagged are two ways to choose; give one");
  const ports = { input: process.stdin, output: process.stdout, environment: process.env };
  if (!ports.input.isTTY || !ports.output.isTTY) throw new NebuliftError("bad-usage", "reviewing needs a terminal for keys and screen");
  const open = await services.reports.open(path, options.root);
  const kind: QueueKind = options.all ? "all" : options.flagged ? "flagged" : "doubtful";
  const session = services.reports.review(open, kind);
  if (session.items.length === 0) {
    const more = kind === "doubtful" ? "; --flagged and --all show the others" : "";
    process.stdout.write(`No ${kind === "all" ? "" : `${kind} `}frames to look at${more}.\n`);
    return EXIT.done;
  }
  const terminal = await Terminal.open(ports);
  let cancelled: boolean;
  try {
    cancelled = await new Review(services, open, session, terminal).run(signal);
  } finally {
    terminal.close();
  }
  process.stdout.write(`${summary(session)}\n`);
  if (options.write) {
    await saveReport(path, reportText(decidedReport(open.report, session)));
    process.stdout.write(`written: ${printable(path)}\n`);
  }
  return cancelled ? EXIT.cancelled : EXIT.done;
}

function summary({ items, made }: ReviewSession): string {
  const counts = new Map<string, number>();
  for (const { frame } of items) if (frame.decided) counts.set(frame.decided.verdict, (counts.get(frame.decided.verdict) ?? 0) + 1);
  const parts = [...counts].map(([verdict, count]) => `${count} ${verdict}`);
  return `${made} ${made === 1 ? "decision" : "decisions"} saved${parts.length > 0 ? `; decided of these ${items.length} frames: ${parts.join(", ")}` : ""}`;
}

function decidedReport(report: Report, { items }: ReviewSession): Report {
  const decided = new Map(items.map(({ frame }) => [frame.path, frame]));
  return { ...report, frames: report.frames.map((frame) => decided.get(frame.path) ?? frame) };
}

/** Frames ahead whose pictures are made while one is looked at, and how many are kept. */
const AHEAD = 2;
const KEPT = 8;

class Review {
  private readonly services: Services;
  private readonly open: OpenReport;
  private readonly session: ReviewSession;
  private readonly terminal: Terminal;
  private readonly pictures = new Map<string, Promise<MarkedPicture>>();
  private stretch: "night" | "own" = "night";
  private marks = true;
  private blink: ReportedFile | null = null;
  private help = false;
  /** The last frame was decided: one key too many must not decide about it again. */
  private finished = false;
  private message = "";
  private drawing = 0;

  constructor(services: Services, open: OpenReport, session: ReviewSession, terminal: Terminal) {
    this.services = services;
    this.open = open;
    this.session = session;
    this.terminal = terminal;
  }

  /** True when it was cancelled (Ctrl-C). */
  async run(signal: AbortSignal): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    signal.addEventListener("abort", () => resolve(true), { once: true });
    this.terminal.onResize(() => this.draw());
    this.draw();
    this.terminal.onKey((name) => {
      if (name === "interrupt") resolve(true);
      else if (name === "q" || name === "Q") resolve(false);
      else if (this.press(name)) this.draw();
    });
    const cancelled = await promise;
    this.drawing++;
    return cancelled;
  }

  /** False for keys that mean nothing. */
  private press(name: string): boolean {
    const { session } = this;
    this.message = "";
    const moves: Record<string, number> = { right: 1, down: 1, left: -1, up: -1, "page-down": 10, "page-up": -10, home: -1e9, end: 1e9 };
    const key = name.length === 1 ? name.toLowerCase() : name;
    if (this.help) {
      this.help = false;
      if (key === "?" || key === "escape") return true;
    }
    if (moves[key] !== undefined || key === "u") this.finished = false;
    if (moves[key] !== undefined) session.move(moves[key]);
    else if (key === "k") this.decide("clean");
    else if (key === "x") this.decide("contaminated");
    else if (key === "r") this.decide("review");
    else if (key === "u") this.undo();
    else if (key === "space") this.stretch = this.stretch === "night" ? "own" : "night";
    else if (key === "t") this.marks = !this.marks;
    else if (key === "?") this.help = true;
    else if (key !== "b") return false;
    this.blink = key === "b" && this.blink === null ? this.neighbour() : null;
    if (key === "b" && this.blink === null && this.message === "") this.message = "back to the frame";
    return true;
  }

  /** Only what the store has on its disk is said to be saved. */
  private decide(verdict: "clean" | "contaminated" | "review"): void {
    const { frame } = this.session.current;
    const last = this.session.index === this.session.items.length - 1;
    if (this.finished) {
      this.message = "that was the last frame: Q finishes, U undoes, the arrows go back";
      return;
    }
    this.tried(() => {
      this.session.decide(verdict);
      this.finished = last;
      this.message = `saved: ${printable(frame.path)} ${verdict}${last ? ". That was the last one; Q finishes" : ""}`;
    });
  }

  private undo(): void {
    this.tried(() => {
      this.message = this.session.undo() ? "taken back" : "nothing to take back";
    });
  }

  private tried(work: () => void): void {
    try {
      work();
    } catch (error) {
      const fault = toNebuliftError(error);
      this.message = `\u001b[31;1mNOT saved: ${printable(fault.message)} ${fault.action}\u001b[0m`;
    }
  }

  /** The nearest good frame of the same group, in the night's order. */
  private neighbour(): ReportedFile | null {
    const { frame } = this.session.current;
    const { files } = this.open;
    const at = files.findIndex((file) => file.frame.path === frame.path);
    const good = (other: ReportFrame): boolean =>
      other.group === frame.group && other.path !== frame.path && finalVerdict(other) === "clean";
    for (let step = 1; step < files.length; step++) {
      for (const other of [files[at - step], files[at + step]]) if (other?.found && good(other.frame)) return other;
    }
    this.message = "there is no good frame of its group to blink with";
    return null;
  }

  private draw(): void {
    const { rows } = this.terminal.size;
    const { current, index, items } = this.session;
    const { head, foot } = reviewLines({
      item: current,
      index,
      count: items.length,
      blink: this.blink?.frame.path ?? null,
      stretch: this.stretch,
      message: this.message,
    });
    const top = rows - foot.length + 1;
    const below = foot.map((text, i) => `\u001b[${top + i};1H\u001b[2K${text}`).join("");
    const middle = this.help ? KEYS.map(([keys, does], i) => `\u001b[${3 + i};3H${keys.padEnd(10)} ${does}`).join("") : "";
    this.terminal.write(`${clearText(this.terminal.graphics)}\u001b[2J\u001b[1;1H${head}${middle}${below}`);
    this.drawing++;
    if (!this.help) void this.drawPicture(this.drawing, rows - foot.length - 2);
  }

  private async drawPicture(drawing: number, rows: number): Promise<void> {
    const { graphics } = this.terminal;
    const shown = this.blink ?? this.session.current;
    const say = (text: string): void => this.terminal.write(`\u001b[3;3H\u001b[2K${text}`);
    if (!shown.found) return say("The file is not there any more.");
    if (graphics === "none" || rows < 4) {
      if (drawing === this.drawing) say(`This terminal shows no pictures. The frame: ${printable(shown.file)}`);
      return;
    }
    try {
      const place = { row: 2, column: 1, rows, columns: this.terminal.size.columns };
      const marked = await this.pictureOf(shown, rows);
      if (drawing !== this.drawing) return;
      const size = sizeWithin(marked.picture, place, this.terminal.cell);
      const picture = this.marks ? withMarks(marked, shown.frame.reasons) : marked.picture;
      this.terminal.write(pictureText(graphics, picture, { ...place, rows: size.rows, columns: size.columns }));
      this.prefetch(rows);
    } catch (error) {
      if (drawing === this.drawing) say(printable(toNebuliftError(error).message));
    }
  }

  private prefetch(rows: number): void {
    const { index, items } = this.session;
    // Whoever comes to it sees the error then.
    for (const item of items.slice(index + 1, index + 1 + AHEAD)) if (item.found) this.pictureOf(item, rows).catch(() => undefined);
  }

  private pictureOf({ frame, file }: ReportedFile, rows: number): Promise<MarkedPicture> {
    const { columns } = this.terminal.size;
    const shape = { width: frame.metadata?.width ?? 4, height: frame.metadata?.height ?? 3 };
    const { width } = sizeWithin(shape, { row: 1, column: 1, rows, columns }, this.terminal.cell);
    // Sixels are slow to send; a camera's every pixel is seen in no terminal.
    const wanted = Math.min(width, this.terminal.graphics === "sixel" ? 800 : 1600);
    const key = `${wanted} ${this.stretch} ${file}`;
    const known = this.pictures.get(key);
    if (known) return known;
    const stretch = this.stretch === "night" ? nightStretchOf(this.open.report, frame) : null;
    const made = this.services.reports.picture(file, { width: wanted, stretch });
    this.pictures.set(key, made);
    for (const old of [...this.pictures.keys()].slice(0, Math.max(0, this.pictures.size - KEPT))) this.pictures.delete(old);
    return made;
  }
}
