/** Goes up with every change of the measuring code that changes a number: remembered measurements of others are made anew. */
export const MEASURE_VERSION = "5";
