import {
  AttachRolePolicyCommand,
  CreateOpenIDConnectProviderCommand,
  CreateRoleCommand,
  GetRoleCommand,
  IAMClient,
} from "@aws-sdk/client-iam";
import type { Locator, Page } from "playwright-core";
import type { Sandbox } from "../../support/sandbox.ts";
import { wizardIn } from "./wizard.ts";
import { PATIENCE } from "./workbench.ts";

/** A project of the same organization whose role is there already, made by hand. */
export const OTHER_PROJECT = "99999999-8888-4777-8666-555555555555";
export const READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess";
const RoleName = "circleci-oidc";

/** Another project's role and provider in the hub account. */
export type OtherProject = {
  readonly iam: IAMClient;
  /** The trust policy of its role as the text that IAM has. */
  readonly trust: () => Promise<string>;
  /** The audiences of its provider. */
  readonly audiences: () => readonly (readonly string[])[];
};

/** Sets the other project up. */
export async function addOtherProject({ info, aws }: Sandbox): Promise<OtherProject> {
  const { organization, endpoint, accounts } = info;
  const keys = accounts.find(({ id }) => id === "111122223333");
  if (keys === undefined) throw new Error("no hub");
  const iam = new IAMClient({ endpoint, region: "us-east-1", credentials: keys });
  const issuer = `oidc.circleci.com/org/${organization}`;
  const statement = {
    Sid: "TheirOwnName",
    Effect: "Allow",
    Principal: { Federated: `arn:aws:iam::111122223333:oidc-provider/${issuer}` },
    Action: "sts:AssumeRoleWithWebIdentity",
    Condition: {
      StringEquals: {
        [`${issuer}:aud`]: "theirs",
        [`${issuer}:oidc.circleci.com/project-id`]: OTHER_PROJECT,
      },
    },
  };
  const trust = JSON.stringify({ Version: "2012-10-17", Statement: [statement] }, undefined, 2);
  const given = { Url: `https://${issuer}`, ClientIDList: ["theirs"], ThumbprintList: ["a".repeat(40)] };
  await iam.send(new CreateOpenIDConnectProviderCommand(given));
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust }));
  await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: READ_ONLY }));
  return {
    iam,
    trust: async () => {
      const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
      return decodeURIComponent(Role?.AssumeRolePolicyDocument ?? "");
    },
    audiences: () => aws.dump().flatMap(({ providers }) => providers.map(({ clientIds }) => clientIds)),
  };
}

/** Agrees in the review to what is said of a resource. */
export async function agree(page: Page, resource: string): Promise<Locator> {
  const group = (await wizardIn(page).frame()).getByRole("group", { name: resource });
  await group.getByRole("checkbox").click(PATIENCE);
  await group.locator(":checked, [aria-checked=true]").first().waitFor(PATIENCE);
  return group;
}
