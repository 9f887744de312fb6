import { createServer } from "node:http";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";

/** One request as the stub got it. */
export type Call = {
  readonly action: string;
  readonly form: Readonly<Record<string, string>>;
  /** The access key that signed it; undefined for an unsigned one. */
  readonly accessKey?: string;
  /** The command lines of every process while the request was open; empty where there is no `/proc`. */
  readonly commandLines: readonly string[];
};

/** An answer that is not the usual one. */
export type Failure = { readonly status: number; readonly code: string; readonly message: string };

/** A stand-in for STS on loopback: it grants everything, unless told otherwise, and remembers what it got. */
export type StsStub = {
  readonly url: string;
  readonly calls: Call[];
  /** Answers of the next calls of `AssumeRoleWithWebIdentity`, first one first; it grants them afterwards. */
  readonly failures: Failure[];
  readonly stop: () => Promise<void>;
};

/** What the stub hands out, by action. All but the first are secret. */
export const issued = {
  AssumeRoleWithWebIdentity: ["ASIAHUBKEY0000000001", "hubSecret/+aQ1", "hubSession==/+bR2"],
  AssumeRole: ["ASIASUBKEY0000000002", "subSecret/+cS3", "subSession==/+dT4"],
} as const;

/** Starts the stub on a free loopback port. */
export async function startStsStub(): Promise<StsStub> {
  const calls: Call[] = [];
  const failures: Failure[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      let body = "";
      for await (const chunk of request) body += String(chunk);
      const form = Object.fromEntries(new URLSearchParams(body));
      const action = form["Action"] ?? "";
      const accessKey = /Credential=([A-Z0-9]+)\//.exec(request.headers.authorization ?? "")?.[1];
      const signed = accessKey === undefined ? {} : { accessKey };
      calls.push({ action, form, ...signed, commandLines: await commandLines() });
      const failure = action === "AssumeRoleWithWebIdentity" ? failures.shift() : undefined;
      response.writeHead(failure?.status ?? 200, { "content-type": "text/xml" });
      response.end(failure === undefined ? grant(action, accessKey ?? "") : refusal(failure));
    })();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("No port was given.");
  return {
    url: `http://127.0.0.1:${address.port}`,
    calls,
    failures,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function commandLines(): Promise<string[]> {
  const ids = await readdir("/proc").catch(() => []);
  const lines = ids
    .filter((id) => /^\d+$/.test(id))
    .map((id) => readFile(`/proc/${id}/cmdline`, "utf8").catch(() => ""));
  return await Promise.all(lines);
}

function grant(action: string, accessKey: string): string {
  if (action === "GetCallerIdentity") {
    const arn = `arn:aws:sts::111111111111:assumed-role/by/${accessKey}`;
    return result(action, `<Arn>${arn}</Arn><UserId>AROA:x</UserId><Account>111111111111</Account>`);
  }
  const [key, secret, session] = issued[action === "AssumeRole" ? "AssumeRole" : "AssumeRoleWithWebIdentity"];
  return result(
    action,
    `<Credentials><AccessKeyId>${key}</AccessKeyId><SecretAccessKey>${secret}</SecretAccessKey>` +
      `<SessionToken>${session}</SessionToken><Expiration>2100-01-01T00:00:00Z</Expiration></Credentials>` +
      "<AssumedRoleUser><Arn>arn:aws:sts::111111111111:assumed-role/x/y</Arn>" +
      "<AssumedRoleId>AROA:y</AssumedRoleId></AssumedRoleUser>",
  );
}

function result(action: string, inner: string): string {
  return (
    `<${action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${action}Result>${inner}</${action}Result>` +
    `<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></${action}Response>`
  );
}

function refusal({ code, message }: Failure): string {
  return (
    `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>` +
    `<Code>${code}</Code><Message>${message}</Message></Error><RequestId>r</RequestId></ErrorResponse>`
  );
}
