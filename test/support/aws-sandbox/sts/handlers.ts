import type { Call, Handlers } from "../call.ts";
import { accessDenied } from "../errors.ts";
import { integer } from "../params.ts";
import type { XmlObject } from "../xml.ts";
import { assumeRole, checkMfa } from "./assume-role.ts";
import { issue } from "./sessions.ts";

const getSessionToken = (call: Call): XmlObject => {
  const { world, params, principal } = call;
  const seconds = integer(params, "DurationSeconds", 900, 129_600) ?? 43_200;
  if (principal.kind !== "user" || principal.session !== undefined)
    throw accessDenied("Cannot call GetSessionToken with session credentials");
  const mfa = checkMfa(call);
  const session = { mfa, at: world.now() };
  return { Credentials: issue(world, { ...principal, session }, seconds) };
};

/** The signed STS actions; all of them answer whoever has credentials, AssumeRole by its own rules. */
export const stsHandlers: Handlers = {
  GetCallerIdentity: ({ principal }) => ({
    Arn: principal.arn,
    UserId: principal.userId,
    Account: principal.account,
  }),
  AssumeRole: assumeRole,
  GetSessionToken: getSessionToken,
};
