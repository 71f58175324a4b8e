const DIGIT = 11;
const SIZE = 1 << DIGIT;

/**
 * Indices of values from the largest down, equal ones as they came; what is not above 0 comes last, in any case as 0. A radix sort
 * of the bits of the floats, which for positive ones are in the order of their values: many times faster than comparing.
 */
export function descendingOrder(values: Float32Array): Int32Array {
  const count = values.length;
  const bits = new Uint32Array(count);
  const floats = new Float32Array(bits.buffer);
  // The complement turns the order round.
  let from = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const value = values[i];
    if (value > 0) floats[i] = value;
    bits[i] = ~bits[i];
    from[i] = i;
  }
  let to = new Int32Array(count);
  const starts = new Uint32Array(SIZE);
  for (let shift = 0; shift < 32; shift += DIGIT) {
    starts.fill(0);
    for (let i = 0; i < count; i++) starts[(bits[i] >>> shift) & (SIZE - 1)]++;
    let sum = 0;
    for (let digit = 0; digit < SIZE; digit++) {
      const here = starts[digit];
      starts[digit] = sum;
      sum += here;
    }
    for (let i = 0; i < count; i++) {
      const index = from[i];
      to[starts[(bits[index] >>> shift) & (SIZE - 1)]++] = index;
    }
    [from, to] = [to, from];
  }
  return from;
}
