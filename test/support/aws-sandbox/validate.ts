import { invalidInput, limitExceeded, validationError } from "./errors.ts";
import type { Tag } from "./model.ts";
import { constraint, list, need, structures } from "./params.ts";
import type { Params } from "./params.ts";

// Lengths and patterns are those of the IAM service model (API version 2010-05-08). Java's `\w` is ASCII.

/** Checks a value's length as the service model gives it. */
export const checkLength = (name: string, value: string, min: number, max: number): string => {
  const { length } = value;
  if (length < min)
    throw validationError(constraint(name, value, `Member must have length greater than or equal to ${min}`));
  if (length > max)
    throw validationError(constraint(name, value, `Member must have length less than or equal to ${max}`));
  return value;
};

/** Checks a value against a pattern of the service model; `shown` is the pattern as AWS prints it. */
export const checkPattern = (name: string, value: string, pattern: RegExp, shown: string): string => {
  if (!pattern.test(value))
    throw validationError(
      constraint(name, value, `Member must satisfy regular expression pattern: ${shown}`),
    );
  return value;
};

const NAME = /^[A-Za-z0-9_+=,.@-]+$/;

const entityName = (params: Params, parameter: string, max: number): string => {
  const value = checkLength(parameter, need(params, parameter), 1, max);
  if (!NAME.test(value))
    throw validationError(
      `The specified value for ${parameter.slice(0, 1).toLowerCase()}${parameter.slice(1)} is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-`,
    );
  return value;
};

export const roleName = (params: Params): string => entityName(params, "RoleName", 64);

export const policyName = (params: Params): string => entityName(params, "PolicyName", 128);

const pathText = (params: Params, name: string, pattern: RegExp): string => {
  const value = checkLength(name, params.get(name) ?? "/", 1, 512);
  if (!pattern.test(value))
    throw validationError(
      `The specified value for ${name.slice(0, 1).toLowerCase()}${name.slice(1)} is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.`,
    );
  return value;
};

/** A role's path, `Path` unless another parameter holds it. */
export const rolePath = (params: Params, name = "Path"): string =>
  pathText(params, name, /^(?:\/|\/[\x21-\x7E]+\/)$/);

export const policyPath = (params: Params): string =>
  pathText(params, "Path", /^(?:\/[A-Za-z0-9.,+@=_-]+)*\/$/);

/** An optional path prefix of a listing. */
export const pathPrefix = (params: Params): string => {
  const value = checkLength("PathPrefix", params.get("PathPrefix") ?? "/", 1, 512);
  return checkPattern("PathPrefix", value, /^\/[\x21-\x7F]*$/, "\\u002F[\\u0021-\\u007F]*");
};

/** A role's description: Latin-1 text, without U+0080 to U+00A0, at most 1000 characters. */
export const roleDescription = (params: Params): string | undefined => {
  const value = params.get("Description");
  if (value === undefined) return undefined;
  checkLength("Description", value, 0, 1000);
  return checkPattern(
    "Description",
    value,
    /^[\t\n\r\x20-\x7E\xA1-\xFF]*$/,
    "[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u00A1-\\u00FF]*",
  );
};

export const policyDescription = (params: Params): string | undefined => {
  const value = params.get("Description");
  return value === undefined ? undefined : checkLength("Description", value, 0, 1000);
};

/** The text of a policy document: the model's character set and outer limit. */
export const documentText = (params: Params, name: string): string => {
  const value = checkLength(name, need(params, name), 1, 131_072);
  return checkPattern(name, value, /^[\t\n\r\x20-\xFF]+$/, "[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+");
};

/** An ARN parameter: its length, as in the model, and that it has the six parts of an ARN. */
export const arn = (params: Params, name: string): string => {
  const value = checkLength(name, need(params, name), 20, 2048);
  // The two spaces are AWS's own.
  if (!/^arn:[^:]+:[^:]+:[^:]*:[^:]*:./.test(value))
    throw validationError("Invalid ARN:  Could not be parsed!");
  return value;
};

