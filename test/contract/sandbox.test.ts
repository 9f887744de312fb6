import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import https from "node:https";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { Duplex } from "node:stream";
import tls from "node:tls";
import { fileURLToPath } from "node:url";
import { CreateOpenIDConnectProviderCommand, CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { AssumeRoleWithWebIdentityCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import * as v from "valibot";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { openConnection } from "../../src/tls/connect.ts";
import { startSandbox, type Sandbox } from "../support/sandbox.ts";
import { listenOnLoopback } from "../support/circleci/listen.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const started: ChildProcess[] = [];

afterEach(async () => {
  for (const child of started
    .splice(0)
    .filter(({ exitCode, signalCode }) => exitCode === null && !signalCode)) {
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  }
});

/** Runs a script with this Node; gives its exit code and what it printed. */
function script(name: string, args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [`scripts/${name}.ts`, ...args], { cwd: root }, (error, out, err) => {
      resolve({ code: typeof error?.code === "number" ? error.code : error === null ? 0 : -1, out, err });
    });
  });
}

const infoSchema = v.strictObject({
  endpoint: v.pipe(v.string(), v.regex(/^http:\/\/127\.0\.0\.1:\d+$/)),
  issuer: v.string(),
  api: v.literal("https://circleci.com/api/v2"),
  proxy: v.pipe(v.string(), v.regex(/^http:\/\/127\.0\.0\.1:\d+$/)),
  ca: v.string(),
  accounts: v.pipe(
    v.array(
      v.strictObject({
        id: v.pipe(v.string(), v.regex(/^\d{12}$/)),
        name: v.string(),
        accessKeyId: v.string(),
        secretAccessKey: v.string(),
      }),
    ),
    v.minLength(2),
  ),
  organization: v.pipe(v.string(), v.uuid()),
  project: v.pipe(v.string(), v.uuid()),
});

describe("AWS and CircleCI together", () => {
  let sandbox: Sandbox;
  let roleArn = "";
  const sts = () => new STSClient({ region: "us-east-1", endpoint: sandbox.info.endpoint });
  const token = async (...args: string[]) => {
    const { endpoint, project } = sandbox.info;
    return (await script("token", ["--sandbox", endpoint, "--project", project, ...args])).out.trim();
  };
  const assume = async (webIdentityToken: string) =>
    sts().send(
      new AssumeRoleWithWebIdentityCommand({
        RoleArn: roleArn,
        RoleSessionName: "test",
        WebIdentityToken: webIdentityToken,
      }),
    );

  beforeAll(async () => {
    sandbox = await startSandbox();
    const { endpoint, accounts, issuer, organization, project } = sandbox.info;
    const [credentials] = accounts;
    if (credentials === undefined) throw new Error("no account");
    const iam = new IAMClient({ region: "us-east-1", endpoint, credentials });
    const provider = await iam.send(
      new CreateOpenIDConnectProviderCommand({ Url: issuer, ClientIDList: [organization] }),
    );
    const host = issuer.replace("https://", "");
    const condition = {
      StringEquals: { [`${host}:aud`]: organization },
      StringLike: {
        [`${host}:sub`]: `org/${organization}/project/${project}/user/????????-????-????-????-????????????/vcs-origin/github.com/acme/web-shop/vcs-ref/refs/heads/main`,
      },
    };
    const trust = {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Federated: provider.OpenIDConnectProviderArn },
          Action: "sts:AssumeRoleWithWebIdentity",
          Condition: condition,
        },
      ],
    };
    const role = await iam.send(
      new CreateRoleCommand({ RoleName: "ci", AssumeRolePolicyDocument: JSON.stringify(trust) }),
    );
    roleArn = role.Role?.Arn ?? "";
  });

  afterAll(() => sandbox.stop());

  it("admit the right job, whose token the script prints", async () => {
    const session = await assume(await token("--branch", "main"));
    expect(session.SubjectFromWebIdentityToken).toMatch(/refs\/heads\/main$/);
    expect(session.Credentials?.AccessKeyId).toMatch(/^ASIA/);
  });

  it.each([
    ["another branch", ["--branch", "feature"], "AccessDenied"],
    ["a tag", ["--tag", "main"], "AccessDenied"],
    ["a fork", ["--branch", "main", "--repository", "github.com/fork/web-shop"], "AccessDenied"],
    ["a custom webhook", [], "AccessDenied"],
    ["a token in the first form", ["--branch", "main", "--v1"], "AccessDenied"],
    ["another audience", ["--branch", "main", "--audience", "other"], "InvalidIdentityToken"],
    ["an expired token", ["--branch", "main", "--expired"], "ExpiredTokenException"],
    ["a forged token", ["--branch", "main", "--forged"], "InvalidIdentityToken"],
  ])("refuse %s", async (_name, args, code) => {
    await expect(assume(await token(...args))).rejects.toMatchObject({ name: expect.stringContaining(code) });
  });

  it("answer under the real names of AWS through the proxy, signatures intact", async () => {
    const { proxy, accounts } = sandbox.info;
    const [credentials] = accounts;
    const agent = new https.Agent();
    agent.createConnection = (_options, created) => {
      const host = "sts.us-east-1.amazonaws.com";
      openConnection({ host, port: 443 }, { url: proxy }, AbortSignal.timeout(20_000)).then(
        (socket) =>
          created?.(null, tls.connect({ socket, host, servername: host, ca: sandbox.circleci.caPem })),
        (error: Error) => created?.(error, new Duplex()),
      );
      return undefined;
    };
    const client = new STSClient({
      region: "us-east-1",
      ...(credentials === undefined ? {} : { credentials }),
      requestHandler: { httpsAgent: agent },
    });
    const identity = await client.send(new GetCallerIdentityCommand({}));
    expect(identity.Account).toBe(credentials?.id);
    expect(sandbox.circleci.proxy.served).toContain("sts.us-east-1.amazonaws.com:443");
  });
});

