import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { parseDocument } from "yaml";
import { diagnose, insertAuthStep, outline } from "../../src/core/pipeline/index.ts";
import {
  lintTrustPolicy,
  parseTrustDocument,
  readTrustPolicy,
  simulateWebIdentity,
} from "../../src/core/trust/index.ts";
import { packageExtension } from "../../scripts/package.ts";
import { inNewProcess } from "./newProcess.ts";
import { claims, config, policyText } from "./inputs.ts";
import { compare, table } from "./measure.ts";

/*
 * npm run bench: how fast and how large. Medians, and ratios to something known that is measured in the same run;
 * nothing is asserted. Compare two versions by running both on the same machine.
 */

const root = resolve(import.meta.dirname, "../..");

const policy = policyText();
const token = claims();
const role = { partition: "aws", accountId: "111122223333" } as const;
console.log(
  table(
    "Trust policies, one of 760 characters",
    await compare([
      { name: "JSON.parse", run: (): unknown => JSON.parse(policy) },
      { name: "parse", run: () => parseTrustDocument(policy) },
      { name: "read", run: () => readTrustPolicy({ policy }) },
      { name: "simulate", run: () => simulateWebIdentity({ policy, role, claims: token }) },
      { name: "lint", run: () => lintTrustPolicy({ policy }) },
    ]),
  ),
);

const step = {
  roleArn: "arn:aws:iam::111122223333:role/circleci-oidc",
  region: "eu-central-1",
  tokenVariable: "CIRCLE_OIDC_TOKEN_V2",
  subAccounts: [],
} as const;
for (const { name, text } of [
  { name: "10 jobs", text: config(10) },
  { name: "100 jobs", text: config(100) },
  ...largestReal(),
]) {
  console.log(
    table(
      `Pipelines, ${name} in ${String(Math.round(text.length / 1000))} kB`,
      await compare([
        { name: "parse of the yaml package", run: () => parseDocument(text) },
        { name: "outline", run: () => outline(text) },
        { name: "diagnose", run: () => diagnose(text) },
        { name: "insert into one job", run: () => insertAuthStep(text, { jobs: ["job-0"], step }) },
      ]),
    ),
  );
}

// Larger than what is read, and just below that.
for (const jobs of [11_000, 2000]) {
  const text = config(jobs);
  const start = performance.now();
  const { kind } = outline(text);
  const read = performance.now();
  diagnose(text);
  console.log(
    `${String(Math.round(text.length / 1000))} kB, ${kind}: outline ${(read - start).toFixed(1)} ms, diagnose ${(performance.now() - read).toFixed(1)} ms.`,
  );
}

const vsix = await packageExtension({ quiet: true });
console.log(
  table(
    "Loading, each in a new process of Node",
    await inNewProcess([
      { name: "nothing", module: "node:path" },
      {
        name: "the whole IAM client",
        module: pathToFileURL(join(root, "node_modules/@aws-sdk/client-iam/dist-cjs/index.js")).href,
      },
      ...chunkOf("src/aws/sdk/iam.ts", "IAM as it is packed"),
    ]),
  ),
);

console.log(`The VSIX has ${String(Math.round(statSync(vsix).size / 1000))} kB.`);
for (const file of ["extension.js", "webview/main.js"]) {
  const content = readFileSync(join(root, "dist", file));
  console.log(`${file} has ${kB(content.length)} kB, ${kB(gzipSync(content).length)} kB compressed.`);
}
console.log(`${String(readdirSync(join(root, "dist/chunks")).length)} chunks wait until they are wanted.`);

/** The largest of the real pipelines, where there is a folder of them beside the project. */
function largestReal(): readonly { readonly name: string; readonly text: string }[] {
  const corpus = resolve(root, "../shared/corpus");
  const texts = existsSync(corpus)
    ? readdirSync(corpus).map((name) => readFileSync(join(corpus, name), "utf8"))
    : [];
  const [largest] = texts.toSorted((a, b) => b.length - a.length);
  return largest === undefined ? [] : [{ name: "a real one", text: largest }];
}

function kB(bytes: number): string {
  return (bytes / 1000).toFixed(1);
}

/** The chunk of the packed extension that begins with a source file. */
function chunkOf(
  source: string,
  name: string,
): readonly { readonly name: string; readonly module: string }[] {
  const meta: unknown = JSON.parse(readFileSync(join(root, "dist/meta.json"), "utf8"));
  const outputs: unknown = typeof meta === "object" && meta !== null && "outputs" in meta ? meta.outputs : {};
  const found = Object.entries(outputs ?? {}).find(
    ([, output]: [string, unknown]) =>
      typeof output === "object" && output !== null && "entryPoint" in output && output.entryPoint === source,
  );
  return found === undefined ? [] : [{ name, module: pathToFileURL(join(root, found[0])).href }];
}
