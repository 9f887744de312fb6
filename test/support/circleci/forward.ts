import { request as httpRequest, type RequestListener } from "node:http";

/** Passes every request on to a plain HTTP endpoint, its headers unchanged, `Host` included. */
export function forwardTo(endpoint: string): RequestListener {
  const { hostname, port } = new URL(endpoint);
  return (incoming, outgoing) => {
    const options = { host: hostname, port, method: incoming.method, path: incoming.url };
    const onward = httpRequest({ ...options, headers: incoming.headers, agent: false }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(outgoing);
      answer.once("error", () => outgoing.destroy());
    });
    // A connection that the endpoint cuts is cut here too.
    onward.once("error", () => outgoing.destroy());
    outgoing.once("close", () => onward.destroy());
    incoming.pipe(onward);
  };
}
