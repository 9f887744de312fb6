import { coversConsent, type Change } from "../plan/index.ts";
import type { Step } from "./events.ts";
import { observe, stay, withSub } from "./load.ts";
import type { WizardState } from "./state.ts";

type Next = Step<WizardState>;

/** The keys that the user has agreed to, for the plan. */
export function consentsOf(state: WizardState): ReadonlySet<string> {
  return new Set(state.consents);
}

/** Agrees to change or share what exists at an address of the plan, or takes that back. */
export function agree(state: WizardState, address: string, agreed: boolean): Next {
  const change = changeAt(state, address);
  const key = change !== undefined && "consent" in change ? change.consent?.key : undefined;
  if (key === undefined) return stay(state);
  const others = state.consents.filter((one) => !coversConsent(one, key));
  return stay({ ...state, consents: agreed ? [...others, key] : others });
}

/** Whether a change is about a role that exists and that the setup could leave alone under another name. */
export function canHaveOwnRole(change: Change): boolean {
  if (change.resource.kind !== "Role") return false;
  if (change.action === "blocked") return change.existing !== undefined;
  const consent = "consent" in change ? change.consent : undefined;
  return consent !== undefined && consent.required;
}

/** A name for a role of the project's own: the wanted one with the beginning of the project's ID. */
export function ownRoleName(name: string, projectId: string): string {
  const [, stem = name, number] = /^(.*?)(?:-([2-9]|\d{2,3}))?$/.exec(name) ?? [];
  const suffix = `-${projectId.slice(0, 8)}`;
  if (!stem.endsWith(suffix)) return `${name.slice(0, 64 - suffix.length)}${suffix}`;
  const next = `-${number === undefined ? 2 : Number(number) + 1}`;
  return `${stem.slice(0, 64 - next.length)}${next}`;
}

/** Gives the role at an address of the plan a name of the project's own, and looks again. */
export function takeOwnRole(state: WizardState, address: string): Next {
  const change = changeAt(state, address);
  if (change?.resource.kind !== "Role" || !canHaveOwnRole(change)) return stay(state);
  const { account, name } = change.resource;
  const own = ownRoleName(name, state.answers.projectId.trim().toLowerCase());
  if (address.startsWith("hub/")) return observe({ ...state, answers: { ...state.answers, roleName: own } });
  const sub = state.subs.find(
    (one) => one.roleName.trim() === name && one.accountId.replaceAll(/[\s-]/g, "") === account,
  );
  return sub === undefined ? stay(state) : observe(withSub(state, { ...sub, roleName: own }));
}

function changeAt(state: WizardState, address: string): Change | undefined {
  const changes = state.plan.kind === "ready" ? state.plan.value.changes : [];
  return changes.find(({ resource }) => resource.address === address);
}
