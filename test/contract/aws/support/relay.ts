import { once } from "node:events";
import { createServer, request as send, type IncomingMessage, type ServerResponse } from "node:http";

/** What the relay does to a call instead of, or after, passing it on. */
export type Fault = {
  /** An IAM or STS action, or `*`. */
  readonly action: string;
  readonly kind:
    /** Answers this refusal; the emulator hears nothing of the call. */
    | { readonly code: string; readonly status: number; readonly message: string }
    /** The connection ends before the emulator heard of the call, or after it acted. */
    | "cut before"
    | "cut after"
    /** A page such as a proxy's. */
    | "html";
  /** How many calls it hits; all of them where left out. */
  readonly times?: number;
};

/** A relay on loopback in front of an emulator: counts calls and adds the faults that are asked for. */
export type Relay = {
  readonly endpoint: string;
  /** The actions that arrived, in order. */
  readonly calls: readonly string[];
  readonly faults: (faults: readonly Fault[]) => void;
  /** Called before a call is passed on. */
  readonly onCall: (listener: ((action: string) => void) | undefined) => void;
  /** Passes calls on to another emulator, forgets calls and faults. */
  readonly reset: (target: string) => void;
  /** Where calls are passed on to. */
  readonly target: () => string;
  readonly stop: () => Promise<void>;
};

/** Starts a relay. The `Host` header is passed on as it is, so that signatures stay valid. */
export async function startRelay(): Promise<Relay> {
  let target = "";
  let calls: string[] = [];
  let active: { fault: Fault; left: number }[] = [];
  let listener: ((action: string) => void) | undefined;

  const faultFor = (action: string): Fault | undefined => {
    const hit = active.find(({ fault, left }) => left > 0 && ["*", action].includes(fault.action));
    if (hit !== undefined) hit.left -= 1;
    return hit?.fault;
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await text(request);
    const action = new URLSearchParams(body).get("Action") ?? request.url ?? "?";
    calls.push(action);
    listener?.(action);
    const fault = faultFor(action)?.kind;
    if (fault === "cut before") {
      request.socket.destroy();
      return;
    }
    if (fault === "html") {
      response.writeHead(200, { "content-type": "text/html" }).end("<html><body>Please sign in</body>");
      return;
    }
    if (typeof fault === "object") {
      response.writeHead(fault.status, { "content-type": "text/xml" }).end(errorXml(fault));
      return;
    }
    const answer = await pass(target, request, body);
    if (fault === "cut after") {
      request.socket.destroy();
      return;
    }
    response.writeHead(answer.status, answer.headers).end(answer.body);
  };

  const server = createServer((request, response) => {
    handle(request, response).catch(() => request.socket.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The relay has no port.");
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    get calls() {
      return calls;
    },
    faults: (faults) => {
      active = faults.map((fault) => ({ fault, left: fault.times ?? Number.POSITIVE_INFINITY }));
    },
    onCall: (next) => {
      listener = next;
    },
    reset: (next) => {
      target = next;
      calls = [];
      active = [];
      listener = undefined;
    },
    target: () => target,
    stop: async () => {
      if (!server.listening) return;
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

async function text(stream: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}

type Answer = { readonly status: number; readonly headers: Record<string, string>; readonly body: string };

async function pass(target: string, request: IncomingMessage, body: string): Promise<Answer> {
  const outgoing = send(new URL(request.url ?? "/", target), {
    method: request.method ?? "POST",
    headers: request.headers,
  });
  outgoing.end(body);
  const [answer]: IncomingMessage[] = await once(outgoing, "response");
  if (answer === undefined) throw new Error("The emulator gave no answer.");
  const type = answer.headers["content-type"] ?? "text/xml";
  return { status: answer.statusCode ?? 500, headers: { "content-type": type }, body: await text(answer) };
}

function errorXml(fault: { code: string; message: string }): string {
  return (
    `<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type>` +
    `<Code>${fault.code}</Code><Message>${fault.message}</Message></Error>` +
    `<RequestId>00000000-0000-4000-8000-000000000000</RequestId></ErrorResponse>`
  );
}

export const throttle = { code: "Throttling", status: 400, message: "Rate exceeded" } as const;
export const quota = {
  code: "LimitExceeded",
  status: 409,
  message: "Cannot exceed quota for RolesPerAccount: 1000.",
} as const;

/** As IAM refuses a call that the identity's policies do not allow. */
export function denied(action: string) {
  const message = `User: arn:aws:iam::111122223333:user/dev is not authorized to perform: iam:${action} because no identity-based policy allows the iam:${action} action`;
  return { code: "AccessDenied", status: 403, message } as const;
}

/** As IAM refuses a role whose principal it does not know yet. */
export const invalidPrincipal = {
  code: "MalformedPolicyDocument",
  status: 400,
  message: "Invalid principal in policy: &quot;AWS&quot;:&quot;arn:aws:iam::111122223333:role/hub&quot;",
} as const;
