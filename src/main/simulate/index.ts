export { type SimulateArguments, simulateOptions } from "./options.ts";
export { planNight } from "./plan.ts";
export { simulatedNight } from "./simulator.ts";
export { type WriteOptions, writeNight } from "./write.ts";
