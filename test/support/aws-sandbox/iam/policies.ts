import type { Call, Handlers } from "../call.ts";
import {
  accessDenied,
  alreadyExists,
  deleteConflict,
  limitExceeded,
  noSuchEntity,
  validationError,
} from "../errors.ts";
import { uniqueId } from "../ids.ts";
import type { Account, ManagedPolicy, Version } from "../model.ts";
import { need } from "../params.ts";
import { countedLength } from "../policy/document.ts";
import { readIdentityPolicy } from "../policy/identity.ts";
import * as validate from "../validate.ts";
import { timestamp, urlEncode } from "../xml.ts";
import type { XmlObject } from "../xml.ts";
import { AWS_MANAGED, attachmentCount, boundaryCount, findPolicy } from "./managed.ts";
import { page } from "./page.ts";
import { tagList } from "./providers.ts";

const policyArn = (call: Call): string => validate.policyArn(call.params, "PolicyArn");

const readable = (call: Call): ManagedPolicy => {
  const arn = policyArn(call);
  const found = findPolicy(call.account, arn);
  if (found === undefined) throw noSuchEntity(`Policy ${arn} was not found.`);
  return found;
};

/** AWS's own policies cannot be changed. */
const refuseAws = (call: Call): void => {
  const arn = policyArn(call);
  if (AWS_MANAGED.has(arn))
    throw accessDenied(
      `User: ${call.principal.arn} is not authorized to change an AWS managed policy: ${arn}`,
    );
};

const own = (call: Call): ManagedPolicy => {
  refuseAws(call);
  return readable(call);
};

const document = (call: Call): string => {
  const text = validate.documentText(call.params, "PolicyDocument");
  readIdentityPolicy(text);
  const limit = call.world.knobs.quotas.managedPolicySize;
  if (countedLength(text) > limit) throw limitExceeded(`Cannot exceed quota for PolicySize: ${limit}`);
  return text;
};

/** The fields of a policy that ListPolicies and GetAccountAuthorizationDetails share. */
export const policyFields = (account: Account, policy: ManagedPolicy): XmlObject => ({
  PolicyName: policy.name,
  PolicyId: policy.id,
  Arn: policy.arn,
  Path: policy.path,
  DefaultVersionId: policy.defaultVersion,
  AttachmentCount: attachmentCount(account, policy.arn),
  PermissionsBoundaryUsageCount: boundaryCount(account, policy.arn),
  IsAttachable: true,
  CreateDate: timestamp(policy.at),
  UpdateDate: timestamp(policy.updated),
});

/** One version; the document is left out of listings. */
export const versionFields = (policy: ManagedPolicy, version: Version, withText: boolean): XmlObject => ({
  Document: withText ? urlEncode(version.text) : undefined,
  VersionId: version.id,
  IsDefaultVersion: version.id === policy.defaultVersion,
  CreateDate: timestamp(version.at),
});

const create = (call: Call): XmlObject => {
  const { account, params, world } = call;
  const name = validate.policyName(params);
  const path = validate.policyPath(params);
  const description = validate.policyDescription(params);
  const tagged = validate.tags(params, "keepsCase") ?? [];
  const text = document(call);
  if ([...account.policies.values()].some((other) => other.name.toLowerCase() === name.toLowerCase()))
    throw alreadyExists(`A policy called ${name} already exists. Duplicate names are not allowed.`);
  const limit = world.knobs.quotas.policiesPerAccount;
  if (account.policies.size >= limit)
    throw limitExceeded(`Cannot exceed quota for PoliciesPerAccount: ${limit}`);
  const at = world.now();
  const arn = `arn:aws:iam::${account.id}:policy${path}${name}`;
  const policy: ManagedPolicy = {
    arn,
    id: uniqueId("ANPA"),
    name,
    path,
    description,
    versions: [{ id: "v1", text, at }],
    defaultVersion: "v1",
    nextVersion: 2,
    tags: tagged,
    at,
    updated: at,
  };
  account.policies.set(arn, policy);
  const shown = tagged.length > 0 ? tagList(tagged) : undefined;
  return { Policy: { ...policyFields(account, policy), Tags: shown } };
};

const get = (call: Call): XmlObject => {
  const policy = readable(call);
  const details = { Description: policy.description, Tags: tagList(policy.tags) };
  return { Policy: { ...policyFields(call.account, policy), ...details } };
};

const SCOPES = new Set(["All", "AWS", "Local"]);

const listPolicies = (call: Call): XmlObject => {
  const scope = call.params.get("Scope") ?? "All";
  if (!SCOPES.has(scope)) throw validationError(`Invalid Scope: ${scope}`);
  const prefix = validate.pathPrefix(call.params);
  const candidates = [
    ...(scope === "AWS" ? [] : call.account.policies.values()),
    ...(scope === "Local" ? [] : AWS_MANAGED.values()),
  ];
  const onlyAttached = call.params.get("OnlyAttached") === "true";
  const all = candidates
    .filter(({ path }) => path.startsWith(prefix))
    .filter(({ arn }) => !onlyAttached || attachmentCount(call.account, arn) > 0);
  const { items, rest } = page(all, ({ name, arn }) => `${name.toLowerCase()} ${arn}`, call.params);
  return { Policies: items.map((policy) => policyFields(call.account, policy)), ...rest };
};

