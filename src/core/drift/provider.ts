import type { OidcProvider } from "../blueprint/index.ts";
import { msg } from "../messages.ts";
import type { Change, ObservedResource } from "../plan/index.ts";
import { iamCommand, quote } from "../plan/removal.ts";
import { byEdit, byHand, type Difference, type Differ } from "./difference.ts";

type Existing = Extract<ObservedResource, { kind: "OidcProvider" }>;

/** How a provider differs. What others need of one that is not ours is their own affair. */
export function providerDifferences(
  resource: OidcProvider,
  existing: Existing,
  { change, isOurs, differ }: { readonly change: Change; readonly isOurs: boolean; readonly differ: Differ },
): readonly Difference[] {
  const of = `--open-id-connect-provider-arn ${resource.arn}`;
  const command = (text: string): readonly string[] => [iamCommand(text, resource.profile)];
  const audiences = (name: "add-client-id-to" | "remove-client-id-from", audience: string) =>
    command(`${name}-open-id-connect-provider ${of} --client-id ${quote(audience)}`);
  const thumbprints = (list: readonly string[]) =>
    command(`update-open-id-connect-provider-thumbprint ${of} --thumbprint-list ${list.join(" ")}`);
  const now = existing.thumbprints;
  const isOneOf = (list: readonly string[], one: string): boolean =>
    list.some((other) => other.toLowerCase() === one.toLowerCase());

  const missing = resource.clientIds
    .filter((audience) => !existing.clientIds.includes(audience))
    .map((audience) => {
      const remedy = byEdit(
        change,
        (edit) => edit.kind === "AddAudience" && edit.audience === audience,
        audiences("add-client-id-to", audience),
      );
      return differ("changed", msg("drift.audience.missing", { audience }), remedy);
    });
  const unlocked = resource.thumbprints
    .filter((one) => !isOneOf(now, one))
    .map((thumbprint) => {
      const remedy = byEdit(
        change,
        (edit) => edit.kind === "AddThumbprint" && edit.thumbprint === thumbprint,
        thumbprints([...now, thumbprint]),
      );
      return differ("changed", msg("drift.thumbprint.missing", { thumbprint }), remedy);
    });
  if (!isOurs) return [...missing, ...unlocked];
  const others = existing.clientIds
    .filter((audience) => !resource.clientIds.includes(audience))
    .map((audience) => {
      const remedy = byHand(audiences("remove-client-id-from", audience));
      return differ("more", msg("drift.audience.extra", { audience }), remedy);
    });
  // Where none was given, AWS fetches its own.
  const more =
    resource.thumbprints.length === 0 ? [] : now.filter((one) => !isOneOf(resource.thumbprints, one));
  const extra = more.map((thumbprint) => {
    const left = now.filter((one) => one !== thumbprint);
    const remedy = byHand(left.length === 0 ? [] : thumbprints(left));
    return differ("more", msg("drift.thumbprint.extra", { thumbprint }), remedy);
  });
  return [...missing, ...unlocked, ...others, ...extra];
}
