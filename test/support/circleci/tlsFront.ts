import { createServer } from "node:https";
import type { ServerIdentity } from "./certificates.ts";
import { forwardTo } from "./forward.ts";
import { listenOnLoopback, type Listening } from "./listen.ts";

/**
 * Ends TLS and passes every request on to a plain HTTP endpoint. `Host` stays the name that the client asked for,
 * so that its SigV4 signature still verifies.
 */
export function startTlsFront(identity: ServerIdentity, endpoint: string): Promise<Listening> {
  return listenOnLoopback(createServer(identity, forwardTo(endpoint)));
}
