import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: [
      "src/**/*.test.ts",
      "src/**/*.test.tsx",
      "test/{unit,formats,rules,measure,night,bench,exam,faults,fuzz,security}/**/*.test.ts",
    ],
    // Two cores are what small laptops and build machines have; more forks only fight over them.
    maxWorkers: 2,
    testTimeout: 1_200_000,
    hookTimeout: 1_200_000,
  },
});
