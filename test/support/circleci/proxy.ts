import { createServer, type IncomingMessage } from "node:http";
import { connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { listenOnLoopback, type Listening } from "./listen.ts";

/** The running proxy; `served` and `refused` list the `host:port` of each CONNECT, in order. */
export type ConnectProxy = Listening & {
  served: readonly string[];
  refused: readonly string[];
  /** Leads further names, `host:port`, to a local port. */
  addRoutes(routes: Readonly<Record<string, number>>): void;
};

/** `routes` maps `host:port` to a port on 127.0.0.1; with `credentials`, `user:password`, those are asked for. */
export type ConnectProxyOptions = { routes: Readonly<Record<string, number>>; credentials?: string };

/**
 * An HTTP proxy on 127.0.0.1 that opens tunnels (CONNECT) to local servers under the names it is given, and
 * answers everything else with 403. Nothing leaves this machine through it.
 */
export async function startConnectProxy(options: ConnectProxyOptions): Promise<ConnectProxy> {
  const routes = new Map(Object.entries(options.routes));
  const served: string[] = [];
  const refused: string[] = [];
  const server = createServer((request, response) => {
    refused.push(request.url ?? "");
    response.writeHead(403, { "content-type": "text/plain" }).end("This proxy opens tunnels only.\n");
  });
  server.on("connect", (request: IncomingMessage, client: Duplex, head: Buffer) => {
    client.on("error", () => client.destroy());
    const name = (request.url ?? "").toLowerCase();
    const port = routes.get(name);
    if (!isAdmitted(request, options.credentials)) {
      client.end(
        'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="local"\r\n\r\n',
      );
    } else if (port === undefined) {
      refused.push(name);
      client.end("HTTP/1.1 403 Forbidden\r\n\r\n");
    } else {
      served.push(name);
      tunnel(client, head, port);
    }
  });
  const listening = await listenOnLoopback(server);
  return {
    ...listening,
    served,
    refused,
    addRoutes: (more) => {
      for (const [name, port] of Object.entries(more)) {
        routes.set(name.toLowerCase(), port);
      }
    },
  };
}

function isAdmitted(request: IncomingMessage, credentials: string | undefined): boolean {
  const expected = `Basic ${Buffer.from(credentials ?? "", "utf8").toString("base64")}`;
  return credentials === undefined || request.headers["proxy-authorization"] === expected;
}

function tunnel(client: Duplex, head: Buffer, port: number): void {
  const server: Socket = connect(port, "127.0.0.1");
  server.once("connect", () => {
    client.write("HTTP/1.1 200 Connection established\r\n\r\n");
    server.write(head);
    client.pipe(server).pipe(client);
  });
  server.on("error", () => client.destroy());
  server.once("close", () => client.destroy());
  client.once("close", () => server.destroy());
}
