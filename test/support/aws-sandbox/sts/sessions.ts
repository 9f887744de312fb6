import { validationError } from "../errors.ts";
import { findPolicy, defaultDocument } from "../iam/managed.ts";
import { temporaryKey } from "../ids.ts";
import { accountOfArn } from "../model.ts";
import type { Principal, Role, World } from "../model.ts";
import { constraint, need, structures } from "../params.ts";
import type { Params } from "../params.ts";
import type { PolicyDocument } from "../policy/document.ts";
import { readIdentityPolicy } from "../policy/identity.ts";
import { checkLength, checkPattern } from "../validate.ts";
import { timestamp } from "../xml.ts";
import type { XmlObject } from "../xml.ts";

/** A session's name: 2 to 64 of `[\w+=,.@-]`. */
export const sessionName = (params: Params): string => {
  const value = checkLength("RoleSessionName", need(params, "RoleSessionName"), 2, 64);
  return checkPattern("RoleSessionName", value, /^[A-Za-z0-9_+=,.@-]*$/, "[\\w+=,.@-]*");
};

/** The role ARN of a request; `message` is what this action says of one that is no role's. */
export const roleArn = (params: Params, message: (value: string) => string): string => {
  const value = checkLength("RoleArn", need(params, "RoleArn"), 20, 2048);
  if (!/^arn:aws[a-z-]*:iam::\d{12}:role\/\S+$/.test(value)) throw validationError(message(value));
  return value;
};

/** Throws where a session would outlast what the role allows. */
export const checkMaxSession = (role: Role, seconds: number): void => {
  if (seconds > role.maxSession)
    throw validationError("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
};

/** Session policies of a request: they limit what the session may do. */
export const sessionPolicies = (
  world: World,
  params: Params,
  role: string,
): readonly PolicyDocument[] | undefined => {
  const arns = (structures(params, "PolicyArns") ?? []).map((item) => need(item, "arn"));
  if (arns.length > 10)
    throw validationError(
      constraint("PolicyArns", String(arns.length), "Member must have length less than or equal to 10"),
    );
  const account = accountOfArn(world, role);
  const managed = arns.map((arn) => {
    const policy = account === undefined ? undefined : findPolicy(account, arn);
    if (policy === undefined) throw validationError(`Policy ${arn} does not exist or is not attachable.`);
    return defaultDocument(policy);
  });
  const text = params.get("Policy");
  if (text === undefined) return arns.length === 0 ? undefined : managed;
  return [...managed, readIdentityPolicy(checkLength("Policy", text, 1, 2048))];
};

/** Issues temporary credentials for a principal, good for `seconds` of the sandbox clock. */
export const issue = (world: World, principal: Principal, seconds: number): XmlObject => {
  const { accessKeyId, secret, token } = temporaryKey();
  const expires = world.now() + seconds * 1000;
  world.credentials.set(accessKeyId, { secret, token, expires, principal });
  return {
    AccessKeyId: accessKeyId,
    SecretAccessKey: secret,
    SessionToken: token,
    Expiration: timestamp(expires),
  };
};

type NewSession = {
  readonly role: Role;
  readonly name: string;
  readonly seconds: number;
  readonly policies: readonly PolicyDocument[] | undefined;
  readonly carried: ReadonlyMap<string, readonly string[]>;
};

/** Opens a role session and gives the fields that both AssumeRole actions answer. */
export const openSession = (world: World, session: NewSession): XmlObject => {
  const { role, name } = session;
  const account = role.arn.split(":")[4] ?? "";
  const arn = `arn:aws:sts::${account}:assumed-role/${role.name}/${name}`;
  const userId = `${role.id}:${name}`;
  role.lastUsed = world.now();
  const principal: Principal = {
    kind: "role",
    account,
    arn,
    userId,
    roleArn: role.arn,
    roleId: role.id,
    roleName: role.name,
    sessionPolicies: session.policies,
    carried: session.carried,
    at: world.now(),
  };
  return {
    Credentials: issue(world, principal, session.seconds),
    AssumedRoleUser: { AssumedRoleId: userId, Arn: arn },
    PackedPolicySize: session.policies === undefined ? undefined : 10,
  };
};
