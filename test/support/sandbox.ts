import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import { text } from "node:stream/consumers";
import * as v from "valibot";
import { startAwsSandbox, type AwsSandbox, type SandboxOptions } from "./aws-sandbox/index.ts";
import { forwardTo } from "./circleci/forward.ts";
import { awsHosts, startCircleCi, type CircleCi, type CircleCiOptions } from "./circleci/index.ts";
import { listenOnLoopback } from "./circleci/listen.ts";

/** What a sandbox says about itself, enough to work with it from another process. */
export type SandboxInfo = {
  /** IAM and STS over http; the control paths are under `/_sandbox/`. */
  endpoint: string;
  /** The issuer of `organization`; it and `api` are reached through `proxy`, trusting the certificate in `ca`. */
  issuer: string;
  api: string;
  proxy: string;
  /** A PEM file. */
  ca: string;
  accounts: { id: string; name: string; accessKeyId: string; secretAccessKey: string }[];
  organization: string;
  project: string;
};

/** A running AWS sandbox and CircleCI. */
export type Sandbox = { aws: AwsSandbox; circleci: CircleCi; info: SandboxInfo; stop(): Promise<void> };

/** `port` is the port of `endpoint`, a free one by default; `regions` are those whose STS the proxy knows. */
export type StartOptions = {
  port?: number;
  regions?: readonly string[];
  circleci?: CircleCiOptions;
  aws?: Omit<SandboxOptions, "port" | "fetchJson">;
};

const tokenSchema = v.strictObject({
  project: v.pipe(v.string(), v.uuid()),
  organization: v.exactOptional(v.pipe(v.string(), v.uuid())),
  user: v.exactOptional(v.pipe(v.string(), v.uuid())),
  branch: v.exactOptional(v.pipe(v.string(), v.nonEmpty())),
  tag: v.exactOptional(v.pipe(v.string(), v.nonEmpty())),
  repository: v.exactOptional(
    v.pipe(v.string(), v.regex(/^[^/\s]+(\/[^/\s]+)+$/, "HOST/OWNER/REPO is expected")),
  ),
  version: v.optional(v.picklist([1, 2]), 2),
  audience: v.exactOptional(v.string()),
  expired: v.exactOptional(v.boolean()),
  forged: v.exactOptional(v.boolean()),
});

/** What `POST /_sandbox/token` takes; it answers `{token}`, or `{error}` with status 400. */
export type TokenOrder = v.InferInput<typeof tokenSchema>;

/**
 * Starts the AWS sandbox together with a CircleCI whose tokens it accepts, and a proxy that knows both under
 * their real names. Rejects with the system's error when the port is taken (`EADDRINUSE`).
 */
export async function startSandbox(options: StartOptions = {}): Promise<Sandbox> {
  const circleci = await startCircleCi(options.circleci);
  const aws = await startAwsSandbox({ ...options.aws, fetchJson: circleci.fetchJson });
  const stopParts = async (): Promise<void> => {
    await Promise.all([circleci.stop(), aws.stop()]);
  };
  try {
    const front = await listenOnLoopback(
      createServer(control(circleci, forwardTo(aws.endpoint))),
      options.port,
    );
    await circleci.addHosts(awsHosts(aws.endpoint, options.regions));
    const stop = async (): Promise<void> => {
      await Promise.all([front.close(), stopParts()]);
    };
    return { aws, circleci, info: describe(`http://127.0.0.1:${front.port}`, circleci, aws), stop };
  } catch (error) {
    await stopParts();
    throw error;
  }
}

function describe(endpoint: string, circleci: CircleCi, aws: AwsSandbox): SandboxInfo {
  const [organization] = circleci.organizations;
  const [project] = organization?.projects ?? [];
  if (organization === undefined || project === undefined) {
    throw new Error("The sandbox needs an organization with a project.");
  }
  return {
    endpoint,
    issuer: circleci.issuer(organization.id),
    api: circleci.apiUrl,
    proxy: circleci.proxyUrl,
    ca: circleci.caFile,
    accounts: aws.accounts.map(({ id, name, accessKeyId, secretAccessKey }) => {
      return { id, name, accessKeyId, secretAccessKey };
    }),
    organization: organization.id,
    project: project.id,
  };
}

/** Mints tokens under `POST /_sandbox/token` and leaves every other path to the AWS sandbox. */
function control(circleci: CircleCi, aws: RequestListener): RequestListener {
  return (request, response) => {
    if (request.method !== "POST" || request.url !== "/_sandbox/token") {
      aws(request, response);
      return;
    }
    const answer = (status: number, body: object): void => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    };
    orderedToken(circleci, request).then(
      (token) => answer(200, { token }),
      (error: unknown) => answer(400, { error: error instanceof Error ? error.message : String(error) }),
    );
  };
}

async function orderedToken(circleci: CircleCi, request: IncomingMessage): Promise<string> {
  const parsed = v.safeParse(tokenSchema, JSON.parse(await text(request)));
  if (!parsed.success) {
    const problems = parsed.issues.map((issue) => `${v.getDotPath(issue) ?? "body"}: ${issue.message}`);
    throw new Error(problems.join("; "));
  }
  const { organization: given, ...order } = parsed.output;
  const owner = circleci.organizations.find(({ projects }) =>
    projects.some(({ id }) => id === order.project),
  );
  const organization = given ?? owner?.id;
  if (organization === undefined) {
    throw new Error("The project is not known here, so the token needs an organization.");
  }
  return circleci.mintToken({ ...order, organization });
}
