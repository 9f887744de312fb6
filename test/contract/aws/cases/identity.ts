import { mkdir, writeFile } from "node:fs/promises";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  createAccess,
  createCredentials,
  identify,
  isCancelled,
  listProfiles,
} from "../../../../src/aws/index.ts";
import { isLoopbackOverride } from "../../../../src/core/ids.ts";
import { ENVIRONMENT_PROFILE } from "../../../../src/core/setup.ts";
import { MFA_CODE } from "../support/backends.ts";
import { noMfa, type Bench } from "../support/bench.ts";
import { createRole } from "../support/gaps.ts";
import { startRelay } from "../support/relay.ts";
import { assume, startPortal } from "../support/sso.ts";
import type { Scene } from "../support/suite.ts";

/** Which account a profile leads to, and why it does not. */
export function identityCases({ bench, lacks }: Scene): void {
  const whoIs = (profile: string) => identify({ profile, env: bench().home.env, mfaCode: noMfa });

  describe("identity", () => {
    it("names account, partition and the endpoint that was asked instead of AWS's", async () => {
      const { accounts, relay } = bench();
      const answer = await whoIs("hub");
      expect(answer).toMatchObject({
        ok: true,
        identity: { accountId: accounts.hub.accountId, partition: "aws" },
      });
      const override = answer.ok ? answer.identity.endpointOverride : undefined;
      expect(override).toBe(new URL(relay.endpoint).host);
      expect(isLoopbackOverride(override ?? "")).toBe(true);
    });

    it("uses the keys of the environment", async () => {
      const { accounts, home } = bench();
      Object.assign(process.env, {
        AWS_ACCESS_KEY_ID: accounts.sub.accessKeyId,
        AWS_SECRET_ACCESS_KEY: accounts.sub.secretAccessKey,
        ...(accounts.sub.sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: accounts.sub.sessionToken }),
      });
      const { profiles } = await listProfiles(home.env);
      expect(profiles[0]).toEqual({ name: ENVIRONMENT_PROFILE, kind: "environment" });
      expect(await whoIs(ENVIRONMENT_PROFILE)).toMatchObject({
        identity: { accountId: accounts.sub.accountId },
      });
      expect(await whoIs("hub")).toMatchObject({ identity: { accountId: accounts.hub.accountId } });
    });

    it("asks for an MFA code once, whatever is done with the profile", async () => {
      const { home } = bench();
      await withMfa(bench());
      const asked: string[] = [];
      const mfaCode = async (serial: string) => {
        asked.push(serial);
        return MFA_CODE;
      };
      const credentials = createCredentials();
      const both = await Promise.all([
        identify({ profile: "operator", env: home.env, mfaCode, credentials }),
        identify({ profile: "operator", env: home.env, mfaCode, credentials }),
      ]);
      expect(both.map(({ ok }) => ok)).toEqual([true, true]);
      const access = createAccess({ env: home.env, mfaCode, credentials });
      expect((await access.open("operator")).ok).toBe(true);
      expect((await access.open("operator", undefined, { fresh: true })).ok).toBe(true);
      expect(asked).toEqual([`arn:aws:iam::${bench().accounts.hub.accountId}:mfa/admin`]);
    });

    it("takes an MFA code that is not given for a cancellation, and asks again the next time", async () => {
      const { home } = bench();
      await withMfa(bench());
      const credentials = createCredentials();
      const options = { profile: "operator", env: home.env, credentials };
      const answer = await identify({ ...options, mfaCode: () => Promise.resolve(undefined) });
      expect(!answer.ok && isCancelled(answer.problem)).toBe(true);
      expect((await identify({ ...options, mfaCode: () => Promise.resolve(MFA_CODE) })).ok).toBe(true);
    });

    it.skipIf(lacks("MFA codes"))("says that an MFA code was refused", async () => {
      const { home } = bench();
      await withMfa(bench());
      const answer = await identify({
        profile: "operator",
        env: home.env,
        mfaCode: () => Promise.resolve("000000"),
      });
      expect(answer).toMatchObject({ ok: false, problem: { code: "aws.mfaRefused" } });
    });

    it.skipIf(lacks("unknown keys"))("says that a key is not known", async () => {
      const { home, accounts } = bench();
      await home.writeCredentials({ hub: { ...accounts.hub, accessKeyId: "AKIASTRANGER00000001" } });
      expect(await whoIs("hub")).toMatchObject({
        ok: false,
        problem: { code: "aws.unknownKey", message: { args: { profile: "hub" } } },
      });
    });

    it("reads keys again that were corrected in the file", async () => {
      const { home, accounts } = bench();
      const credentials = createCredentials();
      const options = { profile: "hub", env: home.env, mfaCode: noMfa, credentials };
      expect(await identify(options)).toMatchObject({ identity: { accountId: accounts.hub.accountId } });
      await home.writeCredentials({ hub: accounts.sub });
      expect(await identify(options)).toMatchObject({ identity: { accountId: accounts.sub.accountId } });
    });

    it("tells how to sign in again when an SSO session has expired or was never started", async () => {
      const { home } = bench();
      await home.writeConfig(SSO_CONFIG);
      const expected = {
        ok: false,
        problem: {
          code: "aws.ssoExpired",
          command: ["aws", "sso", "login", "--profile", "dev"],
        },
      };
      expect(await whoIs("dev")).toMatchObject(expected);
      expect(await whoIs("chained")).toMatchObject(expected);
      await writeSsoToken(home.home, { expiresAt: "2020-01-01T00:00:00Z", accessToken: "stale-token" });
      const answer = await whoIs("dev");
      expect(answer).toMatchObject(expected);
      expect(JSON.stringify(answer)).not.toContain("stale-token");
    });

    it("exchanges an SSO session for the credentials of a role", async () => {
      const { home, accounts, iam } = bench();
      await createRole(iam.hub, "operator", accounts.hub.accountId);
      const portal = await startPortal(await assume(bench(), "operator"));
      try {
        process.env["AWS_ENDPOINT_URL_SSO"] = portal.endpoint;
        await home.writeConfig(SSO_CONFIG);
        const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
        await writeSsoToken(home.home, { expiresAt, accessToken: "live-token" });
        expect(await whoIs("dev")).toMatchObject({
          ok: true,
          identity: { accountId: accounts.hub.accountId },
        });
        expect(portal.tokens).toEqual(["live-token"]);
      } finally {
        await portal.stop();
      }
    });

    it("tells how to sign in again when a console login has expired", async () => {
      const { home } = bench();
      await home.writeConfig("[profile console]\nlogin_session = arn:aws:iam::111122223333:user/dev\n");
      expect(await whoIs("console")).toMatchObject({
        ok: false,
        problem: { code: "aws.loginExpired", command: ["aws", "login", "--profile", "console"] },
      });
    });

    it("does not repeat what a credential_process prints", async () => {
      const { home } = bench();
      const command = `sh -c "echo hunter2-secret; echo hunter2-secret >&2; exit 1"`;
      await home.writeConfig(`[profile tool]\ncredential_process = ${command}\n`);
      const answer = await whoIs("tool");
      expect(answer).toMatchObject({ ok: false, problem: { code: "aws.credentialProcess" } });
      expect(JSON.stringify(answer)).not.toContain("hunter2");
    });

    it.each([
      ["aws.unknownProfile", "nobody", ""],
      ["aws.profileIncomplete", "empty", "[profile empty]\nregion = eu-west-1\n"],
      ["aws.profileIncomplete", "a", cycle()],
      ["aws.endpoint", "hub", "[profile hub]\nservices = gone\n"],
    ])("has a code for a profile that cannot work: %s", async (code, profile, config) => {
      await bench().home.writeConfig(config);
      expect(await whoIs(profile)).toMatchObject({ ok: false, problem: { code } });
      expect(bench().relay.calls).toEqual([]);
    });

    it("says that the network is down", async () => {
      const { relay } = bench();
      await relay.stop();
      expect(await whoIs("hub")).toMatchObject({ ok: false, problem: { code: "aws.network" } });
    });

    it("can be cancelled", async () => {
      const cancel = new AbortController();
      const { relay, home } = bench();
      relay.onCall(() => cancel.abort());
      const answer = await identify({ profile: "hub", env: home.env, mfaCode: noMfa, signal: cancel.signal });
      expect(!answer.ok && isCancelled(answer.problem)).toBe(true);
    });

    it("sends a profile's calls to that profile's endpoint and to no other's", async () => {
      const { home, relay, accounts } = bench();
      const stranger = await startRelay();
      try {
        delete process.env["AWS_ENDPOINT_URL"];
        await home.writeConfig(
          `[default]\nendpoint_url = ${stranger.endpoint}\n[profile hub]\nservices = local\n` +
            `[services local]\niam =\n  endpoint_url = ${relay.endpoint}\nsts =\n  endpoint_url = ${relay.endpoint}\n`,
        );
        const answer = await whoIs("hub");
        expect(answer).toMatchObject({
          identity: { accountId: accounts.hub.accountId, endpointOverride: new URL(relay.endpoint).host },
        });
        expect(stranger.calls).toEqual([]);
      } finally {
        await stranger.stop();
      }
    });
  });
}

