/** Where the module's own data end and memory is free to use. */
export function heapBase(): usize {
  return __heap_base;
}
