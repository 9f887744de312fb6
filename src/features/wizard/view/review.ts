import type { Resource } from "../../../core/blueprint/index.ts";
import { accessInWords } from "../../../core/blueprint/access.ts";
import { requestOf } from "../../../core/blueprint/request.ts";
import { isApplicable, writesAnything, type Change } from "../../../core/plan/index.ts";
import { pretty } from "../../../core/policy.ts";
import type { Setup } from "../../../core/setup.ts";
import type { ProjectNames } from "../../../core/trust/words.ts";
import { projectNames } from "../../../core/wizard/access.ts";
import type { WizardState } from "../../../core/wizard/state.ts";
import type { Action, Block, Tone } from "../../../shared/protocol.ts";
import { action, heading, problemBlock, text, type Words } from "./parts.ts";

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
        summary(changes, words),
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
  const writes = writesAnything(changes);
  return [
    action("observe", words.say("wizard.review.again")),
    action(
      "apply",
      words.say(writes || !isApplicable(changes) ? "wizard.review.apply" : "wizard.review.continue"),
      "primary",
      isApplicable(changes),
    ),
  ];
}

function summary(changes: readonly Change[], words: Words): Block {
  const count = (...actions: readonly Change["action"][]): number =>
    changes.filter((change) => actions.includes(change.action)).length;
  const blocked = count("blocked");
  if (blocked > 0) return { kind: "notice", tone: "error", text: words.say("wizard.review.blocked") };
  if (!writesAnything(changes)) {
    return { kind: "notice", tone: "success", text: words.say("wizard.review.nothing") };
  }
  const args = { create: count("create"), existing: count("unchanged", "adopt"), blocked };
  return text(words.say("wizard.review.count", args));
}

function whoBlock(setup: Setup, names: ProjectNames, words: Words): Block {
  return { kind: "list", items: accessInWords(setup, names).map(words.t) };
}

const badges: Record<Change["action"], { readonly tone: Tone; readonly id: BadgeId }> = {
  create: { tone: "info", id: "wizard.review.create" },
  unchanged: { tone: "success", id: "wizard.review.unchanged" },
  adopt: { tone: "success", id: "wizard.review.adopt" },
  blocked: { tone: "error", id: "wizard.review.block" },
};
type BadgeId =
  "wizard.review.create" | "wizard.review.unchanged" | "wizard.review.adopt" | "wizard.review.block";

function changeBlock(change: Change, words: Words): Block {
  const { resource } = change;
  const badge = badges[change.action];
  const { action: iamAction, parameters } = requestOf(resource);
  const compare =
    change.action === "blocked" && change.existing !== undefined
      ? [action(`compare:${resource.address}`, words.say("wizard.review.compare"))]
      : [];
  return {
    kind: "details",
    id: resource.address,
    summary: `${resourceName(resource, words)} (${resource.account})`,
    badge: { tone: badge.tone, text: words.say(badge.id) },
    blocks: [
      text(words.say("wizard.review.account", { account: resource.account, profile: resource.profile })),
      ...(change.action === "blocked"
        ? [{ kind: "notice" as const, tone: "error" as const, text: words.t(change.reason) }]
        : []),
      ...(change.action === "unchanged" || change.action === "adopt"
        ? change.notes.map((note) => text(words.t(note)))
        : []),
      ...(resource.kind === "OidcProvider" && resource.thumbprints.length === 0
        ? [text(words.say("wizard.review.aws.thumbprint"))]
        : []),
      {
        kind: "code",
        label: iamAction,
        text: pretty(parameters),
        actions: [action(`json:${resource.address}`, words.say("wizard.review.json")), ...compare],
      },
    ],
  };
}

/** What a resource is called on the pages. */
export function resourceName(resource: Resource, words: Words): string {
  switch (resource.kind) {
    case "OidcProvider":
      return words.say("wizard.resource.OidcProvider", { name: resource.url.replace("https://", "") });
    case "Role":
      return words.say("wizard.resource.Role", { name: resource.name });
    case "ManagedPolicy":
      return words.say("wizard.resource.ManagedPolicy", { name: resource.name });
    case "PolicyAttachment":
      return words.say("wizard.resource.PolicyAttachment", {
        policy: resource.policyArn.slice(resource.policyArn.lastIndexOf("/") + 1),
        role: resource.roleName,
      });
  }
}
