import { describe, expect, it } from "vitest";
import { jobClaims } from "../../../src/core/trust/index.ts";
import { ABSENT, AUD, job, NOW, ORG, PROJECT_ID, simulate, statement, SUB } from "./fixtures.ts";
import { GIVEN, table } from "./table.ts";

describe("numbers", () => {
  table(
    [
      ["NumericEquals", GIVEN, 10, "ALLOW"],
      ["NumericEquals", GIVEN, "10.0", "ALLOW"],
      ["NumericNotEquals", GIVEN, ["9", "10"], "DENY"],
      ["NumericLessThan", GIVEN, "10", "DENY"],
      ["NumericLessThan", GIVEN, "11", "ALLOW"],
      ["NumericLessThanEquals", GIVEN, "10", "ALLOW"],
      ["NumericGreaterThan", GIVEN, "9.5", "ALLOW"],
      ["NumericGreaterThan", GIVEN, "10", "DENY"],
      ["NumericGreaterThanEquals", GIVEN, "-10", "ALLOW"],
      ["NumericEquals", GIVEN, "ten", "UNCERTAIN"],
      ["NumericEquals", GIVEN, ["ten", "10"], "ALLOW"],
      ["NumericEquals", SUB, "10", "UNCERTAIN"],
    ],
    "10",
  );
});

describe("dates", () => {
  const iso = new Date(NOW * 1000).toISOString();
  table([
    ["DateEquals", "aws:CurrentTime", String(NOW), "ALLOW"],
    ["DateEquals", "aws:EpochTime", iso, "ALLOW"],
    ["DateNotEquals", "aws:EpochTime", iso, "DENY"],
    ["DateLessThan", "aws:CurrentTime", iso, "DENY"],
    ["DateLessThanEquals", "aws:CurrentTime", iso, "ALLOW"],
    ["DateLessThan", "aws:CurrentTime", "2030-01-01", "ALLOW"],
    ["DateGreaterThan", "aws:CurrentTime", "2026-01", "ALLOW"],
    ["DateGreaterThan", "aws:CurrentTime", "2030-01-01T00:00Z", "DENY"],
    ["DateGreaterThanEquals", "aws:CurrentTime", iso.replace("Z", "+00:00"), "ALLOW"],
    ["DateGreaterThanEquals", "aws:CurrentTime", iso.replace("Z", "-01:00"), "DENY"],
    ["DateGreaterThan", "aws:CurrentTime", "yesterday", "UNCERTAIN"],
    ["DateGreaterThan", "aws:CurrentTime", "2026", "UNCERTAIN"],
    ["DateLessThan", "aws:CurrentTime", "2026-02-30T00:00:00Z", "UNCERTAIN"],
    ["DateLessThan", "aws:CurrentTime", "2030-01-*", "UNCERTAIN"],
  ]);
});

describe("booleans", () => {
  table(
    [
      ["Bool", GIVEN, "true", "ALLOW"],
      ["Bool", GIVEN, true, "ALLOW"],
      ["Bool", GIVEN, "false", "DENY"],
      ["Bool", GIVEN, "yes", "UNCERTAIN"],
      ["Bool", SUB, "true", "UNCERTAIN"],
    ],
    "true",
  );
});

describe("IPv4 addresses", () => {
  table(
    [
      ["IpAddress", GIVEN, "10.0.0.0/8", "ALLOW"],
      ["IpAddress", GIVEN, "10.1.2.3", "ALLOW"],
      ["IpAddress", GIVEN, "10.1.2.2/31", "ALLOW"],
      ["IpAddress", GIVEN, ["10.1.2.4", "0.0.0.0/0"], "ALLOW"],
      ["IpAddress", GIVEN, "10.1.2.4/32", "DENY"],
      ["IpAddress", GIVEN, "2001:db8::/32", "DENY"],
      ["NotIpAddress", GIVEN, "10.0.0.0/8", "DENY"],
      ["NotIpAddress", GIVEN, "192.168.0.0/16", "ALLOW"],
      ["IpAddress", GIVEN, "10.0.0.0/33", "UNCERTAIN"],
      ["IpAddress", GIVEN, "10.0.0/8", "UNCERTAIN"],
      ["IpAddress", GIVEN, "*", "UNCERTAIN"],
    ],
    "10.1.2.3",
  );
});

