import {
  AddClientIDToOpenIDConnectProviderCommand,
  CreateOpenIDConnectProviderCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  GetRoleCommand,
  ListRolesCommand,
  SetDefaultPolicyVersionCommand,
  TagOpenIDConnectProviderCommand,
  UpdateOpenIDConnectProviderThumbprintCommand,
  type IAMClient,
} from "@aws-sdk/client-iam";
import { createAccess } from "../../../../src/aws/index.ts";
import type { BackendName } from "./backends.ts";
import type { Bench } from "./bench.ts";

/** What an emulator does not do as AWS does, so that cases which need it cannot run there. */
export type Gap = {
  readonly id: GapId;
  readonly reason: string;
  /** False once the emulator does as AWS does: then the gap must go. */
  readonly isStillThere: (bench: Bench) => Promise<boolean>;
};

export type GapId =
  | "permissions"
  | "caseless names"
  | "principals"
  | "pages"
  | "unknown keys"
  | "MFA codes"
  | "audiences"
  | "thumbprints"
  | "versions"
  | "provider tags";

const permissions: Gap = {
  id: "permissions",
  reason: "evaluates no identity policies: an assumed role without any policy may do everything",
  isStillThere: async ({ access, home, iam, accounts }) => {
    const trust = trustOf(`arn:aws:iam::${accounts.hub.accountId}:root`);
    await iam.hub.send(new CreateRoleCommand({ RoleName: "nothing", AssumeRolePolicyDocument: trust }));
    await home.writeConfig(
      `[profile nothing]\nrole_arn = arn:aws:iam::${accounts.hub.accountId}:role/nothing\nsource_profile = hub\n`,
    );
    const opened = await access.open("nothing");
    return opened.ok && (await succeeds(opened.account.iam.send(new ListRolesCommand({}))));
  },
};

const caselessNames: Gap = {
  id: "caseless names",
  reason: "lets two roles differ by letter case only",
  isStillThere: async ({ iam }) => {
    const trust = trustOf("arn:aws:iam::111122223333:root");
    await iam.hub.send(new CreateRoleCommand({ RoleName: "twin", AssumeRolePolicyDocument: trust }));
    return succeeds(
      iam.hub.send(new CreateRoleCommand({ RoleName: "TWIN", AssumeRolePolicyDocument: trust })),
    );
  },
};

const principals: Gap = {
  id: "principals",
  reason: "accepts a trust policy whose principal does not exist",
  isStillThere: ({ iam }) => {
    const trust = trustOf("arn:aws:iam::111122223333:role/nobody");
    return succeeds(iam.hub.send(new CreateRoleCommand({ RoleName: "r", AssumeRolePolicyDocument: trust })));
  },
};

const pages: Gap = {
  id: "pages",
  reason: "ListRoles ignores MaxItems and answers everything at once",
  isStillThere: async ({ iam }) => {
    for (const name of ["one", "two"]) await createRole(iam.hub, name);
    const answer = await iam.hub.send(new ListRolesCommand({ MaxItems: 1 }));
    return answer.Roles?.length === 2;
  },
};

const unknownKeys: Gap = {
  id: "unknown keys",
  reason: "answers any access key",
  isStillThere: async ({ access, home, accounts }) => {
    const stranger = { ...accounts.hub, accessKeyId: "AKIASTRANGER00000001" };
    await home.writeCredentials({ stranger });
    return (await access.open("stranger")).ok;
  },
};

const mfaCodes: Gap = {
  id: "MFA codes",
  reason: "accepts any MFA code",
  isStillThere: async ({ home, iam, accounts }) => {
    await createRole(iam.hub, "operator", accounts.hub.accountId);
    const account = accounts.hub.accountId;
    await home.writeConfig(
      `[profile operator]\nrole_arn = arn:aws:iam::${account}:role/operator\nsource_profile = hub\n` +
        `mfa_serial = arn:aws:iam::${account}:mfa/admin\n`,
    );
    const mfaCode = () => Promise.resolve("000000");
    return (await createAccess({ env: home.env, mfaCode }).open("operator")).ok;
  },
};

