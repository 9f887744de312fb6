import * as v from "valibot";
import { msg, type Message } from "../messages.ts";
import {
  BucketName,
  DistributionId,
  EcrRepository,
  Grant,
  KeyPrefix,
  KmsKeyArn,
  ObjectKey,
  PolicyArn,
  PolicyName,
  Qualifier,
  Region,
  TableName,
} from "../permissions/grant.ts";
import type { Place } from "../permissions/templates.ts";
import { readDocument } from "./policyText.ts";

/** What can be asked for, in the order in which it is offered. */
export const grantKinds = [
  "ecr-push",
  "s3-site",
  "cdk-deploy",
  "terraform-state",
  "existing",
  "document",
] as const;
export type GrantKind = (typeof grantKinds)[number];

/** Every field that a grant can have. */
export const grantFieldNames = [
  "repositories",
  "region",
  "regions",
  "bucket",
  "prefix",
  "distribution",
  "qualifier",
  "key",
  "lock",
  "table",
  "kmsKeyArn",
  "arns",
  "name",
  "document",
] as const;
export type GrantField = (typeof grantFieldNames)[number];
/** A field with words that are checked one by one; `lock` is a choice, `document` a text of many lines. */
export type GrantWord = Exclude<GrantField, "lock" | "document">;

/** One thing that CI may do, as it was typed. */
export type GrantAnswers = {
  /** Stable while others come and go. */
  readonly key: number;
  readonly kind: GrantKind;
  /** What is not there is empty. `confirm` is the name of a powerful policy, typed again. */
  readonly values: Readonly<Partial<Record<GrantField | "confirm", string>>>;
};

/** How what is typed into a field is read. */
type Rule = {
  readonly schema: v.GenericSchema<unknown, string>;
  /** Commas or spaces stand between several. */
  readonly several?: true;
  readonly optional?: true;
};

const rules: Readonly<Record<GrantWord, Rule>> = {
  repositories: { schema: EcrRepository, several: true },
  region: { schema: Region },
  regions: { schema: Region, several: true },
  bucket: { schema: BucketName },
  prefix: { schema: KeyPrefix, optional: true },
  distribution: { schema: DistributionId, optional: true },
  qualifier: { schema: Qualifier },
  key: { schema: ObjectKey },
  table: { schema: TableName },
  kmsKeyArn: { schema: KmsKeyArn, optional: true },
  arns: { schema: PolicyArn, several: true },
  name: { schema: PolicyName },
};

const fieldsOfKind: Readonly<Record<GrantKind, readonly GrantField[]>> = {
  "ecr-push": ["repositories", "region"],
  "s3-site": ["bucket", "prefix", "distribution"],
  "cdk-deploy": ["qualifier", "regions"],
  "terraform-state": ["bucket", "key", "lock", "table", "region", "kmsKeyArn"],
  existing: ["arns"],
  document: ["name", "document"],
};

/** The fields of a grant, in their order. */
export function grantFields({ kind, values }: GrantAnswers): readonly GrantField[] {
  const withTable = kind !== "terraform-state" || values.lock === "table";
  return fieldsOfKind[kind].filter((name) => withTable || (name !== "table" && name !== "region"));
}

/** A grant that was just added: with what is nearly always so. */
export function newGrant(key: number, kind: GrantKind, region: string): GrantAnswers {
  const first: Readonly<Record<GrantKind, GrantAnswers["values"]>> = {
    "ecr-push": { region },
    "s3-site": {},
    // What `cdk bootstrap` takes by itself. Source: https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-customizing.html
    "cdk-deploy": { qualifier: "hnb659fds", regions: region },
    "terraform-state": { lock: "file", region },
    existing: {},
    document: {},
  };
  return { key, kind, values: first[kind] };
}

export type GrantProblem = { readonly field: GrantField; readonly problem: Message };

/** What is wrong with a grant, one sentence a field; empty where it can be made. */
export function grantProblems(grant: GrantAnswers, place: Place | undefined): readonly GrantProblem[] {
  return grantFields(grant).flatMap((field) => {
    const problem = fieldProblem(field, grant.values[field] ?? "", place);
    return problem === undefined ? [] : [{ field, problem }];
  });
}

function fieldProblem(field: GrantField, typed: string, place: Place | undefined): Message | undefined {
  if (field === "lock") return undefined;
  if (field === "document") return documentProblem(typed);
  const { schema, several, optional } = rules[field];
  const words = wordsOf(typed, several);
  if (words.length === 0) return optional === true ? undefined : msg("grant.missing.empty");
  const wrong = words.find((word) => !v.is(schema, word));
  if (wrong !== undefined) return msg(`grant.${field}.malformed`, { value: wrong });
  const twice = words.find((word, at) => words.indexOf(word) < at);
  if (twice !== undefined) return msg("grant.twice", { value: twice });
  return field === "arns" || field === "kmsKeyArn" ? arnProblem(words, field, place) : undefined;
}

