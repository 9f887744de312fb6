import type { Partition, Checked } from "../ids.ts";
import { recommended, type StepChoices } from "../insertion/choices.ts";
import type { PipelineOffer } from "../insertion/offer.ts";
import type { Message } from "../messages.ts";
import type { Outcome, Problem, Progress } from "../outcome.ts";
import type { Change, Target } from "../plan/index.ts";
import type { Setup } from "../setup.ts";
import type { ThumbprintResult } from "../thumbprint.ts";
import type { GrantAnswers } from "./grants.ts";

/** The pages, in their order. */
export const pages = [
  "connection",
  "aws",
  "access",
  "permissions",
  "thumbprint",
  "review",
  "apply",
  "pipeline",
  "done",
] as const;
export type PageId = (typeof pages)[number];

/** Something that is fetched. `attempt` tells the answer to the newest question from one that came late. */
export type Loadable<T> =
  | { readonly kind: "idle" }
  | { readonly kind: "loading"; readonly attempt: number }
  | { readonly kind: "ready"; readonly value: T }
  | { readonly kind: "failed"; readonly problem: Problem };

export const idle: Loadable<never> = { kind: "idle" };

export type Folder = { readonly uri: string; readonly name: string };

/** What `.circleci/info.yml` says. Anyone who can change the repository can change it: a claim, not a fact. */
export type Claim = {
  readonly file: string;
  readonly organizationId: string;
  readonly organizationName?: string;
  readonly projectId: string;
  readonly projectName?: string;
  readonly projectSlug?: string;
};

/** What was found in the workspace. */
export type Detected = {
  readonly claim?: Claim;
  /** Why `info.yml` could not be read, where there is one. */
  readonly claimProblem?: Message;
  /** From the git remote `origin`, such as `github.com/acme/web-shop`. A claim too. */
  readonly repository?: string;
  /** The slug that CircleCI's API knows the project by, such as `gh/acme/web-shop`. */
  readonly projectSlug?: string;
};

/** What CircleCI's API says with the user's own token. */
export type Lookup = {
  readonly organizationId: string;
  readonly organizationName: string;
  readonly projectId: string;
  readonly projectName: string;
  /** Whether the user is a member of the organization: a public project can be read by anybody. */
  readonly member: boolean;
  /** The audience of the project's tokens. */
  readonly audience: string;
};

export type ProfileChoice = {
  /** `profile:NAME` or `environment`. */
  readonly id: string;
  readonly label: string;
  readonly region?: string;
};

export type Identity = {
  readonly accountId: string;
  readonly arn: string;
  readonly partition: Partition;
  /** The host that answers instead of AWS, where the environment or the profile names one. */
  readonly endpointOverride?: string;
};

export type SubAnswers = {
  /** Stable while rows come and go. */
  readonly key: number;
  readonly accountId: string;
  readonly profile: string;
  readonly roleName: string;
  readonly ciProfile: string;
  readonly identity: Loadable<Identity>;
};

/** What is asked of a role beside its name, as it was typed. */
export type RoleAnswers = {
  readonly path: string;
  readonly description: string;
  /** Seconds of the longest session. */
  readonly session: string;
  readonly externalId: string;
  /** Whether CI may do anything with the role; empty until it was said. */
  readonly permissions: "" | "nothing" | "some";
  readonly grants: readonly GrantAnswers[];
};

/** A role nobody has said anything about. */
export const plainRole: RoleAnswers = {
  path: "",
  description: "",
  session: "3600",
  externalId: "",
  permissions: "",
  grants: [],
};

/** What was typed and chosen, as it was typed. */
export type Answers = {
  readonly folder: string;
  readonly organizationId: string;
  readonly projectId: string;
  readonly profile: string;
  readonly accountId: string;
  readonly region: string;
  readonly roleName: string;
  readonly runs: "any" | "refs";
  readonly repository: string;
  /** Names with commas between them; `release/*` is a prefix. */
  readonly branches: string;
  readonly tags: string;
  /** IDs of CircleCI users; empty for anyone. */
  readonly users: string;
  /** How other accounts are reached: from the first role, or each by CircleCI's token. */
  readonly federation: "hub" | "direct";
  /** A managed policy that every account has. */
  readonly boundaryName: string;
  readonly boundaryPath: string;
  /** The AWS organization, `o-…`. */
  readonly organization: string;
  /** Lines with `key=value`. */
  readonly companyTags: string;
  /** Audiences beside the usual one. */
  readonly audiences: string;
  /** Whether a host that is not AWS and not this machine may be written to. */
  readonly endpointConfirmed: boolean;
  /** Whether the thumbprint of a certificate that is not publicly trusted is to be used all the same. */
  readonly useUntrustedThumbprint: boolean;
};

