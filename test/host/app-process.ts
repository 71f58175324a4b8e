/**
 * The app in a process of its own, so that a spec can end it as a power cut would and start it again on the same home:
 * `startApp` runs this file as a child, which starts the app and answers the few things that only that process knows.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { eventChannel } from "../../src/shared/channels.ts";
import type { WorkProgress } from "../../src/shared/contract.ts";
import { launchApp, type RunningApp } from "./launch.ts";
import { dropOn } from "./pages/drop.ts";

type Asked =
  | { ask: "answers"; dialogs: (string[] | null)[]; messages: number[] }
  | { ask: "complaints" }
  | { ask: "power cut at work" }
  | { ask: "quit" };

interface Told {
  tell: "ready" | "done" | "failed";
  complaints: string[];
}

export interface AppInProcess {
  readonly page: Page;
  readonly home: string;
  drop(paths: string[]): Promise<void>;
  /** What the next dialogs answer: paths, or null for a user who closes them; and which buttons message boxes get. */
  answer(dialogs: (string[] | null)[], messages?: number[]): Promise<void>;
  /** What pages wrote to their console as errors. */
  complaints(): Promise<string[]>;
  /** Ends it at once, with nothing said to anybody. */
  kill(): Promise<void>;
  /** From now on it ends like that in the middle of the next work on files; resolves when it has. */
  cutAtWork(): Promise<{ ended: Promise<void> }>;
  /** Ends it as its user would. */
  quit(): Promise<void>;
}

const FILE = fileURLToPath(import.meta.url);

/** Starts the app on this home in another process; the page is driven over Chromium's own port. */
export async function startApp(home: string): Promise<AppInProcess> {
  const port = await freePort();
  const child = fork(FILE, [home, String(port)], {
    execArgv: ["--disable-warning=ExperimentalWarning"],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const first = await reply(child);
  if (first.tell !== "ready") throw new Error(`the app did not start: ${first.complaints.join("; ")}`);
  const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
  const page = pageOf(browser);
  const ask = async (asked: Asked) => {
    child.send(asked);
    return (await reply(child)).complaints;
  };
  const ended = once(child, "exit");
  return {
    page,
    home,
    drop: (paths) => dropOn(page, paths),
    answer: async (dialogs, messages = []) => void (await ask({ ask: "answers", dialogs, messages })),
    complaints: () => ask({ ask: "complaints" }),
    kill: async () => {
      child.kill("SIGKILL");
      await ended;
      await browser.close();
    },
    cutAtWork: async () => {
      await ask({ ask: "power cut at work" });
      return { ended: ended.then(() => browser.close()) };
    },
    quit: async () => {
      await ask({ ask: "quit" });
      await ended;
      await browser.close();
    },
  };
}

function pageOf(browser: Browser): Page {
  const page = browser
    .contexts()
    .flatMap((context) => context.pages())
    .find((candidate) => candidate.url() !== "about:blank");
  if (page === undefined) throw new Error("the app has no window");
  return page;
}

async function reply(child: ChildProcess): Promise<Told> {
  const [told] = await Promise.race([
    once(child, "message"),
    once(child, "exit").then((): [Told] => [{ tell: "failed", complaints: ["its process ended"] }]),
  ]);
  return told as Told;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}

// ---------------------------------------------------------------- in the child

async function run(home: string, port: number): Promise<void> {
  const app = await launchApp({ home, port });
  const tell = (told: Told) => process.send?.(told);
  process.on("message", async (asked: Asked) => {
    if (asked.ask === "answers") {
      app.host.dialogAnswers.push(...asked.dialogs);
      app.host.messageAnswers.push(...asked.messages);
    }
    if (asked.ask === "power cut at work") cutAtWork(app);
    if (asked.ask === "quit") await app.close();
    tell({ tell: "done", complaints: app.host.complaints });
    if (asked.ask === "quit") process.disconnect();
  });
  // A spec that died takes the app with it.
  process.on("disconnect", () => process.exit());
  tell({ tell: "ready", complaints: [] });
}

/** The process ends itself when main says that some files are done and others not: nobody else could be quick enough. */
function cutAtWork({ window: { webContents } }: RunningApp): void {
  const send = webContents.send.bind(webContents);
  webContents.send = (channel, ...args) => {
    const [{ done, total }] = channel === eventChannel("work.progress") ? (args as [WorkProgress]) : [{ done: 0, total: 0 }];
    if (done > 0 && done < total) process.kill(process.pid, "SIGKILL");
    send(channel, ...args);
  };
}

if (process.argv[1] === FILE) {
  const [, , home = "", port = ""] = process.argv;
  await run(home, Number(port));
}
