import {
  GetOpenIDConnectProviderCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  ListAttachedRolePoliciesCommand,
  ListOpenIDConnectProvidersCommand,
  ListPoliciesCommand,
  ListRolesCommand,
  type IAMClient,
  type Tag,
} from "@aws-sdk/client-iam";
import type { Resource } from "../../../../src/core/blueprint/index.ts";

type Tags = Readonly<Record<string, string>>;

/** What an account holds, read without the product's code. */
export type Dump = {
  readonly providers: readonly {
    arn: string;
    clientIds: readonly string[];
    thumbprints: readonly string[];
    tags: Tags;
  }[];
  readonly roles: readonly {
    arn: string;
    description: string;
    maxSessionSeconds: number;
    trust: unknown;
    attached: readonly string[];
    tags: Tags;
  }[];
  readonly policies: readonly { arn: string; document: unknown; tags: Tags }[];
};

export const EMPTY: Dump = { providers: [], roles: [], policies: [] };

/** Reads everything in an account that the blueprint could have made. */
export async function dump(iam: IAMClient): Promise<Dump> {
  const [providers, roles, policies] = await Promise.all([
    iam.send(new ListOpenIDConnectProvidersCommand({})),
    iam.send(new ListRolesCommand({ MaxItems: 1000 })),
    iam.send(new ListPoliciesCommand({ Scope: "Local" })),
  ]);
  return {
    providers: await each(providers.OpenIDConnectProviderList, ({ Arn }) => provider(iam, Arn ?? "")),
    roles: await each(roles.Roles, ({ RoleName }) => role(iam, RoleName ?? "")),
    policies: await each(policies.Policies, ({ Arn }) => policy(iam, Arn ?? "")),
  };
}

/** What a dump of an account must be once these resources exist and nothing else. */
export function dumpOf(resources: readonly Resource[], account: string): Dump {
  const mine = resources.filter((resource) => resource.account === account);
  const attached = mine.filter((resource) => resource.kind === "PolicyAttachment");
  return {
    providers: mine
      .filter((resource) => resource.kind === "OidcProvider")
      .map(({ arn, clientIds, thumbprints, tags }) => ({ arn, clientIds, thumbprints, tags })),
    roles: mine
      .filter((resource) => resource.kind === "Role")
      .map(({ arn, name, description, maxSessionSeconds, trust, tags }) => ({
        arn,
        description,
        maxSessionSeconds,
        trust,
        attached: attached.filter(({ roleName }) => roleName === name).map(({ policyArn }) => policyArn),
        tags,
      })),
    policies: mine
      .filter((resource) => resource.kind === "ManagedPolicy")
      .map(({ arn, document, tags }) => ({ arn, document, tags })),
  };
}

async function provider(iam: IAMClient, arn: string): Promise<Dump["providers"][number]> {
  const found = await iam.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn }));
  return {
    arn,
    clientIds: found.ClientIDList ?? [],
    thumbprints: found.ThumbprintList ?? [],
    tags: tags(found.Tags),
  };
}

async function role(iam: IAMClient, RoleName: string): Promise<Dump["roles"][number]> {
  const [{ Role: found }, { AttachedPolicies: attached }] = await Promise.all([
    iam.send(new GetRoleCommand({ RoleName })),
    iam.send(new ListAttachedRolePoliciesCommand({ RoleName })),
  ]);
  return {
    arn: found?.Arn ?? "",
    description: found?.Description ?? "",
    maxSessionSeconds: found?.MaxSessionDuration ?? 0,
    trust: json(found?.AssumeRolePolicyDocument),
    attached: (attached ?? []).map((each) => each.PolicyArn ?? ""),
    tags: tags(found?.Tags),
  };
}

async function policy(iam: IAMClient, arn: string): Promise<Dump["policies"][number]> {
  const { Policy: found } = await iam.send(new GetPolicyCommand({ PolicyArn: arn }));
  const command = new GetPolicyVersionCommand({ PolicyArn: arn, VersionId: found?.DefaultVersionId ?? "" });
  const { PolicyVersion: version } = await iam.send(command);
  return { arn, document: json(version?.Document), tags: tags(found?.Tags) };
}

async function each<T, R>(list: readonly T[] | undefined, read: (item: T) => Promise<R>): Promise<R[]> {
  return Promise.all((list ?? []).map(read));
}

function tags(list: readonly Tag[] | undefined): Tags {
  return Object.fromEntries((list ?? []).map(({ Key, Value }) => [Key ?? "", Value ?? ""]));
}

/** moto answers some documents without the encoding that AWS uses. */
function json(text: string | undefined): unknown {
  const parsed: unknown = JSON.parse(decodeURIComponent(text ?? "null"));
  return parsed;
}
