import type { Compared, Difference } from "./difference.ts";

/**
 * How many differences concern each role of a setup, by its ARN: its own, and those of its policies, of their
 * attachments and of the provider that it trusts.
 */
export function rolesAffected(
  compared: readonly Compared[],
  isOpen: (difference: Difference) => boolean,
): ReadonlyMap<string, number> {
  const openOf = ({ differences }: Compared): number => differences.filter(isOpen).length;
  return new Map(
    compared.flatMap((one): readonly (readonly [string, number])[] => {
      const role = one.change.resource;
      if (role.kind !== "Role") return [];
      const attachments = compared.filter(
        ({ change: { resource } }) =>
          resource.kind === "PolicyAttachment" &&
          resource.account === role.account &&
          resource.roleName === role.name,
      );
      const needed = [role, ...attachments.map(({ change }) => change.resource)].flatMap(
        ({ needs }) => needs,
      );
      const around = compared.filter(
        (other) => other.change.resource.kind !== "Role" && needed.includes(other.change.resource.address),
      );
      const count = [one, ...attachments, ...around].reduce((sum, each) => sum + openOf(each), 0);
      return [[role.arn, count]];
    }),
  );
}
