import { validationError } from "./errors.ts";

/** The parameters of one Query call (or of one structure inside it), by name. */
export type Params = ReadonlyMap<string, string>;

/** Reads a form-encoded body; the first value of a repeated name counts. */
export const parseForm = (body: string): Params => {
  const params = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(body)) if (!params.has(name)) params.set(name, value);
  return params;
};

const memberName = (name: string): string => name.slice(0, 1).toLowerCase() + name.slice(1);

/** The text of the service's own constraint check, with the member name spelled as AWS spells it. */
export const constraint = (name: string, value: string | null, rule: string): string =>
  `1 validation error detected: Value ${value === null ? "null" : `'${value}'`} at '${memberName(name)}' failed to satisfy constraint: ${rule}`;

/** A required parameter; throws `ValidationError` where it is missing. */
export const need = (params: Params, name: string): string => {
  const value = params.get(name);
  if (value === undefined) throw validationError(constraint(name, null, "Member must not be null"));
  return value;
};

/** An optional whole number; throws `ValidationError` outside `min..max`. */
export const integer = (params: Params, name: string, min: number, max: number): number | undefined => {
  const text = params.get(name);
  if (text === undefined) return undefined;
  if (!/^-?\d{1,15}$/.test(text)) throw validationError(`Invalid integer value '${text}' for ${name}`);
  const value = Number(text);
  if (value < min)
    throw validationError(constraint(name, text, `Member must have value greater than or equal to ${min}`));
  if (value > max)
    throw validationError(constraint(name, text, `Member must have value less than or equal to ${max}`));
  return value;
};

const indices = (params: Params, prefix: string): number[] => {
  const found = new Set<number>();
  for (const name of params.keys()) {
    if (!name.startsWith(prefix)) continue;
    const index = /^\d+/.exec(name.slice(prefix.length))?.[0];
    if (index !== undefined) found.add(Number(index));
  }
  return [...found].sort((a, b) => a - b);
};

/** A list of strings written `Name.member.1`, `Name.member.2`, …; `undefined` where it was not sent. */
export const list = (params: Params, name: string): string[] | undefined => {
  const prefix = `${name}.member.`;
  const found = indices(params, prefix);
  if (found.length === 0) return params.has(name) ? [] : undefined;
  return found.map((index) => params.get(`${prefix}${index}`) ?? "");
};

/** A list of structures written `Name.member.1.Key`; each becomes its own set of parameters. */
export const structures = (params: Params, name: string): Params[] | undefined => {
  const prefix = `${name}.member.`;
  const found = indices(params, prefix);
  if (found.length === 0) return params.has(name) ? [] : undefined;
  return found.map((index) => {
    const own = `${prefix}${index}.`;
    const inner = [...params].filter(([key]) => key.startsWith(own));
    return new Map(inner.map(([key, value]) => [key.slice(own.length), value]));
  });
};
