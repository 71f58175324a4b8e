import { workerData } from "node:worker_threads";
import { planNight } from "../../src/main/simulate/plan.ts";
import type { NightSpec } from "../../src/main/simulate/spec.ts";
import { writeNight } from "../../src/main/simulate/write.ts";

/** Renders one night into a folder and ends. */
const { spec, seed, folder }: { spec: NightSpec; seed: number; folder: string } = workerData;
await writeNight(planNight(spec, seed), folder);
