import { parseTrustDocument, pathText } from "../../../src/core/trust/index.ts";

/** Where and why a policy is refused. */
export function refusal(value: unknown): readonly [place: string, message: string] {
  const read = parseTrustDocument(value);
  if (read.kind !== "invalid") throw new Error("expected a refusal");
  return [pathText(read.path), read.message];
}

/** A policy that must be one. */
export function accepted(value: unknown) {
  const read = parseTrustDocument(value);
  if (read.kind !== "document") throw new Error(`${pathText(read.path)}: ${read.message}`);
  return read;
}
