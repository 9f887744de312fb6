import type { Call, Handlers } from "../call.ts";
import { alreadyExists, deleteConflict, limitExceeded, noSuchEntity } from "../errors.ts";
import { uniqueId } from "../ids.ts";
import type { Role } from "../model.ts";
import { integer } from "../params.ts";
import { countedLength } from "../policy/document.ts";
import { toPlain } from "../policy/strict-json.ts";
import { readTrustPolicy, showTrust } from "../policy/trust.ts";
import type { StoredTrust } from "../policy/trust.ts";
import * as validate from "../validate.ts";
import { timestamp, urlEncode } from "../xml.ts";
import type { XmlObject } from "../xml.ts";
import { findPolicy } from "./managed.ts";
import { page } from "./page.ts";
import { tagList } from "./providers.ts";

/** The role that `RoleName` names; names are not distinguished by case. */
export const theRole = (call: Call): Role => {
  const name = validate.roleName(call.params);
  const role = call.account.roles.get(name.toLowerCase());
  if (role === undefined) throw noSuchEntity(`The role with name ${name} cannot be found.`);
  return role;
};

const readTrust = (call: Call, parameter: string): StoredTrust => {
  const text = validate.documentText(call.params, parameter);
  const trust = readTrustPolicy(call.world, text);
  const limit = call.world.knobs.quotas.trustPolicySize;
  if (countedLength(text) > limit) throw limitExceeded(`Cannot exceed quota for ACLSizePerRole: ${limit}`);
  return trust;
};

/** The ARN of a permissions boundary, which must be a managed policy of this account or of AWS. */
const boundary = (call: Call): string => {
  const arn = validate.policyArn(call.params, "PermissionsBoundary");
  if (findPolicy(call.account, arn) === undefined)
    throw noSuchEntity(`Scope ARN: ${arn} does not exist or is not attachable.`);
  return arn;
};

/** The trust policy as IAM shows it, as JSON text. */
export const trustText = (call: Call, role: Role): string => {
  const latest = role.trusts.at(-1);
  return latest === undefined ? "" : JSON.stringify(toPlain(showTrust(call.world, latest.stored)));
};

/** The fields every answer about a role has. */
export const roleFields = (call: Call, role: Role): XmlObject => ({
  Path: role.path,
  RoleName: role.name,
  RoleId: role.id,
  Arn: role.arn,
  CreateDate: timestamp(role.at),
  AssumeRolePolicyDocument: urlEncode(trustText(call, role)),
});

/** A permissions boundary as XML. */
export const boundaryFields = (role: Role): XmlObject | undefined =>
  role.boundary === undefined
    ? undefined
    : { PermissionsBoundaryType: "Policy", PermissionsBoundaryArn: role.boundary };

/** When a role was last assumed; an empty structure if never. */
export const lastUsed = (role: Role): XmlObject =>
  role.lastUsed === undefined ? {} : { LastUsedDate: timestamp(role.lastUsed), Region: "us-east-1" };

const create = (call: Call): XmlObject => {
  const { params, account, world } = call;
  const name = validate.roleName(params);
  const path = validate.rolePath(params);
  const description = validate.roleDescription(params);
  const maxSession = integer(params, "MaxSessionDuration", 3600, 43_200) ?? 3600;
  const own = validate.tags(params, "ignoresCase") ?? [];
  if (account.roles.has(name.toLowerCase())) throw alreadyExists(`Role with name ${name} already exists.`);
  const limit = world.knobs.quotas.rolesPerAccount;
  if (account.roles.size >= limit) throw limitExceeded(`Cannot exceed quota for RolesPerAccount: ${limit}`);
  const trust = readTrust(call, "AssumeRolePolicyDocument");
  const at = world.now();
  const role: Role = {
    name,
    path,
    arn: `arn:aws:iam::${account.id}:role${path}${name}`,
    id: uniqueId("AROA"),
    description,
    maxSession,
    boundary: params.has("PermissionsBoundary") ? boundary(call) : undefined,
    tags: own,
    trusts: [{ stored: trust, at }],
    inline: new Map(),
    attached: new Map(),
    lastUsed: undefined,
    at,
  };
  account.roles.set(name.toLowerCase(), role);
  // AWS answers CreateRole without Description and MaxSessionDuration.
  const tagged = own.length > 0 ? tagList(own) : undefined;
  return { Role: { ...roleFields(call, role), PermissionsBoundary: boundaryFields(role), Tags: tagged } };
};

