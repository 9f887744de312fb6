import { describe, expect, it } from "vitest";
import { conditionsHold } from "../../support/aws-sandbox/policy/conditions.ts";

const CONTEXT = new Map<string, readonly string[]>([
  ["x:name", ["Main"]],
  ["x:empty", [""]],
  ["x:many", ["a", "b"]],
  ["x:none", []],
  ["x:number", ["10"]],
  ["x:date", ["2026-01-02T03:04:05Z"]],
  ["x:bool", ["TRUE"]],
  ["x:ip", ["10.1.2.3"]],
  ["x:ip6", ["2001:db8::1"]],
  ["x:arn", ["arn:aws:iam::111122223333:role/circleci/ci"]],
  ["aws:username", ["an*a"]],
]);

type Row = readonly [operator: string, key: string, values: string | readonly string[], holds: boolean];

const holds = ([operator, key, values]: Row, variables = true): boolean =>
  conditionsHold(
    [{ operator, key, values: typeof values === "string" ? [values] : values }],
    CONTEXT,
    variables,
  );

const STRINGS: readonly Row[] = [
  ["StringEquals", "x:name", "Main", true],
  ["StringEquals", "X:NAME", "Main", true],
  ["StringEquals", "x:name", "main", false],
  ["StringEquals", "x:name", ["other", "Main"], true],
  ["StringEquals", "x:name", "M*", false],
  ["StringNotEquals", "x:name", "main", true],
  ["StringNotEquals", "x:name", ["other", "Main"], false],
  ["StringEqualsIgnoreCase", "x:name", "mAIN", true],
  ["StringNotEqualsIgnoreCase", "x:name", "mAIN", false],
  ["StringLike", "x:name", "M?in", true],
  ["StringLike", "x:name", "M?n", false],
  ["StringLike", "x:name", "*", true],
  ["StringLike", "x:empty", "*", true],
  ["StringLike", "x:empty", "?", false],
  ["StringNotLike", "x:name", "M*", false],
  ["BinaryEquals", "x:name", "Main", true],
  ["BinaryEquals", "x:name", "main", false],
  ["Unheard", "x:name", "Main", false],
  ["stringEquals", "x:name", "Main", false],
];

const OTHERS: readonly Row[] = [
  ["NumericEquals", "x:number", "10.0", true],
  ["NumericEquals", "x:number", "11", false],
  ["NumericNotEquals", "x:number", "11", true],
  ["NumericLessThan", "x:number", "10", false],
  ["NumericLessThanEquals", "x:number", "10", true],
  ["NumericGreaterThan", "x:number", "9", true],
  ["NumericGreaterThan", "x:number", "10", false],
  ["NumericGreaterThanEquals", "x:number", "10", true],
  ["NumericEquals", "x:name", "Main", false],
  ["NumericEquals", "x:empty", "0", false],
  ["DateEquals", "x:date", "1767323045", true],
  ["DateNotEquals", "x:date", "2026-01-02T03:04:05Z", false],
  ["DateLessThan", "x:date", "2027-01-01", true],
  ["DateLessThanEquals", "x:date", "2026-01-02T03:04:05Z", true],
  ["DateGreaterThan", "x:date", "2026-01-02T03:04:05+00:00", false],
  ["DateGreaterThanEquals", "x:date", "2026-01-02", true],
  ["DateLessThan", "x:name", "2027-01-01", false],
  ["Bool", "x:bool", "true", true],
  ["Bool", "x:bool", "false", false],
  ["Bool", "x:name", "main", false],
  ["IpAddress", "x:ip", "10.0.0.0/8", true],
  ["IpAddress", "x:ip", "10.1.2.3", true],
  ["IpAddress", "x:ip", "10.1.2.4/32", false],
  ["IpAddress", "x:ip6", "2001:db8::/32", true],
  ["IpAddress", "x:ip6", "10.0.0.0/8", false],
  ["IpAddress", "x:ip", "10.0.0.0/99", false],
  ["IpAddress", "x:name", "0.0.0.0/0", false],
  ["NotIpAddress", "x:ip", "10.0.0.0/8", false],
  ["NotIpAddress", "x:ip", "192.168.0.0/16", true],
  ["ArnEquals", "x:arn", "arn:aws:iam::111122223333:role/circleci/ci", true],
  ["ArnEquals", "x:arn", "arn:aws:iam::*:role/*", true],
  ["ArnLike", "x:arn", "arn:aws:iam::1111*:role/circleci/??", true],
  ["ArnLike", "x:arn", "arn:aws:*", false],
  ["ArnLike", "x:arn", "arn:aws:iam*role/circleci/ci", false],
  ["ArnNotEquals", "x:arn", "arn:aws:iam::111122223333:role/other", true],
  ["ArnNotLike", "x:arn", "arn:aws:iam::*:role/*", false],
  ["ArnLike", "x:name", "*", false],
];