function documentProblem(typed: string): Message | undefined {
  if (typed.trim() === "") return msg("grant.missing.empty");
  const read = readDocument(typed);
  return read.ok ? undefined : read.problem;
}

/** A role takes the policies of its own account and those of AWS, in its own partition. */
function arnProblem(
  arns: readonly string[],
  field: "arns" | "kmsKeyArn",
  place: Place | undefined,
): Message | undefined {
  if (place === undefined) return undefined;
  const partition = arns.find((arn) => arn.split(":")[1] !== place.partition);
  if (partition !== undefined) return msg("grant.arns.partition", { arn: partition, ...place });
  // A key may be another account's, which then lets the role in itself.
  if (field === "kmsKeyArn") return undefined;
  const foreign = arns.find((arn) => !["aws", place.accountId].includes(arn.split(":")[4] ?? ""));
  return foreign === undefined
    ? undefined
    : msg("grant.arns.account", { arn: foreign, account: place.accountId });
}

/** What was typed, in words; a field for one value has one at most. */
function wordsOf(typed: string, several = false): readonly string[] {
  return (several ? typed.split(/[\s,]+/) : [typed.trim()]).filter((word) => word !== "");
}

/** The grants that the answers make; undefined where something is missing or wrong. */
export function grantsOf(grant: GrantAnswers): readonly Grant[] | undefined {
  if (grantProblems(grant, undefined).length > 0) return undefined;
  const read = v.safeParse(v.array(Grant), rawGrants(grant));
  return read.success ? read.output : undefined;
}

function rawGrants({ kind, values }: GrantAnswers): readonly object[] {
  const one = (field: GrantWord): string => (values[field] ?? "").trim();
  const list = (field: GrantWord): readonly string[] => wordsOf(values[field] ?? "", true);
  const given = (field: GrantWord): object => (one(field) === "" ? {} : { [field]: one(field) });
  const template = { kind: "template", template: kind };
  switch (kind) {
    case "ecr-push":
      return [{ ...template, repositories: list("repositories"), region: one("region") }];
    case "s3-site":
      return [{ ...template, bucket: one("bucket"), ...given("prefix"), ...given("distribution") }];
    case "cdk-deploy":
      return [{ ...template, qualifier: one("qualifier"), regions: list("regions") }];
    case "terraform-state": {
      const lock =
        values.lock === "table"
          ? { kind: "table", name: one("table"), region: one("region") }
          : { kind: "file" };
      return [{ ...template, bucket: one("bucket"), key: one("key"), lock, ...given("kmsKeyArn") }];
    }
    case "existing":
      return list("arns").map((arn) => ({ kind, arn }));
    case "document": {
      const read = readDocument(values.document ?? "");
      return read.ok ? [{ kind, name: one("name"), document: read.value }] : [];
    }
  }
}

/** The answers that make a setup's grants again: existing policies that follow each other are one of them. */
export function grantAnswers(grants: readonly Grant[]): readonly GrantAnswers[] {
  const answers: GrantAnswers[] = [];
  for (const grant of grants) {
    const last = answers.at(-1);
    if (grant.kind === "existing" && last?.kind === "existing") {
      answers.splice(-1, 1, { ...last, values: { arns: `${last.values.arns ?? ""}\n${grant.arn}` } });
    } else {
      answers.push({ key: answers.length + 1, ...typedGrant(grant) });
    }
  }
  return answers;
}

function typedGrant(grant: Grant): Omit<GrantAnswers, "key"> {
  if (grant.kind === "existing") return { kind: "existing", values: { arns: grant.arn } };
  if (grant.kind === "document") {
    const { name, document } = grant;
    return { kind: "document", values: { name, document: JSON.stringify(document, undefined, 2) } };
  }
  const kind = grant.template;
  switch (grant.template) {
    case "ecr-push":
      return { kind, values: { repositories: grant.repositories.join(", "), region: grant.region } };
    case "s3-site": {
      const { bucket, prefix = "", distribution = "" } = grant;
      return { kind, values: { bucket, prefix, distribution } };
    }
    case "cdk-deploy":
      return { kind, values: { qualifier: grant.qualifier, regions: grant.regions.join(", ") } };
    case "terraform-state": {
      const { bucket, key, lock, kmsKeyArn = "" } = grant;
      const table = lock.kind === "table" ? { table: lock.name, region: lock.region } : {};
      return { kind, values: { bucket, key, lock: lock.kind, kmsKeyArn, ...table } };
    }
  }
}
