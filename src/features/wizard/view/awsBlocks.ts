import { unconfirmedEndpoint } from "../../../core/wizard/check.ts";
import type { Identity, Loadable, WizardState } from "../../../core/wizard/state.ts";
import type { Block } from "../../../shared/protocol.ts";
import { action, errorOf, field, problemBlock, type Words } from "./parts.ts";

/** A choice among the local AWS profiles, with what to do where there is none. */
export function profileBlocks(
  state: WizardState,
  select: { readonly id: string; readonly label: string; readonly hint?: string; readonly value: string },
  error: string | undefined,
  words: Words,
): readonly Block[] {
  const reload = action("profiles", words.say("wizard.profile.reload"));
  switch (state.profiles.kind) {
    case "idle":
    case "loading":
      return [{ kind: "busy", text: words.say("wizard.profile.busy") }];
    case "failed":
      return [problemBlock(state.profiles.problem, words, [reload])];
    case "ready": {
      if (state.profiles.value.length === 0) {
        const files = "~/.aws/config, ~/.aws/credentials";
        return [
          {
            kind: "notice",
            tone: "warning",
            text: words.say("wizard.profile.none", { files }),
            actions: [reload],
          },
        ];
      }
      const options = state.profiles.value.map((choice) => ({ value: choice.id, label: choice.label }));
      return [
        field({
          kind: "select",
          ...select,
          options: [{ value: "", label: words.say("wizard.choose") }, ...options],
          ...errorOf(error),
        }),
      ];
    }
  }
}

/** Whose credentials they are, or what to do where AWS does not take them. `key` is empty for the hub. */
export function identityBlocks(
  identity: Loadable<Identity>,
  profile: string,
  key: string,
  words: Words,
): readonly Block[] {
  switch (identity.kind) {
    case "idle": {
      // Reopened with a profile chosen before, or an MFA code not given: nobody is asked without a click.
      const ask = action(key === "" ? "identify" : `identify:${key}`, words.say("wizard.identity.ask"));
      return profile === "" ? [] : [{ kind: "actions", actions: [ask] }];
    }
    case "loading":
      return [{ kind: "busy", text: words.say("wizard.identity.busy") }];
    case "failed": {
      const { command } = identity.problem;
      const retry = action(key === "" ? "identify" : `identify:${key}`, words.say("wizard.retry"));
      const label = command === undefined ? "" : words.say("wizard.terminal", { command: command.join(" ") });
      const run = command === undefined ? [] : [action(`terminal:${key}`, label)];
      return [problemBlock(identity.problem, words, [...run, retry])];
    }
    case "ready": {
      const { accountId, arn, endpointOverride } = identity.value;
      return [
        {
          kind: "facts",
          rows: [
            { label: words.say("wizard.identity.account"), value: accountId },
            { label: words.say("wizard.identity.arn"), value: arn },
            ...(endpointOverride === undefined
              ? []
              : [{ label: words.say("wizard.identity.endpoint"), value: endpointOverride }]),
          ],
        },
      ];
    }
  }
}

/** The question whether a host that is not AWS may be written to. */
export function endpointBlocks(
  state: WizardState,
  words: Words,
  error: string | undefined,
): readonly Block[] {
  const host = unconfirmedEndpoint(state);
  if (host === undefined) return [];
  return [
    {
      kind: "notice",
      tone: "warning",
      title: words.say("wizard.endpoint.title"),
      text: words.say("wizard.endpoint.text", { host }),
    },
    field({
      kind: "checkbox",
      id: "endpointConfirmed",
      label: words.say("wizard.endpoint.label"),
      checked: state.answers.endpointConfirmed,
      enabled: true,
      ...errorOf(error),
    }),
  ];
}
