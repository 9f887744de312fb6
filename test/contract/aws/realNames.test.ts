import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { blueprint } from "../../../src/core/blueprint/index.ts";
import { DEFAULT_ACCOUNTS, startAwsSandbox, type AwsSandbox } from "../../support/aws-sandbox/index.ts";
import { awsHosts, startCircleCi, type CircleCi } from "../../support/circleci/index.ts";
import { RUN, setupFor } from "./support/bench.ts";

const run = promisify(execFile);
const [hub, sub] = DEFAULT_ACCOUNTS.map(({ id }) => id);

/** The product as a company runs it: AWS's real names over HTTPS, through a proxy, with a CA of the company's. */
describe("AWS under its real names", () => {
  let sandbox: AwsSandbox;
  let circleCi: CircleCi;
  let home: string;

  beforeAll(async () => {
    sandbox = await startAwsSandbox();
    circleCi = await startCircleCi({ extraHosts: awsHosts(sandbox.endpoint) });
    home = await mkdtemp(join(tmpdir(), "aws-real-names-"));
    await mkdir(join(home, ".aws"));
    await writeFile(join(home, ".aws", "credentials"), credentials());
    // Another profile's endpoint, which the SDK by itself would use for every profile. Nobody listens there.
    await writeFile(join(home, ".aws", "config"), "[default]\nendpoint_url = http://127.0.0.1:9\n");
  });

  afterAll(async () => {
    await circleCi.stop();
    await sandbox.stop();
    await rm(home, { recursive: true, force: true });
  });

  /** A process that knows nothing but what is given here. */
  const setUp = async (settings: Readonly<Record<string, string>>): Promise<unknown> => {
    const env = { PATH: process.env["PATH"] ?? "", HOME: home, NODE_USE_ENV_PROXY: "1", ...settings };
    const script = join(import.meta.dirname, "support", "realNames.ts");
    const { stdout } = await run(process.execPath, [script, hub ?? "", sub ?? ""], { env });
    const answer: unknown = JSON.parse(stdout);
    return answer;
  };

  it("creates everything through the proxy, and asks nobody else", async () => {
    const answer = await setUp({ HTTPS_PROXY: circleCi.proxyUrl, NODE_EXTRA_CA_CERTS: circleCi.caFile });
    expect(answer).toEqual({
      identified: {
        ok: true,
        identity: { accountId: hub, arn: `arn:aws:iam::${hub}:user/admin`, partition: "aws" },
      },
      status: "finished",
      lookedUp: [],
    });
    expect([...new Set(circleCi.proxy.served)].toSorted()).toEqual([
      "iam.amazonaws.com:443",
      "sts.us-east-1.amazonaws.com:443",
    ]);
    const wanted = blueprint(setupFor({ hub: hub ?? "", sub: sub ?? "" }), RUN);
    const found = sandbox
      .dump()
      .flatMap(({ providers, roles, policies }) => [...providers, ...roles, ...policies]);
    expect(found.map(({ arn }) => arn).toSorted()).toEqual(
      wanted.flatMap((resource) => ("arn" in resource ? [resource.arn] : [])).toSorted(),
    );
  });

  it("says that the connection is not trusted where the CA is missing", async () => {
    expect(await setUp({ HTTPS_PROXY: circleCi.proxyUrl })).toMatchObject({
      identified: { ok: false, problem: { code: "aws.tls" } },
      lookedUp: [],
    });
  });

  it("reaches nothing without the proxy", async () => {
    expect(await setUp({ NODE_EXTRA_CA_CERTS: circleCi.caFile })).toMatchObject({
      identified: { ok: false, problem: { code: "aws.network" } },
      lookedUp: ["sts.us-east-1.amazonaws.com", "sts.us-east-1.amazonaws.com", "sts.us-east-1.amazonaws.com"],
    });
  });

  it("says that the proxy refuses", async () => {
    const settings = { HTTPS_PROXY: circleCi.proxyUrl, NODE_EXTRA_CA_CERTS: circleCi.caFile };
    expect(await setUp({ ...settings, AWS_REGION: "eu-central-1" })).toMatchObject({
      identified: { ok: false, problem: { code: "aws.proxy" } },
      lookedUp: [],
    });
  });
});

function credentials(): string {
  return DEFAULT_ACCOUNTS.map(({ accessKeyId, secretAccessKey }, index) => {
    const name = index === 0 ? "hub" : "sub";
    return `[${name}]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`;
  }).join("\n");
}
