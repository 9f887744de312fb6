import { assert, property, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { errorName, isAmbiguous, redact, toProblem } from "../../../src/aws/errors.ts";
import { english } from "../../../src/core/messages.ts";

const context = { action: "iam:CreateRole", profile: "dev", region: "ap-east-1" };

/** An error as the SDK makes one from an answer of AWS. */
function answered(name: string, message = "words of AWS", status = 400): Error {
  const $metadata = { httpStatusCode: status, requestId: "request-1", attempts: 1 };
  return Object.assign(new Error(message), { name, $metadata });
}

function below(code: string, name = "Error"): Error {
  return Object.assign(new Error(`connect ${code}`), { name, code });
}

describe("toProblem", () => {
  it.each([
    ["AccessDenied", "aws.accessDenied"],
    ["Throttling", "aws.throttled"],
    ["TooManyRequestsException", "aws.throttled"],
    ["LimitExceeded", "aws.limitExceeded"],
    ["InvalidClientTokenId", "aws.unknownKey"],
    ["UnrecognizedClientException", "aws.unknownKey"],
    ["ExpiredToken", "aws.expired"],
    ["RequestTimeTooSkewed", "aws.clock"],
    ["SignatureDoesNotMatch", "aws.wrongSecret"],
    ["RegionDisabled", "aws.regionDisabled"],
    ["MalformedPolicyDocument", "aws.malformedPolicy"],
    ["ServiceFailure", "aws.server"],
    ["SomethingNew", "aws.unexpected"],
  ])("knows %s with the suffix and without", (name, code) => {
    for (const spelling of [name, `${name.replace(/Exception$/, "")}Exception`]) {
      expect(toProblem(answered(spelling), context)).toMatchObject({
        code,
        detail: "words of AWS",
        requestId: "request-1",
      });
    }
  });

  it("names the action and the profile that lacks it", () => {
    const { message } = toProblem(answered("AccessDenied"), context);
    expect(english(message)).toBe(
      "The identity behind the profile dev is not allowed to call iam:CreateRole.",
    );
  });

  it("thinks of a permissions boundary where a role may not be made", () => {
    const adviceFor = (action: string) =>
      toProblem(answered("AccessDenied"), { ...context, action }).advice?.id;
    expect(adviceFor("iam:CreateRole")).toBe("aws.denied.boundary");
    expect(adviceFor("iam:CreatePolicy")).toBe("aws.denied.advice");
  });

  it("tells a late signature from a wrong one", () => {
    const late = answered(
      "SignatureDoesNotMatch",
      "Signature expired: 20260101T000000Z is now earlier than …",
    );
    expect(toProblem(late, context).code).toBe("aws.clock");
  });

  it("tells a refused MFA code from a missing permission", () => {
    const text = "MultiFactorAuthentication failed with invalid MFA one time pass code. ";
    expect(toProblem(answered("AccessDenied", text), context).code).toBe("aws.mfaRefused");
  });

  it.each([
    [below("ECONNREFUSED"), "aws.network"],
    [below("ECONNRESET", "TimeoutError"), "aws.network"],
    [new Error("failed", { cause: below("ENOTFOUND") }), "aws.network"],
    [new AggregateError([below("EHOSTUNREACH")], ""), "aws.network"],
    [Object.assign(new Error("late"), { name: "TimeoutError" }), "aws.timeout"],
    [below("SELF_SIGNED_CERT_IN_CHAIN"), "aws.tls"],
    [below("UNABLE_TO_GET_ISSUER_CERT_LOCALLY"), "aws.tls"],
    [below("CERT_HAS_EXPIRED"), "aws.tls"],
    [below("ERR_TLS_CERT_ALTNAME_INVALID"), "aws.tls"],
    [below("ERR_PROXY_TUNNEL"), "aws.proxy"],
    [answered("407", "x", 407), "aws.proxy"],
    [new Error("Region is missing"), "aws.regionMissing"],
    [Object.assign(new Error("stop"), { name: "AbortError" }), "aws.cancelled"],
    [answered("UnknownError", "x", 503), "aws.server"],
    ["not even an error", "aws.unexpected"],
    [undefined, "aws.unexpected"],
  ])("classifies %s", (error, code) => {
    expect(toProblem(error, context).code).toBe(code);
  });

  it("knows an answer that is none of AWS's", () => {
    const html = Object.assign(
      new Error("char '<' is not expected.:1:1\n  Deserialization error: to see the raw response, inspect …"),
      { $metadata: { httpStatusCode: 200 } },
    );
    expect(toProblem(html, context)).toMatchObject({
      code: "aws.notAws",
      message: { args: { status: 200 } },
    });
  });

  it("never shows what a credential reader says", () => {
    assert(
      property(string({ minLength: 12 }), (secret) => {
        const error = Object.assign(new Error(`credential_process ${secret}`), {
          name: "CredentialsProviderError",
        });
        const problem = toProblem(error, context);
        expect(problem).toMatchObject({ code: "aws.credentialProcess" });
        expect(problem.detail).toBeUndefined();
        expect(JSON.stringify(problem.message)).not.toContain(secret);
      }),
    );
  });
});

describe("redact", () => {
  it("keeps AWS's sentence and drops the request that AWS repeats for a wrong signature", () => {
    const text =
      "The request signature we calculated does not match the signature you provided.\n\n" +
      "The Canonical String for this request should have been\n'POST\n/\n\nx-amz-security-token:IQoJb3JpZ2lu'";
    expect(redact(text)).toBe(
      "The request signature we calculated does not match the signature you provided.",
    );
  });

  it("shortens access keys and drops what looks like a token, not names and ARNs", () => {
    const token = "IQoJb3JpZ2luX2VjEHkaCXVzLWVhc3QtMSJHMEUCIQDx9";
    const arn = "arn:aws:iam::111122223333:role/circleci-oidc-for-a-rather-long-project-name-here";
    expect(redact(`${arn} AKIAIOSFODNN7EXAMPLE ${token}`)).toBe(`${arn} AKIAIOSF… …`);
  });
});

describe("isAmbiguous", () => {
  it.each([
    [below("ECONNRESET"), true],
    [answered("ServiceFailure", "x", 500), true],
    [Object.assign(new Error("late"), { name: "TimeoutError" }), true],
    [answered("EntityAlreadyExists", "x", 409), false],
    [answered("AccessDenied", "x", 403), false],
  ])("%s: %s", (error, expected) => {
    expect(isAmbiguous(error)).toBe(expected);
  });
});

describe("errorName", () => {
  it("takes the suffix off and is empty for what is no error", () => {
    expect(errorName(answered("NoSuchEntityException"))).toBe("NoSuchEntity");
    expect(errorName(42)).toBe("");
  });
});
