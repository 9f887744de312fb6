/** Request values by lower-case key name: condition key names are not case-sensitive. */
export type Context = ReadonlyMap<string, readonly string[]>;

/** What a policy value is read against: variables are replaced only in version 2012-10-17. */
export type Scope = { readonly context: Context; readonly variables: boolean };

/** A piece of a compiled value: `any` is `*`, `one` is `?`. */
export type Token =
  { readonly kind: "char"; readonly char: string } | { readonly kind: "any" } | { readonly kind: "one" };

const chars = (text: string): Token[] => Array.from(text, (char) => ({ kind: "char", char }));

const VARIABLE = /^\$\{([^${}]*)\}/;

/** The text of one `${…}`: an escape, a key, or a key with a default; `undefined` if it has no value. */
const variable = (inner: string, context: Context): string | undefined => {
  if (inner === "*" || inner === "?" || inner === "$") return inner;
  const [, name = "", , fallback] = /^\s*([^,\s]+)\s*(,\s*'([^']*)')?\s*$/.exec(inner) ?? [];
  const values = context.get(name.toLowerCase());
  return values?.length === 1 ? values[0] : fallback;
};

/**
 * Compiles a policy value. What comes out of a variable is literal text; a variable without a value makes
 * the whole value match nothing (`undefined`).
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export const compile = (
  value: string,
  scope: Scope,
  mode: "wildcards" | "literal",
): readonly Token[] | undefined => {
  const tokens: Token[] = [];
  let rest = value;
  while (rest !== "") {
    const [written, inner] = (scope.variables ? VARIABLE.exec(rest) : null) ?? [];
    if (written !== undefined && inner !== undefined) {
      const text = variable(inner, scope.context);
      if (text === undefined) return undefined;
      tokens.push(...chars(text));
      rest = rest.slice(written.length);
      continue;
    }
    const char = String.fromCodePoint(rest.codePointAt(0) ?? 0);
    if (mode === "wildcards" && char === "*") tokens.push({ kind: "any" });
    else if (mode === "wildcards" && char === "?") tokens.push({ kind: "one" });
    else tokens.push({ kind: "char", char });
    rest = rest.slice(char.length);
  }
  return tokens;
};

/** The text of a value compiled in literal mode. */
export const literal = (tokens: readonly Token[]): string =>
  tokens.map((token) => (token.kind === "char" ? token.char : "")).join("");

/** Matches with one saved position for the last `*`: never more than |pattern| × |text| steps. */
export const matchesTokens = (tokens: readonly Token[], text: string): boolean => {
  const target = Array.from(text);
  let [at, p, star, resume] = [0, 0, -1, 0];
  while (at < target.length) {
    const token = tokens[p];
    if (token?.kind === "any") {
      [star, resume] = [p, at];
      p += 1;
    } else if (token !== undefined && (token.kind === "one" || token.char === target[at])) {
      p += 1;
      at += 1;
    } else if (star >= 0) {
      p = star + 1;
      resume += 1;
      at = resume;
    } else {
      return false;
    }
  }
  return tokens.slice(p).every((token) => token.kind === "any");
};

const ARN_PARTS = 6;

/** Cuts a compiled ARN at its first five colons. */
const arnParts = (tokens: readonly Token[]): Token[][] => {
  const parts: Token[][] = [[]];
  for (const token of tokens) {
    const colon = token.kind === "char" && token.char === ":";
    if (colon && parts.length < ARN_PARTS) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
};

/** Matches an ARN part by part: a wildcard does not reach over one of the first five colons. */
export const matchesArn = (tokens: readonly Token[], text: string): boolean => {
  const patterns = arnParts(tokens);
  const pieces = text.split(":");
  const actual = [...pieces.slice(0, ARN_PARTS - 1), pieces.slice(ARN_PARTS - 1).join(":")];
  if (patterns.length !== ARN_PARTS || pieces.length < ARN_PARTS) return false;
  return patterns.every((pattern, index) => matchesTokens(pattern, actual[index] ?? ""));
};

/** Whether an action (`iam:GetRole`) matches a policy's action pattern; case does not count. */
export const matchesAction = (pattern: string, action: string): boolean => {
  const scope: Scope = { context: new Map(), variables: false };
  const tokens = compile(pattern.toLowerCase(), scope, "wildcards");
  return tokens !== undefined && matchesTokens(tokens, action.toLowerCase());
};

/** Whether a resource ARN matches a policy's `Resource` entry, variables replaced. */
export const matchesResource = (pattern: string, resource: string, scope: Scope): boolean => {
  if (pattern === "*") return true;
  const tokens = compile(pattern, scope, "wildcards");
  return tokens !== undefined && matchesArn(tokens, resource);
};
