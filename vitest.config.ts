import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      // Property tests take seconds on a busy machine; a time-out is there for what hangs.
      { test: { name: "unit", include: ["test/unit/**/*.test.ts"], testTimeout: 60_000 } },
      {
        test: {
          name: "contract",
          include: ["test/contract/**/*.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 180_000,
          // Half of the time a file waits for programs and servers that it has started.
          maxWorkers: 2 * availableParallelism(),
        },
      },
      {
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          globalSetup: ["test/e2e/support/setup.ts"],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          // One browser and one VS Code at a time: each wants the whole machine.
          fileParallelism: false,
        },
      },
    ],
  },
});