/** A config of the folder; `name` is how it is shown, such as `.circleci/config.yml`. */
export type ConfigChoice = { readonly uri: string; readonly name: string };

export type PipelineFile = Omit<PipelineOffer, "kind"> & {
  /** Its name as it is shown. */
  readonly file: string;
};

export type Insertion = {
  /** The jobs that were asked for, and those that share their steps and were edited with them. */
  readonly jobs: readonly string[];
  readonly alsoIn: readonly string[];
  readonly saved: boolean;
};

export type ApplyState =
  | { readonly kind: "none" }
  | {
      readonly kind: "running";
      readonly changes: readonly Change[];
      readonly progress: Readonly<Record<string, Progress>>;
      readonly cancelling: boolean;
    }
  | { readonly kind: "ended"; readonly changes: readonly Change[]; readonly outcome: Outcome };

export type WizardState = {
  readonly page: PageId;
  readonly setupId: string;
  readonly runId: string;
  readonly folders: readonly Folder[];
  readonly answers: Answers;
  /** Fields whose value was typed by the user in this wizard. */
  readonly touched: readonly string[];
  /** Pages on which Next was pressed: their problems are shown from then on. */
  readonly checked: readonly PageId[];
  readonly attempt: number;
  readonly detected: Loadable<Detected>;
  readonly lookup: Loadable<Lookup>;
  readonly profiles: Loadable<readonly ProfileChoice[]>;
  readonly identity: Loadable<Identity>;
  readonly subs: readonly SubAnswers[];
  /** By `hub` and the keys of the sub-accounts; `plainRole` where there is none. */
  readonly roles: Readonly<Record<string, RoleAnswers>>;
  /** How many characters a trust policy may have in the hub account. */
  readonly trustQuota: Loadable<number>;
  readonly thumbprint: Loadable<ThumbprintResult>;
  readonly plan: Loadable<{ readonly setup: Setup; readonly changes: readonly Change[] }>;
  /** Keys of what the user has agreed to change or share: they hold for exactly what was shown. */
  readonly consents: readonly string[];
  readonly apply: ApplyState;
  /** What exists, or is otherwise, because of this wizard, over all its runs, in the order of the writes. */
  readonly created: readonly Target[];
  /** The configs of the folder, and the URI of the one that gets the step; none before they were looked for. */
  readonly configs: readonly ConfigChoice[];
  readonly config: string;
  readonly pipeline: Loadable<PipelineFile>;
  readonly selectedJobs: readonly string[];
  /** How the step is to work in them. */
  readonly choices: StepChoices;
  readonly insertion: Loadable<Insertion>;
};

export type FieldProblem = { readonly field: string; readonly problem: Message };

/** The value of a check, or undefined where it failed. */
export function valueOf<T>(checked: Checked<T>): T | undefined {
  return checked.ok ? checked.value : undefined;
}

/** Whether a run has ended before its end and left something. */
export function canBeUndone({ apply, created }: WizardState): boolean {
  return apply.kind === "ended" && apply.outcome.status !== "finished" && created.length > 0;
}

/** A fresh wizard. `setupId` and `runId` are UUIDs made by the caller. */
export function initialState(
  folders: readonly Folder[],
  ids: { readonly setupId: string; readonly runId: string },
): WizardState {
  return {
    page: "connection",
    ...ids,
    folders,
    answers: {
      folder: folders.length === 1 ? (folders[0]?.uri ?? "") : "",
      organizationId: "",
      projectId: "",
      profile: "",
      accountId: "",
      region: "",
      roleName: "circleci-oidc",
      runs: "any",
      repository: "",
      branches: "main",
      tags: "",
      users: "",
      federation: "hub",
      boundaryName: "",
      boundaryPath: "",
      organization: "",
      companyTags: "",
      audiences: "",
      endpointConfirmed: false,
      useUntrustedThumbprint: false,
    },
    touched: [],
    checked: [],
    attempt: 0,
    detected: idle,
    lookup: idle,
    profiles: idle,
    identity: idle,
    subs: [],
    roles: {},
    trustQuota: idle,
    thumbprint: idle,
    plan: idle,
    consents: [],
    apply: { kind: "none" },
    created: [],
    configs: [],
    config: "",
    pipeline: idle,
    selectedJobs: [],
    choices: recommended,
    insertion: idle,
  };
}
