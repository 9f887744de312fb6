import { accessInWords } from "../../../core/blueprint/access.ts";
import { requestOf } from "../../../core/blueprint/request.ts";
import { isAgreed, isApplicable, isWritten, writesAnything, type Change } from "../../../core/plan/index.ts";
import { targetName } from "../../../core/plan/targetName.ts";
import { pretty } from "../../../core/policy.ts";
import type { Setup } from "../../../core/setup.ts";
import type { ProjectNames } from "../../../core/trust/words.ts";
import { projectNames } from "../../../core/wizard/access.ts";
import { canHaveOwnRole, consentsOf, ownRoleName } from "../../../core/wizard/consent.ts";
import type { WizardState } from "../../../core/wizard/state.ts";
import type { Action, Block, Tone } from "../../../shared/protocol.ts";
import { action, field, heading, problemBlock, text, type Words } from "./parts.ts";

/** The page that shows every resource, with its exact JSON, and who could then assume the role. */
export function reviewPage(state: WizardState, words: Words): readonly Block[] {
  switch (state.plan.kind) {
    case "idle":
    case "loading":
      return [{ kind: "busy", text: words.say("wizard.review.busy") }];
    case "failed":
      return [problemBlock(state.plan.problem, words, [action("observe", words.say("wizard.retry"))])];
    case "ready": {
      const { setup, changes } = state.plan.value;
      return [
        summary(changes, state, words),
        ...decisions(changes, state, words),
        heading(words.say("wizard.review.who")),
        whoBlock(setup, projectNames(state), words),
        heading(words.say("wizard.review.resources")),
        ...changes.map((change) => changeBlock(change, words)),
      ];
    }
  }
}

/** The buttons below the review. */
export function reviewActions(state: WizardState, words: Words): readonly Action[] {
  if (state.plan.kind !== "ready") return [];
  const { changes } = state.plan.value;
  const consents = consentsOf(state);
  const isReady = isApplicable(changes, consents);
  return [
    action("observe", words.say("wizard.review.again")),
    action("apply", words.say(applyLabel(changes, consents, isReady)), "primary", isReady),
  ];
}

function applyLabel(
  changes: readonly Change[],
  consents: ReadonlySet<string>,
  isReady: boolean,
): `wizard.review.${"apply" | "applyChange" | "applyBoth" | "continue"}` {
  if (isReady && !writesAnything(changes, consents)) return "wizard.review.continue";
  const creates = changes.some((change) => change.action === "create");
  const alters = changes.some(
    (change) => change.action === "update" && (change.consent.required || isWritten(change, consents)),
  );
  if (!alters) return "wizard.review.apply";
  return creates ? "wizard.review.applyBoth" : "wizard.review.applyChange";
}

function summary(changes: readonly Change[], state: WizardState, words: Words): Block {
  const consents = consentsOf(state);
  const count = (...actions: readonly Change["action"][]): number =>
    changes.filter((change) => actions.includes(change.action)).length;
  if (count("blocked") > 0)
    return { kind: "notice", tone: "error", text: words.say("wizard.review.blocked") };
  if (!isApplicable(changes, consents)) {
    return { kind: "notice", tone: "warning", text: words.say("wizard.review.open") };
  }
  if (!writesAnything(changes, consents)) {
    return { kind: "notice", tone: "success", text: words.say("wizard.review.nothing") };
  }
  const written = changes.filter(
    (change) => change.action === "update" && isWritten(change, consents),
  ).length;
  const existing = changes.length - count("create") - written;
  return text(words.say("wizard.review.count", { create: count("create"), update: written, existing }));
}

function whoBlock(setup: Setup, names: ProjectNames, words: Words): Block {
  return { kind: "list", items: accessInWords(setup, names).map(words.t) };
}

