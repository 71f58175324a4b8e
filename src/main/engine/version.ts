import { MEASURE_VERSION } from "../measure/version.ts";

/** Goes up when reading a file or its metadata gives something else than before. */
const READING_VERSION = "1";

/** What results are remembered under: those of another version are measured anew. */
export const RESULT_VERSION = `${MEASURE_VERSION}/${READING_VERSION}`;
