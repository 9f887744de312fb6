#!/usr/bin/env node
// Stands in for the VS Code executable that @vscode/test-electron starts: takes the paths out of its
// command line and runs the suite in the VS Code server from npm instead. Exits with the suite's exit code.
import { spawnSync } from "node:child_process";
import path from "node:path";

if (process.features.typescript) {
  const { runAsExecutable } = await import("./harness-executable.ts");
  process.exitCode = await runAsExecutable(process.argv.slice(2));
} else {
  // The `node` on PATH is too old to run TypeScript; the project brings a newer one.
  const node = path.resolve(import.meta.dirname, "../../node_modules/.bin/node");
  const { status } = spawnSync(node, process.argv.slice(1), { stdio: "inherit" });
  process.exitCode = status ?? 1;
}
