/** A property of something whose shape is not known, such as a caught error; undefined where there is none. */
export function field(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  const found: unknown = Reflect.get(value, key);
  return found;
}

/** A string property of something whose shape is not known. */
export function textField(value: unknown, key: string): string | undefined {
  const found = field(value, key);
  return typeof found === "string" ? found : undefined;
}

/**
 * A policy document as IAM answers it: JSON, percent-encoded after RFC 3986. A document that comes plain (no
 * JSON begins with `%`) is read as it is; one that is no JSON comes back as text, so that a comparison finds it
 * different and a view can still show it.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html
 */
export function decodePolicy(document: string): unknown {
  try {
    const parsed: unknown = JSON.parse(policyText(document));
    return parsed;
  } catch {
    return document;
  }
}

/** The text of a policy document as IAM keeps it, white space and all. */
export function policyText(document: string): string {
  try {
    return document.startsWith("%") ? decodeURIComponent(document) : document;
  } catch {
    return document;
  }
}

/** IAM's list of tags as a record. */
export function tagRecord(
  tags: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] | undefined,
): Readonly<Record<string, string>> {
  const entries = (tags ?? []).flatMap((tag) =>
    tag.Key === undefined ? [] : [[tag.Key, tag.Value ?? ""] as const],
  );
  return Object.fromEntries(entries);
}
