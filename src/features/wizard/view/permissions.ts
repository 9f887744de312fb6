import { MANAGED_POLICY_QUOTA, policyLength, pretty } from "../../../core/policy.ts";
import {
  grantFields,
  grantKinds,
  grantsOf,
  type GrantAnswers,
  type GrantField,
} from "../../../core/wizard/grants.ts";
import {
  findingsOf,
  grantedRoles,
  grantFieldId,
  policiesOf,
  powerfulPolicies,
  type GrantedRole,
} from "../../../core/wizard/permissions.ts";
import { leadsOn, roleOf } from "../../../core/wizard/roleSettings.ts";
import type { WizardState } from "../../../core/wizard/state.ts";
import type { Block } from "../../../shared/protocol.ts";
import { findingBlock } from "./findings.ts";
import { action, errorOf, field, heading, problemsShown, text, type ProblemOf, type Words } from "./parts.ts";

/** The page that asks what CI may do with each role, and shows the policies as they form. */
export function permissionsPage(state: WizardState, words: Words): readonly Block[] {
  const problem = problemsShown(state, "permissions", words);
  const role = state.answers.roleName.trim();
  return [
    text(words.say("wizard.permissions.intro")),
    ...(leadsOn(state) ? [text(words.say("wizard.permissions.hub", { role }))] : []),
    ...grantedRoles(state).map((one) => roleBlock(state, one, words, problem)),
  ];
}

function roleBlock(state: WizardState, role: GrantedRole, words: Words, problem: ProblemOf): Block {
  const { permissions, grants } = roleOf(state, role.id);
  const id = `grant.${role.id}.permissions`;
  const choice = field({
    kind: "radio",
    id,
    label: words.say("wizard.permissions.label"),
    value: permissions,
    options: (["nothing", "some"] as const).map((value) => ({
      value,
      label: words.say(`wizard.permissions.${value}`),
      hint: words.say(`wizard.permissions.${value}.hint`),
    })),
    ...errorOf(problem(id)),
  });
  const chosen: readonly Block[] =
    permissions === "some"
      ? [
          ...grants.map((grant, at) => grantBlock(state, role, grant, at + 1, words, problem)),
          text(words.say("wizard.permissions.add")),
          {
            kind: "actions",
            actions: grantKinds.map((kind) =>
              action(`add-grant:${role.id}:${kind}`, words.say(`wizard.grant.${kind}`)),
            ),
          },
        ]
      : [];
  const account = role.place?.accountId ?? "";
  return {
    kind: "group",
    id: `grant.${role.id}`,
    legend: words.say("wizard.permissions.legend", { role: role.name, account }),
    blocks: [{ kind: "columns", main: [choice, ...chosen], side: resultBlocks(state, role, words) }],
  };
}

function grantBlock(
  state: WizardState,
  role: GrantedRole,
  grant: GrantAnswers,
  number: number,
  words: Words,
  problem: ProblemOf,
): Block {
  const names = powerfulPolicies(state, role, grant);
  const confirm = grantFieldId(role.id, grant.key, "confirm");
  return {
    kind: "group",
    id: `grant.${role.id}.${grant.key}`,
    legend: words.say("wizard.grant.legend", { number, kind: words.say(`wizard.grant.${grant.kind}`) }),
    blocks: [
      ...grantFields(grant).map((name) => grantField(role, grant, name, words, problem)),
      ...noteBlocks(grant, words),
      ...(names.length === 0
        ? []
        : [
            {
              kind: "notice" as const,
              tone: "warning" as const,
              title: words.say("wizard.permissions.powerful.title"),
              text: words.say("wizard.permissions.powerful", { account: role.place?.accountId ?? "" }),
            },
            field({
              kind: "text",
              id: confirm,
              label: words.say("wizard.grant.confirm", { names: names.join(", ") }),
              value: grant.values.confirm ?? "",
              ...errorOf(problem(confirm)),
            }),
          ]),
    ],
    actions: [
      action(`remove-grant:${role.id}:${grant.key}`, words.say("wizard.permissions.remove", { number })),
    ],
  };
}

function noteBlocks({ kind }: GrantAnswers, words: Words): readonly Block[] {
  if (kind === "cdk-deploy") return [text(words.say("wizard.permissions.cdk"))];
  return kind === "terraform-state" ? [text(words.say("wizard.permissions.terraform"))] : [];
}

function grantField(
  role: GrantedRole,
  grant: GrantAnswers,
  name: GrantField,
  words: Words,
  problem: ProblemOf,
): Block {
  const id = grantFieldId(role.id, grant.key, name);
  const value = grant.values[name] ?? "";
  if (name === "lock") {
    return field({
      kind: "radio",
      id,
      label: words.say("wizard.grant.lock"),
      value,
      options: (["file", "table"] as const).map((lock) => ({
        value: lock,
        label: words.say(`wizard.grant.lock.${lock}`),
      })),
    });
  }
  // The kind of the same name has the shorter sentence.
  const label = words.say(name === "document" ? "wizard.grant.document.label" : `wizard.grant.${name}`);
  const multiline = name === "document" || name === "arns";
  return field({
    kind: "text",
    id,
    label,
    hint: words.say(`wizard.grant.${name}.hint`),
    value,
    ...(multiline ? { multiline } : {}),
    ...errorOf(problem(id)),
  });
}

/** The policies of a role as they form, what is attached to it, and what the linter finds in them. */
function resultBlocks(state: WizardState, role: GrantedRole, words: Words): readonly Block[] {
  const { permissions, grants } = roleOf(state, role.id);
  if (permissions === "") return [];
  if (permissions === "nothing") return [text(words.say("wizard.permissions.none"))];
  const blocks = grants.flatMap((grant) => [
    ...policyBlocks(state, role, grant, words),
    ...findingsOf(state, role, grant).map((finding) => findingBlock(finding, words)),
  ]);
  return blocks.length === 0
    ? [text(words.say("wizard.permissions.form"))]
    : [heading(words.say("wizard.permissions.result")), ...blocks];
}

function policyBlocks(
  state: WizardState,
  role: GrantedRole,
  grant: GrantAnswers,
  words: Words,
): readonly Block[] {
  const attached = (grantsOf(grant) ?? []).flatMap((one) => (one.kind === "existing" ? [one.arn] : []));
  if (attached.length > 0) {
    return [text(words.say("wizard.permissions.attached")), { kind: "list", items: attached }];
  }
  return policiesOf(state, role, grant.key).flatMap(({ name, document }) => [
    {
      kind: "code" as const,
      label: words.say("wizard.permissions.policy", { name }),
      text: pretty(document),
      actions: [action(`policy:${role.id}:${grant.key}`, words.say("wizard.review.json"))],
    },
    text(
      words.say("wizard.permissions.length", { length: policyLength(document), quota: MANAGED_POLICY_QUOTA }),
    ),
  ]);
}