const remove = (call: Call): undefined => {
  const policy = own(call);
  const { account } = call;
  if (attachmentCount(account, policy.arn) + boundaryCount(account, policy.arn) > 0)
    throw deleteConflict("Cannot delete a policy attached to entities.");
  if (policy.versions.length > 1)
    throw deleteConflict(
      "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
    );
  account.policies.delete(policy.arn);
};

const createVersion = (call: Call): XmlObject => {
  const policy = own(call);
  const text = document(call);
  const limit = call.world.knobs.quotas.versionsPerPolicy;
  if (policy.versions.length >= limit)
    throw limitExceeded(
      `A managed policy can have up to ${limit} versions. Before you create a new version, you must delete an existing version.`,
    );
  const version = { id: `v${policy.nextVersion}`, text, at: call.world.now() };
  policy.versions = [...policy.versions, version];
  policy.nextVersion += 1;
  policy.updated = version.at;
  if (call.params.get("SetAsDefault") === "true") policy.defaultVersion = version.id;
  return { PolicyVersion: versionFields(policy, version, false) };
};

type Found = { readonly policy: ManagedPolicy; readonly version: Version };

/** One version, of a policy that may be AWS's. A missing policy is told as a missing version of it. */
const versionOf = (call: Call): Found => {
  const arn = policyArn(call);
  const id = validate.checkPattern(
    "VersionId",
    need(call.params, "VersionId"),
    /^v[1-9][0-9]*(?:\.[A-Za-z0-9-]*)?$/,
    "v[1-9][0-9]*(\\.[A-Za-z0-9-]*)?",
  );
  const policy = findPolicy(call.account, arn);
  const version = policy?.versions.find((other) => other.id === id);
  if (policy === undefined || version === undefined)
    throw noSuchEntity(`Policy ${arn} version ${id} does not exist or is not attachable.`);
  return { policy, version };
};

/** One version of a policy of the caller's own account. */
const ownVersion = (call: Call): Found => {
  refuseAws(call);
  return versionOf(call);
};

const getVersion = (call: Call): XmlObject => {
  const { policy, version } = versionOf(call);
  return { PolicyVersion: versionFields(policy, version, true) };
};

const listVersions = (call: Call): XmlObject => {
  const policy = readable(call);
  // Newest first, as IAM lists them.
  const order = ({ id }: Version): string => String(1_000_000 - Number(id.slice(1))).padStart(7, "0");
  const { items, rest } = page(policy.versions, order, call.params);
  return { Versions: items.map((version) => versionFields(policy, version, false)), ...rest };
};

const deleteVersion = (call: Call): undefined => {
  const { policy, version } = ownVersion(call);
  if (version.id === policy.defaultVersion)
    throw deleteConflict("Cannot delete the default version of a policy.");
  policy.versions = policy.versions.filter((other) => other !== version);
};

const setDefault = (call: Call): undefined => {
  const { policy, version } = ownVersion(call);
  policy.defaultVersion = version.id;
  policy.updated = call.world.now();
};

const tag = (call: Call): undefined => {
  const policy = own(call);
  const added = validate.requireTags(validate.tags(call.params, "keepsCase") ?? []);
  policy.tags = validate.mergeTags(policy.tags, added, "keepsCase");
};

const untag = (call: Call): undefined => {
  const policy = own(call);
  policy.tags = validate.removeTags(policy.tags, call.params, "keepsCase");
};

const listTags = (call: Call): XmlObject => {
  const { items, rest } = page(readable(call).tags, ({ key }) => key, call.params);
  return { Tags: tagList(items), ...rest };
};

const ENTITIES = ["User", "Role", "Group", "LocalManagedPolicy", "AWSManagedPolicy"];
const USAGES = ["PermissionsPolicy", "PermissionsBoundary"];

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListEntitiesForPolicy.html */
const listEntities = (call: Call): XmlObject => {
  const { params } = call;
  const filter = validate.oneOf(params, "EntityFilter", ENTITIES) ?? "Role";
  const prefix = validate.rolePath(params, "PathPrefix");
  const usage = validate.oneOf(params, "PolicyUsageFilter", USAGES);
  const { arn } = readable(call);
  const roles = [...call.account.roles.values()].filter(({ path }) => path.startsWith(prefix));
  const uses = roles.filter(
    (role) =>
      (usage !== "PermissionsBoundary" && role.attached.has(arn)) ||
      (usage !== "PermissionsPolicy" && role.boundary === arn),
  );
  // There are neither groups nor users with managed policies in the sandbox.
  const shown = filter === "Role" ? uses : [];
  const { items, rest } = page(shown, ({ name }) => name.toLowerCase(), params);
  return {
    PolicyGroups: [],
    PolicyUsers: [],
    PolicyRoles: items.map(({ name, id }) => ({ RoleName: name, RoleId: id })),
    ...rest,
  };
};

/** The managed policy actions. */
export const policyHandlers: Handlers = {
  CreatePolicy: create,
  GetPolicy: get,
  ListPolicies: listPolicies,
  DeletePolicy: remove,
  CreatePolicyVersion: createVersion,
  GetPolicyVersion: getVersion,
  ListPolicyVersions: listVersions,
  DeletePolicyVersion: deleteVersion,
  SetDefaultPolicyVersion: setDefault,
  TagPolicy: tag,
  UntagPolicy: untag,
  ListPolicyTags: listTags,
  ListEntitiesForPolicy: listEntities,
};
