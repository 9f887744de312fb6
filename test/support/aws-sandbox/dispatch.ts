import { authenticate } from "./authenticate.ts";
import type { Call, Handlers } from "./call.ts";
import { AwsError, invalidClientToken } from "./errors.ts";
import { accountHandlers } from "./iam/account.ts";
import { authorizeIam } from "./iam/authorize.ts";
import { policyHandlers } from "./iam/policies.ts";
import { providerHandlers } from "./iam/providers.ts";
import { rolePolicyHandlers } from "./iam/role-policies.ts";
import { roleHandlers } from "./iam/roles.ts";
import type { CallRecord, World } from "./model.ts";
import type { Params } from "./params.ts";
import type { SignedRequest } from "./sigv4.ts";
import { stsHandlers } from "./sts/handlers.ts";
import { assumeRoleWithWebIdentity } from "./sts/web-identity.ts";
import type { ServiceName, XmlObject } from "./xml.ts";

const VERSIONS: Readonly<Record<string, ServiceName>> = { "2010-05-08": "iam", "2011-06-15": "sts" };

const HANDLERS: Readonly<Record<ServiceName, Handlers>> = {
  iam: { ...providerHandlers, ...roleHandlers, ...rolePolicyHandlers, ...policyHandlers, ...accountHandlers },
  sts: stsHandlers,
};

const UNSIGNED = "AssumeRoleWithWebIdentity";

/** Every action the sandbox knows, by service. */
export const ACTIONS: Readonly<Record<ServiceName, readonly string[]>> = {
  iam: Object.keys(HANDLERS.iam).sort(),
  sts: [...Object.keys(HANDLERS.sts), UNSIGNED].sort(),
};

/** The service a Query call is for, told by its API version. */
export const serviceOf = (params: Params): ServiceName | undefined => VERSIONS[params.get("Version") ?? ""];

const invalidAction = (action: string, version: string): AwsError =>
  new AwsError("InvalidAction", 400, `Could not find operation ${action} for version ${version}`);

/** Authenticates, authorises and runs one call. `record` learns who the caller is. */
export const dispatch = async (
  world: World,
  service: ServiceName,
  request: SignedRequest,
  params: Params,
  record: CallRecord,
): Promise<XmlObject | undefined> => {
  const action = params.get("Action") ?? "";
  const userAgent = request.headers["user-agent"] ?? "";
  if (service === "sts" && action === UNSIGNED) {
    record.account = (params.get("RoleArn") ?? "").split(":")[4] ?? null;
    return assumeRoleWithWebIdentity(world, params, userAgent);
  }
  const handler = ACTIONS[service].includes(action) ? HANDLERS[service][action] : undefined;
  if (handler === undefined) throw invalidAction(action, params.get("Version") ?? "");
  const principal = authenticate(world, request, service);
  record.account = principal.account;
  record.principal = principal.arn;
  const account = world.accounts.get(principal.account);
  if (account === undefined)
    throw invalidClientToken("The security token included in the request is invalid.");
  const call: Call = { world, account, principal, params, userAgent };
  if (service === "iam") authorizeIam(action, call);
  return handler(call);
};
