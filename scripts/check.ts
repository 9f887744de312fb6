import { run } from "./run.ts";

/** What `npm run check` holds the tree to, by name. */
const checks: readonly (readonly [name: string, program: string, ...args: string[]])[] = [
  ["types", "tsc", "-p", "."],
  ["types of the webview", "tsc", "-p", "webview"],
  ["lint", "oxlint", "--type-aware", "--max-warnings=0", "."],
  ["format", "prettier", "--check", "--log-level=warn", "."],
  ["dead code", "knip"],
  ["manifest, catalogue and translations", "node", "scripts/manifest.ts"],
];

let failed = 0;
for (const [name, program, ...args] of checks) {
  const code = await run(program, args);
  console.log(`${code === 0 ? "ok  " : "FAIL"} ${name}`);
  if (code !== 0) failed += 1;
}
console.log(`check: ${checks.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
