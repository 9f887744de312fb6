import { RUN_TAG, type Resource } from "../blueprint/index.ts";
import { msg, type Message } from "../messages.ts";
import type { Edit } from "./edit.ts";
import { isSameSetup, managedElsewhere } from "./owner.ts";

type Tagged = Exclude<Resource, { kind: "PolicyAttachment" }>;
type TagEdit = Extract<Edit, { kind: "Tag" }>;

/**
 * The tags that something of this setup lacks or has otherwise. The run's tag tells who made it and stays; others' tags are
 * others' affair, and what a tool manages is the tool's.
 */
export function tagEdits(
  resource: Tagged,
  existing: { readonly tags: Readonly<Record<string, string>> },
): readonly TagEdit[] {
  const { account, profile, address, arn } = resource;
  if (!isSameSetup(existing.tags, resource.tags) || managedElsewhere(existing.tags) !== undefined) return [];
  return Object.entries(resource.tags).flatMap(([key, after]): readonly TagEdit[] => {
    const before = existing.tags[key];
    if (key === RUN_TAG || before === after || hasTwin(existing.tags, key)) return [];
    const place = { address: `${address}/tag/${key}`, account, profile, needs: [] };
    return [{ kind: "Tag", ...place, arn, key, ...(before === undefined ? {} : { before }), after }];
  });
}

/** What becomes of a tag. */
export function tagWords({ key, after }: TagEdit): Message {
  return msg("plan.update.tag", { key, value: after });
}

/** IAM takes keys that differ only in case for one: somebody else's would be written over. */
function hasTwin(tags: Readonly<Record<string, string>>, key: string): boolean {
  return Object.keys(tags).some((other) => other !== key && other.toLowerCase() === key.toLowerCase());
}