/** The ARN of a managed policy, which need not exist. */
export const policyArn = (params: Params, name: string): string => {
  const value = arn(params, name);
  if (!/^arn:aws[a-z-]*:iam::(?:\d{12}|aws):policy\/.+$/.test(value))
    throw invalidInput(`ARN ${value} is not valid.`);
  return value;
};

/** A parameter with a closed set of values. */
export const oneOf = (params: Params, name: string, values: readonly string[]): string | undefined => {
  const value = params.get(name);
  if (value !== undefined && !values.includes(value))
    throw validationError(
      constraint(name, value, `Member must satisfy enum value set: [${values.join(", ")}]`),
    );
  return value;
};

const TAG = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
const TAG_SHOWN = "[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]";
const MAX_TAGS = 50;

/** Whether tag keys that differ only in case are one key: so for roles, not for policies and providers. */
export type TagCase = "ignoresCase" | "keepsCase";

const folded = (key: string, rule: TagCase): string => (rule === "ignoresCase" ? key.toLowerCase() : key);

const readTag = (item: Params): Tag => {
  const key = checkLength("Key", need(item, "Key"), 1, 128);
  const value = checkLength("Value", need(item, "Value"), 0, 256);
  checkPattern("Key", key, TAG, `${TAG_SHOWN}+`);
  if (key.trim() === "") throw validationError(constraint("Key", key, "Member must not be blank"));
  checkPattern("Value", value, TAG, `${TAG_SHOWN}*`);
  if (key.toLowerCase().startsWith("aws:"))
    throw invalidInput("Tag keys beginning with aws: are reserved for system use.");
  return { key, value };
};

/**
 * The `Tags` of a request.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html#id_tags_rules
 */
export const tags = (params: Params, rule: TagCase): readonly Tag[] | undefined => {
  const items = structures(params, "Tags");
  if (items === undefined) return undefined;
  if (items.length > MAX_TAGS)
    throw validationError(
      constraint("Tags", String(items.length), `Member must have length less than or equal to ${MAX_TAGS}`),
    );
  const read = items.map(readTag);
  if (new Set(read.map(({ key }) => folded(key, rule))).size !== read.length)
    throw invalidInput(
      rule === "ignoresCase"
        ? "Duplicate tag keys found. Please note that Tag keys are case insensitive."
        : "Duplicate tag keys found.",
    );
  return read;
};

/** Refuses an empty list of tags, as the Tag actions do. */
export const requireTags = (items: readonly Tag[]): readonly Tag[] => {
  if (items.length === 0) throw invalidInput("Tags must not be empty.");
  return items;
};

/** Adds tags, replacing those of the same key; throws `LimitExceeded` beyond 50. */
export const mergeTags = (old: readonly Tag[], added: readonly Tag[], rule: TagCase): readonly Tag[] => {
  const keys = new Set(added.map(({ key }) => folded(key, rule)));
  const merged = [...old.filter(({ key }) => !keys.has(folded(key, rule))), ...added];
  if (merged.length > MAX_TAGS) throw limitExceeded("The number of tags has reached the maximum limit.");
  return merged;
};

const checkTagKey = (key: string): string =>
  checkPattern("TagKeys", checkLength("TagKeys", key, 1, 128), TAG, `${TAG_SHOWN}+`);

/** Removes the keys of `TagKeys`; keys that are not there do not matter. */
export const removeTags = (old: readonly Tag[], params: Params, rule: TagCase): readonly Tag[] => {
  const sent = list(params, "TagKeys");
  if (sent === undefined) throw validationError(constraint("TagKeys", null, "Member must not be null"));
  if (sent.length > MAX_TAGS)
    throw validationError(
      constraint("TagKeys", String(sent.length), `Member must have length less than or equal to ${MAX_TAGS}`),
    );
  const keys = new Set(sent.map((key) => folded(checkTagKey(key), rule)));
  return old.filter(({ key }) => !keys.has(folded(key, rule)));
};
