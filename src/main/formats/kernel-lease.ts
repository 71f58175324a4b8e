import { FormatKernels } from "./kernels/kernels.ts";

/** One for the frame being measured, one for the frame read ahead. */
const MOST_IDLE = 2;
const idle: FormatKernels[] = [];

/** Kernels and a memory of their own for one frame's decoded data, until given back: memory that has grown is used again. */
export interface KernelLease {
  kernels: FormatKernels;
  giveBack(): void;
}

export function leaseKernels(): KernelLease {
  const kernels = idle.pop() ?? FormatKernels.load();
  const mark = kernels.mark();
  let held = true;
  return {
    kernels,
    giveBack() {
      if (!held) return;
      held = false;
      kernels.release(mark);
      if (idle.length < MOST_IDLE) idle.push(kernels);
    },
  };
}
