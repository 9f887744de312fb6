import type { OidcProvider } from "../blueprint/index.ts";
import { msg, type Message } from "../messages.ts";
import { consentKey, isBlocking, type Verdict } from "./change.ts";
import type { Edit } from "./edit.ts";
import type { ObservedResource } from "./observed.ts";
import { isOurs, managedElsewhere } from "./owner.ts";
import { tagEdits, tagWords } from "./tags.ts";

type Existing = Extract<ObservedResource, { kind: "OidcProvider" }>;

/** Not adjustable. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const MOST_AUDIENCES = 100;
/** Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateOpenIDConnectProviderThumbprint.html */
const MOST_THUMBPRINTS = 5;

/**
 * A provider that exists may be in use by others: it gets an audience more, or a thumbprint, and nothing is ever taken
 * from it.
 */
export function compareProvider(resource: OidcProvider, existing: Existing): Verdict {
  const notes = notesOn(resource, existing);
  const missing = resource.clientIds.filter((id) => !existing.clientIds.includes(id));
  const thumbprints = missingThumbprints(resource, existing);
  const tags = tagEdits(resource, existing);
  const edits: readonly Edit[] = [
    ...missing.map((audience) => editOf(resource, `audience/${audience}`, { kind: "AddAudience", audience })),
    ...thumbprints.map((thumbprint) =>
      editOf(resource, "thumbprint", { kind: "AddThumbprint", thumbprint, before: existing.thumbprints }),
    ),
    ...tags,
  ];
  const [audience] = missing;
  if (audience === undefined && thumbprints.length === 0 && tags.length === 0)
    return { action: isOurs(existing.tags) ? "unchanged" : "adopt", notes };
  const tool = managedElsewhere(existing.tags);
  if (audience !== undefined) {
    const args = { audience, arn: resource.arn };
    const isFull = existing.clientIds.length + missing.length > MOST_AUDIENCES;
    const reasons = [
      ...(tool === undefined ? [] : [msg("plan.managed.audience", { ...args, tool })]),
      ...(isFull ? [msg("plan.differs.audiences", args)] : []),
    ];
    if (isBlocking(reasons)) return { action: "blocked", reasons, existing };
  }
  if (tool !== undefined) return { action: "adopt", notes };
  const words = [
    ...missing.map((each) => msg("plan.update.audience", { audience: each })),
    ...(thumbprints.length === 0 ? [] : [msg("plan.update.thumbprint")]),
    ...tags.map(tagWords),
    msg("plan.update.provider"),
  ];
  const consent = { key: consentKey(resource, edits), words, required: audience !== undefined };
  return { action: "update", notes, edits, consent, existing };
}

/** Where there is none AWS fetches its own, and with five there is no room: a thumbprint is a second lock. */
function missingThumbprints(resource: OidcProvider, { thumbprints }: Existing): readonly string[] {
  if (thumbprints.length === 0 || thumbprints.length >= MOST_THUMBPRINTS) return [];
  return resource.thumbprints.filter((one) => !thumbprints.some((other) => other.toLowerCase() === one));
}

type Part =
  | { readonly kind: "AddAudience"; readonly audience: string }
  | { readonly kind: "AddThumbprint"; readonly thumbprint: string; readonly before: readonly string[] };

function editOf({ address, account, profile, arn }: OidcProvider, what: string, part: Part): Edit {
  return { address: `${address}/${what}`, account, profile, needs: [], arn, ...part };
}

function notesOn(resource: OidcProvider, { clientIds }: Existing): readonly Message[] {
  const others = clientIds.filter((id) => !resource.clientIds.includes(id));
  return others.length === 0 ? [] : [msg("plan.note.audiences", { audiences: others.join(", ") })];
}
