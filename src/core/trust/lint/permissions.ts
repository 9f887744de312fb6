import { matchesWildcards } from "../match.ts";
import { nodeAt, readJson, type JsonNode, type JsonPath } from "../json.ts";
import { toFindings, type Draft, type LintFinding } from "./finding.ts";

/** What is known of what a role may do. */
export type RolePermissions = {
  /** The ARN of the role, to see whether it may change itself. */
  readonly roleArn?: string;
  /** ARNs of attached managed policies. */
  readonly attached?: readonly string[];
  /** Policy documents as far as they were read: an object, or JSON text. */
  readonly policies?: readonly unknown[];
};

/** A statement that allows: actions as patterns in lower case, and resources. */
type Grant = {
  readonly actions: readonly string[];
  readonly notActions: readonly string[] | undefined;
  readonly resources: readonly string[];
  readonly path: JsonPath;
};

/** With these on itself a role gives itself whatever it likes. */
const WIDENING = [
  "iam:UpdateAssumeRolePolicy",
  "iam:PutRolePolicy",
  "iam:AttachRolePolicy",
  "iam:DeleteRolePermissionsBoundary",
];

/** With these it changes a policy that may be its own, or makes another role that may do anything. */
const WIDENING_POLICIES = ["iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion"];

const ADMINISTRATORS = /^arn:[^:]+:iam::aws:policy\/(?:AdministratorAccess|IAMFullAccess)$/;

/** A role as the CDK's bootstrap names it: its deployments run as administrator unless told otherwise. */
const CDK_ROLE = "arn:aws:iam::111122223333:role/cdk-hnb659fds-deploy-role-111122223333-eu-central-1";

/**
 * What a role may do that makes it as good as administrator. Paths begin with `attached` or `policies` and the
 * number in that list; offsets are those of the policy's own text. A Deny is not looked at: what is found may be
 * taken away again by one.
 * Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_job-functions.html,
 * https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html
 */
export function lintRolePermissions(role: RolePermissions): readonly LintFinding[] {
  const { attached = [], policies = [], roleArn } = role;
  const attachedJson: JsonNode = { kind: "object", members: [], start: 0, end: 0 };
  const administrators = attached.flatMap((arn, index): readonly Draft[] =>
    ADMINISTRATORS.test(arn)
      ? [{ rule: "administrator-access", path: ["attached", index], args: { what: arn } }]
      : [],
  );
  return [
    ...toFindings({ json: attachedJson }, administrators),
    ...policies.flatMap((policy, index) => policyFindings(policy, index, roleArn)),
  ];
}

function policyFindings(policy: unknown, index: number, roleArn: string | undefined): readonly LintFinding[] {
  const json = readJson(typeof policy === "string" ? policy : (JSON.stringify(policy) ?? ""));
  if (json === undefined) return [];
  const drafts = grantsOf(json).flatMap((grant) => grantRules(grant, roleArn));
  return toFindings({ json }, drafts).map((finding) => ({
    ...finding,
    path: ["policies", index, ...finding.path],
  }));
}

function grantRules(grant: Grant, roleArn: string | undefined): readonly Draft[] {
  const { path, resources } = grant;
  const everywhere = resources.includes("*");
  if (everywhere && (allows(grant, "iam:zz-anything") || isEverything(grant)))
    return [{ rule: "administrator-access", path, args: { what: "iam:*" } }];
  const own = roleArn ?? "arn:aws:iam::000000000000:role/zz-unknown";
  const onItself = resources.some((resource) => matchesWildcards(resource, own));
  const policies = resources.some((resource) =>
    matchesWildcards(resource, own.replace(/:role\/.*$/, ":policy/zz")),
  );
  const widening = [
    ...(onItself ? WIDENING.filter((action) => allows(grant, action)) : []),
    ...(policies ? WIDENING_POLICIES.filter((action) => allows(grant, action)) : []),
    ...(onItself && allows(grant, "iam:PassRole") ? ["iam:PassRole"] : []),
  ];
  const drafts: Draft[] = [];
  if (widening.length > 0)
    drafts.push({ rule: "widens-itself", path, args: { actions: widening.join(", ") } });
  const cdk = resources.some((resource) => isCdkRole(resource));
  if (cdk && allows(grant, "sts:AssumeRole")) drafts.push({ rule: "cdk-bootstrap", path });
  return drafts;
}

function isCdkRole(resource: string): boolean {
  if (/:role\/cdk-[^/]*(?:deploy|cfn-exec)/.test(resource)) return true;
  const account = /^arn:[^:]+:iam::(\d{12}):/.exec(resource)?.[1] ?? "111122223333";
  return matchesWildcards(resource, CDK_ROLE.replaceAll("111122223333", account));
}

function isEverything({ actions }: Grant): boolean {
  return actions.some((action) => action === "*" || action === "*:*");
}

function allows({ actions, notActions }: Grant, action: string): boolean {
  const name = action.toLowerCase();
  if (notActions !== undefined) return !notActions.some((pattern) => matchesWildcards(pattern, name));
  return actions.some((pattern) => matchesWildcards(pattern, name));
}

function grantsOf(json: JsonNode): readonly Grant[] {
  const written = nodeAt(json, ["Statement"]);
  const isList = written?.kind === "array";
  const statements = isList ? written.items : written === undefined ? [] : [written];
  return statements.flatMap((statement, index) => {
    const effect = nodeAt(statement, ["Effect"]);
    if (effect?.kind !== "string" || effect.value !== "Allow") return [];
    const notActions = nodeAt(statement, ["NotAction"]);
    return [
      {
        actions: textsOf(nodeAt(statement, ["Action"])).map((action) => action.toLowerCase()),
        notActions:
          notActions === undefined ? undefined : textsOf(notActions).map((action) => action.toLowerCase()),
        // With NotResource nearly everything is meant.
        resources:
          nodeAt(statement, ["NotResource"]) === undefined ? textsOf(nodeAt(statement, ["Resource"])) : ["*"],
        path: isList ? ["Statement", index] : ["Statement"],
      },
    ];
  });
}

function textsOf(node: JsonNode | undefined): readonly string[] {
  const items = node?.kind === "array" ? node.items : node === undefined ? [] : [node];
  return items.flatMap((item) => (item.kind === "string" ? [item.value] : []));
}
