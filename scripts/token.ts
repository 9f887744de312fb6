import { request } from "node:http";
import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import type { TokenOrder } from "../test/support/sandbox.ts";

const usage = `Usage: npm run -s token -- --sandbox ENDPOINT --project UUID [--organization UUID]
         [--branch NAME | --tag NAME] [--repository HOST/OWNER/REPO] [--user UUID] [--v1]
         [--audience AUDIENCE] [--expired] [--forged]

Prints the OIDC token that CircleCI would give to such a job, minted by the running sandbox at ENDPOINT. Without
branch and tag it is a pipeline of a custom webhook.`;

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

type Order = { endpoint: URL; order: TokenOrder };

/** The sandbox to ask and what to ask for, or a sentence about what is wrong. */
function readOrder(): Order | string {
  let values: ReturnType<typeof readValues>;
  try {
    values = readValues();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const { sandbox, project, v1, ...rest } = values;
  const endpoint = sandbox !== undefined && URL.canParse(sandbox) ? new URL(sandbox) : undefined;
  if (endpoint?.protocol !== "http:" || endpoint.hostname !== "127.0.0.1") {
    return "--sandbox takes the endpoint of a running sandbox, such as http://127.0.0.1:4566.";
  }
  if (project === undefined) {
    return "--project is missing.";
  }
  for (const name of ["organization", "user"] as const) {
    if (rest[name] !== undefined && !uuid.test(rest[name])) {
      return `--${name} takes a UUID, not ${JSON.stringify(rest[name])}.`;
    }
  }
  if (!uuid.test(project)) {
    return `--project takes a UUID, not ${JSON.stringify(project)}.`;
  }
  if (rest.branch !== undefined && rest.tag !== undefined) {
    return "A pipeline has a branch or a tag, not both.";
  }
  if (rest.repository !== undefined && rest.branch === undefined && rest.tag === undefined) {
    return "--repository needs --branch or --tag.";
  }
  return { endpoint, order: { ...rest, project, version: v1 === true ? 1 : 2 } };
}

function readValues() {
  const string = { type: "string" } as const;
  const boolean = { type: "boolean" } as const;
  return parseArgs({
    options: {
      sandbox: string,
      project: string,
      organization: string,
      branch: string,
      tag: string,
      repository: string,
      user: string,
      v1: boolean,
      audience: string,
      expired: boolean,
      forged: boolean,
    },
  }).values;
}

async function fetchToken({ endpoint, order }: Order): Promise<number> {
  const url = new URL("/_sandbox/token", endpoint);
  let answer: { status: number | undefined; body: string };
  try {
    answer = await post(url, JSON.stringify(order));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    console.error(`No sandbox answers at ${endpoint.origin} (${why}).`);
    return 1;
  }
  const body = parseObject(answer.body);
  if (answer.status === 200 && typeof body["token"] === "string") {
    console.log(body["token"]);
    return 0;
  }
  const why = typeof body["error"] === "string" ? body["error"] : `status ${answer.status}`;
  console.error(`The sandbox mints no such token: ${why}`);
  return 1;
}

function post(url: URL, body: string): Promise<{ status: number | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { method: "POST" }, (response) => {
      text(response).then((answer) => resolve({ status: response.statusCode, body: answer }), reject);
    });
    asked.once("error", reject).end(body);
  });
}

function parseObject(json: string): Record<string, unknown> {
  try {
    const data: unknown = JSON.parse(json);
    return typeof data === "object" && data !== null ? { ...data } : {};
  } catch {
    return {};
  }
}

const order = readOrder();
if (typeof order === "string") {
  console.error(`${order}\n\n${usage}`);
  process.exitCode = 2;
} else {
  process.exitCode = await fetchToken(order);
}