describe("the sandbox script", () => {
  /** Starts the script and waits for its line. */
  async function start(...args: string[]) {
    const child = spawn(process.execPath, ["scripts/sandbox.ts", ...args], {
      cwd: root,
      stdio: ["ignore", "pipe", "inherit"],
    });
    started.push(child);
    const lines: string[] = [];
    const reader = createInterface({ input: child.stdout });
    const first = once(reader, "line");
    reader.on("line", (line) => lines.push(line));
    await first;
    return { child, lines, info: v.parse(infoSchema, JSON.parse(lines[0] ?? "")) };
  }

  it.each(["SIGINT", "SIGTERM"] as const)(
    "says how to reach it, and leaves nothing after %s",
    async (signal) => {
      const { child, lines, info } = await start("--port", "0");
      expect(existsSync(info.ca)).toBe(true);
      const minted = await script("token", ["--sandbox", info.endpoint, "--project", info.project]);
      expect(minted).toMatchObject({ code: 0, out: expect.stringMatching(/^ey[\w-]+\.[\w-]+\.[\w-]+\n$/) });
      const ended = once(child, "exit");
      child.kill(signal);
      expect(await ended).toEqual([0, null]);
      expect(lines).toHaveLength(1);
      expect(existsSync(dirname(info.ca))).toBe(false);
      const after = await script("token", ["--sandbox", info.endpoint, "--project", info.project]);
      expect(after).toMatchObject({ code: 1, err: expect.stringContaining("No sandbox answers at") });
    },
  );

  it("says in one sentence that its port is in use", async () => {
    const taken = await listenOnLoopback(createServer());
    const result = await script("sandbox", ["--port", String(taken.port)]);
    expect(result).toEqual({
      code: 1,
      out: "",
      err: `Port ${taken.port} is in use: choose another one, or 0 for a free one.\n`,
    });
    await taken.close();
  });

  it.each([[["--port", "x"]], [["--port", "65536"]], [["--prot", "1"]], [["extra"]]])(
    "shows its usage for %j",
    async (args) => {
      const result = await script("sandbox", args);
      expect(result).toMatchObject({
        code: 2,
        out: "",
        err: expect.stringContaining("Usage: npm run -s sandbox"),
      });
    },
  );
});

describe("the token script", () => {
  const id = "aa11bb22-3c4d-4e5f-8a6b-7c8d9e0f1a2b";
  const base = ["--sandbox", "http://127.0.0.1:1", "--project", id];

  it.each<[string, string[]]>([
    ["--project is missing", ["--sandbox", "http://127.0.0.1:1"]],
    ["--sandbox takes", ["--project", id]],
    ["--sandbox takes", ["--sandbox", "https://sts.amazonaws.com", "--project", id]],
    ["--project takes a UUID", ["--sandbox", "http://127.0.0.1:1", "--project", "web-shop"]],
    ["--user takes a UUID", [...base, "--user", "me"]],
    ["not both", [...base, "--branch", "a", "--tag", "b"]],
    ["--repository needs", [...base, "--repository", "github.com/a/b"]],
    ["Unknown option", [...base, "--brunch", "main"]],
  ])("says %j and shows its usage", async (sentence, args) => {
    const result = await script("token", args);
    expect(result).toMatchObject({ code: 2, out: "", err: expect.stringContaining(sentence) });
    expect(result.err).toContain("Usage: npm run -s token");
  });
});
