import { readFileSync } from "node:fs";
import * as v from "valibot";
import { responseShapes, type Schema } from "./responseShapes.ts";

const schema: v.GenericSchema<unknown, Schema> = v.object({
  type: v.exactOptional(v.string()),
  properties: v.exactOptional(
    v.record(
      v.string(),
      v.lazy(() => schema),
    ),
  ),
  required: v.exactOptional(v.array(v.string())),
  items: v.exactOptional(v.lazy(() => schema)),
  enum: v.exactOptional(v.array(v.unknown())),
  format: v.exactOptional(v.string()),
  pattern: v.exactOptional(v.string()),
});

/** The schemas of the answers that `responseShapes` knows, out of an OpenAPI 3 file in JSON. */
export function readOpenApi(file: string): Record<string, Schema> {
  const document: unknown = JSON.parse(readFileSync(file, "utf8"));
  return Object.fromEntries(
    Object.keys(responseShapes).map((path) => {
      const answer = walk(document, ["paths", path, "get", "responses", "200"]);
      const found = walk(resolve(document, answer), ["content", "application/json", "schema"]);
      return [path, v.parse(schema, resolve(document, found))];
    }),
  );
}

function walk(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, name) => {
    const members =
      typeof at === "object" && at !== null ? new Map<string, unknown>(Object.entries(at)) : undefined;
    return members?.get(name);
  }, value);
}

/** The value with every `$ref` within the document replaced by what it points to. */
function resolve(document: unknown, value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => resolve(document, item));
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  if ("$ref" in value && typeof value.$ref === "string") {
    return resolve(document, walk(document, value.$ref.split("/").slice(1)));
  }
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, resolve(document, member)]));
}
