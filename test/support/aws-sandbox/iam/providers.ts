import { createHash } from "node:crypto";
import type { Call, Handlers } from "../call.ts";
import { alreadyExists, invalidInput, limitExceeded, noSuchEntity, validationError } from "../errors.ts";
import type { Provider, Tag } from "../model.ts";
import { list, need } from "../params.ts";
import { arn, checkLength, mergeTags, removeTags, requireTags, tags } from "../validate.ts";
import { timestamp } from "../xml.ts";
import type { XmlObject } from "../xml.ts";
import { page } from "./page.ts";

/** Tags as XML, in the order IAM lists them. */
export const tagList = (items: readonly Tag[]): readonly XmlObject[] =>
  items.map(({ key, value }) => ({ Key: key, Value: value }));

/**
 * Checks an issuer URL and takes off its scheme: `https://`, no port, query, fragment, user or white space.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html
 */
const issuer = (text: string): string => {
  const url = checkLength("Url", text, 1, 255);
  if (!url.startsWith("https://")) throw validationError("Invalid Open ID Connect Provider URL");
  const rest = url.slice("https://".length);
  const host = rest.split("/")[0] ?? "";
  if (/[?#\s]/.test(rest)) throw invalidInput("Unknown");
  if (!/^(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z0-9-]+$/.test(host))
    throw validationError("Invalid Open ID Connect Provider URL");
  return rest;
};

const checkThumbprint = (value: string): string => {
  checkLength("ThumbprintList", value, 40, 40);
  if (!/^[0-9a-fA-F]{40}$/.test(value))
    throw invalidInput(`Thumbprint ${value} must be 40 hexadecimal characters.`);
  return value.toLowerCase();
};

const checkThumbprints = (values: readonly string[]): readonly string[] => {
  if (values.length > 5) throw invalidInput("Thumbprint list must contain fewer than 5 entries.");
  return values.map(checkThumbprint);
};

/** Stands for the thumbprint IAM fetches itself when none is given: the SHA-1 of the URL. */
export const fetchedThumbprint = (url: string): string => createHash("sha1").update(url).digest("hex");

const clientIds = (call: Call, values: readonly string[]): readonly string[] => {
  const limit = call.world.knobs.quotas.clientIdsPerProvider;
  const unique = [...new Set(values.map((value) => checkLength("ClientIDList", value, 1, 255)))];
  if (unique.length > limit)
    throw limitExceeded(`Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: ${limit}`);
  return unique;
};

const providerArn = (call: Call): string => {
  const value = arn(call.params, "OpenIDConnectProviderArn");
  if (!/^arn:aws[a-z-]*:iam::\d{12}:oidc-provider\/.+$/.test(value))
    throw validationError(`Invalid ARN: ${value}`);
  return value;
};

const provider = (call: Call): Provider => {
  const value = providerArn(call);
  const found = call.account.providers.get(value);
  if (found === undefined) throw noSuchEntity(`OpenIDConnect Provider not found for arn ${value}`);
  return found;
};

const create = (call: Call): XmlObject => {
  const url = issuer(need(call.params, "Url"));
  const ids = clientIds(call, list(call.params, "ClientIDList") ?? []);
  const thumbprints = checkThumbprints(list(call.params, "ThumbprintList") ?? []);
  const own = tags(call.params, "keepsCase") ?? [];
  const key = `arn:aws:iam::${call.account.id}:oidc-provider/${url}`;
  if (call.account.providers.has(key))
    throw alreadyExists(`Provider with url https://${url} already exists.`);
  const limit = call.world.knobs.quotas.providersPerAccount;
  if (call.account.providers.size >= limit)
    throw limitExceeded(`Cannot exceed quota for OpenIdConnectProvidersPerAccount: ${limit}`);
  call.account.providers.set(key, {
    arn: key,
    url,
    clientIds: ids,
    thumbprints: thumbprints.length > 0 ? thumbprints : [fetchedThumbprint(url)],
    tags: own,
    at: call.world.now(),
  });
  return { OpenIDConnectProviderArn: key, Tags: own.length > 0 ? tagList(own) : undefined };
};

const get = (call: Call): XmlObject => {
  const found = provider(call);
  return {
    Url: found.url,
    ClientIDList: found.clientIds,
    ThumbprintList: found.thumbprints,
    CreateDate: timestamp(found.at),
    Tags: tagList(found.tags),
  };
};

const remove = (call: Call): undefined => {
  const value = providerArn(call);
  if (!call.account.providers.delete(value))
    throw noSuchEntity(`OpenId connect Provider ${value} cannot be found.`);
};

const addClientId = (call: Call): undefined => {
  const found = provider(call);
  const id = checkLength("ClientID", need(call.params, "ClientID"), 1, 255);
  found.clientIds = clientIds(call, [...found.clientIds, id]);
};

const removeClientId = (call: Call): undefined => {
  const found = provider(call);
  const id = checkLength("ClientID", need(call.params, "ClientID"), 1, 255);
  found.clientIds = found.clientIds.filter((other) => other !== id);
};

const updateThumbprint = (call: Call): undefined => {
  const found = provider(call);
  const values = list(call.params, "ThumbprintList") ?? [];
  if (values.length === 0) throw invalidInput("Thumbprint list must contain at least one entry.");
  found.thumbprints = checkThumbprints(values);
};

const tag = (call: Call): undefined => {
  const found = provider(call);
  const added = requireTags(tags(call.params, "keepsCase") ?? []);
  found.tags = mergeTags(found.tags, added, "keepsCase");
};

const untag = (call: Call): undefined => {
  const found = provider(call);
  found.tags = removeTags(found.tags, call.params, "keepsCase");
};

const listTags = (call: Call): XmlObject => {
  const { items, rest } = page(provider(call).tags, ({ key }) => key, call.params);
  return { Tags: tagList(items), ...rest };
};

/** The OpenID Connect provider actions. */
export const providerHandlers: Handlers = {
  CreateOpenIDConnectProvider: create,
  GetOpenIDConnectProvider: get,
  ListOpenIDConnectProviders: ({ account }) => ({
    OpenIDConnectProviderList: [...account.providers.keys()].sort().map((key) => ({ Arn: key })),
  }),
  DeleteOpenIDConnectProvider: remove,
  AddClientIDToOpenIDConnectProvider: addClientId,
  RemoveClientIDFromOpenIDConnectProvider: removeClientId,
  UpdateOpenIDConnectProviderThumbprint: updateThumbprint,
  TagOpenIDConnectProvider: tag,
  UntagOpenIDConnectProvider: untag,
  ListOpenIDConnectProviderTags: listTags,
};
