import { once } from "node:events";
import { createServer } from "node:http";
import { AssumeRoleCommand, STSClient, type Credentials } from "@aws-sdk/client-sts";
import type { Bench } from "./bench.ts";

/** Temporary credentials of a role in the hub account. */
export async function assume({ accounts, relay }: Bench, role: string): Promise<Credentials> {
  const client = new STSClient({
    region: "us-east-1",
    endpoint: relay.target(),
    credentials: accounts.hub,
  });
  const RoleArn = `arn:aws:iam::${accounts.hub.accountId}:role/${role}`;
  const answer = await client.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "portal" }));
  client.destroy();
  if (answer.Credentials === undefined) throw new Error("no credentials");
  return answer.Credentials;
}

/**
 * The part of the SSO portal that hands out role credentials, on loopback.
 * Source: https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_GetRoleCredentials.html
 */
export async function startPortal(credentials: Credentials) {
  const tokens: unknown[] = [];
  const server = createServer((request, response) => {
    tokens.push(request.headers["x-amz-sso_bearer_token"]);
    const roleCredentials = {
      accessKeyId: credentials.AccessKeyId,
      secretAccessKey: credentials.SecretAccessKey,
      sessionToken: credentials.SessionToken,
      expiration: Date.now() + 3_600_000,
    };
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ roleCredentials }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The portal has no port.");
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    /** The tokens it was asked with. */
    tokens,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
