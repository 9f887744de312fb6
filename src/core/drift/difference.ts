import type { Resource } from "../blueprint/index.ts";
import type { Message } from "../messages.ts";
import type { Change, Edit, ObservedResource } from "../plan/index.ts";
import { targetKey } from "../plan/index.ts";

/** What would bring a difference back to what was set up. */
export type Remedy =
  /** The resource is created again, as the plan has it. */
  | { readonly by: "create" }
  /** Edits of the plan, in their order. */
  | { readonly by: "edits"; readonly edits: readonly Edit[] }
  /** Nothing that the product does; commands for whoever knows better. */
  | { readonly by: "hand"; readonly reasons: readonly Message[]; readonly commands: readonly string[] };

/** One way in which a resource is not as it was set up. */
export type Difference = {
  /** `more`: there is something that the setup does not have. `unread` is never taken for equal. */
  readonly kind: "missing" | "changed" | "more" | "notOurs" | "unread";
  readonly says: Message;
  readonly remedy: Remedy;
  /** The same for as long as just this differs in just this way. A text; holds no secret. */
  readonly fingerprint: string;
};

/** A resource of a setup beside what is there. */
export type Compared = {
  readonly change: Change;
  readonly existing?: ObservedResource;
  /** Whether it carries the tags of the setup, or is not there at all. */
  readonly isOurs: boolean;
  readonly differences: readonly Difference[];
};

/** Makes the differences of one resource. */
export type Differ = (
  kind: Difference["kind"],
  says: Message,
  remedy: Remedy,
  /** What was set up and what is there, where the sentence does not say it all. */
  facts?: unknown,
) => Difference;

/** A maker of differences of a resource. */
export function differOf(resource: Resource): Differ {
  return (kind, says, remedy, facts) => ({
    kind,
    says,
    remedy,
    fingerprint: JSON.stringify([targetKey(resource), says.id, says.args ?? {}, facts ?? null]),
  });
}

/** By hand, with these commands. */
export function byHand(commands: readonly string[] = [], ...reasons: readonly Message[]): Remedy {
  return { by: "hand", commands, reasons };
}

/** The plan's edits of a kind, where it has some and the resource is one that is restored; otherwise why not. */
export function byEdit(
  change: Change,
  isWanted: (edit: Edit) => boolean,
  commands: readonly string[] = [],
): Remedy {
  if (change.action === "blocked") return byHand(commands, ...change.reasons);
  const edits = change.action === "update" ? change.edits.filter(isWanted) : [];
  return edits.length === 0 ? byHand(commands) : { by: "edits", edits };
}
