import * as v from "valibot";
import { partitions } from "./ids.ts";
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

const SubAccount = v.object({
  accountId: AccountId,
  /** The developer's local AWS profile that creates the role there. */
  profile: Name,
  roleName: RoleName,
  /** The name of the profile that the pipeline step writes for it. */
  ciProfile: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_.-]{1,64}$/)),
});
export type SubAccount = Readonly<v.InferOutput<typeof SubAccount>>;

/**
 * The answers, checked: everything the resources are made from. Plain data without secrets, the form in which
 * a setup is kept on disk too. UUIDs are lowercase.
 */
export const Setup = v.object({
  version: v.literal(1),
  id: Uuid,
  organizationId: Uuid,
  projectId: Uuid,
  /** The audience of the project's tokens: the organization ID unless CircleCI was told otherwise. */
  audience: Name,
  partition: v.picklist(partitions),
  hub: v.object({ accountId: AccountId, profile: Name, roleName: RoleName }),
  /** The region the pipeline works in; IAM itself has none. */
  region: Name,
  /** Which runs of the project may assume the role, and who must have started them. */
  runs: RunRule,
  users: UserRule,
  subAccounts: v.pipe(v.array(SubAccount), v.readonly()),
  /** SHA-1 of the last certificate presented, 40 hex digits; left out where AWS is to fetch its own. */
  thumbprint: v.exactOptional(v.pipe(v.string(), v.regex(/^[0-9a-f]{40}$/))),
  sources: v.object({ organizationId: Source, projectId: Source }),
});
export type Setup = Readonly<v.InferOutput<typeof Setup>>;
