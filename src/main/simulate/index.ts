export { type SimulateArguments, simulateOptions } from "./options.ts";
export { planNight } from "./plan.ts";
export { type WriteOptions, writeNight } from "./write.ts";
