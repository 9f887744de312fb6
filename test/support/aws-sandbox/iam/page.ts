import { validationError } from "../errors.ts";
import { integer } from "../params.ts";
import type { Params } from "../params.ts";
import { checkLength } from "../validate.ts";
import type { XmlObject } from "../xml.ts";

type Page<T> = { readonly items: readonly T[]; readonly rest: XmlObject };

const PREFIX = "page:";

const readMarker = (marker: string): string => {
  const text = Buffer.from(marker, "base64url").toString("utf8");
  if (!text.startsWith(PREFIX)) throw validationError("Invalid Marker.");
  return text.slice(PREFIX.length);
};

/**
 * One page of a listing in the order of `keyOf`. The marker is opaque and names the last item of the page
 * before, so that items created or deleted in between do not shift the pages.
 * @returns the page and the `IsTruncated`/`Marker` fields; 100 items unless `MaxItems` (1 to 1000) says else
 */
export const page = <T>(all: readonly T[], keyOf: (item: T) => string, params: Params): Page<T> => {
  const size = integer(params, "MaxItems", 1, 1000) ?? 100;
  const marker = params.get("Marker");
  const after = marker === undefined ? undefined : readMarker(checkLength("Marker", marker, 1, 320));
  const sorted = [...all].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const left = after === undefined ? sorted : sorted.filter((item) => keyOf(item) > after);
  const items = left.slice(0, size);
  const last = items.at(-1);
  if (last === undefined || left.length <= size) return { items, rest: { IsTruncated: false } };
  const next = Buffer.from(`${PREFIX}${keyOf(last)}`, "utf8").toString("base64url");
  return { items, rest: { IsTruncated: true, Marker: next } };
};