describe("IPv6 addresses", () => {
  table(
    [
      ["IpAddress", GIVEN, "2001:DB8::/32", "ALLOW"],
      ["IpAddress", GIVEN, "2001:db8:0:0:0:0:0:1/128", "ALLOW"],
      ["IpAddress", GIVEN, "2001:db9::/32", "DENY"],
      ["IpAddress", GIVEN, "0.0.0.0/0", "DENY"],
      ["IpAddress", GIVEN, "2001:db8::1", "UNCERTAIN"],
      ["IpAddress", GIVEN, "2001::db8::/32", "UNCERTAIN"],
    ],
    "2001:db8::1",
  );
});

describe("ARNs", () => {
  table(
    [
      [
        "ArnEquals",
        GIVEN,
        "arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt",
        "ALLOW",
      ],
      // The example of the User Guide: StringLike matches over colons, ArnLike does not.
      ["StringLike", GIVEN, "arn:aws:someservice:*:111122223333:finance/*", "ALLOW"],
      ["ArnLike", GIVEN, "arn:aws:someservice:*:111122223333:finance/*", "DENY"],
      ["ArnEquals", GIVEN, "arn:aws:someservice:*:*:store/*", "ALLOW"],
      ["ArnLike", GIVEN, "arn:*:*:us-east-?:*:*document.txt", "ALLOW"],
      ["ArnNotLike", GIVEN, "arn:aws:someservice:*:*:store/*", "DENY"],
      ["ArnNotEquals", GIVEN, "arn:aws:other:*:*:*", "ALLOW"],
      ["ArnLike", GIVEN, "arn:aws:*", "UNCERTAIN"],
      ["ArnLike", SUB, "arn:aws:iam::*:role/*", "UNCERTAIN"],
    ],
    "arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt",
  );
});

describe("variables", () => {
  table(
    [
      ["StringEquals", PROJECT_ID, `\${${PROJECT_ID}}`, "ALLOW"],
      ["StringEquals", PROJECT_ID, `\${${PROJECT_ID.toUpperCase()}}`, "ALLOW"],
      ["StringLike", SUB, `org/\${${AUD}}/project/\${${PROJECT_ID}}/*`, "ALLOW"],
      ["StringNotLike", SUB, `org/\${${AUD}}/*`, "DENY"],
      ["StringEquals", AUD, `\${${ABSENT}, '${ORG}'}`, "ALLOW"],
      ["StringEquals", AUD, `\${${AUD}, 'x'}`, "ALLOW"],
      ["StringEquals", AUD, `\${${ABSENT}}`, "DENY"],
      ["StringNotEquals", AUD, `\${${ABSENT}}`, "ALLOW"],
      ["StringEquals", AUD, [`\${${ABSENT}}`, ORG], "ALLOW"],
      ["StringLike", AUD, `\${*}`, "DENY"],
      ["StringLike", GIVEN, "a${*}b*${?}${$}", "ALLOW"],
      ["StringEquals", GIVEN, "a${*}bc${?}${$}", "ALLOW"],
      ["StringLike", GIVEN, "${*}*", "DENY"],
      ["StringLike", AUD, "${aws:SourceIp}", "UNCERTAIN"],
      ["StringEquals", AUD, "${}", "UNCERTAIN"],
      ["StringEquals", AUD, "${aws:x", "UNCERTAIN"],
      ["StringEquals", AUD, `\${${ABSENT},'${ORG}'}`, "UNCERTAIN"],
      ["Bool", "aws:SecureTransport", "${aws:SecureTransport}", "UNCERTAIN"],
      // What a variable brings in could be read as a wildcard or as text; here it matters.
      ["StringLike", GIVEN, `\${${GIVEN}}`, "ALLOW"],
      ["StringLike", SUB, `\${${ABSENT}, 'org/*'}`, "UNCERTAIN"],
    ],
    "a*bc?$",
  );

  it.each(["2008-10-17", undefined])("are plain text in a policy of version %s", (Version) => {
    const ask = (operator: string, value: string, given: string) =>
      simulate(
        {
          ...(Version === undefined ? {} : { Version }),
          Statement: statement({ Condition: { [operator]: { [GIVEN]: value } } }),
        },
        jobClaims(job),
        { request: { [GIVEN]: given } },
      ).verdict;
    expect(ask("StringEquals", `\${${AUD}}`, ORG)).toBe("DENY");
    expect(ask("StringEquals", `\${${AUD}}`, `\${${AUD}}`)).toBe("ALLOW");
    // The star in it is a wildcard then.
    expect(ask("StringLike", "${*}", "${anything}")).toBe("ALLOW");
    expect(ask("StringLike", "${*}", "*")).toBe("DENY");
  });
});
