import { msg, type Message } from "../messages.ts";
import { smallestChange } from "./change.ts";
import { conditionHolds, shownValues } from "./conditions.ts";
import { requestLookup } from "./context.ts";
import { covers } from "./covers.ts";
import type { TrustDocument, TrustStatement } from "./document.ts";
import { pathText, type JsonPath } from "./json.ts";
import { operatorText } from "./operators.ts";
import type { JudgedCondition, JudgedStatement, Simulation, SimulationInput, Verdict } from "./simulation.ts";
import { policyDocument } from "./statement.ts";
import { issuerOf, tokenError, type StsError } from "./token.ts";
import { all, any, not, type Truth } from "./truth.ts";
import type { Lookup } from "./values.ts";

const ACTION = "sts:AssumeRoleWithWebIdentity";

const ACCESS_DENIED: StsError = { code: "AccessDenied", message: `Not authorized to perform ${ACTION}` };

/**
 * Whether AWS lets a token assume a role, and what decides: first the token and the provider, then the trust
 * policy, where an explicit Deny comes first and nothing else than a matching Allow admits. What AWS does not
 * document comes out as UNCERTAIN with both readings, unless the answer is the same either way. Service and
 * resource control policies are not looked at.
 * Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html,
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
 */
export function simulateWebIdentity(input: SimulationInput): Simulation {
  const document = policyDocument(input);
  if (document.kind === "invalid") {
    const { path, message } = document;
    const error = { code: "MalformedPolicyDocument", message };
    const reason = msg("trust.invalid", { message, place: pathText(path) });
    return { verdict: "INVALID", by: { stage: "document", path }, reason, smallestChange: [], error };
  }
  const judged = judge(document, input);
  const [doubtful] = document.doubts;
  if (doubtful === undefined || input.stored === true) return judged;
  const stored = judged.readings ?? [{ when: msg("trust.reading.stored"), verdict: judged.verdict }];
  const { path, doubt } = doubtful;
  return {
    verdict: "UNCERTAIN",
    by: { stage: "document", path },
    reason: doubt,
    smallestChange: [],
    readings: [{ when: msg("trust.reading.refused"), verdict: "INVALID" }, ...stored],
  };
}

function judge(document: TrustDocument, input: SimulationInput): Simulation {
  const error = tokenError(input.claims, input.now, input.provider);
  if (error !== undefined) {
    const reason = msg("trust.token", { message: error.message });
    return { verdict: "DENY", by: { stage: "token" }, reason, smallestChange: [], error };
  }
  const { partition, accountId } = input.role;
  const issuer = issuerOf(input.claims);
  const providerArn = `arn:${partition}:iam::${accountId}:oidc-provider/${issuer}`;
  const { claims, now, request = {} } = input;
  const lookup = requestLookup({ claims, partition, accountId, issuer, providerArn, now, request });
  const judged = document.statements.map((statement) =>
    judgeStatement(statement, { document, providerArn, lookup }),
  );
  return decide(judged, providerArn);
}

function judgeStatement(
  statement: TrustStatement,
  scope: { readonly document: TrustDocument; readonly providerArn: string; readonly lookup: Lookup },
): JudgedStatement {
  const { document, providerArn, lookup } = scope;
  const hasVariables = document.version === "2012-10-17";
  const conditions = statement.conditions.map((source) => ({
    truth: conditionHolds(source, { lookup, hasVariables }),
    condition: {
      operator: operatorText(source),
      key: source.key,
      expected: source.values,
      actual: shownValues(lookup(source.key).readings),
      path: source.path,
    },
    source,
  }));
  const names = namesProvider(statement, providerArn);
  const acts = covers(statement, ACTION);
  return {
    statement,
    names,
    acts,
    conditions,
    applies: all([acts, names, ...conditions.map(({ truth }) => truth)]),
  };
}

/**
 * Only the provider's own ARN names a web identity; everyone (`{"AWS": "*"}`) does not let one in. Whether it
 * keeps one out is not documented.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-federated-web-identity
 */
function namesProvider({ principals, effect }: TrustStatement, providerArn: string): Truth {
  return any(
    principals.map(({ kind, value }): Truth => {
      if (kind === "Federated") return value === providerArn;
      if (kind === "AWS" && value === "*" && effect === "Deny") return { doubt: msg("trust.doubt.everyone") };
      return false;
    }),
  );
}

/** Whether the request is let in: by an Allow, and by no Deny. */
function outcome(judged: readonly JudgedStatement[]): Truth {
  const of = (effect: "Allow" | "Deny"): Truth =>
    any(judged.filter(({ statement }) => statement.effect === effect).map(({ applies }) => applies));
  return all([of("Allow"), not(of("Deny"))]);
}

