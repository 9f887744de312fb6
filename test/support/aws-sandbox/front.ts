import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { dispatch, serviceOf } from "./dispatch.ts";
import { dump } from "./dump.ts";
import { AwsError } from "./errors.ts";
import { requestId } from "./ids.ts";
import { faultError, nextFault, setKnobs } from "./knobs.ts";
import { areKnobs, knobProblem } from "./knobs-json.ts";
import type { CallRecord, World } from "./model.ts";
import { parseForm } from "./params.ts";
import type { Params } from "./params.ts";
import type { SignedRequest } from "./sigv4.ts";
import { errorXml, resultXml } from "./xml.ts";
import type { ServiceName } from "./xml.ts";

const MAX_BODY = 2_000_000;

const readBody = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const part = Buffer.from(chunk);
    size += part.length;
    if (size > MAX_BODY) throw new AwsError("RequestEntityTooLarge", 413, "The request is too large.");
    chunks.push(part);
  }
  return Buffer.concat(chunks).toString("utf8");
};

type Answer = { readonly status: number; readonly type: string; readonly text: string };

const xmlAnswer = (status: number, text: string): Answer => ({ status, type: "text/xml", text });

const jsonAnswer = (status: number, value: unknown): Answer => ({
  status,
  type: "application/json",
  text: JSON.stringify(value),
});

const changeKnobs = (world: World, body: string): Answer => {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return jsonAnswer(400, { error: "not JSON" });
  }
  if (!areKnobs(value)) return jsonAnswer(400, { error: knobProblem(value) });
  setKnobs(world.knobs, value);
  return jsonAnswer(200, { knobs: world.knobs.values });
};

/** The control endpoints, for tests that run in another process. */
const control = (world: World, reset: () => void, method: string, url: URL, body: string): Answer => {
  switch (`${method} ${url.pathname}`) {
    case "POST /_sandbox/knobs":
      return changeKnobs(world, body);
    case "GET /_sandbox/dump":
      return jsonAnswer(200, dump(world, url.searchParams.get("account") ?? undefined));
    case "GET /_sandbox/calls":
      return jsonAnswer(200, world.calls);
    case "POST /_sandbox/reset":
      reset();
      return jsonAnswer(200, {});
    default:
      return jsonAnswer(404, { error: "no such control endpoint" });
  }
};

const TARGETS = ["RoleName", "PolicyArn", "PolicyName", "OpenIDConnectProviderArn", "Url", "RoleArn"];

const startRecord = (world: World, service: string, params: Params): CallRecord => {
  const target = TARGETS.map((name) => params.get(name)).find((value) => value !== undefined);
  const record: CallRecord = {
    service,
    action: params.get("Action") ?? "",
    time: new Date(world.now()).toISOString(),
    account: null,
    principal: null,
    target: target ?? null,
    status: null,
    code: null,
  };
  world.calls.push(record);
  return record;
};

const failure = (service: ServiceName, error: unknown, record: CallRecord, id: string): Answer => {
  const known =
    error instanceof AwsError ? error : new AwsError("InternalFailure", 500, "The sandbox itself failed.");
  if (!(error instanceof AwsError)) console.error(error);
  record.status = known.status;
  record.code = known.code;
  return xmlAnswer(known.status, errorXml(service, known, id));
};

/** Runs one Query call; `undefined` means that the connection is to be cut without an answer. */
const query = async (world: World, request: SignedRequest, id: string): Promise<Answer | undefined> => {
  const params = parseForm(request.body);
  const service = serviceOf(params) ?? "iam";
  const record = startRecord(world, service, params);
  const { action, target } = record;
  // Unproven as yet, and good enough for a fault.
  const accessKeyId = /Credential=([^/,\s]+)/.exec(request.headers.authorization ?? "")?.[1] ?? "";
  const account = world.credentials.get(accessKeyId)?.principal.account ?? null;
  world.onCall?.({ service, action, account, target });
  const fault = nextFault(world.knobs, { action, account, target });
  const { latencyMs } = world.knobs.values;
  if (latencyMs > 0) await delay(latencyMs);
  if (fault === "cutBefore") return undefined;
  const injected = fault === undefined ? undefined : faultError(fault, service, record.action);
  if (injected !== undefined) return failure(service, injected, record, id);
  try {
    if (serviceOf(params) === undefined)
      throw new AwsError(
        "InvalidAction",
        400,
        `Could not find operation ${record.action} for version ${params.get("Version") ?? "NO_VERSION_SPECIFIED"}`,
      );
    const result = await dispatch(world, service, request, params, record);
    if (fault === "cutAfter") return undefined;
    record.status = 200;
    return xmlAnswer(200, resultXml(service, record.action, result, id));
  } catch (error) {
    return fault === "cutAfter" ? undefined : failure(service, error, record, id);
  }
};

const respond = async (
  world: World,
  reset: () => void,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const id = requestId();
  const body = await readBody(request);
  const url = new URL(request.url ?? "/", "http://127.0.0.1");
  const method = request.method ?? "GET";
  const signed: SignedRequest = {
    method,
    path: url.pathname,
    query: url.search.slice(1),
    headers: request.headers,
    body,
  };
  const answer = url.pathname.startsWith("/_sandbox/")
    ? control(world, reset, method, url, body)
    : await query(world, signed, id);
  if (answer === undefined) {
    request.socket.destroy();
    return;
  }
  response.writeHead(answer.status, { "content-type": answer.type, "x-amzn-requestid": id });
  response.end(answer.text);
};

/** The HTTP server, not yet listening. */
export const createFront = (world: World, reset: () => void): Server =>
  createServer((request, response) => {
    respond(world, reset, request, response).catch((error: unknown) => {
      console.error(error);
      request.socket.destroy();
    });
  });
