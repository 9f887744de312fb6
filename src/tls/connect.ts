// Default imports: VS Code patches properties of these modules, which named imports may not see.
import net from "node:net";
import tls from "node:tls";
import type { Duplex } from "node:stream";
import { describeError, TlsFailure } from "./failure.ts";
import { bypassesProxy, type Proxy } from "./proxy.ts";

/** Where to connect to: a DNS name or address (IPv6 without brackets) and a port. */
export type Target = { host: string; port: number };

const longestProxyAnswer = 16 * 1024;

/** The host and port of an `https` or `http` URL. */
export function targetOf(url: URL): Target {
  const defaultPort = url.protocol === "https:" ? 443 : 80;
  return {
    host: url.hostname.replaceAll(/[[\]]/g, ""),
    port: url.port === "" ? defaultPort : Number(url.port),
  };
}

/** The server name to send: none for an address (RFC 6066, section 3). */
export function serverName(host: string): string {
  return net.isIP(host) === 0 ? host : "";
}

/**
 * A plain connection to the target, through the proxy where one applies. `signal` destroys it at any time.
 * Fails with `TlsFailure`: `connection-failed`, or one of the proxy codes.
 */
export async function openConnection(
  target: Target,
  proxy: Proxy | undefined,
  signal: AbortSignal,
): Promise<Duplex> {
  signal.throwIfAborted();
  if (proxy === undefined || bypassesProxy(target.host, target.port, proxy.noProxy)) {
    const socket = net.connect({ host: target.host, port: target.port });
    return connected(socket, "connect", signal, (error) => {
      return new TlsFailure("connection-failed", `${target.host}:${target.port}: ${describeError(error)}`);
    });
  }
  const url = parseProxyUrl(proxy.url);
  const socket = await connectToProxy(url, signal);
  try {
    await requestTunnel(socket, url, target);
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

function parseProxyUrl(text: string): URL {
  const withScheme = text.includes("://") ? text : `http://${text}`;
  const url = URL.canParse(withScheme) ? new URL(withScheme) : undefined;
  if (url === undefined || !["http:", "https:"].includes(url.protocol) || url.hostname === "") {
    // The text may hold a password, so it is not repeated.
    throw new TlsFailure("invalid-proxy", "the proxy is not an http or https URL");
  }
  return url;
}

async function connectToProxy(url: URL, signal: AbortSignal): Promise<Duplex> {
  const { host, port } = targetOf(url);
  const unreachable = (error: unknown): TlsFailure =>
    new TlsFailure("proxy-unreachable", `proxy ${host}:${port}: ${describeError(error)}`);
  return url.protocol === "https:"
    ? connected(
        tls.connect({ host, port, servername: serverName(host) }),
        "secureConnect",
        signal,
        unreachable,
      )
    : connected(net.connect({ host, port }), "connect", signal, unreachable);
}

/** Waits for a new socket to connect; from then on the signal destroys it. */
function connected<T extends net.Socket>(
  socket: T,
  event: "connect" | "secureConnect",
  signal: AbortSignal,
  failure: (error: unknown) => Error,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => reject(failure(error));
    const abort = (): void => {
      fail(signal.reason);
      socket.destroy();
    };
    signal.addEventListener("abort", abort, { once: true });
    socket.once("close", () => signal.removeEventListener("abort", abort));
    // Once connected an error belongs to whoever uses the socket; without a listener it would end the process.
    socket.on("error", fail);
    socket.once(event, () => resolve(socket));
  });
}

/** Asks for a tunnel with CONNECT (RFC 9110, section 9.3.6), with basic credentials if the URL has some. */
async function requestTunnel(socket: Duplex, proxy: URL, target: Target): Promise<void> {
  const authority = `${target.host.includes(":") ? `[${target.host}]` : target.host}:${target.port}`;
  const lines = [`CONNECT ${authority} HTTP/1.1`, `Host: ${authority}`];
  if (proxy.username !== "" || proxy.password !== "") {
    const credentials = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
    lines.push(`Proxy-Authorization: Basic ${Buffer.from(credentials, "utf8").toString("base64")}`);
  }
  socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  const head = await readHead(socket, proxy);
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1] ?? 0);
  if (status >= 200 && status < 300) {
    return;
  }
  throw status === 407
    ? new TlsFailure("proxy-authentication", `proxy ${proxy.host} asks for other credentials (407)`)
    : new TlsFailure(
        "proxy-refused",
        `proxy ${proxy.host} refused ${authority} (${status || "no HTTP answer"})`,
      );
}

/** Reads up to the empty line and leaves what follows in the socket. */
function readHead(socket: Duplex, proxy: URL): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = Buffer.alloc(0);
    const finish = (settle: () => void): void => {
      socket.off("readable", read);
      socket.off("close", closed);
      settle();
    };
    const fail = (text: string): void =>
      finish(() => reject(new TlsFailure("proxy-refused", `proxy ${proxy.host} ${text}`)));
    const closed = (): void => fail("closed the connection");
    const read = (): void => {
      for (let chunk: unknown = socket.read(); Buffer.isBuffer(chunk); chunk = socket.read()) {
        received = Buffer.concat([received, chunk]);
        const end = received.indexOf("\r\n\r\n");
        if (end >= 0) {
          const rest = received.subarray(end + 4);
          finish(() => resolve(received.toString("latin1", 0, end)));
          if (rest.length > 0) {
            socket.unshift(rest);
          }
          return;
        }
        if (received.length > longestProxyAnswer) {
          fail("answered with too long a head");
          return;
        }
      }
    };
    socket.on("readable", read);
    socket.once("close", closed);
  });
}
