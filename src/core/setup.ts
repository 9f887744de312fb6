import * as v from "valibot";
import { partitions } from "./ids.ts";
import { Grant, PolicyName } from "./permissions/grant.ts";
import { RunRule, UserRule } from "./trust/rule.ts";

/** Where an answer came from. What the workspace says is a claim until it is confirmed. */
const Source = v.picklist(["typed", "info.yml", "git remote", "CircleCI API", "AWS", "default"]);
export type Source = v.InferOutput<typeof Source>;

/**
 * Takes the place of a profile name where the credentials in the environment are used (`AWS_ACCESS_KEY_ID` and
 * the like). No profile can be called so: the AWS files allow no parentheses in a name.
 */
export const ENVIRONMENT_PROFILE = "(environment)";

const Uuid = v.pipe(v.string(), v.regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/));
const AccountId = v.pipe(v.string(), v.regex(/^\d{12}$/));
const Name = v.pipe(v.string(), v.minLength(1), v.maxLength(1000));
const RoleName = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_+=,.@-]{1,64}$/));

/** Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html */
export const RolePath = v.pipe(v.string(), v.maxLength(512), v.regex(/^\/(?:[A-Za-z0-9_+=,.@-]+\/)*$/));

/** Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html */
export const RoleDescription = v.pipe(
  v.string(),
  v.maxLength(1000),
  v.regex(/^[\t\n\r\u0020-\u007e\u00a1-\u00ff]*$/),
);

/** Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export const ExternalId = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_+=,.@:/-]{2,1224}$/));

/** Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html */
export const AwsOrganizationId = v.pipe(v.string(), v.regex(/^o-[a-z0-9]{10,32}$/));

/** What can be said of a role wherever it is. */
const roleSettings = {
  roleName: RoleName,
  /** Begins and ends with a slash, which is also what it is where it is left out. */
  path: v.exactOptional(RolePath),
  description: v.exactOptional(RoleDescription),
  /** An hour where it is left out. */
  maxSessionSeconds: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(3600), v.maxValue(43_200))),
  /** A managed policy of the role's own account, by name and path: it has the same ones in every account. */
  boundary: v.exactOptional(v.object({ name: PolicyName, path: RolePath })),
  /** What CI may do there; nothing yet where it is left out. */
  permissions: v.exactOptional(v.pipe(v.array(Grant), v.readonly())),
};

const SubAccount = v.object({
  accountId: AccountId,
  /** The developer's local AWS profile that creates the role there. */
  profile: Name,
  ...roleSettings,
  /** The name of the profile that the pipeline step writes for it. */
  ciProfile: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_.-]{1,64}$/)),
  /** What the hub role has to say to assume the role. */
  externalId: v.exactOptional(ExternalId),
});
export type SubAccount = Readonly<v.InferOutput<typeof SubAccount>>;

/** Source: https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html */
const TagText = v.pipe(v.string(), v.regex(/^[\p{L}\p{Z}\p{N}_.:/=+@-]*$/u));
export const TagKey = v.pipe(
  TagText,
  v.minLength(1),
  v.maxLength(128),
  // Ours say what the product made, and those of AWS cannot be set.
  v.check((key) => !/^(?:aws:|circleci-aws-oidc:)|^(?:Name|managed-by)$/i.test(key)),
);

export const TagValue = v.pipe(TagText, v.maxLength(256));

/**
 * The answers, checked: everything the resources are made from. Plain data without secrets, the form in which
 * a setup is kept on disk too. UUIDs are lowercase.
 */
const Answers = v.object({
  version: v.literal(1),
  id: Uuid,
  organizationId: Uuid,
  projectId: Uuid,
  /** The audience of the project's tokens: the organization ID unless CircleCI was told otherwise. */
  audience: Name,
  partition: v.picklist(partitions),
  /** More audiences that tokens of the project may have, because a job orders them. */
  extraAudiences: v.exactOptional(v.pipe(v.array(Name), v.readonly())),
  /**
   * How the other accounts are reached: from the role of the hub (where it is left out), or each with a provider and
   * with a role that takes CircleCI's token itself.
   */
  federation: v.exactOptional(v.picklist(["hub", "direct"])),
  hub: v.object({ accountId: AccountId, profile: Name, ...roleSettings }),
  /** The region the pipeline works in; IAM itself has none. */
  region: Name,
  /** Which runs of the project may assume the role, and who must have started them. */
  runs: RunRule,
  users: UserRule,
  subAccounts: v.pipe(v.array(SubAccount), v.readonly()),
  /** The AWS organization that the hub must belong to, as the roles of sub-accounts ask for it. */
  organization: v.exactOptional(AwsOrganizationId),
  /** What a company wants on everything that has tags. */
  tags: v.exactOptional(v.record(TagKey, TagValue)),
  /** SHA-1 of the last certificate presented, 40 hex digits; left out where AWS is to fetch its own. */
  thumbprint: v.exactOptional(v.pipe(v.string(), v.regex(/^[0-9a-f]{40}$/))),
  sources: v.object({ organizationId: Source, projectId: Source }),
});

/** With what no single answer shows: a hub that leads to other accounts may do nothing else. */
export const Setup = v.pipe(
  Answers,
  v.check(({ hub, subAccounts, federation }) => {
    const leadsOn = subAccounts.length > 0 && federation !== "direct";
    return !leadsOn || (hub.permissions ?? []).length === 0;
  }, "The role of a hub with sub-accounts takes no permissions of its own."),
);
export type Setup = Readonly<v.InferOutput<typeof Answers>>;
