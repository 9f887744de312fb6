import type { Message } from "../messages.ts";
import type { RemovalProgress } from "../outcome.ts";
import type { Comparison } from "./compare.ts";
import type { Target } from "./edit.ts";
import type { Observations } from "./observed.ts";
import { removalCommands } from "./removal.ts";

/** Whose resources may be removed: of one run of a setup, or of all its runs. */
export type Owner = { readonly setupId: string; readonly runId?: string };

/** Something that may have been made by the owner. */
export type Candidate = {
  readonly resource: Target;
  /** Whether a journal says so. What has tags is claimed by them all the same. */
  readonly noted: boolean;
};

/** The roles that trust a provider or a role, with their trust policies, as far as they may be listed. */
export type Users =
  | { readonly known: true; readonly roles: readonly { readonly arn: string; readonly trust: unknown }[] }
  | { readonly known: false; readonly reason: Message };

/** What was read for a removal; both by `targetKey`. */
export type Evidence = {
  readonly observed: Observations;
  readonly users: Readonly<Record<string, Users>>;
};

/** What happens to a resource when a run is undone or a setup removed. */
export type Removal =
  | { readonly action: "remove"; readonly resource: Target; readonly notes: readonly Message[] }
  /** It does not exist, or not any more. */
  | { readonly action: "gone"; readonly resource: Target }
  | {
      readonly action: "keep";
      readonly resource: Target;
      readonly reason: Message;
      /** What was left here, as `wanted`, beside what is there now, where somebody has changed it. */
      readonly differs?: Comparison;
      /** Whether it is, or may be, the owner's. What is somebody else's leaves nothing to be done. */
      readonly ours: boolean;
      /** What would remove it, for whoever knows better. */
      readonly commands: readonly string[];
    };

/** What would remove something of somebody else's is not said. */
export function kept(
  resource: Target,
  reason: Message,
  ours: boolean,
  differs?: Comparison,
): Extract<Removal, { action: "keep" }> {
  const commands = ours ? removalCommands([resource]) : [];
  return { action: "keep", resource, reason, ours, commands, ...(differs === undefined ? {} : { differs }) };
}

/** What is said of something that stays. */
export function keptAs({ reason, differs }: Extract<Removal, { action: "keep" }>): RemovalProgress {
  return { status: "kept", reason, ...(differs === undefined ? {} : { differs }) };
}
