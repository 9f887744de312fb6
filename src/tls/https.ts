// Default imports: VS Code patches properties of these modules, which named imports may not see.
import https from "node:https";
import tls from "node:tls";
import type { IncomingMessage } from "node:http";
import { Duplex } from "node:stream";
import { openConnection, targetOf, type Target } from "./connect.ts";
import { describeError, errorCode, TlsFailure } from "./failure.ts";
import type { Proxy } from "./proxy.ts";

/** How a document is asked for. `signal` ends it at any time; `maxBytes` is 1 MiB unless given. */
export type GetOptions = {
  headers: Readonly<Record<string, string>>;
  proxy: Proxy | undefined;
  signal: AbortSignal;
  maxBytes?: number;
};

/** What came back, whatever the status; `text` is the body read as UTF-8. Redirects are not followed. */
export type GetAnswer = { status: number; text: string };

/**
 * One GET over https. Fails with `TlsFailure`, or with the signal's reason once that has aborted.
 *
 * `https.request` is given an agent of our own. In VS Code that function is replaced: by default
 * (`http.proxySupport` "override") it ignores the agent and finds the proxy itself, also by PAC file and with
 * Kerberos, and it trusts the system's certificates. Everywhere else, and with the other values of that setting,
 * the agent's tunnel reaches the server. Both trust the default certificates, `NODE_EXTRA_CA_CERTS` included.
 */
export async function httpsGet(url: URL, options: GetOptions): Promise<GetAnswer> {
  const { headers, proxy, signal } = options;
  const tunnel = tunnelAgent(targetOf(url), proxy, signal);
  try {
    signal.throwIfAborted();
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const request = https.request(url, { method: "GET", headers, signal, agent: tunnel.agent });
      request.once("response", resolve).once("error", reject).end();
    });
    return await readAnswer(response, options.maxBytes ?? 1024 * 1024);
  } catch (error) {
    signal.throwIfAborted();
    throw tunnel.failure() ?? (error instanceof TlsFailure ? error : requestFailure(url, error));
  }
}

/** An agent for one request that connects as `openConnection` does; `failure` is why that did not succeed. */
function tunnelAgent(
  target: Target,
  proxy: Proxy | undefined,
  signal: AbortSignal,
): { agent: https.Agent; failure(): TlsFailure | undefined } {
  // The request passes the tunnel's error on, perhaps wrapped: the first is kept with its code.
  let failure: TlsFailure | undefined;
  const agent = new https.Agent({ keepAlive: false });
  // The options hold the server name and, in VS Code, further certificates to trust.
  agent.createConnection = (
    { port: _port, path: _path, checkServerIdentity: _check, ...options },
    created,
  ) => {
    openConnection(target, proxy, signal).then(
      (socket) => created?.(null, tls.connect({ ...options, host: target.host, socket })),
      (error: unknown) => {
        failure = error instanceof TlsFailure ? error : undefined;
        created?.(error instanceof Error ? error : new Error(String(error)), new Duplex());
      },
    );
    return undefined;
  };
  return { agent, failure: () => failure };
}

async function readAnswer(response: IncomingMessage, maxBytes: number): Promise<GetAnswer> {
  const parts: Buffer[] = [];
  let length = 0;
  try {
    for await (const part of response) {
      const bytes = Buffer.from(part);
      length += bytes.length;
      if (length > maxBytes) {
        throw new TlsFailure("too-large", `the answer is longer than ${maxBytes} bytes`);
      }
      parts.push(bytes);
    }
  } finally {
    response.destroy();
  }
  return { status: response.statusCode ?? 0, text: Buffer.concat(parts).toString("utf8") };
}

function requestFailure(url: URL, error: unknown): TlsFailure {
  // Codes of OpenSSL's verification and of Node's host name check.
  const rejected = /CERT|SELF_SIGNED|UNABLE_TO_|_CA\b|ALTNAME/.test(errorCode(error) ?? "");
  return new TlsFailure(
    rejected ? "certificate-rejected" : "connection-failed",
    `${url.host}: ${describeError(error)}`,
  );
}
