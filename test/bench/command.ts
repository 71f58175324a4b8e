import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** What a finished command used. */
export interface CommandUse {
  /** User plus system time of the command and its children, seconds. */
  cpu: number;
  wall: number;
  /** Peak resident memory, MiB. */
  peakMiB: number;
  status: number;
  output: string;
}

/** wait4 gives the resources of exactly this child; Node has no such call. */
const WRAPPER = `
import json, os, subprocess, sys, time
began = time.monotonic()
child = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
output = child.stdout.read()
_, status, used = os.wait4(child.pid, 0)
wall = time.monotonic() - began
print(json.dumps({"cpu": used.ru_utime + used.ru_stime, "wall": wall, "peakMiB": used.ru_maxrss / 1024,
  "status": os.waitstatus_to_exitcode(status), "output": output.decode("utf-8", "replace")[-200000:]}))
`;

/** Runs a command to its end and says what it used. Rejects when it cannot be started or fails. */
export async function useOf(command: readonly string[], options: { cwd: string; mayFail?: boolean }): Promise<CommandUse> {
  const text = await outputOf(["python3", "-c", WRAPPER, ...command], options.cwd);
  const use = JSON.parse(text) as CommandUse;
  if (use.status !== 0 && !options.mayFail) throw new Error(`${command.join(" ")} ended with ${use.status}:\n${use.output.slice(-2000)}`);
  return use;
}

/** Standard output of a command; rejects with its standard error when it fails. */
export function outputOf(command: readonly string[], cwd: string): Promise<string> {
  const [program, ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
    const parts: Buffer[] = [];
    const complaints: Buffer[] = [];
    child.stdout.on("data", (part: Buffer) => parts.push(part));
    child.stderr.on("data", (part: Buffer) => complaints.push(part));
    child.on("error", reject);
    child.on("close", (status) => {
      if (status === 0) resolve(Buffer.concat(parts).toString("utf8"));
      else reject(new Error(`${program} ended with ${status}: ${Buffer.concat(complaints).toString("utf8").slice(-2000)}`));
    });
  });
}

/**
 * A helper process that answers one JSON line per JSON line. It stays alive between questions, so that its start (an
 * interpreter, imports, a warm-up) is not counted as a frame's.
 */
export class Helper {
  private readonly child: ReturnType<typeof spawn>;
  private readonly waiting: { resolve: (answer: unknown) => void; reject: (error: Error) => void }[] = [];
  private complaints = "";

  constructor(command: readonly string[], cwd: string) {
    const [program, ...args] = command;
    this.child = spawn(program, args, { cwd, stdio: ["pipe", "pipe", "pipe"] });
    const { stdout, stderr } = this.child;
    if (stdout) createInterface({ input: stdout }).on("line", (line) => this.waiting.shift()?.resolve(JSON.parse(line)));
    stderr?.on("data", (part: Buffer) => {
      this.complaints = (this.complaints + part.toString("utf8")).slice(-4000);
    });
    const fail = (why: string) => {
      for (const { reject } of this.waiting.splice(0)) reject(new Error(`${command.join(" ")}: ${why}\n${this.complaints}`));
    };
    this.child.on("error", (error) => fail(error.message));
    this.child.on("close", (status) => fail(`ended with ${status}`));
  }

  ask<T>(question: object): Promise<T> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve: (answer) => resolve(answer as T), reject });
      this.child.stdin?.write(`${JSON.stringify(question)}\n`);
    });
  }

  end(): void {
    this.child.stdin?.end();
  }
}
