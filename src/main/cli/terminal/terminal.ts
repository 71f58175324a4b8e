import { writeSync } from "node:fs";
import type { ReadStream, WriteStream } from "node:tty";
import { NebuliftError } from "../../../shared/errors.ts";
import { type CellSize, cellSizeOf, type Graphics, graphicsOf, isLastAnswer, QUESTIONS } from "./graphics.ts";
import { TerminalInput } from "./input.ts";

const ENTER = "\u001b[?1049h\u001b[?25l\u001b[?7l\u001b[2J";
const LEAVE = "\u001b[?7h\u001b[?25h\u001b[?1049l";
/** Over a slow ssh an answer takes a few hundred milliseconds; one that comes later is still never taken for a key. */
const ANSWER_MS = 800;
/** What follows an ESC of a cursor key arrives with it. */
const ESCAPE_MS = 50;

export interface TerminalPorts {
  input: ReadStream;
  output: WriteStream;
  environment: Readonly<Record<string, string | undefined>>;
}

/** A terminal that one program has for itself: no echo, a screen of its own that leaves nothing behind. */
export class Terminal {
  readonly graphics: Graphics;
  private readonly replies: readonly string[];
  private readonly ports: TerminalPorts;
  private readonly keys: Keyboard;
  /** However the program ends, its user gets a terminal back that echoes. */
  private readonly onExit = (): void => {
    this.ports.input.setRawMode(false);
    writeSync(process.stdout.fd, LEAVE);
  };

  private constructor(ports: TerminalPorts, keys: Keyboard, replies: readonly string[]) {
    this.ports = ports;
    this.keys = keys;
    this.replies = replies;
    this.graphics = graphicsOf(replies, ports.environment);
    process.once("exit", this.onExit);
  }

  /** Throws `bad-usage` where there is no terminal on both sides. */
  static async open(ports: TerminalPorts): Promise<Terminal> {
    const { input, output, environment } = ports;
    if (!input.isTTY || !output.isTTY || environment["TERM"] === "dumb")
      throw new NebuliftError("bad-usage", "reviewing needs a terminal for keys and screen");
    input.setRawMode(true);
    const keys = new Keyboard(input);
    output.write(ENTER + QUESTIONS);
    const replies = await keys.answers(ANSWER_MS);
    // What a terminal without such questions made of them goes away before anything is drawn.
    output.write("\u001b[2J\u001b[H");
    return new Terminal(ports, keys, replies);
  }

  get size(): { rows: number; columns: number } {
    return { rows: this.ports.output.rows || 24, columns: this.ports.output.columns || 80 };
  }

  get cell(): CellSize {
    return cellSizeOf(this.replies, this.size);
  }

  write(text: string): void {
    this.ports.output.write(text);
  }

  /** Calls `listener` with every key from now on. */
  onKey(listener: (name: string) => void): void {
    this.keys.listen(listener);
  }

  onResize(listener: () => void): void {
    this.ports.output.on("resize", listener);
  }

  /** Gives the terminal back as it was. */
  close(): void {
    process.off("exit", this.onExit);
    this.keys.close();
    this.ports.output.removeAllListeners("resize");
    this.ports.output.write(LEAVE);
    this.ports.input.setRawMode(false);
  }
}

class Keyboard {
  private listener: ((name: string) => void) | null = null;
  private readonly input: ReadStream;
  private readonly parser = new TerminalInput();
  private readonly early: string[] = [];
  private readonly replies: string[] = [];
  private answered: (() => void) | null = null;
  private timer: NodeJS.Timeout | null = null;
  private readonly onData = (chunk: string): void => this.take(chunk);

  constructor(input: ReadStream) {
    this.input = input;
    input.setEncoding("utf8");
    input.on("data", this.onData);
    input.resume();
  }

  /** The answers that came until the last one was there, or until it was clear that none will. */
  async answers(milliseconds: number): Promise<readonly string[]> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.answered = resolve;
    const timer = setTimeout(resolve, milliseconds);
    await promise;
    clearTimeout(timer);
    this.answered = null;
    return [...this.replies];
  }

  /** Keys that were pressed before anybody listened come first. */
  listen(listener: (name: string) => void): void {
    this.listener = listener;
    for (const early of this.early.splice(0)) listener(early);
  }

  close(): void {
    if (this.timer) clearTimeout(this.timer);
    this.input.off("data", this.onData);
    this.input.pause();
  }

  private take(chunk: string): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    this.deliver(this.parser.push(chunk));
    if (this.parser.waiting) this.timer = setTimeout(() => this.deliver(this.parser.flush()), this.answered ? ANSWER_MS : ESCAPE_MS);
  }

  private deliver(events: ReturnType<TerminalInput["push"]>): void {
    for (const event of events) {
      if (event.kind === "reply") {
        this.replies.push(event.text);
        if (isLastAnswer(event.text)) this.answered?.();
      } else if (this.listener) this.listener(event.name);
      else this.early.push(event.name);
    }
  }
}
