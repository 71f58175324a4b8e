import { Kernels } from "../measure/index.ts";
import { frameWork } from "./frame-work.ts";
import { serveJobs } from "./thread-host.ts";

/** The program of a measuring thread; the engine starts it. */
serveJobs(frameWork(Kernels.load(), () => performance.now()));
