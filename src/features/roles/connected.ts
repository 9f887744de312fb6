import { msg, type Translate } from "../../core/messages.ts";
import { visible } from "../../core/visible.ts";
import { sayVisibly } from "../shared/visibly.ts";
import { shownAccess, type RolesState } from "./state.ts";

/** A role that CircleCI can assume, as a choice for another feature. */
export type ConnectedRole = {
  readonly label: string;
  readonly detail: string;
  readonly roleArn: string;
  /** The region of the profile it was read with, where it names one. */
  readonly region?: string;
  /** The trust policy as it was read. */
  readonly trust: unknown;
};

/** The roles that are loaded now, each once; none before the user had an account loaded. */
export function connectedRoles(state: RolesState, translate: Translate): readonly ConnectedRole[] {
  const shown = shownAccess(state);
  if (shown === undefined) return [];
  const { access, region } = shown;
  const say = sayVisibly(translate);
  const account = access.identity.accountId;
  const found = new Map<string, ConnectedRole>();
  for (const { organizationId: organization, roles } of access.providers) {
    const detail =
      organization === undefined
        ? say(msg("roles.connected.shared", { account }))
        : say(msg("roles.connected.detail", { account, organization }));
    for (const { arn, name, trust } of roles) {
      if (found.has(arn)) continue;
      found.set(arn, {
        label: visible(name),
        detail,
        roleArn: arn,
        trust,
        ...(region === undefined ? {} : { region }),
      });
    }
  }
  return [...found.values()];
}
