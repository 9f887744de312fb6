import { leadsOn, roleOf, sessions, type RoleField } from "../../../core/wizard/roleSettings.ts";
import type { WizardState } from "../../../core/wizard/state.ts";
import type { Block } from "../../../shared/protocol.ts";
import { action, errorOf, field, type ProblemOf, type Words } from "./parts.ts";

/** What most people leave as it is, folded away: path, description, longest session, external ID. */
export function moreAboutRole(state: WizardState, role: string, words: Words, problem: ProblemOf): Block {
  const answers = roleOf(state, role);
  const id = (name: RoleField): string => `role.${role}.${name}`;
  const chained = role !== "hub" && leadsOn(state);
  const textField = (name: "path" | "description" | "externalId", placeholder?: string): Block =>
    field({
      kind: "text",
      id: id(name),
      label: words.say(`role.${name}`),
      hint: words.say(`role.${name}.hint`),
      value: answers[name],
      ...(placeholder === undefined ? {} : { placeholder }),
      ...errorOf(problem(id(name))),
    });
  const seconds = [...new Set([...sessions.map(String), answers.session])];
  return {
    kind: "details",
    id: `role.${role}`,
    summary: words.say("role.more"),
    blocks: [
      textField("path", "/"),
      textField("description"),
      field({
        kind: "select",
        id: id("session"),
        label: words.say("role.session"),
        hint: words.say(chained ? "role.session.chained" : "role.session.hint"),
        value: answers.session,
        options: seconds.map((value) => ({ value, label: duration(Number(value), words) })),
      }),
      ...(chained
        ? [
            textField("externalId"),
            {
              kind: "actions" as const,
              actions: [action(`external-id:${role}`, words.say("role.externalId.suggest"), "link")],
            },
          ]
        : []),
    ],
  };
}

function duration(seconds: number, words: Words): string {
  if (seconds === 3600) return words.say("role.session.hour");
  return seconds % 3600 === 0
    ? words.say("role.session.hours", { hours: seconds / 3600 })
    : words.say("role.session.seconds", { seconds });
}

/** What a company asks of everything that is created, in every account: boundary, organization, tags, audiences. */
export function companyBlock(state: WizardState, words: Words, problem: ProblemOf): Block {
  type Name = "boundaryName" | "boundaryPath" | "organization" | "companyTags" | "audiences";
  const textField = (id: Name, more: { readonly placeholder?: string; readonly multiline?: true }): Block =>
    field({
      kind: "text",
      id,
      label: words.say(`role.${id}`),
      hint: words.say(`role.${id}.hint`),
      value: state.answers[id],
      ...more,
      ...errorOf(problem(id)),
    });
  return {
    kind: "details",
    id: "company",
    summary: words.say("role.company"),
    blocks: [
      textField("boundaryName", {}),
      textField("boundaryPath", { placeholder: "/" }),
      ...(leadsOn(state) ? [textField("organization", { placeholder: "o-a1b2c3d4e5" })] : []),
      textField("companyTags", { placeholder: "team=payments", multiline: true }),
      textField("audiences", {}),
    ],
  };
}

/** The choice between one door for all accounts and a door for each; asked once there are others. */
export function federationBlocks(state: WizardState, words: Words): readonly Block[] {
  if (state.subs.length === 0) return [];
  return [
    field({
      kind: "radio",
      id: "federation",
      label: words.say("role.federation"),
      value: state.answers.federation,
      options: (["hub", "direct"] as const).map((value) => ({
        value,
        label: words.say(`role.federation.${value}`),
        hint: words.say(`role.federation.${value}.hint`),
      })),
    }),
  ];
}