async function withMfa({ home, iam, accounts }: Bench): Promise<void> {
  const account = accounts.hub.accountId;
  await createRole(iam.hub, "operator", account);
  await home.writeConfig(
    `[profile operator]\nrole_arn = arn:aws:iam::${account}:role/operator\nsource_profile = hub\n` +
      `mfa_serial = arn:aws:iam::${account}:mfa/admin\n`,
  );
}

const SSO_CONFIG = `[sso-session acme]
sso_start_url = https://acme.awsapps.com/start
sso_region = eu-central-1
[profile dev]
sso_session = acme
sso_account_id = 111122223333
sso_role_name = Developer
[profile chained]
role_arn = arn:aws:iam::111122223333:role/x
source_profile = dev
`;

async function writeSsoToken(home: string, token: object): Promise<void> {
  const folder = join(home, ".aws", "sso", "cache");
  await mkdir(folder, { recursive: true });
  const name = createHash("sha1").update("acme").digest("hex");
  await writeFile(join(folder, `${name}.json`), JSON.stringify(token));
}

function cycle(): string {
  const section = (name: string, source: string): string =>
    `[profile ${name}]\nrole_arn = arn:aws:iam::111122223333:role/x\nsource_profile = ${source}\n`;
  return section("a", "b") + section("b", "a");
}
