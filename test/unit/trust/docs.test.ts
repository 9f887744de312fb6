import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { SEMANTICS } from "./semantics.ts";

const run = promisify(execFile);
const root = resolve(import.meta.dirname, "../../..");
const text = readFileSync(resolve(root, "docs/trust.md"), "utf8");

/** What each script of the page prints, in their order. */
const PRINTED = [
  /^\d{3,4} characters\n\{"Version"/,
  /Everyone in the AWS account 444455556666/,
  /^critical /m,
  /^DENY .*Add org\//s,
];

describe("docs/trust.md", () => {
  const scripts = [...text.matchAll(/```ts\n(.*?)```/gs)].map(([, script = ""]) => script);

  it("has a script for each verb", () => expect(scripts).toHaveLength(PRINTED.length));

  it.each(scripts.map((script, index) => [index, script] as const))(
    "script %i runs as it is",
    async (index, script) => {
      const { stdout } = await run(process.execPath, ["--input-type=module-typescript", "--eval", script], {
        cwd: root,
      });
      expect(stdout).toMatch(PRINTED[index] ?? /nothing is expected of it/);
    },
  );

  const rows = text.split("\n").filter((line) => /^\|.*\.test\.ts/.test(line));

  it.each(Object.keys(SEMANTICS))("names the rule “%s” with its source and its test", (rule) => {
    expect(
      rows.some((row) =>
        row
          .split("|")[1]
          ?.split(/[,:;·]| and |Then also/)
          .some((part) => part.trim().startsWith(rule)),
      ),
    ).toBe(true);
  });

  it("names tests and pages that are there", () => {
    for (const row of rows) {
      for (const [, file = ""] of row.matchAll(/`(\w+\.test\.ts)`/g))
        expect([file, existsSync(resolve(import.meta.dirname, file))]).toEqual([file, true]);
      for (const [, link = ""] of row.matchAll(/\]\[(\w+)\]/g))
        expect(text).toContain(`\n[${link}]: https://docs.aws.amazon.com/`);
    }
  });
});