const ABSENT: readonly Row[] = [
  ["StringEquals", "x:absent", "a", false],
  ["StringNotEquals", "x:absent", "a", true],
  ["StringLike", "x:absent", "*", false],
  ["StringNotLike", "x:absent", "*", true],
  ["ArnNotEquals", "x:absent", "arn:aws:iam::1:role/a", true],
  ["NumericNotEquals", "x:absent", "1", true],
  ["NumericLessThan", "x:absent", "1", false],
  ["DateGreaterThan", "x:absent", "2020-01-01", false],
  ["Bool", "x:absent", "false", false],
  ["IpAddress", "x:absent", "0.0.0.0/0", false],
  ["NotIpAddress", "x:absent", "0.0.0.0/0", true],
  ["StringEqualsIfExists", "x:absent", "a", true],
  ["StringEqualsIfExists", "x:name", "a", false],
  ["BoolIfExists", "x:absent", "true", true],
  ["Null", "x:absent", "true", true],
  ["Null", "x:absent", "false", false],
  ["Null", "x:name", "true", false],
  ["Null", "x:name", "FALSE", true],
  ["StringEquals", "x:none", "a", false],
  ["StringEquals", "x:name", [], false],
  ["StringNotEquals", "x:name", [], true],
];

const SETS: readonly Row[] = [
  ["ForAnyValue:StringEquals", "x:many", "b", true],
  ["ForAnyValue:StringEquals", "x:many", "c", false],
  ["ForAnyValue:StringEquals", "x:absent", "a", false],
  ["ForAnyValue:StringNotEquals", "x:many", "a", true],
  ["ForAnyValue:StringNotEquals", "x:many", ["a", "b"], false],
  ["ForAnyValue:StringNotEquals", "x:absent", "a", false],
  ["ForAnyValue:StringEqualsIfExists", "x:absent", "a", true],
  ["ForAllValues:StringEquals", "x:many", ["a", "b", "c"], true],
  ["ForAllValues:StringEquals", "x:many", "a", false],
  ["ForAllValues:StringEquals", "x:absent", "a", true],
  ["ForAllValues:StringEquals", "x:none", "a", true],
  ["ForAllValues:StringEquals", "x:empty", "a", true],
  ["ForAllValues:StringNotEquals", "x:many", "c", true],
  ["ForAllValues:StringNotLike", "x:many", "a*", false],
];

const VARIABLES: readonly Row[] = [
  ["StringEquals", "x:name", "${x:name}", true],
  ["StringEquals", "x:name", "${X:Name}", true],
  ["StringEquals", "x:name", "${x:absent, 'Main'}", true],
  ["StringEquals", "x:name", "${x:absent}", false],
  ["StringLike", "aws:username", "${aws:username}", true],
  ["StringLike", "x:name", "${*}", false],
  ["StringLike", "aws:username", "an${*}a", true],
  ["StringEquals", "x:name", "M${?}in", false],
  // What a variable brings in is text: its star is no wildcard.
  ["StringLike", "x:arn", "${aws:username}*", false],
  ["StringEquals", "x:many", "${x:many}", false],
];

describe.each([
  ["strings", STRINGS],
  ["other types", OTHERS],
  ["absent keys", ABSENT],
  ["sets", SETS],
  ["variables", VARIABLES],
] as const)("%s", (_, rows) => {
  it.each(rows)("%s of %s with %j: %s", (...row) => {
    expect(holds(row)).toBe(row[3]);
  });
});

it("takes a variable for plain text in a policy of 2008", () => {
  expect(holds(["StringEquals", "x:name", "${x:name}", true], false)).toBe(false);
  expect(holds(["StringLike", "x:name", "*", true], false)).toBe(true);
});

it("asks for every line of a block", () => {
  const yes = { operator: "StringEquals", key: "x:name", values: ["Main"] };
  const no = { operator: "StringEquals", key: "x:name", values: ["other"] };
  expect(conditionsHold([], CONTEXT, true)).toBe(true);
  expect(conditionsHold([yes, yes], CONTEXT, true)).toBe(true);
  expect(conditionsHold([yes, no], CONTEXT, true)).toBe(false);
});