function badgeOf(change: Change, words: Words): { readonly tone: Tone; readonly text: string } {
  switch (change.action) {
    case "create":
      return { tone: "info", text: words.say("wizard.review.create") };
    case "unchanged":
      return { tone: "success", text: words.say("wizard.review.unchanged") };
    case "adopt":
      return change.consent === undefined
        ? { tone: "success", text: words.say("wizard.review.adopt") }
        : { tone: "warning", text: words.say("wizard.review.share") };
    case "update":
      return change.consent.required
        ? { tone: "warning", text: words.say("wizard.review.update") }
        : { tone: "info", text: words.say("wizard.review.optional") };
    case "blocked":
      return { tone: "error", text: words.say("wizard.review.block") };
  }
}

/** What cannot go on without the user, before everything else: what is blocked, and what is to be agreed to. */
function decisions(changes: readonly Change[], state: WizardState, words: Words): readonly Block[] {
  const open = changes.filter(
    (change) => change.action === "blocked" || ("consent" in change && change.consent !== undefined),
  );
  if (open.length === 0) return [];
  return [
    heading(words.say("wizard.review.decide")),
    ...open.map((change) => decision(change, state, words)),
  ];
}

function decision(change: Change, state: WizardState, words: Words): Block {
  const { resource } = change;
  const actions = [...compareActions(change, words), ...ownRoleActions(change, state, words)];
  return {
    kind: "group",
    id: `decide/${resource.address}`,
    legend: `${words.t(targetName(resource))} (${resource.account})`,
    blocks: change.action === "blocked" ? blockedNotices(change, words) : consentBlocks(change, state, words),
    ...(actions.length === 0 ? {} : { actions }),
  };
}

function blockedNotices({ reasons }: Extract<Change, { action: "blocked" }>, words: Words): readonly Block[] {
  return reasons.map((reason) => ({ kind: "notice", tone: "error", text: words.t(reason) }));
}

/** The consequences first, then the question. */
function consentBlocks(change: Change, state: WizardState, words: Words): readonly Block[] {
  const consent = "consent" in change ? change.consent : undefined;
  if (consent === undefined) return [];
  const label = change.action === "update" ? "wizard.review.agree" : "wizard.review.agree.share";
  return [
    { kind: "list", items: consent.words.map(words.t) },
    field({
      kind: "checkbox",
      id: `consent.${change.resource.address}`,
      label: words.say(label),
      checked: isAgreed(consentsOf(state), consent.key),
      enabled: true,
    }),
  ];
}

function compareActions(change: Change, words: Words): readonly Action[] {
  const hasDiff =
    change.action === "update" || (change.action === "blocked" && change.existing !== undefined);
  if (!hasDiff) return [];
  const label = change.action === "update" ? "wizard.review.diff" : "wizard.review.compare";
  return [action(`compare:${change.resource.address}`, words.say(label))];
}

/** A project may always have a role of its own. */
function ownRoleActions(change: Change, state: WizardState, words: Words): readonly Action[] {
  if (!canHaveOwnRole(change) || change.resource.kind !== "Role") return [];
  const { address, name } = change.resource;
  const own = ownRoleName(name, state.answers.projectId.trim().toLowerCase());
  return [action(`own-role:${address}`, words.say("wizard.review.ownRole", { name: own }))];
}

function changeBlock(change: Change, words: Words): Block {
  const { resource } = change;
  const { action: wantedAction, parameters } = requestOf(resource);
  // An attachment that exists is only ever changed by taking it off.
  const iamAction =
    change.action === "update" && resource.kind === "PolicyAttachment"
      ? "iam:DetachRolePolicy"
      : wantedAction;
  return {
    kind: "details",
    id: resource.address,
    summary: `${words.t(targetName(resource))} (${resource.account})`,
    badge: badgeOf(change, words),
    blocks: [
      text(words.say("wizard.review.account", { account: resource.account, profile: resource.profile })),
      ...(change.action === "blocked"
        ? blockedNotices(change, words)
        : change.notes.map((note) => text(words.t(note)))),
      ...(resource.kind === "OidcProvider" && resource.thumbprints.length === 0
        ? [text(words.say("wizard.review.aws.thumbprint"))]
        : []),
      {
        kind: "code",
        label: iamAction,
        text: pretty(parameters),
        actions: [
          action(`json:${resource.address}`, words.say("wizard.review.json")),
          ...compareActions(change, words),
        ],
      },
    ],
  };
}