function decide(judged: readonly JudgedStatement[], providerArn: string): Simulation {
  const verdict = outcome(judged);
  const allowing = judged.filter(({ statement }) => statement.effect === "Allow");
  if (verdict === true) return admitted(allowing);
  if (verdict !== false) return uncertain(judged, verdict.doubt);
  const denying = judged.find(({ statement, applies }) => statement.effect === "Deny" && applies === true);
  return denying === undefined ? notAdmitted(allowing, providerArn) : keptOut(denying);
}

function label({ sid, index }: TrustStatement): string {
  return sid === undefined || sid === "" ? String(index + 1) : sid;
}

function place({ index, sid, path }: TrustStatement): { index: number; sid?: string; path: JsonPath } {
  return { index, path, ...(sid === undefined ? {} : { sid }) };
}

function admitted(allowing: readonly JudgedStatement[]): Simulation {
  const statement = allowing.find(({ applies }) => applies === true)?.statement;
  return {
    verdict: "ALLOW",
    by: { stage: "policy", ...(statement === undefined ? {} : { statement: place(statement) }) },
    reason: msg("trust.allow", { statement: statement === undefined ? "" : label(statement) }),
    smallestChange: [],
  };
}

function keptOut(denying: JudgedStatement): Simulation {
  const { statement, conditions } = denying;
  const [condition] = conditions;
  return {
    verdict: "DENY",
    by: {
      stage: "policy",
      statement: place(statement),
      ...(condition === undefined ? {} : { condition: condition.condition }),
    },
    reason: msg("trust.deny.explicit", { statement: label(statement) }),
    smallestChange: [msg("trust.change.deny", { statement: label(statement) })],
    error: ACCESS_DENIED,
  };
}

/** No Allow applies: the one that lacks least decides what is shown. */
function notAdmitted(allowing: readonly JudgedStatement[], providerArn: string): Simulation {
  const lacks = ({ names, acts, conditions }: JudgedStatement): number =>
    (names === false ? 1000 : 0) +
    (acts ? 0 : 100) +
    conditions.filter(({ truth }) => truth === false).length;
  const nearest = allowing.toSorted((one, other) => lacks(one) - lacks(other))[0];
  if (nearest === undefined || nearest.names === false)
    return {
      verdict: "DENY",
      by: { stage: "policy" },
      reason: msg("trust.deny.provider", { provider: providerArn }),
      smallestChange: nearest === undefined ? [] : smallestChange(nearest, providerArn),
      error: ACCESS_DENIED,
    };
  const failed = nearest.conditions.find(({ truth }) => truth === false);
  const statement = label(nearest.statement);
  return {
    verdict: "DENY",
    by: {
      stage: "policy",
      statement: place(nearest.statement),
      ...(failed === undefined ? {} : { condition: failed.condition }),
    },
    reason:
      failed === undefined ? msg("trust.deny.action", { statement }) : conditionReason(failed, statement),
    smallestChange: smallestChange(nearest, providerArn),
    error: ACCESS_DENIED,
  };
}

function conditionReason(failed: JudgedCondition, statement: string): Message {
  const { operator, key, expected, actual } = failed.condition;
  const args = { statement, operator, key, expected: expected.join(", ") };
  return actual === undefined
    ? msg("trust.deny.absent", args)
    : msg("trust.deny.condition", { ...args, actual: actual.join(", ") });
}

function uncertain(judged: readonly JudgedStatement[], doubt: Message): Simulation {
  const open = judged.find(({ applies }) => typeof applies === "object" && applies.doubt === doubt);
  const condition = open?.conditions.find(({ truth }) => typeof truth === "object");
  const statement = open === undefined ? "" : label(open.statement);
  const verdictIf = (applies: boolean): Verdict => {
    const truth = outcome(judged.map((one) => (one === open ? { ...one, applies } : one)));
    return typeof truth === "object" ? "UNCERTAIN" : truth ? "ALLOW" : "DENY";
  };
  return {
    verdict: "UNCERTAIN",
    by: {
      stage: "policy",
      ...(open === undefined ? {} : { statement: place(open.statement) }),
      ...(condition === undefined ? {} : { condition: condition.condition }),
    },
    reason: doubt,
    smallestChange: [],
    readings: [
      { when: msg("trust.reading.applies", { statement }), verdict: verdictIf(true) },
      { when: msg("trust.reading.appliesNot", { statement }), verdict: verdictIf(false) },
    ],
  };
}
