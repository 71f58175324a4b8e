import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { systemCode } from "./disk-files.ts";
import type { Processes } from "./lock.ts";

/** The processes of this computer. */
export function processesHere(): Processes {
  return { self: { pid: process.pid, host: hostHere(), life: lifeOf(process.pid) ?? "" }, lifeOf };
}

/** Containers of one name may share a disk but not see each other's processes. */
function hostHere(): string {
  try {
    return `${hostname()} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch (error) {
    if (systemCode(error) === "") throw error;
    return hostname();
  }
}

/** Null when no such process runs. On Linux: which start of the computer, and when in it the process began. */
function lifeOf(pid: number): string | null {
  if (!runs(pid)) return null;
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim();
    // The name in brackets may hold anything, brackets too. Field 3 is the state, 22 the start: proc_pid_stat(5).
    const fields = readFileSync(`/proc/${pid}/stat`, "latin1").split(")").at(-1)?.trim().split(" ") ?? [];
    // One that has ended and was not waited for yet runs no more.
    return fields[0] === "Z" ? null : `${boot} ${fields[19]}`;
  } catch (error) {
    if (systemCode(error) === "") throw error;
    return "";
  }
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) === "EPERM";
  }
}
