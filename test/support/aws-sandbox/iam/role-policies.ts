import type { Call, Handlers } from "../call.ts";
import { limitExceeded, noSuchEntity } from "../errors.ts";
import { countedLength } from "../policy/document.ts";
import { readIdentityPolicy } from "../policy/identity.ts";
import * as validate from "../validate.ts";
import { urlEncode } from "../xml.ts";
import type { XmlObject } from "../xml.ts";
import { findPolicy } from "./managed.ts";
import { page } from "./page.ts";
import { theRole } from "./roles.ts";

const put = (call: Call): undefined => {
  const role = theRole(call);
  const name = validate.policyName(call.params);
  const text = validate.documentText(call.params, "PolicyDocument");
  readIdentityPolicy(text);
  const others = [...role.inline].filter(([other]) => other !== name);
  const size = others.reduce((sum, [, policy]) => sum + countedLength(policy.text), countedLength(text));
  const limit = call.world.knobs.quotas.inlinePolicySize;
  if (size > limit)
    throw limitExceeded(`Maximum policy size of ${limit} bytes exceeded for role ${role.name}`);
  role.inline.set(name, { text, at: call.world.now() });
};

const missingInline = (name: string): Error =>
  noSuchEntity(`The role policy with name ${name} cannot be found.`);

const get = (call: Call): XmlObject => {
  const role = theRole(call);
  const name = validate.policyName(call.params);
  const policy = role.inline.get(name);
  if (policy === undefined) throw missingInline(name);
  return { RoleName: role.name, PolicyName: name, PolicyDocument: urlEncode(policy.text) };
};

const remove = (call: Call): undefined => {
  const role = theRole(call);
  const name = validate.policyName(call.params);
  if (!role.inline.delete(name)) throw missingInline(name);
};

const listInline = (call: Call): XmlObject => {
  const { items, rest } = page([...theRole(call).inline.keys()], (name) => name, call.params);
  return { PolicyNames: items, ...rest };
};

const attach = (call: Call): undefined => {
  const role = theRole(call);
  const arn = validate.policyArn(call.params, "PolicyArn");
  if (findPolicy(call.account, arn) === undefined)
    throw noSuchEntity(`Policy ${arn} does not exist or is not attachable.`);
  if (role.attached.has(arn)) return;
  const limit = call.world.knobs.quotas.attachedPerRole;
  if (role.attached.size >= limit) throw limitExceeded(`Cannot exceed quota for PoliciesPerRole: ${limit}`);
  role.attached.set(arn, { at: call.world.now() });
};

const detach = (call: Call): undefined => {
  const role = theRole(call);
  const arn = validate.policyArn(call.params, "PolicyArn");
  if (!role.attached.delete(arn)) throw noSuchEntity(`Policy ${arn} was not found.`);
};

const listAttached = (call: Call): XmlObject => {
  const prefix = validate.pathPrefix(call.params);
  const attached = [...theRole(call).attached.keys()].flatMap((arn) => findPolicy(call.account, arn) ?? []);
  const all = attached.filter(({ path }) => path.startsWith(prefix));
  const { items, rest } = page(all, ({ arn }) => arn, call.params);
  return {
    AttachedPolicies: items.map(({ name, arn }) => ({ PolicyName: name, PolicyArn: arn })),
    ...rest,
  };
};

/** Inline policies and attachments of roles. */
export const rolePolicyHandlers: Handlers = {
  PutRolePolicy: put,
  GetRolePolicy: get,
  DeleteRolePolicy: remove,
  ListRolePolicies: listInline,
  AttachRolePolicy: attach,
  DetachRolePolicy: detach,
  ListAttachedRolePolicies: listAttached,
};
