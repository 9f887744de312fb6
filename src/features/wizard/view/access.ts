import { builtTrust, projectNames, trustQuota, trustRuleOfAnswers } from "../../../core/wizard/access.ts";
import { pretty } from "../../../core/policy.ts";
import { lintTrustPolicy, type TrustRule } from "../../../core/trust/index.ts";
import { ruleInWords } from "../../../core/trust/words.ts";
import type { WizardState } from "../../../core/wizard/state.ts";
import type { Block } from "../../../shared/protocol.ts";
import { findingBlock } from "./findings.ts";
import { errorOf, field, heading, problemsShown, text, type ProblemOf, type Words } from "./parts.ts";
import { whatIfBlocks } from "./whatIf.ts";

/** The page that asks who may use the role, and shows what follows from the answers as they are typed. */
export function accessPage(state: WizardState, words: Words): readonly Block[] {
  const problem = problemsShown(state, "access", words);
  return [
    text(words.say("wizard.access.intro")),
    { kind: "columns", main: ruleBlocks(state, words, problem), side: policyBlocks(state, words) },
    ...whatIfBlocks(state, words),
  ];
}

function ruleBlocks(state: WizardState, words: Words, problem: ProblemOf): readonly Block[] {
  return [
    field({
      kind: "radio",
      id: "runs",
      label: words.say("wizard.runs.label"),
      value: state.answers.runs,
      options: [
        { value: "any", label: words.say("wizard.runs.any"), hint: words.say("wizard.runs.any.hint") },
        { value: "refs", label: words.say("wizard.runs.refs"), hint: words.say("wizard.runs.refs.hint") },
      ],
    }),
    ...(state.answers.runs === "refs" ? refBlocks(state, words, problem) : []),
    field({
      kind: "text",
      id: "users",
      label: words.say("wizard.users.label"),
      hint: words.say("wizard.users.hint"),
      value: state.answers.users,
      placeholder: words.say("wizard.users.anyone"),
      ...errorOf(problem("users")),
    }),
  ];
}

function refBlocks(state: WizardState, words: Words, problem: ProblemOf): readonly Block[] {
  const { answers } = state;
  const found = state.detected.kind === "ready" ? state.detected.value.repository : undefined;
  const fromRemote = found !== undefined && found === answers.repository;
  return [
    field({
      kind: "text",
      id: "repository",
      label: words.say("wizard.repository.label"),
      hint: words.say("wizard.repository.hint"),
      value: answers.repository,
      placeholder: "github.com/acme/web-shop",
      ...(fromRemote ? { source: words.say("wizard.repository.source") } : {}),
      ...errorOf(problem("repository")),
    }),
    field({
      kind: "text",
      id: "branches",
      label: words.say("wizard.branches.label"),
      hint: words.say("wizard.branches.hint"),
      value: answers.branches,
      placeholder: "main, release/*",
      ...errorOf(problem("branches")),
    }),
    field({
      kind: "text",
      id: "tags",
      label: words.say("wizard.tags.label"),
      hint: words.say("wizard.tags.hint"),
      value: answers.tags,
      placeholder: "v*",
      ...errorOf(problem("tags")),
    }),
  ];
}

/** The policy as it forms, who could then assume the role, and how much of the account's quota it takes. */
function policyBlocks(state: WizardState, words: Words): readonly Block[] {
  const rule = trustRuleOfAnswers(state);
  const built = builtTrust(state);
  if (rule === undefined || built === undefined) return [text(words.say("wizard.trust.incomplete"))];
  const quota = trustQuota(state);
  const args = { length: built.length, quota };
  return [
    heading(words.say("wizard.trust.who")),
    { kind: "list", items: ruleInWords(rule, projectNames(state)).map(words.t) },
    { kind: "code", label: words.say("wizard.trust.policy"), text: pretty(built.document) },
    text(
      state.trustQuota.kind === "failed"
        ? words.say("wizard.trust.length.assumed", args)
        : words.say("wizard.trust.length", args),
    ),
    ...findingBlocks(rule, built.document, quota, words),
  ];
}

/** What the linter finds in the policy. */
function findingBlocks(rule: TrustRule, policy: unknown, quota: number, words: Words): readonly Block[] {
  const { accountId, organizationId, projects } = rule;
  const projectIds = projects.map(({ projectId }) => projectId);
  const findings = lintTrustPolicy({ policy }, { accountId, organizationId, projectIds, policyQuota: quota });
  return findings.map((finding) => findingBlock(finding, words));
}