const get = (call: Call): XmlObject => {
  const role = theRole(call);
  return {
    Role: {
      ...roleFields(call, role),
      Description: role.description,
      MaxSessionDuration: role.maxSession,
      PermissionsBoundary: boundaryFields(role),
      Tags: role.tags.length > 0 ? tagList(role.tags) : undefined,
      RoleLastUsed: lastUsed(role),
    },
  };
};

/** ListRoles leaves out tags, boundary and last use, as its reference page says. */
const listRoles = (call: Call): XmlObject => {
  const prefix = validate.pathPrefix(call.params);
  const all = [...call.account.roles.values()].filter(({ path }) => path.startsWith(prefix));
  const { items, rest } = page(all, ({ name }) => name.toLowerCase(), call.params);
  const roles = items.map((role) => ({
    ...roleFields(call, role),
    Description: role.description,
    MaxSessionDuration: role.maxSession,
  }));
  return { Roles: roles, ...rest };
};

/** What is not sent stays as it is, the maximum session too, whatever its reference page says of a default. */
const update = (call: Call): XmlObject => {
  const role = theRole(call);
  const description = validate.roleDescription(call.params);
  const maxSession = integer(call.params, "MaxSessionDuration", 3600, 43_200);
  if (description !== undefined) role.description = description;
  if (maxSession !== undefined) role.maxSession = maxSession;
  return {};
};

const updateTrust = (call: Call): undefined => {
  const role = theRole(call);
  const stored = readTrust(call, "PolicyDocument");
  role.trusts = [...role.trusts, { stored, at: call.world.now() }];
};

const remove = (call: Call): undefined => {
  const role = theRole(call);
  if (role.attached.size > 0) throw deleteConflict("Cannot delete entity, must detach all policies first.");
  if (role.inline.size > 0) throw deleteConflict("Cannot delete entity, must delete policies first.");
  call.account.roles.delete(role.name.toLowerCase());
};

const tag = (call: Call): undefined => {
  const role = theRole(call);
  const added = validate.requireTags(validate.tags(call.params, "ignoresCase") ?? []);
  role.tags = validate.mergeTags(role.tags, added, "ignoresCase");
};

const untag = (call: Call): undefined => {
  const role = theRole(call);
  role.tags = validate.removeTags(role.tags, call.params, "ignoresCase");
};

const listTags = (call: Call): XmlObject => {
  const { items, rest } = page(theRole(call).tags, ({ key }) => key.toLowerCase(), call.params);
  return { Tags: tagList(items), ...rest };
};

const putBoundary = (call: Call): undefined => {
  const role = theRole(call);
  role.boundary = boundary(call);
};

const deleteBoundary = (call: Call): undefined => {
  const role = theRole(call);
  if (role.boundary === undefined)
    throw noSuchEntity(`The role with name ${role.name} has no permissions boundary.`);
  role.boundary = undefined;
};

/** The actions on roles themselves. */
export const roleHandlers: Handlers = {
  CreateRole: create,
  GetRole: get,
  ListRoles: listRoles,
  UpdateRole: update,
  UpdateAssumeRolePolicy: updateTrust,
  DeleteRole: remove,
  TagRole: tag,
  UntagRole: untag,
  ListRoleTags: listTags,
  PutRolePermissionsBoundary: putBoundary,
  DeleteRolePermissionsBoundary: deleteBoundary,
};
