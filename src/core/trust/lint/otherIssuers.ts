import type { TrustCondition } from "../document.ts";
import { valuePath } from "./conditions.ts";
import type { Draft } from "./finding.ts";
import { claimOf, decidingClaim, isCircleCi } from "./issuer.ts";
import { asksNothing, conditionsOn, type Trusted } from "./reach.ts";
import { fixedPart, patternsOf } from "./subjects.ts";
import type { Value } from "./witness.ts";

/**
 * GitHub's claims that name one owner or repository and that AWS exposes besides the subject.
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_sts.html
 */
const GITHUB_CLAIMS =
  /^(?:repository|repository_id|repository_owner|repository_owner_id|job_workflow_ref|enterprise_id)$/;

/** Issuers other than CircleCI: whether the claim that keeps strangers out is asked for. */
export function otherIssuerRules(trusted: Trusted): readonly Draft[] {
  const { statement, issuer } = trusted;
  if (isCircleCi(issuer)) return [];
  const claim = decidingClaim(issuer);
  const asked = [...conditionsOn(trusted, claim ?? "sub"), ...otherScopes(trusted)];
  const [condition] = statement.conditions;
  const path = condition === undefined ? issuer.principal.path : [...statement.path, "Condition"];
  const args = { issuer: issuer.name, claim: claim ?? "sub" };
  if (claim === undefined) {
    const isAsked = asked.length > 0 || conditionsOn(trusted, "aud").length > 0;
    return isAsked ? [] : [{ rule: "no-subject", path, args }];
  }
  if (asksNothing(trusted)) return [];
  // One condition that lets no stranger in is enough: all of them must hold.
  const certain = asked.filter(({ ifExists }) => !ifExists);
  if (certain.length === 0) return [{ rule: "outsider-subject", path, args }];
  const open = certain.map((one) => openPlaces(trusted, one, claim));
  const narrow = open.some((places) => places.length === 0);
  const outside = narrow ? [] : open.flat();
  return [...outside, ...(issuer.kind === "github" ? githubRules(trusted) : [])];
}

function otherScopes({ statement, issuer }: Trusted): readonly TrustCondition[] {
  if (issuer.kind !== "github") return [];
  const claims = statement.conditions.filter((one) => GITHUB_CLAIMS.test(claimOf(one, issuer) ?? ""));
  return claims.filter(
    ({ qualifier, operator }) => qualifier !== "ForAllValues" && !/Not|Null/.test(operator),
  );
}

function openPlaces(trusted: Trusted, condition: TrustCondition, claim: string): readonly Draft[] {
  const { document, issuer } = trusted;
  return patternsOf(condition).flatMap((value, index) => {
    if (!isOpen(value, fixedPart(value, document), claim)) return [];
    const args = { issuer: issuer.name, claim, value: value.text };
    return [
      {
        rule: "outsider-subject",
        message: "lint.outsider-subject.value",
        path: valuePath(document, condition, index),
        args,
      },
    ];
  });
}

/** Whether a value leaves the owner's name open, so that `repo:acme*` is `repo:acme-evil/…` too. */
function isOpen(value: Value, fixed: string, claim: string): boolean {
  if (fixed === value.text) return false;
  return claim === "aud" || !/^(?:[a-z_]+:)?[^/:@]+[/:@]/.test(fixed) || /^[a-z_]+:[^/:@]*$/.test(fixed);
}

/**
 * Subjects that a recycled or look-alike name can have.
 * Source: https://docs.github.com/en/actions/reference/security/oidc
 */
function githubRules(trusted: Trusted): readonly Draft[] {
  return conditionsOn(trusted, "sub").flatMap((condition) =>
    patternsOf(condition).flatMap(({ text, wildcards }, index) => {
      const path = valuePath(trusted.document, condition, index);
      const args = { value: text };
      if (wildcards && /@\*/.test(text)) return [{ rule: "github-id", path, args }];
      return /^repo:[\w-]+-\d+\/[\w.-]+-\d+:/.test(text)
        ? [{ rule: "github-id", message: "lint.github-id.hyphen", path, args }]
        : [];
    }),
  );
}
