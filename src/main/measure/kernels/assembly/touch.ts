// Stars lie far apart in a large frame: most of the time for one goes into waiting for its rows to come from memory.

/**
 * Reads a byte at both ends of each row of a patch, so that it is on its way to the cache while the one before is worked on.
 * The sum is there to be kept by the caller: reading for nothing would be optimised away.
 */
export function touch(plane: usize, width: i32, height: i32, x: i32, y: i32, reach: i32): i32 {
  const x0 = (<usize>min(max(x - reach, 0), width - 1)) << 1;
  const x1 = (<usize>min(max(x + reach, 0), width - 1)) << 1;
  const y1 = min(y + reach, height - 1);
  let sum: i32 = 0;
  for (let r = max(y - reach, 0); r <= y1; r++) {
    const row = plane + (<usize>r) * (<usize>width) * 2;
    sum += <i32>load<u8>(row + x0) + <i32>load<u8>(row + x1);
  }
  return sum;
}
