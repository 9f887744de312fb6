import { covers } from "./covers.ts";
import {
  parseTrustDocument,
  type InvalidTrust,
  type TrustDocument,
  type TrustStatement,
} from "./document.ts";
import type { PolicyInput } from "./simulation.ts";

/** The document of an input, read where it was not. */
export function policyDocument(input: PolicyInput): TrustDocument | InvalidTrust {
  return "document" in input ? input.document : parseTrustDocument(input.policy);
}

/** Whether the actions of a statement are about assuming the role in any way. */
export function canAssume(statement: TrustStatement): boolean {
  return ["sts:AssumeRole", "sts:AssumeRoleWithWebIdentity", "sts:AssumeRoleWithSAML"].some((action) =>
    covers(statement, action),
  );
}