/** A provider to try a change on. */
async function makeProvider({ iam }: Bench): Promise<{ readonly OpenIDConnectProviderArn: string }> {
  const ThumbprintList = ["a".repeat(40)];
  const given = { Url: "https://oidc.example.com/org", ClientIDList: ["theirs"], ThumbprintList };
  const { OpenIDConnectProviderArn = "" } = await iam.hub.send(new CreateOpenIDConnectProviderCommand(given));
  return { OpenIDConnectProviderArn };
}

const audiences = (reason: string): Gap => ({
  id: "audiences",
  reason,
  isStillThere: async (bench) => {
    const command = { ...(await makeProvider(bench)), ClientID: "ours" };
    return !(await succeeds(bench.iam.hub.send(new AddClientIDToOpenIDConnectProviderCommand(command))));
  },
});

const thumbprints: Gap = {
  id: "thumbprints",
  reason: "does not know UpdateOpenIDConnectProviderThumbprint",
  isStillThere: async (bench) => {
    const command = { ...(await makeProvider(bench)), ThumbprintList: ["b".repeat(40)] };
    return !(await succeeds(bench.iam.hub.send(new UpdateOpenIDConnectProviderThumbprintCommand(command))));
  },
};

const versions: Gap = {
  id: "versions",
  reason: "does not know SetDefaultPolicyVersion: a version cannot be taken back",
  isStillThere: async ({ iam }) => {
    const PolicyDocument = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "*" }],
    });
    const created = await iam.hub.send(new CreatePolicyCommand({ PolicyName: "p", PolicyDocument }));
    const PolicyArn = created.Policy?.Arn;
    await iam.hub.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument }));
    return !(await succeeds(
      iam.hub.send(new SetDefaultPolicyVersionCommand({ PolicyArn, VersionId: "v2" })),
    ));
  },
};

const providerTags: Gap = {
  id: "provider tags",
  reason: "does not know TagOpenIDConnectProvider: a provider keeps the tags that it was created with",
  isStillThere: async ({ iam }) => {
    const Url = "https://oidc.circleci.com/org/99999999-8888-4777-8666-555555555555";
    const { OpenIDConnectProviderArn } = await iam.hub.send(
      new CreateOpenIDConnectProviderCommand({ Url, ClientIDList: ["a"], ThumbprintList: ["a".repeat(40)] }),
    );
    const Tags = [{ Key: "Name", Value: "a" }];
    const tag = new TagOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, Tags });
    return !(await succeeds(iam.hub.send(tag)));
  },
};

/** The gaps of each backend; our own sandbox has none. */
export const gaps: Readonly<Record<BackendName, readonly Gap[]>> = {
  sandbox: [],
  moto: [
    permissions,
    caselessNames,
    principals,
    unknownKeys,
    mfaCodes,
    audiences("answers AddClientIDToOpenIDConnectProvider with an error of its own"),
  ],
  ministack: [
    caselessNames,
    principals,
    pages,
    mfaCodes,
    audiences("does not know AddClientIDToOpenIDConnectProvider"),
    thumbprints,
    versions,
    providerTags,
  ],
};

/** Creates a role that its own account may assume. */
export async function createRole(iam: IAMClient, RoleName: string, account = "111122223333"): Promise<void> {
  const AssumeRolePolicyDocument = trustOf(`arn:aws:iam::${account}:root`);
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  await iam.send(new GetRoleCommand({ RoleName }));
}

/** A trust policy for one AWS principal. */
export function trustOf(arn: string): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { AWS: arn }, Action: "sts:AssumeRole" }],
  });
}

async function succeeds(answer: Promise<unknown>): Promise<boolean> {
  return answer.then(
    () => true,
    () => false,
  );
}
